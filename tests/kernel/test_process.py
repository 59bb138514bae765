"""Laws of processes: how they end, what they inherit, what signals do."""

from __future__ import annotations

import errno
import gc
import weakref

import pytest

from simulator.clock import Clock, S, Steps
from simulator.kernel.files import MemoryFile, Pipe
from simulator.kernel.machine import Machine
from simulator.kernel.namespaces import PidNamespace
from simulator.kernel.process import Process
from simulator.kernel.running import Exit, Program, Signalled
from simulator.kernel.signals import SIGCONT, SIGINT, SIGKILL, SIGSTOP, SIGTERM, SIGTSTP
from simulator.kernel.tty import Tty
from tests.costs import calls


def sleeper(process: Process) -> Steps:
    yield process.sleep(100 * S)
    return 0


def run(clock: Clock, process: Process) -> int | None:
    clock.run(until=int(clock.now) + 1 * S)
    return process.status


def fails(process: Process) -> Steps:
    yield process.sleep(1)
    raise OSError(errno.ENOENT, "No such file or directory")


def exits_deep(process: Process) -> Steps:
    yield process.sleep(1)
    raise Exit(7)


def returns_three(process: Process) -> Steps:
    yield process.sleep(1)
    return 3


@pytest.mark.parametrize(("program", "status"), [(returns_three, 3), (exits_deep, 7), (fails, 1)])
def test_every_way_to_end_has_a_status(clock: Clock, machine: Machine, program: Program, status: int) -> None:
    assert run(clock, machine.spawn(["p"], program=program)) == status


def test_an_error_nobody_caught_is_said_on_standard_error(clock: Clock, machine: Machine) -> None:
    out = MemoryFile(clock)
    run(clock, machine.spawn(["p"], program=fails, files={2: out}))
    assert bytes(out.written) == b"p: No such file or directory\n"


@pytest.mark.parametrize("signal", [SIGINT, SIGTERM, SIGKILL])
def test_a_signal_ends_a_process_with_128_and_its_number(clock: Clock, machine: Machine, signal: int) -> None:
    process = machine.spawn(["p"], program=sleeper)
    clock.run(until=1)
    process.kill(signal)
    assert run(clock, process) == 128 + signal


def test_a_caught_signal_is_raised_where_the_program_sleeps(clock: Clock, machine: Machine) -> None:
    caught: list[int] = []

    def program(process: Process) -> Steps:
        process.signals.catch(SIGINT)
        try:
            yield process.sleep(100 * S)
        except Signalled as signal:
            caught.append(signal.signal)
        return 0

    process = machine.spawn(["p"], program=program)
    clock.run(until=1)
    process.kill(SIGINT)
    assert run(clock, process) == 0
    assert caught == [SIGINT]


def test_the_first_process_of_a_pid_namespace_dies_only_of_kill_from_outside(clock: Clock, machine: Machine) -> None:
    process = machine.spawn(["p"], program=sleeper, pids=PidNamespace())
    clock.run(until=1)
    process.kill(SIGTERM)
    process.kill(SIGKILL)
    assert run(clock, process) is None
    process.kill(SIGKILL, from_outside=True)
    assert run(clock, process) == 128 + SIGKILL


def test_when_the_first_process_ends_all_others_are_killed(clock: Clock, machine: Machine) -> None:
    pids = PidNamespace()
    first = machine.spawn(["first"], program=sleeper, pids=pids)
    second = machine.spawn(["second"], program=sleeper, pids=pids)
    assert (first.local_pid, second.local_pid) == (1, 2)
    clock.run(until=1)
    first.kill(SIGKILL, from_outside=True)
    run(clock, first)
    assert second.status == 128 + SIGKILL


def test_a_frozen_process_goes_on_where_it_was(clock: Clock, machine: Machine) -> None:
    ticks: list[int] = []

    def ticker(process: Process) -> Steps:
        for _ in range(4):
            yield process.sleep(1 * S)
            ticks.append(int(process.clock.now) // S)
        return 0

    process = machine.spawn(["p"], program=ticker)
    clock.run(until=S + S // 2)
    process.jobctl.freeze()
    clock.run(until=10 * S)
    assert ticks == [1]
    process.jobctl.thaw()
    clock.run(until=20 * S)
    assert ticks == [1, 10, 11, 12]


@pytest.mark.parametrize("signal", [SIGSTOP, SIGTSTP])
def test_a_stopped_process_goes_on_by_sigcont_alone(clock: Clock, machine: Machine, signal: int) -> None:
    process = machine.spawn(["p"], program=sleeper)
    stopped = process.jobctl.stopped()
    process.kill(signal)
    clock.run(until=200 * S)
    assert (process.status, process.jobctl.stopped_by, stopped.triggered) == (None, signal, True)
    process.jobctl.freeze()
    process.jobctl.thaw()
    clock.run(until=300 * S)
    assert process.status is None
    process.kill(SIGCONT)
    assert run(clock, process) == 0


def test_a_stopped_process_can_be_killed(clock: Clock, machine: Machine) -> None:
    process = machine.spawn(["p"], program=sleeper)
    process.kill(SIGSTOP)
    run(clock, process)
    process.kill(SIGKILL)
    assert run(clock, process) == 128 + SIGKILL


def test_sigstop_cannot_be_ignored_and_sigtstp_can(clock: Clock, machine: Machine) -> None:
    process = machine.spawn(["p"], program=sleeper)
    process.signals.ignore(SIGSTOP, SIGTSTP)
    process.kill(SIGTSTP)
    assert process.jobctl.stopped_by is None
    process.kill(SIGSTOP)
    assert process.jobctl.stopped_by == SIGSTOP


def test_a_child_inherits_and_does_not_share(clock: Clock, machine: Machine) -> None:
    seen: list[str] = []

    def child(process: Process) -> Steps:
        process.env["a"] = "changed"
        seen.append(process.cwd)
        yield process.sleep(1)

    def parent(process: Process) -> Steps:
        made = process.spawn(["child"], program=child)
        yield made.exited
        seen.append(process.env["a"])

    machine.disk.make_directory("/tmp")
    run(clock, machine.spawn(["p"], program=parent, env={"a": "1"}, cwd="/tmp"))
    assert seen == ["/tmp", "1"]


def test_reading_a_pipe_waits_and_ends_with_its_last_writer(clock: Clock, machine: Machine) -> None:
    pipe = Pipe(clock)
    read: list[bytes] = []

    def reader(process: Process) -> Steps:
        while data := (yield process.stdin.read()):
            read.append(data)

    def writer(process: Process) -> Steps:
        yield process.sleep(1 * S // 2)
        process.write(b"hello")

    machine.spawn(["r"], program=reader, files={0: pipe.reader})
    process = machine.spawn(["w"], program=writer, files={1: pipe.writer})
    run(clock, process)
    assert read == [b"hello"]
    assert not machine.processes


def test_writing_where_nobody_reads_ends_with_sigpipe(clock: Clock, machine: Machine) -> None:
    pipe = Pipe(clock)
    pipe.reader.close()

    def writer(process: Process) -> Steps:
        process.write(b"x")
        yield process.sleep(1)

    assert run(clock, machine.spawn(["w"], program=writer, files={1: pipe.writer})) == 141


def test_a_script_is_run_by_its_interpreter(clock: Clock, machine: Machine) -> None:
    got: list[list[str]] = []

    def interpreter(process: Process) -> Steps:
        got.append(process.argv)
        yield process.sleep(1)

    machine.disk.install("/bin/sh", interpreter)
    machine.disk.write("/bin/hello", "#!/bin/sh -e\necho hi\n", mode=0o755)
    run(clock, machine.spawn(["hello", "x"]))
    assert got == [["/bin/sh", "-e", "/bin/hello", "x"]]


@pytest.mark.parametrize(
    ("argv", "number"), [(["nosuch"], errno.ENOENT), (["/etc/passwd"], errno.EACCES), (["/etc"], errno.EACCES)]
)
def test_what_cannot_be_run_has_its_errno(machine: Machine, argv: list[str], number: int) -> None:
    machine.disk.make_directory("/etc")
    machine.disk.write("/etc/passwd", "")
    with pytest.raises(OSError) as raised:
        machine.spawn(argv)
    assert raised.value.errno == number
    assert not machine.processes


def test_the_dead_are_forgotten_however_long_the_line_of_their_descendants(clock: Clock, machine: Machine) -> None:
    line: list[weakref.ref[Process]] = []

    def begetter(process: Process) -> Steps:
        line.append(weakref.ref(process))
        yield process.sleep(1 * S)
        process.spawn(["p"], program=begetter)

    machine.spawn(["p"], program=begetter)
    clock.run(until=10 * S)
    gc.collect()
    assert [process() is None for process in line] == [True] * (len(line) - 2) + [False] * 2


def test_the_terminal_goes_back_with_the_last_of_a_job_however_many_others_run(clock: Clock, machine: Machine) -> None:
    tty = Tty(clock)
    shell = machine.spawn(["sh"], program=sleeper, tty=tty)
    costs: list[int] = []
    for others in (0, 100):
        for _ in range(others):
            machine.spawn(["daemon"], program=sleeper)
        first = shell.spawn(["one"], program=sleeper, group=0)
        last = first.spawn(["two"], program=sleeper)
        tty.foreground = first.group
        run(clock, first)
        first.kill(SIGKILL)
        run(clock, first)
        assert tty.foreground == first.group
        last.kill(SIGKILL)
        costs.append(calls(run, clock, last))
        assert tty.foreground == shell.group
    assert costs[0] == costs[1]
