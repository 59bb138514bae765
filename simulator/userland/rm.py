"""rm, unlink: remove files and (-r) directories (POSIX.1-2017, rm)."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, read_line, strerror

LONG = {"force": "f", "recursive": "r", "interactive=?": "i", "verbose": "v", "dir": "d", "preserve-root": "p",
        "no-preserve-root": "N"}  # fmt: skip


def rm(process: Process) -> Steps:
    return (yield from _rm(process, BUSYBOX))


def gnu_rm(process: Process) -> Steps:
    return (yield from _rm(process, GNU))


def _rm(process: Process, style: Style) -> Steps:
    given = style.options(process, "firRvdI" if style.gnu else "firR", long=LONG)
    if not given.operands and "f" not in given:
        style.refuse(process, "missing operand" if style.gnu else "")
    status = 0
    for path in given.operands:
        status = (yield from _remove(process, style, given, path)) or status
    return status


def _remove(process: Process, style: Style, given: Options, path: str) -> Steps:
    force, recursive = "f" in given, "r" in given or "R" in given
    cannot = f"cannot remove '{path}'" if style.gnu else f"can't remove '{path}'"
    if posixpath.basename(path.rstrip("/")) in (".", "..") or process.path(path) == "/":
        if style.gnu and process.path(path) == "/":
            return style.complain(process, "it is dangerous to operate recursively on '/'")
        told = (
            f"refusing to remove '.' or '..' directory: skipping '{path}'" if style.gnu else "can't remove '.' or '..'"
        )
        return style.complain(process, told)
    full = process.path(path)
    try:
        node = process.disk.lookup(full, follow=False)
        if node.kind == "directory" and not recursive:
            return style.complain(process, f"{cannot}: Is a directory" if style.gnu else f"'{path}' is a directory")
        if "i" in given and not (yield from _agreed(process, style, path, directory=node.kind == "directory")):
            return 0
        process.disk.remove(full, recursive=recursive)
    except OSError as failure:
        if force and isinstance(failure, FileNotFoundError):
            return 0
        return style.complain(process, f"{cannot}: {strerror(failure)}")
    if "v" in given:
        process.print(f"removed '{path}'")
    return 0


def _agreed(process: Process, style: Style, path: str, *, directory: bool) -> Steps:
    kind = "directory" if directory else "regular file"
    question = f"remove {kind} '{path}'? " if style.gnu else f"remove '{path}'? "
    process.error(f"{style.program(process)}: {question}", end="")
    answer = yield from read_line(process.stdin)
    return bool(answer) and answer[0] in "yY"


def unlink(process: Process) -> Steps:
    return (yield from _unlink(process, BUSYBOX))


def gnu_unlink(process: Process) -> Steps:
    return (yield from _unlink(process, GNU))


def _unlink(process: Process, style: Style) -> Steps:
    if len(process.argv) != 2:
        style.refuse(process, "missing operand" if style.gnu else "")
    path = process.argv[1]
    try:
        if process.disk.lookup(process.path(path), follow=False).kind == "directory":
            raise IsADirectoryError(21, "Is a directory", path)
        process.disk.remove(process.path(path))
    except OSError as failure:
        shown = f"cannot unlink '{path}'" if style.gnu else f"can't remove file '{path}'"
        return style.complain(process, f"{shown}: {strerror(failure)}")
    return 0
    yield
