"""env, printenv: the environment, and commands in another one (POSIX.1-2017, env)."""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style, encode, strerror

LONG = {"ignore-environment": "i", "unset=": "u", "null": "0", "chdir=": "C"}
NOT_FOUND, CANNOT_RUN = 127, 126


def env(process: Process) -> Steps:
    return (yield from _env(process, BUSYBOX))


def gnu_env(process: Process) -> Steps:
    return (yield from _env(process, GNU))


def _env(process: Process, style: Style) -> Steps:
    given = style.options(process, "iu:0C:", long=LONG, permute=False, status=125 if style.gnu else 1)
    words = list(given.operands)
    ignore = "i" in given or words[:1] == ["-"]
    words = words[1:] if words[:1] == ["-"] else words
    environment = {} if ignore else dict(process.env)
    for name in given.all("u"):
        environment.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if words:
        return (yield from _run(process, style, words, environment))
    end = "\0" if "0" in given else "\n"
    process.write(encode("".join(f"{name}={value}{end}" for name, value in environment.items())))
    return 0


def _run(process: Process, style: Style, words: list[str], environment: dict[str, str]) -> Steps:
    process.env = environment
    try:
        yield from process.execute(words, environment)
    except OSError as failure:
        missing = failure.errno == errno.ENOENT
        shown = (
            f"‘{words[0]}’: {strerror(failure)}" if style.gnu else f"can't execute '{words[0]}': {strerror(failure)}"
        )
        return style.complain(process, shown, NOT_FOUND if missing else CANNOT_RUN)
    return 0


def printenv(process: Process) -> Steps:
    """All variables, or the values of those named; status 1 if one is missing."""
    names = [word for word in process.argv[1:] if word != "--"]
    if not names:
        process.write(encode("".join(f"{name}={value}\n" for name, value in process.env.items())))
        return 0
    for name in names:
        if name in process.env:
            process.print(process.env[name])
    return int(any(name not in process.env for name in names))
    yield


gnu_printenv = printenv
