"""What is known of the two ends of a copy, and what follows for the archive between them.

Mirrors CopyInfo and PrepareArchiveCopy of moby's pkg/archive/copy.go: a slash or a dot at the end of a path says that
it is a directory, and links are followed at the target and before the last part of the source.
"""

from __future__ import annotations

import posixpath

from msgspec import Struct

from simulator.cli.errors import CommandError
from simulator.kernel.disk import Disk

_MOST_LINKS = 10


class CopyInfo(Struct, frozen=True):
    """One end of a copy. `rebase` is what the source is called, where following a link has changed that."""

    path: str
    exists: bool = True
    is_folder: bool = False
    rebase: str = ""


def split_entry(path: str) -> tuple[str, str]:
    """Directory and last part of a path; a dot at its end is a part."""
    clean = posixpath.normpath(path) if path else "."
    if base(path) == ".":
        return clean, "."
    return posixpath.dirname(clean) or ".", posixpath.basename(clean) or "/"


def base(path: str) -> str:
    """Go's filepath.Base."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def absolute(path: str, cwd: str) -> str:
    """A path of this machine in full, with the slash or dot at its end that it was given with."""
    full = posixpath.normpath(posixpath.join(cwd, path))
    if base(path) == "." and base(full) != ".":
        return full.rstrip("/") + "/."
    return full + "/" if path.endswith("/") and not full.endswith("/") else full


def rebased(path: str, target: str) -> tuple[str, str]:
    """Where a link leads with the ending of the path that was asked for, and that path's name if it differs."""
    if base(path) == "." and base(target) != ".":
        target += "/."
    if path.endswith("/") and not target.endswith("/"):
        target += "/"
    return target, base(path) if base(path) != base(target) else ""


def link_target(path: str, target: str) -> str:
    """Where a link at a path leads."""
    return target if target.startswith("/") else posixpath.normpath(posixpath.join(split_entry(path)[0], target))


def source_info(disk: Disk, path: str, *, follow: bool) -> CopyInfo:
    """A source on this machine. Raises CommandError if it is not there."""
    try:
        node = disk.lookup(path, follow=follow or path.endswith("/"))
        if path.endswith(("/", "/.")) and node.kind != "directory":
            raise CommandError(f"lstat {path}: not a directory")
        resolved, rebase = rebased(path, disk.locate(path)[1]) if follow else (path, "")
    except OSError as failure:
        raise CommandError(f"lstat {path}: {(failure.strerror or '').lower()}") from None
    return CopyInfo(resolved, is_folder=node.kind == "directory", rebase=rebase)


def target_info(disk: Disk, path: str) -> CopyInfo:
    """A target on this machine, which need not exist. Raises CommandError."""
    here = path
    for _ in range(_MOST_LINKS):
        try:
            node = disk.lookup(here, follow=False)
        except OSError:
            return CopyInfo(here, exists=False)
        if node.kind != "link":
            if node.kind != "directory" and here.endswith("/"):
                raise CommandError(f"lstat {here}: not a directory")
            return CopyInfo(here, is_folder=node.kind == "directory")
        here = link_target(here, node.target)
    raise CommandError(f"too many symlinks in {path}")


def prepare(source: CopyInfo, target: CopyInfo) -> tuple[str, str, str]:
    """The directory to unpack into, and what the archive's first part is to be called instead of what.

    Raises CommandError where the one end cannot become the other.
    """
    folder, target_name = split_entry(target.path)
    name = source.rebase or split_entry(source.path)[1]
    if target.exists and target.is_folder:
        return target.path, "", ""
    if target.exists and source.is_folder:
        raise CommandError("cannot copy directory")
    if not target.exists and not source.is_folder and (target.path.endswith("/") or base(target.path) == "."):
        raise CommandError("no such directory")
    return folder, "" if name == "/" else name, target_name
