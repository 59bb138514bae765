"""Patterns of the shell (POSIX.1-2017, chapter 2.13; glob(7)) and the names of files they match.

A pattern comes as pieces (text, quoted): what was quoted stands for itself. Extended patterns of bash, +(a|b) and the
like, are left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import TypeAlias

from simulator.kernel.disk import Disk
from simulator.userland.posix_regex import CLASSES

Pieces: TypeAlias = Sequence[tuple[str, bool]]

SPECIAL = frozenset("*?[")


def has_pattern(pieces: Pieces) -> bool:
    """Whether an unquoted * ? or [ is in it."""
    return any(not quoted and not SPECIAL.isdisjoint(text) for text, quoted in pieces)


def regex(pieces: Pieces, *, greedy: bool = True, path: bool = False) -> str:
    """The pattern as a regular expression; with `path` a star stops at a slash."""
    characters = [(char, quoted) for text, quoted in pieces for char in text]
    any_char = "[^/]" if path else "."
    star = any_char + ("*" if greedy else "*?")
    result, index = [], 0
    while index < len(characters):
        char, quoted = characters[index]
        index += 1
        if quoted or char not in "*?[\\":
            result.append(re.escape(char))
        elif char == "*":
            result.append(star)
        elif char == "?":
            result.append(any_char)
        elif char == "[":
            bracket, index = _bracket(characters, index)
            result.append(bracket)
        elif index < len(characters):
            result.append(re.escape(characters[index][0]))
            index += 1
        else:
            result.append(r"\\")
    return "".join(result)


def matches(pieces: Pieces, text: str, *, ignore_case: bool = False) -> bool:
    """Whether the pattern matches the whole text."""
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.fullmatch(regex(pieces), text, flags) is not None


def text_matches(pattern: str, text: str) -> bool:
    """Whether a pattern without quoted parts matches the whole text (find -name)."""
    return matches([(pattern, False)], text)


def expand_path(pieces: Pieces, disk: Disk, cwd: str) -> list[str]:
    """The paths that a pattern matches, sorted; none if nothing does. A leading dot is matched only by a dot."""
    parts = _split(pieces)
    absolute = bool(parts) and not parts[0] and len(parts) > 1
    found = ["/"] if absolute else [""]
    for index, part in enumerate(parts[1:] if absolute else parts):
        last = index == len(parts) - 1 - absolute
        found = [longer for path in found for longer in _step(path, part, disk, cwd, last=last)]
    return sorted(found)


def _step(path: str, part: list[tuple[str, bool]], disk: Disk, cwd: str, *, last: bool) -> list[str]:
    text = "".join(piece for piece, _ in part)
    if not text:
        return [path] if not last else [path + "/" * (not path.endswith("/"))] if _is_directory(path, disk, cwd) else []
    if not has_pattern(part):
        full = _join(path, text)
        return [full] if disk.exists(posixpath.join(cwd, full)) else []
    if not _is_directory(path, disk, cwd):
        return []
    expression = re.compile(regex(part), re.DOTALL)
    names = disk.listdir(posixpath.join(cwd, path))
    dots = [".", ".."] if text.startswith(".") else []
    shown = [name for name in (*dots, *names) if expression.fullmatch(name) and (dots or not name.startswith("."))]
    found = [_join(path, name) for name in shown]
    return found if last else [longer for longer in found if _is_directory(longer, disk, cwd)]


def _join(path: str, name: str) -> str:
    return path + name if not path or path.endswith("/") else f"{path}/{name}"


def _is_directory(path: str, disk: Disk, cwd: str) -> bool:
    return disk.is_directory(posixpath.join(cwd, path))


def _split(pieces: Pieces) -> list[list[tuple[str, bool]]]:
    """The pieces between the slashes."""
    parts: list[list[tuple[str, bool]]] = [[]]
    for text, quoted in pieces:
        first, *others = text.split("/")
        parts[-1].append((first, quoted))
        parts += [[(other, quoted)] for other in others]
    return [[piece for piece in part if piece[0]] for part in parts]


def _bracket(characters: list[tuple[str, bool]], index: int) -> tuple[str, int]:
    """A bracket expression as a regular expression, and where the text goes on; a lone [ stands for itself."""
    start = index
    negated = index < len(characters) and characters[index] in (("!", False), ("^", False))
    index += negated
    members: list[str] = []
    while index < len(characters):
        char, quoted = characters[index]
        if char == "]" and not quoted and index > start + negated:
            return ("[^" if negated else "[") + "".join(members) + "]", index + 1
        named = "".join(c for c, _ in characters[index : index + 12])
        found = re.match(r"\[:([a-z]+):\]", named) if char == "[" else None
        if found and found.group(1) in CLASSES:
            members.append(CLASSES[found.group(1)])
            index += found.end()
            continue
        if char == "\\" and not quoted and index + 1 < len(characters):
            index += 1
            char, quoted = characters[index][0], True
        members.append(char if char == "-" and not quoted and members else re.escape(char))
        index += 1
    return r"\[", start
