"""Subshells: a copy of the shell that goes on in a process of its own, as after fork(2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import US, Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGINT, SIGQUIT

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

SPAWN_COST = 300 * US  # fork and exec


def fork(
    shell: Shell,
    run: Callable[[Shell], Steps],
    *,
    files: dict[int, OpenFile] | None = None,
    group: int | None = None,
) -> Steps:
    """Like `fork_now`, and takes the time that a fork takes."""
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
    child = process.spawn(list(process.argv), program=program, env=process.env, files=files, group=group)
    inherit(shell, child)
    if background and not shell.job_control:
        child.ignore(SIGINT, SIGQUIT)
    twin.process = child
    return child


def inherit(shell: Shell, child: Process) -> None:
    """Hands on which signals are ignored, but not those that only a shell at a prompt ignores."""
    child.inherit_ignored(shell.process)
    child.default(*shell.shielded)
