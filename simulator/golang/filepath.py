"""Go's path/filepath on Linux, as far as the engine uses it."""

from __future__ import annotations

import posixpath


def clean(path: str) -> str:
    """The shortest path to the same place by its words alone (filepath.Clean); unlike POSIX's, two slashes are one."""
    shortest = posixpath.normpath(path)
    return shortest[1:] if shortest.startswith("//") else shortest
