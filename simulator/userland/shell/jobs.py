"""Jobs: pipelines in the background, how they are listed, and waiting for those in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import simpy
from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGCONT, SIGINT, SIGPIPE
from simulator.userland.program import signal_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

BASH_STATE_WIDTH = 24  # LONGEST_SIGNAL_DESC in bash's jobs.c
ASH_TEXT_COLUMN = 33  # showjob() in ash.c


class Job(Struct):
    """One pipeline. `texts` are its commands as they were written, one per process."""

    number: int
    processes: Sequence[Process]
    texts: Sequence[str]

    @property
    def running(self) -> bool:
        """Whether it has not ended; it may be stopped."""
        return any(process.status is None for process in self.processes)

    @property
    def stopped(self) -> bool:
        return any(process.status is None and process.jobctl.stopped_by is not None for process in self.processes)

    def go_on(self) -> None:
        for process in self.processes:
            process.kill(SIGCONT)

    @property
    def status(self) -> int:
        return self.processes[-1].status or 0

    @property
    def text(self) -> str:
        return " | ".join(self.texts)

    def state(self, dialect: str) -> str:
        """Running, Stopped, Done, Done(2) or Exit 2, or what killed it."""
        last = self.processes[-1]
        if self.stopped:
            return "Stopped"
        if self.running:
            return "Running"
        if last.killed_by is not None:
            return signal_text(last.killed_by)
        if not last.status:
            return "Done"
        return f"Exit {last.status}" if dialect == "bash" else f"Done({last.status})"


class Jobs(Struct):
    """The jobs of one shell, by number; the current one is that which was started last."""

    table: dict[int, Job] = field(default_factory=dict)

    def add(self, processes: Sequence[Process], texts: Sequence[str]) -> Job:
        job = Job(max(self.table, default=0) + 1, processes, texts)
        self.table[job.number] = job
        return job

    def put_back(self, job: Job) -> None:
        """A job that was in front; it is the current one again."""
        self.table.pop(job.number, None)
        self.table[job.number] = job

    def find(self, name: str) -> Job | None:
        """%2, %%, %+, %-, %text, or a process id."""
        jobs = list(self.table.values())
        if not name.startswith("%"):
            return next((job for job in jobs if any(str(p.local_pid) == name for p in job.processes)), None)
        key = name[1:]
        if key in ("", "%", "+"):
            return jobs[-1] if jobs else None
        if key == "-":
            return jobs[-2] if len(jobs) > 1 else jobs[-1] if jobs else None
        if key.isdigit():
            return self.table.get(int(key))
        return next((job for job in jobs if job.text.startswith(key)), None)

    def remove(self, job: Job) -> None:
        self.table.pop(job.number, None)

    def finished(self) -> list[Job]:
        return [job for job in self.table.values() if not job.running]

    def mark(self, job: Job) -> str:
        """+ for the current job, - for the one before."""
        numbers = list(self.table)
        return "+" if job.number == numbers[-1] else "-" if job.number in numbers[-2:] else " "


def listed(shell: Shell, job: Job, *, pids: bool = False) -> list[str]:
    """The lines in which `jobs` shows a job; with pids one for each process."""
    state, mark = job.state(shell.dialect.name), shell.jobs.mark(job)
    if shell.dialect.name == "bash":
        ampersand = " &" if job.running and not job.stopped else ""
        if not pids:
            return [f"[{job.number}]{mark}  {state:<{BASH_STATE_WIDTH}}{job.text}{ampersand}"]
        first = f"[{job.number}]{mark} {job.processes[0].local_pid:>5} {state:<{BASH_STATE_WIDTH}}{job.texts[0]}"
        rest = [
            f"     {process.local_pid:>5} {'':<{BASH_STATE_WIDTH}}| {text}"
            for process, text in zip(job.processes[1:], job.texts[1:], strict=True)
        ]
        lines = [first, *rest]
        return [*lines[:-1], lines[-1] + ampersand]
    head = f"[{job.number}] {mark} " if shell.dialect.name == "dash" else f"[{job.number}]{mark}  "
    if not pids:
        return [f"{head + state:<{ASH_TEXT_COLUMN}}{job.text}"]
    rows = [f"{head}{job.processes[0].local_pid} {state}"]
    rows += [f"      {process.local_pid}" for process in job.processes[1:]]
    texts = [job.texts[0], *(f"| {text}" for text in job.texts[1:])]
    return [f"{row:<{ASH_TEXT_COLUMN}}{text}" for row, text in zip(rows, texts, strict=True)]


def tell_finished(shell: Shell) -> None:
    """Says which background jobs have ended, as shells do before a prompt, and forgets them."""
    for job in shell.jobs.finished():
        if shell.interactive:
            tell(shell, job)
        shell.jobs.remove(job)


def tell(shell: Shell, job: Job) -> None:
    for line in listed(shell, job):
        shell.process.error(line)


def foreground(shell: Shell, processes: Sequence[Process], texts: Sequence[str], job: Job | None = None) -> Steps:
    """Waits for a pipeline in front of the terminal; gives its status. Stopped (^Z), it becomes a job, if it is none."""
    tty = shell.process.tty if shell.job_control else None
    if tty:
        tty.foreground = processes[0].group
    try:
        for process in processes:
            yield from _ended_or_stopped(process) if tty else _ended(process)
    finally:
        if tty:
            tty.foreground = shell.process.group
    if any(process.status is None for process in processes):
        return _stopped(shell, job or shell.jobs.add(processes, texts))
    tell_death(shell, processes[-1], " | ".join(texts))
    if "pipefail" in shell.options:
        return next((process.status for process in reversed(processes) if process.status), 0)
    return processes[-1].status or 0


def _ended(process: Process) -> Steps:
    yield process.exited


def _ended_or_stopped(process: Process) -> Steps:
    while process.status is None and process.jobctl.stopped_by is None:
        yield simpy.AnyOf(process.clock, [process.exited, process.jobctl.stopped()])


def _stopped(shell: Shell, job: Job) -> int:
    """Says that a job in front was stopped; it can be taken up by fg and bg."""
    shell.jobs.put_back(job)
    shell.process.error("")
    tell(shell, job)
    return 128 + next(
        process.jobctl.stopped_by or 0 for process in job.processes if process.jobctl.stopped_by is not None
    )


def tell_death(shell: Shell, process: Process, text: str) -> None:
    """Says that a signal killed a foreground process, where the shell says so."""
    signal = process.killed_by
    if signal is None or signal == SIGPIPE:
        return
    if signal == SIGINT:
        if shell.job_control:
            raise Signalled(SIGINT)
        return
    description = signal_text(signal)
    if shell.dialect.name == "bash" and shell.source not in ("-c", "prompt", "stdin"):
        shell.complain(f"{process.local_pid:>5} {description:<{BASH_STATE_WIDTH}}{text}")
    else:
        shell.process.error(description)
