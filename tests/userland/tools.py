"""Runs commands on a host's disk or in a busybox image, and reads what the real ones printed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator.clock import Clock
from simulator.images import busybox, host
from simulator.kernel.disk import Disk
from simulator.kernel.files import MemoryFile, OpenFile
from simulator.kernel.machine import Machine
from simulator.trace import Trace
from simulator.versions import version

ENVIRONMENT = {"HOME": "/root", "PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "xterm"}
MOST_EVENTS = 50_000  # what a command may take
RECORDED = Path(__file__).parent / "recorded"


@cache
def _disk(kind: str) -> Disk:
    return busybox.disk({}) if kind == "busybox" else host.disk(version("20.10"), docker=False)


class Tools:
    """A machine with GNU's tools ("gnu") or busybox's ("busybox"); its files last from one command to the next."""

    def __init__(self, kind: str = "gnu") -> None:
        self.machine = Machine("box", Clock(seed=1), Trace(), version=version("20.10"), disk=Disk(_disk(kind)))
        self.shell = "bash" if kind == "gnu" else "sh"

    def run(self, command: str, *, shell: str = "", stdin: str = "") -> tuple[str, int]:
        """What the command prints on both outputs, and its status."""
        argv = [shell or self.shell, "-c", command]
        return self.run_program(argv, stdin=stdin)

    def run_program(self, argv: list[str], *, stdin: str = "") -> tuple[str, int]:
        clock, shown = self.machine.clock, MemoryFile(self.machine.clock)
        files: dict[int, OpenFile] = {0: MemoryFile(clock, stdin.encode()), 1: shown, 2: shown}
        process = self.machine.spawn(argv, env=ENVIRONMENT, cwd="/tmp", files=files)
        for _ in range(MOST_EVENTS):
            if process.status is not None:
                break
            clock.step()
        assert process.status is not None, f"{argv} does not end"
        return shown.written.decode("utf-8", "surrogateescape"), process.status

    def shown(self, command: str, *, shell: str = "") -> str:
        """The output as a recording has it: a status other than 0 stands below in brackets."""
        output, status = self.run(command, shell=shell)
        return output + (f"[{status}]\n" if status else "")


@dataclass(frozen=True, slots=True)
class Recording:
    """Commands and what the real ones printed. `setup` makes the files that they work on."""

    setup: str
    commands: tuple[tuple[str, str], ...]


def recording(name: str) -> Recording:
    """A file of `$ command` lines with their outputs below; the lines before the first are the setup."""
    setup, *parts = ("\n" + (RECORDED / name).read_text().removesuffix("\n")).split("\n$ ")
    commands = [part.partition("\n") for part in parts]
    return Recording(
        setup.strip(), tuple((command, output + "\n" if output else "") for command, _, output in commands)
    )
