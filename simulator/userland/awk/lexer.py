"""awk's tokens (POSIX.1-2017, awk, lexical conventions)."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEYWORDS = frozenset(
    "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print "
    "printf".split()
)
BUILTINS = frozenset(
    "atan2 close cos exp fflush gsub index int length log match rand sin split sprintf sqrt srand sub substr system "
    "tolower toupper systime strftime and or xor lshift rshift compl".split()
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "/": "/", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
SPACE = re.compile(r"(?:[ \t\r]|\\\r?\n|#[^\n]*)*")
NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NAME = re.compile(r"[A-Za-z_]\w*")
OPERATOR = re.compile(
    r"\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|/=|%=|\^=|==|<=|>=|!=|!~|>>|[-+*/%^!><|?:~$=(){}\[\],;\n]"
)
# Behind these a slash divides; anywhere else it begins an expression.
ENDS_OPERAND = frozenset({")", "]", "$", "++", "--"})
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)", re.DOTALL)


class BadProgram(Exception):
    """The text is no program: what was found where something else had to be ("" at the end), and the line."""

    def __init__(self, token: str, line: int) -> None:
        super().__init__(token)
        self.token = token
        self.line = line


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: number, string, regex, name, call (a name with a parenthesis right behind), builtin, keyword, or an
    operator, which is its own kind; "" is the end."""

    kind: str
    text: str
    line: int


def tokens(text: str) -> list[Token]:
    """All tokens of the program. Raises BadProgram."""
    found: list[Token] = []
    at, line = 0, 1
    while True:
        space = SPACE.match(text, at)
        assert space is not None
        at, line = space.end(), line + space.group().count("\n")
        if at >= len(text):
            found.append(Token("", "", line))
            return found
        token, end = _token(text, at, line, found[-1] if found else None)
        found.append(token)
        line += text[at:end].count("\n")
        at = end


def _token(text: str, at: int, line: int, before: Token | None) -> tuple[Token, int]:
    char = text[at]
    if char == '"':
        return _quoted(text, at, line, '"', "string")
    if char == "/" and not _ends_operand(before):
        return _quoted(text, at, line, "/", "regex")
    number = NUMBER.match(text, at)
    if number:
        return Token("number", number.group(), line), number.end()
    name = NAME.match(text, at)
    if name:
        return _word(text, name.group(), name.end(), line), name.end()
    operator = OPERATOR.match(text, at)
    if operator is None:
        raise BadProgram(char, line)
    spelled = operator.group().replace("**", "^")
    return Token(spelled, spelled, line), operator.end()


def _word(text: str, name: str, end: int, line: int) -> Token:
    if name in KEYWORDS:
        return Token("function" if name == "func" else name, name, line)
    if name in BUILTINS:
        return Token("builtin", name, line)
    return Token("call" if text[end : end + 1] == "(" else "name", name, line)


def _ends_operand(token: Token | None) -> bool:
    return token is not None and (token.kind in ENDS_OPERAND or token.kind in ("number", "string", "name", "builtin"))


def _quoted(text: str, at: int, line: int, quote: str, kind: str) -> tuple[Token, int]:
    """A string or an expression; a slash in brackets still ends the expression, as in busybox."""
    end = at + 1
    while end < len(text) and text[end] != quote:
        if text[end] == "\n":
            raise BadProgram(text[at:end], line)
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise BadProgram(text[at:], line)
    inner = text[at + 1 : end]
    return Token(kind, unescape(inner) if kind == "string" else inner.replace("\\/", "/"), line), end + 1


def unescape(text: str) -> str:
    """The escapes of a string; an unknown one keeps its backslash, which expressions in strings rely on."""

    def one(found: re.Match[str]) -> str:
        escaped = found.group(1)
        if escaped[0] in "01234567":
            return chr(int(escaped, 8) & 0xFF)
        if escaped == "\n":
            return ""
        return ESCAPES.get(escaped, "\\" + escaped)

    return ESCAPE.sub(one, text)
