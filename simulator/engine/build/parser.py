"""Dockerfiles as text: comments, parser directives, lines that go on, the words of each instruction.

Mirrors github.com/moby/buildkit/frontend/dockerfile/parser as Docker Engine 20.10 has it: no here-documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain

from msgspec import Struct

LONGEST_LINE = 65535  # bytes: bufio.MaxScanTokenSize
_SPACES = re.compile(r"[\t\v\f\r ]+")
_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$")
_FLAG = re.compile(r"""--(?:\\.|'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\]|\\$)*(?=\s|$)""")
_IN_FLAG = re.compile(r"""\\(.)|'((?:\\.|[^'\\])*)'?|"((?:\\.|[^"\\])*)"?|\\$""")
EMPTY_LINE = "[WARNING]: Empty continuation line found in:\n    "
EMPTY_LINES = "[WARNING]: Empty continuation lines will become errors in a future release."


class ParseError(ValueError):
    """A Dockerfile that cannot be read."""


class Line(Struct, frozen=True):
    """One instruction as it is written. `name` is in lower case, `flags` are the words with `--` before the arguments."""

    name: str
    flags: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    json: bool = False  # the arguments are a JSON array
    original: str = ""
    number: int = 0  # where it begins


class Dockerfile(Struct, frozen=True):
    lines: tuple[Line, ...]
    escape: str = "\\"
    warnings: tuple[str, ...] = ()


def parse(text: str) -> Dockerfile:
    """Raises ParseError."""
    rows = text.removeprefix("\ufeff").split("\n")
    if any(len(row.encode()) > LONGEST_LINE for row in rows):
        raise ParseError(f"dockerfile line greater than max allowed size of {LONGEST_LINE}")
    escape = _directives(rows)
    lines, warnings = [], []
    for number, line, gap in _joined(rows, escape):
        lines.append(line_from_text(line, escape, number))
        warnings += [EMPTY_LINE + line] if gap else []
    if not lines:
        raise ParseError("file with no instructions")
    return Dockerfile(tuple(lines), escape, tuple([*warnings, EMPTY_LINES] if warnings else ()))


def _directives(rows: list[str]) -> str:
    """The escape character. Directives stand before everything else, comments included."""
    seen: dict[str, str] = {}
    for row in rows:
        match = _DIRECTIVE.match(row.strip())
        name = match[1].lower() if match else ""
        if match is None or name not in ("escape", "syntax"):
            break
        if name in seen:
            raise ParseError(f"only one {name} parser directive can be used")
        seen[name] = match[2]
        if name == "escape" and match[2] not in ("\\", "`"):
            raise ParseError(f"invalid escape token '{match[2]}' does not match ` or \\")
    return seen.get("escape", "\\")


def _joined(rows: list[str], escape: str) -> Iterator[tuple[int, str, bool]]:
    """Lines with those that go on joined: where each begins, its text, whether an empty line stood in between."""
    goes_on = re.compile(rf"((?:^|[^{re.escape(escape)}])){re.escape(escape)}[ \t]*$")
    source = enumerate((row.removesuffix("\r") for row in rows), 1)
    for number, row in source:
        line, more, gap = row.lstrip(), True, False
        if line.startswith("#") or not line:
            continue
        for text in chain([line], (next_row for _, next_row in source)):
            stripped = text.lstrip()
            if text is not line and (stripped.startswith("#") or not stripped):
                gap |= not stripped
                continue
            match = goes_on.search(text)
            more = match is not None
            part = text[: match.start()] + match[1] if match else text
            line = part if text is line else line + part
            if not more:
                break
        if line:
            yield number, line, gap


def line_from_text(text: str, escape: str = "\\", number: int = 0) -> Line:
    """One instruction. Raises ParseError."""
    name, _, rest = _SPACES.sub("\0", text.strip(), count=1).partition("\0")
    flags, rest = _flags(rest)
    reader = _READERS.get(name.lower())
    args, as_json = reader(rest.strip(), escape) if reader else ([], False)
    return Line(name.lower(), tuple(flags), tuple(args), as_json, text, number)


def _flags(rest: str) -> tuple[list[str], str]:
    """The words with `--` at the beginning, without their quotes, and what follows them; `--` alone ends them."""
    flags = []
    while match := _FLAG.match(rest := rest.lstrip()):
        rest = rest[match.end() :]
        if match[0] == "--":
            break
        flags.append(_IN_FLAG.sub(_unquoted, match[0]))
    return flags, rest


def _unquoted(match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    inside = match[2] if match[2] is not None else match[3] or ""
    return re.sub(r"\\(.)", r"\1", inside)


# -- arguments ---------------------------------------------------------------------------------------------------------

Reader = Callable[[str, str], tuple[list[str], bool]]


def words(text: str, escape: str) -> list[str]:
    """Words as the shell would split them, with their quotes and escapes still in them."""
    mark = re.escape(escape)
    word = rf"""(?:{mark}.|'[^']*'?|"(?:{mark}.|[^"{mark}])*{mark}?"?|[^\s'"{mark}])+"""
    return re.findall(word, text, re.DOTALL)


def _pairs(name: str) -> Reader:
    """`a=b c=d`, or the old form `a b c` with one name."""

    def read(rest: str, escape: str) -> tuple[list[str], bool]:
        found = words(rest, escape)
        if found and "=" not in found[0]:
            parts = _SPACES.split(rest, maxsplit=1)
            if len(parts) < 2:
                raise ParseError(f"{name} must have two arguments")
            return parts, False
        for word in found:
            if "=" not in word:
                quoted = json.dumps(word, ensure_ascii=False)
                raise ParseError(f"Syntax error - can't find = in {quoted}. Must be of the form: name=value")
        return [part for word in found for part in word.split("=", 1)], False

    return read


def _plain_words(rest: str, escape: str) -> tuple[list[str], bool]:
    return words(rest, escape), False


def _spaced(rest: str, escape: str) -> tuple[list[str], bool]:
    return _SPACES.split(rest) if rest else [], False


def _whole(rest: str, escape: str) -> tuple[list[str], bool]:
    return [rest] if rest else [], False


def _array(rest: str) -> list[str] | None:
    """A JSON array of strings; None if it is none. What follows it is not looked at. Raises ParseError."""
    try:
        found = json.JSONDecoder().raw_decode(rest)[0] if rest.startswith("[") else None
    except (ValueError, RecursionError):
        return None
    if found is not None and not all(isinstance(word, str) for word in found):
        raise ParseError("when using JSON array syntax, arrays must be comprised of strings only")
    return found


def _or_array(otherwise: Reader) -> Reader:
    def read(rest: str, escape: str) -> tuple[list[str], bool]:
        array = _array(rest)
        return (array, True) if array is not None else otherwise(rest, escape)

    return read


def _health(rest: str, escape: str) -> tuple[list[str], bool]:
    kind, *command = rest.split(None, 1)[:2] if rest else [""]
    args, as_json = _or_array(_whole)(command[0] if command else "", escape)
    return ([kind, *args] if kind else []), as_json


def _trigger(rest: str, escape: str) -> tuple[list[str], bool]:
    """ONBUILD: another instruction."""
    if not rest:
        return [], False
    line = line_from_text(rest, escape)
    return [line.name, *line.args], False


_READERS: dict[str, Reader] = {
    "add": _or_array(_spaced),
    "arg": _plain_words,
    "cmd": _or_array(_whole),
    "copy": _or_array(_spaced),
    "entrypoint": _or_array(_whole),
    "env": _pairs("ENV"),
    "expose": _spaced,
    "from": _spaced,
    "healthcheck": _health,
    "label": _pairs("LABEL"),
    "maintainer": _whole,
    "onbuild": _trigger,
    "run": _or_array(_whole),
    "shell": _or_array(_whole),
    "stopsignal": _whole,
    "user": _whole,
    "volume": _or_array(_spaced),
    "workdir": _whole,
}
