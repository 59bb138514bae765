"""mkdir, rmdir, mktemp: make and remove directories, make files with names of their own."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

MKDIR_LONG = {"parents": "p", "mode=": "m", "verbose": "v"}
RMDIR_LONG = {"parents": "p", "ignore-fail-on-non-empty": "i", "verbose": "v"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def mkdir(process: Process) -> Steps:
    return (yield from _mkdir(process, BUSYBOX))


def gnu_mkdir(process: Process) -> Steps:
    return (yield from _mkdir(process, GNU))


def _mkdir(process: Process, style: Style) -> Steps:
    given = style.options(process, "pm:v", long=MKDIR_LONG)
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    mode = int(given.get("m", "755"), 8) if given.get("m", "755").isdigit() else 0o755
    status = 0
    for path in given.operands:
        try:
            process.disk.make_directory(process.path(path), parents="p" in given, mode=mode)
            if "v" in given:
                process.print(f"mkdir: created directory '{path}'" if style.gnu else f"created directory: '{path}'")
        except OSError as failure:
            shown = f"cannot create directory ‘{path}’" if style.gnu else f"can't create directory '{path}'"
            status = style.complain(process, f"{shown}: {strerror(failure)}")
    return status
    yield


def rmdir(process: Process) -> Steps:
    return (yield from _rmdir(process, BUSYBOX))


def gnu_rmdir(process: Process) -> Steps:
    return (yield from _rmdir(process, GNU))


def _rmdir(process: Process, style: Style) -> Steps:
    given = style.options(process, "pi", long=RMDIR_LONG)
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    status = 0
    for operand in given.operands:
        path = operand
        while path and path != "/":
            try:
                _remove_directory(process, path)
            except OSError as failure:
                shown = f"failed to remove '{path}'" if style.gnu else f"'{path}'"
                status = style.complain(process, f"{shown}: {strerror(failure)}")
                break
            path = posixpath.dirname(path.rstrip("/")) if "p" in given else ""
    return status
    yield


def _remove_directory(process: Process, path: str) -> None:
    full = process.path(path)
    if process.disk.lookup(full, follow=False).kind != "directory":
        raise NotADirectoryError(20, "Not a directory", path)
    process.disk.remove(full)


def mktemp(process: Process) -> Steps:
    return (yield from _mktemp(process, BUSYBOX))


def gnu_mktemp(process: Process) -> Steps:
    return (yield from _mktemp(process, GNU))


def _mktemp(process: Process, style: Style) -> Steps:
    given = style.options(process, "dqtup:", long={"directory": "d", "quiet": "q", "dry-run": "u", "tmpdir=?": "p"})
    template = given.operands[0] if given.operands else "tmp.XXXXXXXXXX" if style.gnu else "tmp.XXXXXX"
    folder = given.get("p") or process.env.get("TMPDIR", "/tmp")
    if not given.operands or "t" in given or "p" in given:
        template = posixpath.join(folder, template)
    stem = template.rstrip("X")
    if len(template) - len(stem) < 3:
        shown = f"too few X's in template ‘{template}’" if style.gnu else "Invalid argument"
        return style.complain(process, shown)
    chance = process.clock.chance
    path = stem + "".join(chance.choice("mktemp", LETTERS) for _ in range(len(template) - len(stem)))
    full = process.path(path)
    if "u" not in given:
        if "d" in given:
            process.disk.make_directory(full, mode=0o700)
        else:
            process.disk.write(full, b"", mode=0o600)
    process.print(path)
    return 0
    yield
