"""Words of an awk program."""

from __future__ import annotations

import re

from msgspec import Struct

KEYWORDS = frozenset(
    "BEGIN END if else while for do break continue next exit in delete print printf function func return getline".split()
)
# After one of these a slash divides; elsewhere it begins a regular expression.
_OPERAND = frozenset({"name", "number", "string", "regex", ")", "]", "$", "++", "--"})
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\\\n|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<string>"(?:\\.|[^"\\\n])*")
    |(?P<operator>\+\+|--|\+=|-=|\*=|/=|%=|\^=|\*\*|==|!=|<=|>=|>>|&&|\|\||!~|[-+*/%^!~<>=?:,;(){}\[\]$|])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])*)/")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "/": "/", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class AwkSyntaxError(ValueError):
    """A program that cannot be read."""


class Token(Struct, frozen=True):
    """`kind` is name, number, string, regex, newline, end, or the operator or keyword itself."""

    kind: str
    text: str
    space: bool = False  # white space stands before it


def tokens(program: str) -> list[Token]:
    """Raises AwkSyntaxError."""
    found: list[Token] = []
    at, space = 0, False
    while at < len(program):
        regex = _REGEX.match(program, at) if _begins_regex(found) else None
        if regex:
            found.append(Token("regex", regex[1].replace("\\/", "/"), space))
            at, space = regex.end(), False
            continue
        match = _TOKEN.match(program, at)
        if match is None:
            raise AwkSyntaxError(f"unexpected character '{program[at]}'")
        at = match.end()
        if match.lastgroup == "space":
            space = True
            continue
        found.append(_token(str(match.lastgroup), match[0], space))
        space = False
    return [*found, Token("end", "")]


def _begins_regex(found: list[Token]) -> bool:
    return not found or found[-1].kind not in _OPERAND


def _token(group: str, text: str, space: bool) -> Token:
    if group == "string":
        return Token("string", unescape(text[1:-1]), space)
    if group == "name" and text in KEYWORDS:
        return Token(text, text, space)
    if group == "operator":
        return Token("^" if text == "**" else text, text, space)
    return Token(group, text, space)


def unescape(text: str) -> str:
    """A string's text with its escapes carried out."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), text)
