"""ln, readlink, realpath: symbolic links. Hard links become copies, since the disk has none."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

LONG = {"symbolic": "s", "force": "f", "verbose": "v", "no-dereference": "n", "no-target-directory": "T"}
READLINK_LONG = {"canonicalize": "f", "canonicalize-existing": "e", "canonicalize-missing": "m", "no-newline": "n"}


def ln(process: Process) -> Steps:
    return (yield from _ln(process, BUSYBOX))


def gnu_ln(process: Process) -> Steps:
    return (yield from _ln(process, GNU))


def _ln(process: Process, style: Style) -> Steps:
    given = style.options(process, "sfvnTr", long=LONG)
    words = list(given.operands)
    if not words:
        style.refuse(process, "missing file operand" if style.gnu else "")
    last = words.pop() if len(words) > 1 else posixpath.basename(words[0])
    inside = process.disk.is_directory(process.path(last)) and "T" not in given and "n" not in given
    status = 0
    for word in words:
        path = posixpath.join(last, posixpath.basename(word)) if inside else last
        status = _link(process, style, given, word, path) or status
    return status
    yield


def _link(process: Process, style: Style, given: Options, target: str, path: str) -> int:
    disk, full = process.disk, process.path(path)
    try:
        if "f" in given and _is_there(process, full):
            disk.remove(full)
        if "s" in given:
            disk.symlink(target, full)
        else:
            _hard(process, target, full)
    except OSError as failure:
        if "s" in given:
            shown = f"failed to create symbolic link '{path}'" if style.gnu else path
        else:
            missing = not disk.exists(process.path(target))
            shown = f"failed to access '{target}'" if missing else f"failed to create hard link '{path}'"
            shown = shown if style.gnu else target if missing else path
        return style.complain(process, f"{shown}: {strerror(failure)}")
    if "v" in given:
        process.print(f"'{path}' -> '{target}'")
    return 0


def _hard(process: Process, target: str, full: str) -> None:
    node = process.disk.lookup(process.path(target))
    if _is_there(process, full):
        raise FileExistsError(17, "File exists", full)
    if node.kind == "program":
        process.disk.install(full, node.content, mode=node.mode)
    else:
        process.disk.write(full, process.disk.read(process.path(target), process), mode=node.mode)


def _is_there(process: Process, full: str) -> bool:
    try:
        process.disk.lookup(full, follow=False)
    except OSError:
        return False
    return True


def readlink(process: Process) -> Steps:
    return (yield from _readlink(process, BUSYBOX))


def gnu_readlink(process: Process) -> Steps:
    return (yield from _readlink(process, GNU))


def _readlink(process: Process, style: Style) -> Steps:
    given = style.options(process, "fnvemsqz", long=READLINK_LONG)
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    status = 0
    for path in given.operands:
        shown = (
            _canonical(process, path) if set("fem") & {letter for letter, _ in given.given} else _target(process, path)
        )
        if shown is None:
            status = 1
        else:
            process.print(shown, end="" if "n" in given else "\n")
    return status
    yield


def _target(process: Process, path: str) -> str | None:
    try:
        node = process.disk.lookup(process.path(path), follow=False)
    except OSError:
        return None
    return node.target if node.kind == "link" else None


def _canonical(process: Process, path: str, *, depth: int = 0) -> str | None:
    """The path without links; None if a directory on the way is not there."""
    real = "/"
    parts = process.path(path).strip("/").split("/")
    for index, part in enumerate(parts):
        step = posixpath.join(real, part)
        try:
            node = process.disk.lookup(step, follow=False)
        except OSError:
            return step if index == len(parts) - 1 else None
        if node.kind == "link" and depth < 40:
            found = _canonical(process, posixpath.join(real, node.target), depth=depth + 1)
            if found is None:
                return None
            step = found
        real = step
    return real


def realpath(process: Process) -> Steps:
    return (yield from _realpath(process, BUSYBOX))


def gnu_realpath(process: Process) -> Steps:
    return (yield from _realpath(process, GNU))


def _realpath(process: Process, style: Style) -> Steps:
    given = style.options(process, "emsq")
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    status = 0
    for path in given.operands:
        found = _canonical(process, path)
        if found is None or (not style.gnu and not process.disk.exists(found)):
            status = style.complain(process, f"{path}: No such file or directory")
        else:
            process.print(found)
    return status
    yield
