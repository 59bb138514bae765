"""POSIX regular expressions (regex(7)) in Python's spelling, for grep, sed, awk, expr and [[ =~ ]].

Basic expressions have \\( \\) \\{ \\} and GNU's \\+ \\? \\|; extended ones have them bare. Left out: collating symbols,
longest-leftmost choice between alternatives (the first that matches wins, as in Perl).
"""

from __future__ import annotations

import re

CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "blank": r" \t",
    "punct": r"!-/:-@\[-`{-~",
    "print": " -~",
    "graph": "!-~",
    "cntrl": r"\x00-\x1f\x7f",
    "xdigit": "0-9A-Fa-f",
}
SPECIAL = frozenset("(){}+?|")
INTERVAL = re.compile(r"(\d*)(,?)(\d*)")
GNU_ESCAPES = {"w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S", "b": r"\b", "B": r"\B", "<": r"\b(?=\w)", ">": r"\b(?<=\w)", "n": r"\n", "t": r"\t", "`": r"\A", "'": r"\Z"}  # fmt: skip  # noqa: E501


class BadExpression(ValueError):
    """An expression that does not compile; the text is regcomp's."""


def compile_posix(text: str, *, extended: bool = False, ignore_case: bool = False) -> re.Pattern[str]:
    """The compiled expression. Raises BadExpression."""
    try:
        return re.compile(translate(text, extended=extended), re.IGNORECASE if ignore_case else 0)
    except re.error:
        raise BadExpression("Invalid regular expression") from None


def translate(text: str, *, extended: bool = False) -> str:
    """The expression in Python's spelling. Raises BadExpression."""
    result: list[str] = []
    index, depth = 0, 0
    while index < len(text):
        char = text[index]
        index += 1
        if char == "[":
            bracket, index = _bracket(text, index)
            result.append(bracket)
        elif char == "\\":
            if index >= len(text):
                raise BadExpression("Trailing backslash")
            escaped = text[index]
            index += 1
            if not extended and escaped in SPECIAL:
                index, depth = _operator(result, escaped, text, index, depth, extended=False)
            else:
                result.append(GNU_ESCAPES.get(escaped) or _backreference(escaped))
        elif extended and char in SPECIAL:
            index, depth = _operator(result, char, text, index, depth, extended=True)
        else:
            result.append(_plain(char, result, text, index, extended=extended))
    if depth:
        raise BadExpression("Unmatched ( or \\(")
    return "".join(result)


def _backreference(char: str) -> str:
    return f"(?:\\{char})" if char.isdigit() and char != "0" else re.escape(char)


def _plain(char: str, result: list[str], text: str, index: int, *, extended: bool) -> str:
    if char == "*":
        return "*" if not _at_start(result) else r"\*"
    if char == "^":
        return "^" if extended or _at_start(result) else r"\^"
    if char == "$":
        last = index >= len(text) or text.startswith((r"\)", r"\|"), index)
        return "(?!.|\n)" if extended or last else r"\$"
    return "." if char == "." else re.escape(char)


def _at_start(result: list[str]) -> bool:
    return not result or result[-1] in ("(", "|", "^")


def _operator(result: list[str], char: str, text: str, index: int, depth: int, *, extended: bool) -> tuple[int, int]:
    """Appends a group, a bar or a repetition; where the text goes on, and how deep the groups are."""
    if char == "(":
        result.append("(")
        return index, depth + 1
    if char == ")":
        if depth == 0:
            if not extended:
                raise BadExpression("Unmatched ) or \\)")
            result.append(r"\)")
            return index, 0
        result.append(")")
        return index, depth - 1
    if char == "{":
        return _interval(result, text, index, extended=extended), depth
    if char in "+?" and _at_start(result):
        result.append("\\" + char)
    elif char == "}":
        result.append(r"\}")
    elif char in "+?" and result[-1] in ("*", "+", "?"):
        pass  # a repetition repeated is the same repetition here; Python would read +? as lazy
    else:
        result.append(char)
    return index, depth


def _interval(result: list[str], text: str, index: int, *, extended: bool) -> int:
    closing = "}" if extended else r"\}"
    found = INTERVAL.match(text, index)
    assert found is not None
    if not text.startswith(closing, found.end()) or not (found.group(1) or found.group(3)):
        if extended:
            result.append(r"\{")
            return index
        raise BadExpression("Invalid content of \\{\\}" if closing in text[index:] else "Unmatched \\{")
    low = found.group(1) or "0"
    result.append("{" + low + (found.group(2) + found.group(3)) + "}")
    return found.end() + len(closing)


def _bracket(text: str, index: int) -> tuple[str, int]:
    """A bracket expression, and where the text goes on."""
    members: list[str] = []
    negated = text.startswith("^", index)
    index += negated
    start = index
    while index < len(text):
        char = text[index]
        if char == "]" and index > start:
            return ("[^" if negated else "[") + "".join(members) + "]", index + 1
        named = re.compile(r"\[:([a-z]+):\]|\[=(.)=\]|\[\.(.)\.\]").match(text, index)
        if named:
            inner = CLASSES.get(named.group(1) or "") or re.escape(named.group(2) or named.group(3) or "")
            if not inner:
                raise BadExpression("Invalid character class name")
            members.append(inner)
            index = named.end()
            continue
        ranged = char == "-" and members and members[-1] != "-" and text[index + 1 : index + 2] not in ("]", "")
        members.append("-" if ranged else re.escape(char))
        index += 1
    raise BadExpression("Unmatched [, [^, [:, [., or [=")
