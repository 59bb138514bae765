"""su: a shell, or one command, as another user (su(1)). Only root may, since nobody has a password."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.accounts import accounts, credentials_of
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

SHELL = "/bin/sh"
LONG = {"command=": "c", "login": "l", "shell=": "s", "preserve-environment": "p"}


def su(process: Process) -> Steps:
    return (yield from _su(process, BUSYBOX, BUSYBOX.options(process, "mplc:s:", permute=True)))


def gnu_su(process: Process) -> Steps:
    return (yield from _su(process, GNU, GNU.options(process, "mplc:s:", long=LONG)))


def _su(process: Process, style: Style, given: Options) -> Steps:
    words = list(given.operands)
    login = "l" in given or words[:1] == ["-"]
    words = words[1:] if words[:1] == ["-"] else words
    name = words.pop(0) if words else "root"
    row = next((row for row in accounts(process) if row[0] == name), None)
    if row is None:
        told = f"user {name} does not exist or the user entry does not contain all the required fields"
        return style.complain(process, told if style.gnu else f"unknown user {name}")
    if process.uid != 0:
        return style.complain(process, "Authentication failure" if style.gnu else "incorrect password")
    home, shell = (row[5], row[6]) if len(row) > 6 else ("/", SHELL)
    shell = given.get("s") or (shell if process.disk.exists(shell) else SHELL)
    process.become(credentials_of(process, row), process.capabilities)
    environment = dict(process.env)
    if "m" not in given and "p" not in given:
        environment |= {"HOME": home, "SHELL": shell} | (
            {"USER": name, "LOGNAME": name} if name != "root" or login else {}
        )
    if login:
        process.cwd = home if process.disk.is_directory(home) else "/"
    command = ["-c", given.get("c")] if "c" in given else []
    try:
        yield from process.execute([shell, *command, *words], environment)
    except OSError as failure:
        told = f"failed to execute {shell}" if style.gnu else f"can't execute '{shell}'"
        return style.complain(process, f"{told}: {strerror(failure)}", 127)
    return 0
