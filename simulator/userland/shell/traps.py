"""Traps: commands to run when a signal arrives or the shell exits (POSIX.1-2017, trap).

A signal only notes itself; its command runs when the foreground command has ended, or at once if the shell waits in
`wait`. Subshells forget traps but go on ignoring what was ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.clock import Event, Steps
from simulator.kernel.signals import NAMES, NUMBERS, SIGINT, SIGKILL, SIGSTOP
from simulator.userland.shell import reader
from simulator.userland.shell.errors import ShellExit

if TYPE_CHECKING:
    from simulator.kernel.process import Process
    from simulator.userland.shell.state import Shell

EXIT = 0
PSEUDO = {"EXIT": EXIT, "ERR": -1, "DEBUG": -2, "RETURN": -3}  # the last three are bash's


class Traps:
    def __init__(self) -> None:
        self.commands: dict[int, str] = {}
        self.pending: list[int] = []
        self._wakers: list[Event] = []
        self._interruptible = False

    def inherited(self) -> Traps:
        """What a subshell begins with: only the ignored signals."""
        traps = Traps()
        traps.commands = {signal: command for signal, command in self.commands.items() if not command and signal > 0}
        return traps

    def set(self, shell: Shell, signal: int, command: str | None) -> None:
        """command "" ignores the signal, None brings its default back."""
        process = shell.process
        if command is None:
            self.commands.pop(signal, None)
            if signal > 0:
                self._restore(process, signal)
            return
        self.commands[signal] = command
        if signal <= 0 or signal in (SIGKILL, SIGSTOP):
            return
        if command:
            process.signals.handle(signal, self._arrived)
        else:
            process.signals.ignore(signal)

    def catch_interrupts(self, process: Process) -> None:
        """ash and dash catch SIGINT in a script and with -c (setsignal): it ends even the first process of a container."""
        self._interruptible = not process.signals.ignores(SIGINT)
        self._restore(process, SIGINT)

    @contextmanager
    def interrupting(self, process: Process) -> Iterator[None]:
        """A builtin that sleeps in a system call is interrupted at once, not when it has ended."""
        interruptible = self._interruptible and SIGINT not in self.commands
        if interruptible:
            process.signals.catch(SIGINT)
        yield
        if interruptible:
            self._restore(process, SIGINT)

    def _restore(self, process: Process, signal: int) -> None:
        if signal == SIGINT and self._interruptible:
            process.signals.handle(signal, self._arrived)
        else:
            process.signals.default(signal)

    @property
    def active(self) -> bool:
        """Whether a command is to run some time, so that the shell must not become another program."""
        return any(self.commands.values())

    def wait(self, shell: Shell) -> Event:
        """An event that comes with the next trapped signal."""
        event = shell.process.clock.waiter()
        self._wakers.append(event)
        return event

    def run_pending(self, shell: Shell) -> Steps:
        """Runs the commands of signals that have arrived."""
        while self.pending:
            signal = self.pending.pop(0)
            command = self.commands.get(signal)
            if command:
                yield from self._run(shell, command)
            elif signal == SIGINT and command is None:
                self._interrupt(shell.process)

    def _interrupt(self, process: Process) -> None:
        """It dies of the signal (raise_interrupt); the first of a namespace, which does not, exits."""
        process.signals.default(SIGINT)
        process.kill(SIGINT)
        raise ShellExit(128 + SIGINT)

    def run_error(self, shell: Shell) -> Steps:
        """bash's ERR trap."""
        command = self.commands.get(PSEUDO["ERR"])
        if command and not shell.unchecked:
            yield from self._run(shell, command)

    def at_exit(self, shell: Shell) -> Steps:
        """Runs the EXIT trap once; gives the status to exit with."""
        command = self.commands.pop(EXIT, None)
        if not command:
            return shell.status
        return (yield from shell.finish(self._run(shell, command)))

    def _run(self, shell: Shell, command: str) -> Steps:
        status = shell.status
        yield from reader.run_text(shell, command)
        shell.status = status
        return status

    def _arrived(self, signal: int) -> None:
        self.pending.append(signal)
        wakers, self._wakers = self._wakers, []
        for event in wakers:
            if not event.triggered:
                event.succeed()


def signal_from_text(text: str) -> int | None:
    """15, TERM, SIGTERM, 0, EXIT; None for anything else."""
    name = text.upper()
    if name in PSEUDO:
        return PSEUDO[name]
    if text.isdigit():
        return int(text) if int(text) == 0 or int(text) in NAMES else None
    return NUMBERS.get(name.removeprefix("SIG"))


def signal_name(signal: int) -> str:
    return next((name for name, number in PSEUDO.items() if number == signal), NAMES.get(signal, str(signal)))
