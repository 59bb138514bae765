"""Subshells: a copy of the shell that goes on in a process of its own, as after fork(2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import US, S, Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGINT, SIGQUIT
from simulator.userland.program import strerror
from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

SPAWN_COST = 300 * US  # fork and exec
RETRIES = (1, 2, 4, 8)  # seconds, up to FORKSLEEP_MAX in bash's jobs.c
NO_FORK = 254  # bash's status, EX_NOEXEC being 126


def fork(
    shell: Shell,
    run: Callable[[Shell], Steps],
    *,
    files: dict[int, OpenFile] | None = None,
    group: int | None = None,
) -> Steps:
    """Like `fork_now`, and takes the time that a fork takes."""
    yield from room(shell)
    child = fork_now(shell, run, files=files, group=group)
    yield shell.process.sleep(SPAWN_COST)
    return child


def fork_now(
    shell: Shell,
    run: Callable[[Shell], Steps],
    *,
    files: dict[int, OpenFile] | None = None,
    group: int | None = None,
    background: bool = False,
) -> Process:
    """A child process in which run(copy of the shell) runs; group 0 begins a process group."""
    twin = shell.copy()

    def program(process: Process) -> Steps:
        return (yield from twin.finish(run(twin)))

    process = shell.process
    try:
        child = process.spawn(list(process.argv), program=program, env=process.env, files=files, group=group)
    except OSError as refused:
        raise no_fork(shell, refused) from None
    inherit(shell, child)
    if background and not shell.job_control:
        child.signals.ignore(SIGINT, SIGQUIT)
    twin.process = child
    return child


def room(shell: Shell) -> Steps:
    """Waits for a process to end if there may be no more; only bash has such patience."""
    for seconds in RETRIES if shell.dialect.name == "bash" else ():
        if not shell.process.cgroup.full:
            return
        shell.complain("fork: retry: Resource temporarily unavailable")
        yield shell.process.sleep(seconds * S)


def no_fork(shell: Shell, refused: OSError) -> ShellError:
    """What a shell says that gets no more processes (EAGAIN); it goes on at a prompt only."""
    text = {"bash": f"fork: {strerror(refused)}", "dash": "Cannot fork"}.get(
        shell.dialect.name, f"can't fork: {strerror(refused)}"
    )
    return ShellError(text, NO_FORK if shell.dialect.name == "bash" else 2, fatal=True)


def inherit(shell: Shell, child: Process) -> None:
    """Hands on which signals are ignored, but not those that only a shell at a prompt ignores."""
    child.signals.inherit(shell.process.signals)
    child.signals.default(*shell.shielded)
