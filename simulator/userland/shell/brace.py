"""Brace expansion (bash): a{b,c}d and {1..5}, on the words of the syntax tree, before any other expansion."""

from __future__ import annotations

import itertools
import re
from typing import TypeAlias

from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.syntax import Literal, Part, Word

MOST = 100_000  # words that one becomes; bash's limit is its memory
SEQUENCE = re.compile(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?")

# A word as brace expansion sees it: unquoted characters one by one, all other parts whole.
_Item: TypeAlias = str | Part


def expand_braces(word: Word) -> list[Word]:
    """The words that a word becomes; itself alone if there is nothing to expand."""
    if not any(isinstance(part, Literal) and "{" in part.text for part in word.parts):
        return [word]
    items: list[_Item] = []
    for part in word.parts:
        items += list(part.text) if isinstance(part, Literal) else [part]
    return [_joined(expanded, word.line) for expanded in _expand(items)]


def _expand(items: list[_Item]) -> list[list[_Item]]:
    for start, item in enumerate(items):
        if item != "{" or (start > 0 and items[start - 1] == "$"):
            continue
        end, commas = _close(items, start)
        if end < 0:
            continue
        choices = _choices(items, start, end, commas)
        if choices is None:
            continue
        tails = _expand(items[end + 1 :])
        _check(len(choices) * len(tails))
        return [items[:start] + choice + tail for choice in choices for tail in tails]
    return [items]


def _check(count: int) -> None:
    if count > MOST:
        raise ShellError(f"brace expansion: failed to allocate memory for {count} elements", 1)


def _close(items: list[_Item], start: int) -> tuple[int, list[int]]:
    """Where the brace that opens at start closes (-1: nowhere), and its own commas."""
    depth = 0
    commas: list[int] = []
    for index in range(start, len(items)):
        if items[index] == "{":
            depth += 1
        elif items[index] == "}":
            depth -= 1
            if depth == 0:
                return index, commas
        elif items[index] == "," and depth == 1:
            commas.append(index)
    return -1, []


def _choices(items: list[_Item], start: int, end: int, commas: list[int]) -> list[list[_Item]] | None:
    if commas:
        edges = [start, *commas, end]
        pieces = [items[left + 1 : right] for left, right in itertools.pairwise(edges)]
        return [choice for piece in pieces for choice in _expand(piece)]
    inside = items[start + 1 : end]
    found = SEQUENCE.fullmatch("".join(item for item in inside if isinstance(item, str)))
    if found is None or not all(isinstance(item, str) for item in inside):
        return None
    return _sequence(found.group(1), found.group(2), found.group(3))


def _sequence(first: str, last: str, step: str | None) -> list[list[_Item]] | None:
    if first.isalpha() != last.isalpha():
        return None
    low, high = (ord(first), ord(last)) if first.isalpha() else (int(first), int(last))
    by = abs(int(step)) if step and int(step) else 1
    values = range(low, high + 1, by) if low <= high else range(low, high - 1, -by)
    _check(len(values))
    if first.isalpha():
        return [[chr(value)] for value in values]
    padded = any(re.match(r"-?0\d", text) for text in (first, last))
    width = max(len(first), len(last)) if padded else 0
    return [list(f"{value:0{width}d}") for value in values]


def _joined(items: list[_Item], line: int) -> Word:
    parts: list[Part] = []
    for item in items:
        if not isinstance(item, str):
            parts.append(item)
        elif parts and isinstance(parts[-1], Literal):
            parts[-1] = Literal(parts[-1].text + item)
        else:
            parts.append(Literal(item))
    return Word(tuple(parts), line)
