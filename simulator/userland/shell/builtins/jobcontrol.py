"""Builtins about jobs: jobs, fg, bg, wait, disown, kill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from simulator.clock import Steps
from simulator.kernel.signals import SIGTERM
from simulator.userland.kill import listing, other_spelling, send, signal_number
from simulator.userland.program import BUSYBOX, GNU
from simulator.userland.shell import jobs as table
from simulator.userland.shell.builtins.output import applet_refuse
from simulator.userland.shell.builtins.usage import bad_option
from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.jobs import Job
    from simulator.userland.shell.state import Shell

NOT_A_CHILD = 127
KILL_USAGE = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"


def jobs(shell: Shell, argv: list[str]) -> int:
    flags = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    bad = flags.strip("lpnrs")
    if bad:
        return bad_option(shell, "jobs", bad[0], "jobs [-lnprs] [jobspec ...] or jobs -x command [args]")
    wanted = [_find(shell, word) for word in argv[1:] if not word.startswith("-")]
    for job in wanted or list(shell.jobs.table.values()):
        if "p" in flags:
            shell.process.print(str(job.processes[0].local_pid))
            continue
        for line in table.listed(shell, job, pids="l" in flags):
            shell.process.print(line)
        if not job.running:
            shell.jobs.remove(job)
    return 0


def fg(shell: Shell, argv: list[str]) -> Steps:
    if not shell.job_control:
        return _no_job_control(shell)
    job = _find(shell, argv[1] if len(argv) > 1 else "%%", current=len(argv) < 2)
    shell.process.print(job.text)
    shell.jobs.remove(job)
    job.go_on()
    return (yield from table.foreground(shell, job.processes, job.texts, job))


def bg(shell: Shell, argv: list[str]) -> int:
    if not shell.job_control:
        return _no_job_control(shell)
    job = _find(shell, argv[1] if len(argv) > 1 else "%%", current=len(argv) < 2)
    if shell.dialect.name == "bash" and not job.stopped:
        return shell.refuse(f"job {job.number} already in background", 0)
    told = (
        f"[{job.number}]{shell.jobs.mark(job)} {job.text} &"
        if shell.dialect.name == "bash"
        else f"[{job.number}] {job.text}"
    )
    job.go_on()
    shell.process.print(told)
    return 0


def disown(shell: Shell, argv: list[str]) -> int:
    names = [word for word in argv[1:] if not word.startswith("-")]
    chosen = list(shell.jobs.table.values()) if "-a" in argv else [_find(shell, name) for name in names or ["%%"]]
    for job in chosen:
        shell.jobs.remove(job)
    return 0


def wait(shell: Shell, argv: list[str]) -> Steps:
    """Waits for children: those named, all, or (-n) the next; a trapped signal ends the wait."""
    words = [word for word in argv[1:] if word not in ("-n", "-f", "--")]
    bad = next((word for word in words if word.startswith("-")), "")
    if bad:
        return bad_option(shell, "wait", bad[1:2], "wait [-fn] [-p var] [id ...]")
    if "-n" in argv:
        return (yield from _wait_next(shell))
    if not words:
        for job in list(shell.jobs.table.values()):
            status = yield from _wait_job(shell, job)
            if status is None:
                return 128 + shell.traps.pending[0]
        return 0
    status = 0
    for word in words:
        status = yield from _wait_named(shell, word)
    return status


def _wait_named(shell: Shell, word: str) -> Steps:
    job = shell.jobs.find(word)
    if job is None:
        if shell.dialect.name == "bash":
            if word.startswith("%"):
                return shell.refuse(f"{word}: no such job", NOT_A_CHILD)
            if not word.isdigit():
                return shell.refuse(f"`{word}': not a pid or valid job spec")
            return shell.refuse(f"pid {word} is not a child of this shell", NOT_A_CHILD)
        if word.startswith("%"):
            raise ShellError(f"{word}: no such job")
        if not word.isdigit():
            raise ShellError(f"Illegal number: {word}")
        return NOT_A_CHILD
    status = yield from _wait_job(shell, job)
    return 128 + shell.traps.pending[0] if status is None else status


def _wait_job(shell: Shell, job: Job) -> Steps:
    """The status of a job when it has ended; None if a trapped signal came first."""
    for process in job.processes:
        if process.status is None:
            yield simpy.AnyOf(shell.process.clock, [process.exited, shell.traps.wait(shell)])
        if process.status is None:
            return None
    if shell.dialect.name == "ash" and shell.job_control:
        return job.status  # it is told of, and forgotten, before the next prompt
    if shell.interactive:
        table.tell(shell, job)
    shell.jobs.remove(job)
    if shell.dialect.name != "bash":
        table.tell_death(shell, job.processes[-1], job.text)
    return job.status


def _wait_next(shell: Shell) -> Steps:
    running = list(shell.jobs.table.values())
    if not running:
        return NOT_A_CHILD
    if all(job.running for job in running):
        ends = [job.processes[-1].exited for job in running]
        yield simpy.AnyOf(shell.process.clock, [*ends, shell.traps.wait(shell)])
    done = next((job for job in running if not job.running), None)
    if done is None:
        return 128 + shell.traps.pending[0]
    shell.jobs.remove(done)
    return done.status


def kill(shell: Shell, argv: list[str]) -> Steps:
    """Like the program, and %1 is a job."""
    words, signal = argv[1:], SIGTERM
    style = GNU if shell.dialect.name == "bash" else BUSYBOX
    if words and words[0] in ("-l", "-L"):
        for word in words[1:]:
            shell.process.print(other_spelling(word) or word)
        if len(words) == 1:
            shell.process.print(listing(style))
        return 0
    if words and words[0].startswith("-") and words[0] not in ("--", "-"):
        text = words.pop(0)[1:]
        if text in ("s", "n") and words:
            text = words.pop(0)
        chosen = signal_number(text)
        if chosen is None:
            return _bad_signal(shell, text)
        signal = chosen
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        return _kill_usage(shell)
    status = 0
    for word in words:
        status = _kill_word(shell, word, signal) or status
    yield shell.process.sleep(0)  # a signal to the shell itself arrives here
    return status


def _kill_word(shell: Shell, word: str, signal: int) -> int:
    if word.startswith("%"):
        job = shell.jobs.find(word)
        if job is None:
            return _no_such_job(shell, word)
        for process in job.processes:
            process.kill(signal)
        return 0
    if not word.removeprefix("-").isdigit():
        if shell.dialect.name == "bash":
            return shell.refuse(f"{word}: arguments must be process or job IDs")
        if shell.dialect.name == "dash":
            raise ShellError(f"Illegal number: {word}")
        applet_refuse(shell, f"invalid number '{word}'")
        return 1
    if send(shell.process, int(word), signal):
        return 0
    if shell.dialect.name == "bash":
        return shell.refuse(f"({word}) - No such process")
    if shell.dialect.name == "dash":
        return shell.refuse("No such process\n")
    applet_refuse(shell, f"can't kill pid {word}: No such process")
    return 1


def _bad_signal(shell: Shell, text: str) -> int:
    if shell.dialect.name == "bash":
        return shell.refuse(f"{text}: invalid signal specification")
    if shell.dialect.name == "dash":
        raise ShellError(f"Illegal option -{text[0]}")
    applet_refuse(shell, f"bad signal name '{text}'")
    return 1


def _kill_usage(shell: Shell) -> int:
    if shell.dialect.name == "bash":
        shell.process.error(KILL_USAGE)
        return 2
    if shell.dialect.name == "dash":
        usage = "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]"
        raise ShellError(usage)
    applet_refuse(shell, "you need to specify whom to kill")
    return 1


def _find(shell: Shell, name: str, *, current: bool = False) -> Job:
    """The job of this name; an error if there is none."""
    job = shell.jobs.find(name if name.startswith("%") or name.isdigit() else f"%{name}")
    if job is None and name.isdigit():
        job = shell.jobs.find(f"%{name}")
    if job is None:
        shown = "current" if current and shell.dialect.name == "bash" else name
        text = f"{shown}: no such job" if not current or shell.dialect.name == "bash" else "No current job"
        raise ShellError(text, 1 if shell.dialect.name == "bash" else 2)
    return job


def _no_such_job(shell: Shell, word: str) -> int:
    if shell.dialect.name == "bash":
        return shell.refuse(f"{word}: no such job")
    raise ShellError(f"No such job: {word}" if shell.dialect.name == "dash" else f"{word}: no such job")


def _no_job_control(shell: Shell) -> int:
    if shell.dialect.name == "bash":
        return shell.refuse("no job control")
    raise ShellError("No current job")
