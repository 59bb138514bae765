"""JSON as the real engine writes and reads it: Go's encoding/json, with its words for what is no JSON."""

from __future__ import annotations

import json
from typing import Any

_SPACE = " \t\r\n"
_EXPECTED = (
    ("Expecting property name", "looking for beginning of object key string"),
    ("Expecting value", "looking for beginning of value"),
    ("Expecting ':'", "after object key"),
    ("Expecting ','", "after object key:value pair"),
    ("Extra data", "after top-level value"),
    ("Invalid control character", "in string literal"),
    ("Invalid \\", "in string escape code"),
    ("Illegal trailing comma", "looking for beginning of object key string"),
)


def encoded(document: Any) -> bytes:
    """A document as json.Encoder writes it without escaping HTML: compact, in one line."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def progress(document: Any) -> bytes:
    """A report of progress as pkg/streamformatter writes it: one line, safe inside HTML."""
    text = encoded(document)[:-1].replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    return text + b"\r\n"


class Literal(float):
    """A number with a fraction or an exponent, as it was written."""

    def __new__(cls, text: str) -> Literal:
        made = super().__new__(cls, text)
        made._text = text
        return made

    _text: str

    def __str__(self) -> str:
        return self._text


class _Decoder(json.JSONDecoder):
    """Go's: no NaN, no Infinity, halves of surrogate pairs are U+FFFD."""

    def __init__(self) -> None:
        super().__init__(parse_float=Literal, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise _Constant(name)


class _Constant(ValueError):
    """A name that Python's reader takes for a number."""


def decoded(text: str) -> Any:
    """A text that is one value, as json.Unmarshal takes it. Raises ValueError with Go's words."""
    value, end = _read(text, "unexpected end of JSON input")
    rest = text[end:].lstrip(_SPACE)
    if rest:
        raise ValueError(f"invalid character {_quoted(rest[0])} after top-level value")
    return value


def first(text: str) -> Any:
    """The first value in a text, as json.Decoder reads it. Raises ValueError with Go's words."""
    return _read(text, "unexpected EOF")[0]


def _read(text: str, cut: str) -> tuple[Any, int]:
    """The value and where it ends; `cut` says that the text ends first."""
    start = len(text) - len(text.lstrip(_SPACE))
    try:
        value, end = _Decoder().raw_decode(text, start)
        return _whole(value) if "\\u" in text else value, end
    except json.JSONDecodeError as failure:
        raise ValueError(_complaint(text, failure, cut)) from None
    except _Constant as name:
        at = text.index(str(name), start)
        raise ValueError(f"invalid character {_quoted(text[at])} looking for beginning of value") from None
    except RecursionError:
        deepest = next((char for char in text if char in "[{"), "[")
        raise ValueError(f"invalid character '{deepest}' exceeded max depth") from None


def _whole(value: Any) -> Any:
    """The value with U+FFFD for halves of surrogate pairs."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(inner) for key, inner in value.items()}
    return value


def _complaint(text: str, failure: json.JSONDecodeError, cut: str) -> str:
    position = failure.pos
    while position < len(text) and text[position] in _SPACE:
        position += 1
    if position >= len(text) or failure.msg.startswith("Unterminated"):
        return cut
    after = next(
        (words for start, words in _EXPECTED if failure.msg.startswith(start)), "looking for beginning of value"
    )
    return f"invalid character {_quoted(text[position])} {after}"


def _quoted(char: str) -> str:
    """A character as encoding/json names it in an error (quoteChar)."""
    return {"'": "'\\''", '"': "'\"'"}.get(char) or f"'{json.dumps(char)[1:-1]}'"
