"""A computer: a kernel with its host network namespace, its processes, its disk and its log. See proc(5)."""

from __future__ import annotations

from simulator.clock import Clock
from simulator.kernel.credentials import ROOT, Credentials
from simulator.kernel.disk import Disk
from simulator.kernel.execve import DEFAULT_PATH, load_program
from simulator.kernel.files import OpenFile
from simulator.kernel.namespaces import PidNamespace, Uts
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.kernel.stack import Stack
from simulator.kernel.tty import Tty
from simulator.trace import Trace
from simulator.versions import Version

FIRST_PID = 1000  # what booted before has the numbers below


class Machine:
    """One machine of a lab. `netns` is its own network namespace; containers bring further ones."""

    def __init__(self, name: str, clock: Clock, trace: Trace, *, version: Version, disk: Disk | None = None) -> None:
        self.name, self.clock, self.trace, self.version = name, clock, trace, version
        self.disk = disk or Disk()
        self.disk.wall = clock.wall
        self.uts = Uts(name)
        self.pids = PidNamespace(has_init=False)
        self.processes: dict[int, Process] = {}
        self.log: list[tuple[int, str]] = []  # the kernel's: (ns since boot, text)
        self._last_pid = FIRST_PID - 1
        self._namespaces = 0
        self.netns = self.new_netns("")

    def new_netns(self, name: str) -> NetNamespace:
        """A network namespace with a loopback device that is down."""
        self._namespaces += 1
        return Stack(self, name)

    def new_pid(self, process: Process) -> int:
        self._last_pid += 1
        self.processes[self._last_pid] = process
        return self._last_pid

    def reap(self, process: Process) -> None:
        self.processes.pop(process.pid, None)

    def kernel_log(self, text: str) -> None:
        """printk: a line that dmesg shows."""
        self.log.append((int(self.clock.now), text))

    def spawn(
        self,
        argv: list[str],
        *,
        program: Program | None = None,
        env: dict[str, str] | None = None,
        cwd: str = "/",
        files: dict[int, OpenFile] | None = None,
        tty: Tty | None = None,
        netns: NetNamespace | None = None,
        disk: Disk | None = None,
        uts: Uts | None = None,
        pids: PidNamespace | None = None,
        credentials: Credentials = ROOT,
    ) -> Process:
        """A process without a parent: the first of a terminal, a container or a service. Raises OSError as load does."""
        if program is None:
            search = (env or {}).get("PATH", DEFAULT_PATH)
            program, argv = load_program(disk or self.disk, argv, search=search, cwd=cwd)
        if tty and files is None:
            files = {0: tty.slave, 1: tty.slave, 2: tty.slave}
        process = Process(
            self,
            program,
            argv,
            env=dict(env or {}),
            cwd=cwd,
            files=files or {},
            netns=netns or self.netns,
            disk=disk or self.disk,
            uts=uts or self.uts,
            pids=pids or self.pids,
            tty=tty,
            credentials=credentials,
        )
        if tty:
            tty.foreground = process.group
            tty.interrupt = self.kill_group
        return process

    def kill_group(self, group: int, signal: int) -> None:
        """Sends a signal to every process of a group: killpg(3)."""
        for process in [process for process in self.processes.values() if process.group == group]:
            process.kill(signal)
