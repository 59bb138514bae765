"""What an expanded word is before it becomes fields: chunks of text that remember whether they were quoted.

Field splitting (POSIX.1-2017, chapter 2.6.5) works on chunks; None between two chunks ends a field, as between the
elements of "$@".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct


class Chunk(Struct, frozen=True):
    """`split` says that it came from an unquoted expansion."""

    text: str
    quoted: bool = False
    split: bool = False


Chunks: TypeAlias = list[Chunk | None]
Pieces: TypeAlias = list[tuple[str, bool]]

DEFAULT_IFS = " \t\n"


def joined(chunks: Chunks, separator: str = " ") -> str:
    """All as one text, as in an assignment."""
    return "".join(separator if chunk is None else chunk.text for chunk in chunks)


def pieces(chunks: Chunks) -> Pieces:
    """All as one pattern."""
    return [(" ", True) if chunk is None else (chunk.text, chunk.quoted) for chunk in chunks]


def split_fields(chunks: Chunks, ifs: str) -> list[Pieces]:
    """The fields that the chunks fall into; empty ones only where they were quoted or stood between separators."""
    fields: list[Pieces] = []
    current: Pieces | None = None
    delimiter = _delimiter(ifs)
    for chunk in chunks:
        if chunk is None:
            if current is not None:
                fields.append(current)
            current = None
        elif not chunk.split or delimiter is None:
            if chunk.text or chunk.quoted:
                current = [*(current or []), (chunk.text, chunk.quoted)]
        else:
            current = _split_chunk(chunk.text, delimiter, current, fields)
    if current is not None:
        fields.append(current)
    return fields


def _split_chunk(text: str, delimiter: re.Pattern[str], current: Pieces | None, fields: list[Pieces]) -> Pieces | None:
    position = 0
    for found in delimiter.finditer(text):
        if found.start() > position:
            current = [*(current or []), (text[position : found.start()], False)]
        if current is not None or found.group(1):
            fields.append(current or [("", True)])
        current = None
        position = found.end()
    if position < len(text):
        current = [*(current or []), (text[position:], False)]
    return current


def _delimiter(ifs: str) -> re.Pattern[str] | None:
    """What separates fields: one other character with blanks around it (group 1), or blanks alone."""
    if not ifs:
        return None
    blanks = "".join(re.escape(char) for char in ifs if char in DEFAULT_IFS)
    others = "".join(re.escape(char) for char in ifs if char not in DEFAULT_IFS)
    around = f"[{blanks}]*" if blanks else ""
    choices = [f"{around}([{others}]){around}"] if others else []
    choices += [f"()[{blanks}]+" if not others else f"[{blanks}]+"] if blanks else []
    return re.compile("|".join(choices))


def split_text(text: str, ifs: str, limit: int) -> list[str]:
    """A line as `read` splits it: at most limit fields, the last one keeping its separators."""
    blanks = "".join(char for char in ifs if char in DEFAULT_IFS)
    delimiter = _delimiter(ifs)
    fields: list[str] = []
    rest = text.strip(blanks) if blanks else text
    while delimiter is not None and len(fields) < limit - 1 and rest:
        found = delimiter.search(rest)
        if found is None:
            break
        fields.append(rest[: found.start()])
        rest = rest[found.end() :]
    if rest or not fields:
        fields.append(_without_last(rest, ifs) if len(fields) == limit - 1 else rest)
    return fields


def _without_last(rest: str, ifs: str) -> str:
    """A single separator at the end of the last field is dropped if it is the only one in it."""
    others = [char for char in ifs if char not in DEFAULT_IFS]
    if rest and rest[-1] in others and not any(char in rest[:-1] for char in ifs):
        return rest[:-1]
    return rest


def words_of(fields: Iterable[Pieces]) -> list[str]:
    return ["".join(text for text, _ in field) for field in fields]
