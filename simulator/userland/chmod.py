"""chmod, chown, chgrp: modes and owners of files (POSIX.1-2017, chmod, chown)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.accounts import user_number
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

LONG = {"recursive": "R", "verbose": "v", "changes": "c", "silent": "f", "quiet": "f", "no-dereference": "h"}
CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwxXst]*|[ugo])")
BITS = {"r": 4, "w": 2, "x": 1}
SHIFTS = {"u": 6, "g": 3, "o": 0}


def chmod(process: Process) -> Steps:
    return (yield from _chmod(process, BUSYBOX))


def gnu_chmod(process: Process) -> Steps:
    return (yield from _chmod(process, GNU))


def _chmod(process: Process, style: Style) -> Steps:
    argv = list(process.argv)
    symbolic = next((i for i, word in enumerate(argv) if re.fullmatch(r"-[rwxXst]+", word)), len(argv))
    given = style.options(process, "Rvcf", long=LONG, argv=[*argv[:symbolic], "--", *argv[symbolic:]])
    if len(given.operands) < 2:
        missing = "missing operand" if not given.operands else f"missing operand after ‘{given.operands[0]}’"
        style.refuse(process, missing if style.gnu else "")
    wanted, status = given.operands[0], 0
    if mode_from_text(wanted, 0, directory=False) is None:
        if style.gnu:
            style.refuse(process, f"invalid mode: ‘{wanted}’")
        return style.complain(process, f"invalid mode '{wanted}'")
    for path in given.operands[1:]:
        for each in below(process, path) if "R" in given else [path]:
            try:
                node = process.disk.lookup(process.path(each))
                mode = mode_from_text(wanted, node.mode, directory=node.kind == "directory")
                process.disk.set_mode(process.path(each), mode or 0)
            except OSError as failure:
                shown = f"cannot access '{each}'" if style.gnu else each
                status = style.complain(process, f"{shown}: {strerror(failure)}")
    return status
    yield


def mode_from_text(text: str, before: int, *, directory: bool) -> int | None:
    """755, u+x, go-w, a=r; None for anything else."""
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8)
    mode = before
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if found is None:
            return None
        who, operator, what = found.groups()
        for each in (who or "a").replace("a", "ugo"):
            bits = _bits(what, mode, directory=directory) << SHIFTS[each]
            if operator == "+":
                mode |= bits
            elif operator == "-":
                mode &= ~bits
            else:
                mode = mode & ~(7 << SHIFTS[each]) | bits
        if "t" in what:
            mode = mode & ~0o1000 if operator == "-" else mode | 0o1000
    return mode


def _bits(what: str, mode: int, *, directory: bool) -> int:
    if what in SHIFTS:
        return mode >> SHIFTS[what] & 7
    executable = directory or bool(mode & 0o111)
    return sum(BITS.get("x" if letter == "X" and executable else letter, 0) for letter in set(what))


def below(process: Process, path: str) -> Iterator[str]:
    """The path and everything under it."""
    yield path
    full = process.path(path)
    node = process.disk.lookup(full, follow=False) if process.disk.exists(full) else None
    if node is not None and node.kind == "directory":
        for name in process.disk.listdir(full):
            yield from below(process, posixpath.join(path, name))


def chown(process: Process) -> Steps:
    return (yield from _chown(process, BUSYBOX))


def gnu_chown(process: Process) -> Steps:
    return (yield from _chown(process, GNU))


def _chown(process: Process, style: Style) -> Steps:
    given = style.options(process, "Rhvcf", long=LONG)
    if len(given.operands) < 2:
        style.refuse(process, "missing operand" if style.gnu else "")
    name, status = re.split("[:.]", given.operands[0])[0], 0
    group_only = posixpath.basename(process.argv[0]) == "chgrp"
    uid = user_number(process, name) if name and not group_only else None
    if name and not group_only and uid is None:
        told = f"invalid user: ‘{name}’" if style.gnu else f"unknown user {name}"
        return style.complain(process, told)
    for path in given.operands[1:]:
        for each in below(process, path) if "R" in given else [path]:
            try:
                process.disk.lookup(process.path(each))
                if uid is not None:
                    process.disk.set_owner(process.path(each), uid)
            except OSError as failure:
                shown = f"cannot access '{each}'" if style.gnu else each
                status = style.complain(process, f"{shown}: {strerror(failure)}")
    return status
    yield
