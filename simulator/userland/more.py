"""more, less: files a screenful at a time. Without a terminal, or if everything fits on the screen, they are cat.

Left out: searching and going back.
"""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.tty import Tty
from simulator.userland.program import decode, encode, open_input, read_all, strerror

PROMPT = "--More--"
ERASE = "\r" + " " * len(PROMPT) + "\r"


def more(process: Process) -> Steps:
    name = posixpath.basename(process.argv[0])
    paths = [word for word in process.argv[1:] if not word.startswith(("-", "+")) or word == "-"]
    if not paths and process.stdin.isatty:
        process.error(f"{name}: bad usage\nTry '{name} --help' for more information.")
        return 1
    status = 0
    for path in paths or ["-"]:
        try:
            text = decode((yield from read_all(open_input(process, path))))
        except OSError as failure:
            process.error(f"{name}: can't open '{path}': {strerror(failure)}")
            status = 1
            continue
        if process.tty is None or not process.stdout.isatty:
            process.write(encode(text))
        elif not (yield from _pages(process, process.tty, text.splitlines(keepends=True))):
            break
    return status


def _pages(process: Process, terminal: Tty, lines: list[str]) -> Steps:
    """Shows a screenful, then waits for a key: a blank for the next, Enter for a line, q for the end."""
    room = terminal.rows - 1
    while lines:
        process.write(encode("".join(lines[:room])))
        lines = lines[room:]
        if not lines:
            break
        process.print(PROMPT, end="")
        before = terminal.raw()
        key: bytes = yield terminal.slave.read(1)
        terminal.restore(before)
        process.print(ERASE, end="")
        if key in (b"q", b"Q", b"\x03", b""):
            return False
        room = 1 if key in (b"\r", b"\n") else terminal.rows - 1
    return True
