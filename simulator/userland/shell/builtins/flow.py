"""Builtins that steer: true, false, break, continue, return, exit, shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.userland.shell.errors import Break, Continue, Return, ShellError, ShellExit

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def nothing(shell: Shell, argv: list[str]) -> int:
    return 0


def failure(shell: Shell, argv: list[str]) -> int:
    return 1


def leave(shell: Shell, argv: list[str]) -> int:
    """break and continue, by the number of loops."""
    levels = number(shell, argv[1]) if len(argv) > 1 else 1
    if not shell.loops:
        if shell.dialect.name == "bash":
            shell.refuse("only meaningful in a `for', `while', or `until' loop")
        return 0
    if levels < 1:
        if shell.dialect.name == "bash":
            shell.refuse(f"{argv[1]}: loop count out of range")
            raise Break(shell.loops)
        raise ShellError(shell.texts.bad_number.format(argv[1]))
    jump = Break if argv[0] == "break" else Continue
    raise jump(min(levels, shell.loops))


def return_(shell: Shell, argv: list[str]) -> int:
    if shell.dialect.name == "bash" and not (shell.calls or shell.sourced):
        return shell.refuse("can only `return' from a function or sourced script", 2)
    status = number(shell, argv[1]) if len(argv) > 1 else shell.status
    if shell.calls or shell.sourced:
        raise Return(status & 0xFF)
    raise ShellExit(status & 0xFF)


def exit_(shell: Shell, argv: list[str]) -> int:
    if shell.interactive and not shell.subshells and shell.dialect.name == "bash":
        shell.process.error("exit")
    if len(argv) > 2 and shell.dialect.name == "bash":
        return shell.refuse("too many arguments")
    if len(argv) == 1:
        raise ShellExit(shell.status)
    if shell.dialect.name == "bash" and not argv[1].removeprefix("-").isdigit():
        shell.refuse(shell.texts.bad_number.format(argv[1]))
        raise ShellExit(2)
    raise ShellExit(number(shell, argv[1]) & 0xFF)


def shift(shell: Shell, argv: list[str]) -> int:
    count = number(shell, argv[1]) if len(argv) > 1 else 1
    if count > len(shell.positional):
        if shell.dialect.name == "dash":
            raise ShellError("can't shift that many")
        return 1
    shell.positional = shell.positional[count:]
    return 0


def number(shell: Shell, text: str) -> int:
    """A number among the arguments; anything else is an error."""
    digits = text.removeprefix("-") if shell.dialect.name == "bash" else text
    if not digits.isdigit():
        raise ShellError(shell.texts.bad_number.format(text), 1 if shell.dialect.name == "bash" else 2)
    return int(text)
