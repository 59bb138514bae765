"""du: what files take on the disk, in blocks of 4096 bytes (POSIX.1-2017, du)."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland import inode
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, human_size, strerror

LONG = {
    "all": "a", "summarize": "s", "human-readable": "h", "total": "c", "max-depth=": "d", "bytes": "b",
    "apparent-size": "A", "one-file-system": "x",
}  # fmt: skip


def du(process: Process) -> Steps:
    return _du(process, BUSYBOX, BUSYBOX.options(process, "aHLd:clsxhmkb"))
    yield


def gnu_du(process: Process) -> Steps:
    return _du(process, GNU, GNU.options(process, "aHLd:clsxhmkbS", long=LONG))
    yield


def _du(process: Process, style: Style, given: Options) -> int:
    depth = 0 if "s" in given else int(given.get("d")) if given.get("d").isdigit() else None
    status, total = 0, 0
    for name in given.operands or ["."]:
        try:
            process.disk.lookup(process.path(name), follow=False)
        except OSError as failure:
            told = f"cannot access '{name}'" if style.gnu else name
            status = style.complain(process, f"{told}: {strerror(failure)}")
            continue
        total += _tree(process, given, name, depth)
    if "c" in given:
        process.print(f"{_figure(given, total)}\ttotal")
    return status


def _tree(process: Process, given: Options, name: str, depth: int | None) -> int:
    """Prints the folders below a path, the innermost first; the bytes that it takes with all that is in it."""
    path = process.path(name)
    node = process.disk.lookup(path, follow=False)
    total = inode.size(node) if "b" in given or "A" in given else inode.kilobytes(node) * 1024
    below = None if depth is None else depth - 1
    if node.kind == "directory":
        for inner in process.disk.listdir(path):
            full = posixpath.join(name, inner)
            if process.disk.lookup(process.path(full), follow=False).kind == "directory":
                total += _tree(process, given, full, below)
            else:
                total += _leaf(process, given, full, below)
    if depth is None or depth >= 0:
        process.print(f"{_figure(given, total)}\t{name}")
    return total


def _leaf(process: Process, given: Options, name: str, depth: int | None) -> int:
    node = process.disk.lookup(process.path(name), follow=False)
    total = inode.size(node) if "b" in given or "A" in given else inode.kilobytes(node) * 1024
    if "a" in given and (depth is None or depth >= 0):
        process.print(f"{_figure(given, total)}\t{name}")
    return total


def _figure(given: Options, total: int) -> str:
    if "h" in given:
        return human_size(total)
    unit = 1 if "b" in given else 1 << 20 if "m" in given else 1024
    return str(-(-total // unit))
