"""which: where the programs of these names are, by PATH."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.execve import DEFAULT_PATH
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style


def which(process: Process) -> Steps:
    return (yield from _which(process, BUSYBOX))


def gnu_which(process: Process) -> Steps:
    return (yield from _which(process, GNU))


def _which(process: Process, style: Style) -> Steps:
    given = style.options(process, "as" if style.gnu else "a")
    if not given.operands and not style.gnu:
        style.refuse(process)
    status = 0
    for name in given.operands:
        found = _places(process, name)
        for path in found if "a" in given else found[:1]:
            process.print(path)
        status = status or int(not found)
    return status or int(not given.operands)
    yield


def _places(process: Process, name: str) -> list[str]:
    folders = process.env.get("PATH", DEFAULT_PATH).split(":")
    paths = [name] if "/" in name else [posixpath.join(folder or ".", name) for folder in folders]
    return [path for path in paths if _executable(process, process.path(path))]


def _executable(process: Process, full: str) -> bool:
    try:
        node = process.disk.lookup(full)
    except OSError:
        return False
    return node.kind != "directory" and bool(node.mode & 0o111)
