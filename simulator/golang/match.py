"""Patterns for paths: path/filepath.Match, and those of .dockerignore (docker's pkg/fileutils)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from functools import cache


def path_match(pattern: str, name: str) -> bool:
    """filepath.Match: `*` and `?` stop at a slash. Raises ValueError for a pattern that is none."""
    try:
        return re.fullmatch(_expression(pattern, stars=False), name, re.DOTALL) is not None
    except re.error:
        raise ValueError("syntax error in pattern") from None


def has_wildcards(text: str) -> bool:
    return re.search(r"(?:^|[^\\])(?:\\\\)*[*?\[]", text) is not None


@cache
def _expression(pattern: str, *, stars: bool) -> str:
    """A regular expression; `stars`: two of them match any number of directories."""
    tokens = re.findall(r"\*\*/?|\*|\?|\\.|\[\^?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    parts = []
    for index, token in enumerate(tokens):
        if token.startswith("**"):
            parts.append("[^/]*" if not stars else ".*" if index == len(tokens) - 1 else "(?:.*/)?")
        elif token in ("*", "?"):
            parts.append("[^/]*" if token == "*" else "[^/]")
        elif token[0] == "[":
            parts.append(token)
        else:
            parts.append(re.escape(token[-1]))
    return "".join(parts)


def ignore_patterns(text: str) -> list[str]:
    """The patterns of a .dockerignore file: comments left out, paths cleaned."""
    patterns = []
    for line in text.removeprefix("\ufeff").splitlines():
        row = line.strip()
        if row and not line.startswith("#"):
            mark, path = ("!", row[1:].strip()) if row[0] == "!" else ("", row)
            clean = posixpath.normpath(path) if path else ""
            patterns.append(mark + (clean.lstrip("/") if len(clean) > 1 else clean))
    return patterns


def ignored(path: str, patterns: Iterable[str]) -> bool:
    """Whether a file is left out: by itself or with a directory above it; the last pattern that fits it counts."""
    folders, left_out = posixpath.dirname(path).split("/"), False
    for pattern in patterns:
        keeps, bare = pattern.startswith("!"), pattern.removeprefix("!")
        depth = bare.count("/") + 1
        above = "/".join(folders[:depth]) if folders != [""] and depth <= len(folders) else None
        if _fits(bare, path) or (above is not None and _fits(bare, above)):
            left_out = not keeps
    return left_out


def _fits(pattern: str, path: str) -> bool:
    try:
        return re.fullmatch(_expression(pattern, stars=True), path, re.DOTALL) is not None
    except re.error:
        return False


def may_hold_kept(folder: str, patterns: Sequence[str]) -> bool:
    """Whether something in a directory that is left out may come back by a pattern with `!`."""
    kept = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(f"{pattern}/".startswith(f"{folder}/") or has_wildcards(pattern) for pattern in kept)
