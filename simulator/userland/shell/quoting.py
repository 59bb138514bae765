"""Spelling text so that a shell reads it back as one word, and reading $'...'."""

from __future__ import annotations

import re

SAFE = re.compile(r"[A-Za-z0-9_./:@%+,=^~-]+")
NEEDS_QUOTES_IN_TRACE = re.compile(r"[\s!\"#$&'()*;<>?\[\\\]^`{|}~]")
ESCAPES = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)


def single(text: str) -> str:
    """Always in single quotes, as ash and dash list variables: it's becomes 'it'"'"'s'."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def escaped_single(text: str) -> str:
    """In single quotes as bash writes them: it's becomes 'it'\\''s'."""
    return "'" + text.replace("'", "'\\''") + "'"


def double(text: str) -> str:
    """In double quotes, as bash lists exported variables."""
    return '"' + re.sub(r'([$`"\\])', r"\\\1", text) + '"'


def as_needed(text: str) -> str:
    """As bash writes a value in `set` or a word in `set -x`: bare where that is safe."""
    if not text:
        return "''"
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        return "$'" + "".join(_ansi(char) for char in text) + "'"
    return escaped_single(text) if NEEDS_QUOTES_IN_TRACE.search(text) else text


def ash_trace(text: str) -> str:
    """As busybox ash writes a word in `set -x`."""
    return text if text and SAFE.fullmatch(text) and text != "=" else single(text) if text != "]" else text


def unescape(text: str) -> str:
    """The text that the inside of $'...' stands for."""

    def replaced(found: re.Match[str]) -> str:
        hexadecimal = found.group(1) or found.group(2) or found.group(3)
        if hexadecimal:
            return chr(int(hexadecimal, 16))
        if found.group(4):
            return chr(int(found.group(4), 8) & 0xFF)
        if found.group(5):
            return chr(ord(found.group(5).upper()) ^ 0x40)
        char = found.group(6)
        return ESCAPES.get(char, char if char in "\\'\"?" else "\\" + char)

    return ESCAPE.sub(replaced, text)


def _ansi(char: str) -> str:
    for letter, meaning in ESCAPES.items():
        if char == meaning and letter not in "e":
            return "\\" + letter
    if char in "'\\":
        return "\\" + char
    return char if ord(char) >= 32 and ord(char) != 127 else f"\\{ord(char):03o}"
