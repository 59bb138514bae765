"""sed -i: each file becomes what the script makes of it."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import Style, strerror
from simulator.userland.sed.editor import Editor
from simulator.userland.sed.run import UNREADABLE, Run
from simulator.userland.sed.script import Script

NOT_REGULAR = 4


def edit_files(process: Process, style: Style, script: Script, paths: list[str], *, suffix: str, end: str) -> Steps:
    """With a suffix a file as it was stays beside the new one."""
    status = 0
    for path in paths:
        status = (yield from _edit(process, style, script, path, suffix, end)) or status
    return status


def _edit(process: Process, style: Style, script: Script, path: str, suffix: str, end: str) -> Steps:
    full = process.path(path)
    try:
        before = process.disk.lookup(full)
    except OSError as failure:
        told = f"can't read {path}" if style.gnu else path
        return style.complain(process, f"{told}: {strerror(failure)}", UNREADABLE if style.gnu else 1)
    if before.kind == "directory":
        return style.complain(process, f"couldn't edit {path}: not a regular file", NOT_REGULAR)
    made = bytearray()
    status = yield from Run(script, Editor(process, style, made.extend, end)).over([path], separate=True)
    if suffix:
        process.disk.write(full + suffix, before.data, mode=before.mode)
    process.disk.write(full, bytes(made), process=process)
    return status
