"""/dev/pts shows the terminals of the processes in sight and takes what is written to them."""

from __future__ import annotations

import errno

import pytest

from simulator.clock import Clock, S, Steps
from simulator.kernel.devpts import DevPts
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process
from simulator.kernel.tty import Tty
from simulator.trace import Trace
from simulator.versions import version


def _sleep(process: Process) -> Steps:
    yield process.sleep(100 * S)


@pytest.fixture
def machine() -> Machine:
    machine = Machine("box", Clock(), Trace(), version=version("20.10"))
    machine.disk.mount("/dev/pts", DevPts(machine.processes))
    return machine


def test_what_is_written_to_a_terminal_is_seen_there(machine: Machine) -> None:
    tty = Tty(machine.clock)
    machine.spawn(["sleep"], program=_sleep, tty=tty)
    writer = machine.spawn(["sleep"], program=_sleep)
    assert machine.disk.listdir("/dev/pts") == ["0", "ptmx"]
    writer.open("/dev/pts/0", "w").write(b"hello\n")
    assert tty.output() == b"hello\r\n"


def test_no_terminal_is_made_by_writing(machine: Machine) -> None:
    with pytest.raises(OSError) as refused:
        machine.disk.write("/dev/pts/9", b"x")
    assert refused.value.errno == errno.EACCES
