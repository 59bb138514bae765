"""trap: what a shell does about signals (POSIX.1-2017, trap)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.userland.kill import listing
from simulator.userland.program import GNU
from simulator.userland.shell import quoting
from simulator.userland.shell.builtins.usage import operands
from simulator.userland.shell.traps import signal_from_text, signal_name

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

USAGE = "trap [-lp] [[arg] signal_spec ...]"


def trap(shell: Shell, argv: list[str]) -> int:
    """trap 'commands' SIGNAL ...; '' ignores, - restores; alone it lists."""
    if shell.dialect.name == "bash" and argv[1:2] == ["-l"]:
        shell.process.print(listing(GNU))
        return 0
    if shell.dialect.name == "bash" and argv[1:2] == ["-p"]:
        _list(shell, argv[2:])
        return 0
    words = operands(shell, argv, USAGE)
    if words is None:
        return 2
    if not words:
        _list(shell, [])
        return 0
    if len(words) > 1:
        return _set(shell, None if words[0] == "-" else words[0], words[1:])
    if signal_from_text(words[0]) is None or words[0] == "-":
        return _misused(shell, words[0])
    return _set(shell, None, words)


def _set(shell: Shell, action: str | None, words: list[str]) -> int:
    status = 0
    for word in words:
        signal = signal_from_text(word)
        if signal is None or (signal < 0 and shell.dialect.name != "bash"):
            status = _bad_signal(shell, word)
        else:
            shell.traps.set(shell, signal, action)
    return status


def _misused(shell: Shell, word: str) -> int:
    if shell.dialect.name == "bash":
        shell.process.error(f"trap: usage: {USAGE}")
        return 2
    return _bad_signal(shell, word)


def _bad_signal(shell: Shell, word: str) -> int:
    if shell.dialect.name == "dash":
        shell.process.error(f"trap: {word}: bad trap")
        return 1
    return shell.refuse(shell.texts.bad_signal.format(word))


def _list(shell: Shell, names: list[str]) -> None:
    wanted = [signal_from_text(name) for name in names]
    for signal, command in sorted(shell.traps.commands.items()):
        if wanted and signal not in wanted:
            continue
        prefix = "SIG" if shell.dialect.name == "bash" and signal > 0 else ""
        quoted = quoting.escaped_single(command) if shell.dialect.name == "bash" else quoting.single(command)
        shell.process.print(f"trap -- {quoted} {prefix}{signal_name(signal)}")
