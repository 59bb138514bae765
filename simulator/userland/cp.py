"""cp, mv: copy, rename and move files (POSIX.1-2017, cp, mv)."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

CP_LONG = {"recursive": "r", "archive": "a", "force": "f", "verbose": "v", "preserve=?": "p", "no-clobber": "n",
           "no-dereference": "P", "dereference": "L", "target-directory=": "t"}  # fmt: skip
MV_LONG = {"force": "f", "no-clobber": "n", "verbose": "v", "interactive": "i", "target-directory=": "t"}


def cp(process: Process) -> Steps:
    return (yield from _cp(process, BUSYBOX))


def gnu_cp(process: Process) -> Steps:
    return (yield from _cp(process, GNU))


def _cp(process: Process, style: Style) -> Steps:
    given = style.options(process, "arRfvpniPLHdTt:lsu", long=CP_LONG)
    pairs = _pairs(process, style, given)
    status = 0
    for source, target in pairs:
        status = _copy(process, style, given, source, target) or status
    return status
    yield


def mv(process: Process) -> Steps:
    return (yield from _mv(process, BUSYBOX))


def gnu_mv(process: Process) -> Steps:
    return (yield from _mv(process, GNU))


def _mv(process: Process, style: Style) -> Steps:
    given = style.options(process, "fnvit:Tu", long=MV_LONG)
    status = 0
    for source, target in _pairs(process, style, given):
        status = _move(process, style, given, source, target) or status
    return status
    yield


def _pairs(process: Process, style: Style, given: Options) -> list[tuple[str, str]]:
    """What goes where: into a directory under its own name, or to the path named last."""
    words = list(given.operands)
    folder = given.get("t")
    if not words or (len(words) < 2 and not folder):
        missing = "missing file operand" if not words else f"missing destination file operand after '{words[0]}'"
        style.refuse(process, missing if style.gnu else "")
    last = folder or words.pop()
    if process.disk.is_directory(process.path(last)) and "T" not in given:
        return [(word, posixpath.join(last, posixpath.basename(word.rstrip("/")) or word)) for word in words]
    if len(words) > 1 or folder:
        told = (
            f"target '{last}': No such file or directory"
            if style.gnu
            else f"can't stat '{last}': No such file or directory"
        )
        if process.disk.exists(process.path(last)):
            told = f"target '{last}' is not a directory" if style.gnu else f"'{last}' is not a directory"
        style.complain(process, told)
        process.exit(1)
    return [(words[0], last)]


def _copy(process: Process, style: Style, given: Options, source: str, target: str) -> int:
    disk, whole = process.disk, any(letter in given for letter in "arR")
    cannot = "cannot" if style.gnu else "can't"
    keep_links = "a" in given or "d" in given or "P" in given
    try:
        node = disk.lookup(process.path(source), follow=not keep_links)
    except OSError as failure:
        return style.complain(process, f"{cannot} stat '{source}': {strerror(failure)}")
    if node.kind == "directory" and not whole:
        told = f"-r not specified; omitting directory '{source}'" if style.gnu else f"omitting directory '{source}'"
        return style.complain(process, told)
    if process.path(source) == process.path(target):
        return style.complain(process, f"'{source}' and '{target}' are the same file")
    if "n" in given and disk.exists(process.path(target)):
        return 0
    try:
        _copy_node(process, source, target, keep_times="p" in given or "a" in given, keep_links=keep_links)
    except OSError as failure:
        verb = "create regular file" if style.gnu else "create"
        return style.complain(process, f"{cannot} {verb} '{target}': {strerror(failure)}")
    if "v" in given:
        process.print(f"'{source}' -> '{target}'")
    return 0


def _copy_node(process: Process, source: str, target: str, *, keep_times: bool, keep_links: bool) -> None:
    disk, full, goal = process.disk, process.path(source), process.path(target)
    node = disk.lookup(full, follow=not keep_links)
    if node.kind == "directory":
        if not disk.is_directory(goal):
            disk.make_directory(goal, mode=node.mode)
        for name in disk.listdir(full):
            inner = (posixpath.join(source, name), posixpath.join(target, name))
            _copy_node(process, *inner, keep_times=keep_times, keep_links=True)
    elif node.kind == "link":
        disk.symlink(node.target, goal)
    elif node.kind == "program":
        disk.install(goal, node.content, mode=node.mode)
    else:
        disk.write(goal, disk.read(full, process), mode=node.mode, process=process)
    if keep_times and node.kind != "link":
        disk.touch(goal, wall=node.mtime)


def _move(process: Process, style: Style, given: Options, source: str, target: str) -> int:
    disk, full, goal = process.disk, process.path(source), process.path(target)
    try:
        node = disk.lookup(full, follow=False)
    except OSError as failure:
        told = f"cannot stat '{source}'" if style.gnu else f"can't rename '{source}'"
        return style.complain(process, f"{told}: {strerror(failure)}")
    if full == goal:
        return style.complain(process, f"'{source}' and '{target}' are the same file")
    if goal.startswith(full + "/"):
        told = f"cannot move '{source}' to a subdirectory of itself, '{target}'"
        return style.complain(process, told if style.gnu else f"can't rename '{source}': Invalid argument")
    if "n" in given and disk.exists(goal):
        return 0
    try:
        if disk.exists(goal) and disk.lookup(goal, follow=False).kind != "directory" and node.kind != "directory":
            disk.remove(goal)
        disk.rename(full, goal)
    except OSError as failure:
        told = f"cannot move '{source}' to '{target}'" if style.gnu else f"can't rename '{source}'"
        return style.complain(process, f"{told}: {strerror(failure)}")
    if "v" in given:
        process.print(f"renamed '{source}' -> '{target}'" if style.gnu else f"'{source}' -> '{target}'")
    return 0
