"""Constants in templates: Go's number, string and rune literals. See strconv.Unquote."""

from __future__ import annotations

import re

_ESCAPES = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)


def unquote(literal: str) -> str | None:
    """The text of a string literal, or None if it is not well formed."""
    mark, body = literal[0], literal[1:-1]
    if mark == "`":
        return body.replace("\r", "")
    parts, end = [], 0
    for match in _ESCAPE.finditer(body):
        parts.append(body[end : match.start()])
        escaped = _unescape(match, mark)
        if escaped is None:
            return None
        parts.append(escaped)
        end = match.end()
    return "".join(parts) + body[end:]


def _unescape(match: re.Match[str], mark: str) -> str | None:
    byte, short, long, octal, char = match.groups()
    if char is not None:
        return _ESCAPES.get(char) if char not in "'\"" or char == mark else None
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code < 0x110000 else None
    code = int(byte, 16) if byte else int(octal, 8)
    return chr(code) if code < 0x80 else chr(0xDC00 + code) if code < 0x100 else None


def number_from_text(text: str) -> tuple[int | None, float | None]:
    """A number literal as the integer and the float that it can be. Raises ValueError with Go's text."""
    if text[0] == "'":
        rune = unquote(text)
        if rune is None or len(rune) != 1:
            raise ValueError(f"malformed character constant: {text}")
        return ord(rune), float(ord(rune))
    plain = text.replace("_", "")
    integer = _integer(plain)
    number = _float(plain) if integer is None else float(integer)
    if integer is None and number is None:
        raise ValueError(f'illegal number syntax: "{text}"')
    if integer is None and number is not None and number == int(number) and abs(number) < 2**63:
        integer = int(number)
    return integer, number


def _integer(text: str) -> int | None:
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.removeprefix("+"))
    try:
        if len(digits) > 1 and digits[0] == "0" and digits.isdigit():
            return sign * int(digits, 8)
        return sign * int(digits, 0)
    except ValueError:
        return None


def _float(text: str) -> float | None:
    try:
        return float.fromhex(text) if "p" in text.lower() else float(text)
    except ValueError:
        return None
