"""Running lists, pipelines and compound commands (POSIX.1-2017, chapter 2.9).

`tail` says that nothing is left to do in this process but the command: an external one then takes the process over
instead of being forked, as real shells do (`sh -c 'sleep 9'` is one process). The text of `bash -c` must be simpler for
that than ash's (bash's optimize_fork).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.clock import US, S, Steps
from simulator.kernel.files import Null, Pipe
from simulator.kernel.process import Process
from simulator.userland.shell import commands, jobs, loops, redirect, subshell
from simulator.userland.shell.errors import RedirectionError, ShellExit
from simulator.userland.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Case,
    Command,
    Condition,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
    While,
)
from simulator.userland.shell.unparse import and_or_text, command_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

COMMAND_COST = 20 * US  # what a command inside the shell takes


def run(shell: Shell, sequence: Sequence, *, tail: bool = False) -> Steps:
    """Runs a list; gives the status of its last command."""
    last = len(sequence.items) - 1
    for index, item in enumerate(sequence.items):
        if item.background:
            yield from subshell.room(shell)
            background(shell, item.command)
            yield shell.process.sleep(subshell.SPAWN_COST)
        else:
            forked = _is_bash_text(shell) and index > 0 and sequence.items[index - 1].background
            yield from and_or(shell, item.command, tail=tail and index == last and not forked)
        if shell.traps.pending:
            yield from shell.traps.run_pending(shell)
    return shell.status


def and_or(shell: Shell, node: AndOr, *, tail: bool = False) -> Steps:
    """Runs a && b || c. Only the last command counts for set -e."""
    if not node.rest:
        return (yield from pipeline(shell, node.first, tail=tail))
    yield from unchecked(shell, pipeline(shell, node.first))
    for index, (operator, each) in enumerate(node.rest):
        if (shell.status == 0) != (operator == "&&"):
            continue
        last = index == len(node.rest) - 1
        steps = pipeline(shell, each, tail=tail and last)
        yield from steps if last else unchecked(shell, steps)
    return shell.status


def unchecked(shell: Shell, steps: Steps) -> Steps:
    """Runs something whose failure does not end the shell under set -e."""
    shell.unchecked += 1
    try:
        return (yield from steps)
    finally:
        shell.unchecked -= 1


def pipeline(shell: Shell, node: Pipeline, *, tail: bool = False) -> Steps:
    began = int(shell.process.clock.now)
    single = node.commands[0] if len(node.commands) == 1 else None
    if not node.commands:
        steps: Steps = _nothing()
    elif single is not None:
        steps = command(shell, single, tail=tail and not (node.negated or node.timed))
    else:
        steps = _piped(shell, node)
    shell.status = yield from (unchecked(shell, steps) if node.negated else steps)
    if single is not None:
        shell.pipe_statuses = (shell.status,)
    if node.negated:
        shell.status = int(shell.status == 0)
    elif shell.status and (single is None or isinstance(single, Simple | Subshell | Condition | ArithmeticCommand)):
        yield from _check(shell)
    if node.timed:
        _tell_time(shell, int(shell.process.clock.now) - began)
    return shell.status


def command(shell: Shell, node: Command, *, tail: bool = False) -> Steps:
    """Runs one command; gives (and keeps in shell.status) its status. Each takes a little time, so any loop ends on ^C."""
    yield shell.process.sleep(COMMAND_COST)
    if _is_bash_text(shell) and not (isinstance(node, Simple) and not node.redirects):
        tail = False
    if isinstance(node, Simple):
        shell.status = yield from commands.simple(shell, node, tail=tail)
    elif isinstance(node, Function):
        shell.functions[node.name] = node
        shell.status = 0
    elif node.redirects:
        shell.status = yield from _redirected(shell, node)
    else:
        shell.status = yield from _compound(shell, node, tail)
    return shell.status


def background(shell: Shell, node: AndOr) -> None:
    """Runs a list in the background; $! is its last process."""
    stdin = {} if shell.job_control else {0: Null(shell.process.clock)}
    files = shell.process.files | stdin
    group = 0 if shell.job_control else None
    if node.rest or len(node.first.commands) == 1:
        twin = subshell.fork_now(
            shell, lambda inner: and_or(inner, node, tail=True), files=files, group=group, background=True
        )
        processes, texts = [twin], [and_or_text(node)]
    else:
        processes = _stages(shell, node.first, files, group, background=True)
        texts = [command_text(each) for each in node.first.commands]
    shell.last_background = processes[-1].local_pid
    job = shell.jobs.add(processes, texts)
    if shell.interactive and not shell.subshells and shell.dialect.name == "bash":
        shell.process.error(f"[{job.number}] {processes[-1].local_pid}")
    shell.status = 0


def _check(shell: Shell) -> Steps:
    """After a failure: the ERR trap, and the end under set -e."""
    if shell.unchecked:
        return
    if shell.traps.commands:
        yield from shell.traps.run_error(shell)
    if "errexit" in shell.options:
        raise ShellExit(shell.status)


def _piped(shell: Shell, node: Pipeline) -> Steps:
    group = 0 if shell.job_control else None
    yield from subshell.room(shell)
    processes = _stages(shell, node, dict(shell.process.files), group)
    yield shell.process.sleep(subshell.SPAWN_COST)
    status = yield from jobs.foreground(shell, processes, [command_text(each) for each in node.commands])
    shell.pipe_statuses = [process.status or 0 for process in processes]
    return status


def _stages(
    shell: Shell, node: Pipeline, files: dict[int, Any], group: int | None, *, background: bool = False
) -> list[Process]:
    """One process for each command, a pipe between each two."""
    processes: list[Process] = []
    reader = files.get(0)
    for index, each in enumerate(node.commands):
        pipe = Pipe(shell.process.clock) if index < len(node.commands) - 1 else None
        theirs = files | ({0: reader} if reader else {}) | ({1: pipe.writer} if pipe else {})
        run_stage: Callable[[Shell], Steps] = lambda inner, each=each: command(inner, each, tail=True)  # type: ignore[misc]  # noqa: E731
        child = subshell.fork_now(shell, run_stage, files=theirs, group=group, background=background)
        group = child.group if group is not None else None
        processes.append(child)
        reader = pipe.reader if pipe else None
    return processes


def _redirected(shell: Shell, node: Any) -> Steps:
    saved = redirect.Saved(shell.process)
    try:
        yield from redirect.apply(shell, node.redirects, saved)
        return (yield from _compound(shell, node, tail=False))
    except RedirectionError as error:
        shell.complain(error.text)
        return error.status
    finally:
        saved.restore()


def _compound(shell: Shell, node: Any, tail: bool) -> Steps:
    if isinstance(node, Group):
        return (yield from run(shell, node.body, tail=tail))
    if isinstance(node, Subshell):
        if tail and not shell.traps.active:
            twin = shell.copy()
            return (yield from twin.finish(run(twin, node.body, tail=True)))
        group = 0 if shell.job_control else None
        child = yield from subshell.fork(shell, lambda inner: run(inner, node.body, tail=True), group=group)
        return (yield from jobs.foreground(shell, [child], [command_text(node)]))
    if isinstance(node, If):
        return (yield from loops.run_if(shell, node, tail=tail))
    if isinstance(node, Case):
        return (yield from loops.run_case(shell, node, tail=tail))
    return (yield from _RUNNERS[type(node)](shell, node))


def _is_bash_text(shell: Shell) -> bool:
    return shell.dialect.name == "bash" and not shell.subshells


def _nothing() -> Steps:
    return 0
    yield


def _tell_time(shell: Shell, passed: int) -> None:
    """bash's `time`: what passed, none of it being the processor's."""
    minutes, rest = divmod(passed, 60 * S)
    told = f"{minutes}m{rest // S}.{rest % S // 1_000_000:03d}s"
    shell.process.error(f"\nreal\t{told}\nuser\t0m0.000s\nsys\t0m0.000s")


_RUNNERS: dict[type, Callable[[Shell, Any], Steps]] = {
    While: loops.run_while,
    For: loops.run_for,
    ForArithmetic: loops.run_for_arithmetic,
    ArithmeticCommand: loops.run_arithmetic,
    Condition: loops.run_condition,
}
