"""Builtins that print or judge: echo, printf, test, let."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.userland import test as conditions
from simulator.userland.echo import echo_text
from simulator.userland.printf import Formatter
from simulator.userland.program import encode
from simulator.userland.shell import expand
from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def echo(shell: Shell, argv: list[str]) -> Steps:
    text = echo_text(argv[1:], always_escapes=shell.dialect.name == "dash")
    return (yield from written(shell, encode(text)))


def written(shell: Shell, data: bytes) -> Steps:
    """Writes to standard output, if there is one, and waits while the reader is behind."""
    if 1 not in shell.process.files:
        shell.refuse("write error: Bad file descriptor")
        return 1
    try:
        shell.process.write(data)
    except BrokenPipeError:
        raise
    except OSError as failure:
        shell.refuse(f"write error: {strerror(failure.errno or 0)}")
        return 1
    yield shell.process.stdout.drain()
    return 0


def printf(shell: Shell, argv: list[str]) -> Steps:
    words, name = argv[1:], ""
    if shell.dialect.name == "bash" and words[:1] == ["-v"] and len(words) > 2:
        name, words = words[1], words[2:]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        return _printf_usage(shell)
    formatter = Formatter(shell.dialect.name).run(words[0], words[1:])
    for error in formatter.errors:
        applet_refuse(shell, error)
    if name:
        shell.set(name, formatter.text)
    else:
        yield from written(shell, encode(formatter.text))
    return int(bool(formatter.errors))


def _printf_usage(shell: Shell) -> int:
    if shell.dialect.name == "bash":
        shell.process.error("printf: usage: printf [-v var] format [arguments]")
        return 2
    if shell.dialect.name == "dash":
        raise ShellError("usage: printf format [arg ...]")
    applet_refuse(shell, "usage: printf FORMAT [ARGUMENT...]")
    return 2


def test(shell: Shell, argv: list[str]) -> int:
    """test and [; busybox's ash also takes [[ as a command, with patterns and =~."""
    words = argv[1:]
    if argv[0] in ("[", "[["):
        closing = "]" * len(argv[0])
        if not words or words[-1] != closing:
            missing = f"missing `{closing}'" if shell.dialect.name == "bash" else f"missing {closing}"
            return applet_refuse(shell, missing)
        words = words[:-1]
    try:
        return int(not conditions.evaluate(shell.process, words))
    except conditions.TestFailure as failure:
        return applet_refuse(shell, conditions.complaint(shell.dialect.name, words, failure))


def let(shell: Shell, argv: list[str]) -> int:
    if len(argv) < 2:
        raise ShellError("expression expected", 1 if shell.dialect.name == "bash" else 2)
    return int([expand.calculate(shell, word) for word in argv[1:]][-1] == 0)


def applet_refuse(shell: Shell, text: str) -> int:
    """In busybox these are applets that complain in the name of the binary; gives the status of test."""
    if shell.dialect.name == "ash":
        shell.process.error(f"{posixpath.basename(shell.process.argv[0]).lstrip('-')}: {text}")
        return 2
    return shell.refuse(text, 2)
