"""Processes: a program (a generator that sleeps by yielding events) with arguments, environment, open files and
signals, inside a network namespace, a PID namespace, a host name and a disk. See execve(2), signal(7), pid_namespaces(7).

Left out: threads, users beyond a number and a name.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

import simpy

from simulator.clock import Event, Steps
from simulator.kernel.credentials import ROOT, Credentials
from simulator.kernel.disk import Disk, Node
from simulator.kernel.errors import error
from simulator.kernel.execve import DEFAULT_PATH, find_program, load_program
from simulator.kernel.files import DEVICES, DiskFile, Null, OpenFile
from simulator.kernel.jobctl import JobControl
from simulator.kernel.namespaces import Cgroup, PidNamespace, Uts
from simulator.kernel.permissions import OVERRIDING, Guarded
from simulator.kernel.running import Exit, Program, drive
from simulator.kernel.sigaction import Disposition, SignalActions
from simulator.kernel.signals import IGNORED_BY_DEFAULT, SIGCONT, SIGKILL, STOPPING
from simulator.kernel.tty import Tty
from simulator.trace import ProcessExited, ProcessStarted

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine
    from simulator.kernel.netns import NetNamespace


class Process:
    """One process. Made by `Machine.spawn` or `Process.spawn`; it runs from the next event on."""

    __slots__ = (
        "__weakref__", "_simpy", "argv", "capabilities", "cgroup", "clock", "credentials", "cwd", "disk", "doomed", "env",
        "exited", "files", "group", "jobctl", "killed_by", "local_pid", "machine", "netns", "parent", "pid", "pids",
        "root", "signals", "sockets", "started", "state", "status", "trace", "tty", "uts",
    )  # fmt: skip

    def __init__(
        self,
        machine: Machine,
        program: Program,
        argv: list[str],
        *,
        env: dict[str, str],
        cwd: str,
        files: dict[int, OpenFile],
        netns: NetNamespace,
        disk: Disk,
        uts: Uts,
        pids: PidNamespace,
        parent: Process | None = None,
        tty: Tty | None = None,
        group: int = 0,
        credentials: Credentials = ROOT,
    ) -> None:
        self.machine, self.clock, self.trace = machine, machine.clock, machine.trace
        self.argv, self.env, self.cwd = argv, env, cwd
        self.netns, self.root, self.uts, self.pids = netns, disk, uts, pids
        self.parent = parent
        self.files = {number: file.hold() for number, file in files.items()}
        self.sockets: list[Any] = []
        self.cgroup: Cgroup = parent.cgroup if parent else Cgroup()
        self.cgroup.members += 1
        self.pid = machine.new_pid(self)
        self.local_pid = self.pid if pids is machine.pids else pids.enter(self)
        if pids is machine.pids:
            pids.members[self.pid] = self
        self.tty: Tty | None = None
        self.group = 0
        self.sit_at(tty, group or self.pid)
        self.started = int(self.clock.now)
        self.status: int | None = None
        self.killed_by: int | None = None  # the signal that ended it, as WTERMSIG tells the parent
        self.exited: Event = self.clock.waiter()
        # What it may do as root, by the names of capabilities(7); None: everything. Children have what their parent has.
        self.become(credentials, parent.capabilities if parent else None)
        self.state: dict[str, Any] = {}  # what a program keeps about itself (a shell its variables)
        self.signals, self.jobctl = SignalActions(), JobControl(self.clock)
        self.doomed: int | None = None  # the deadly signal that is on its way to it
        if ProcessStarted in self.trace.wanted:
            self.trace.emit(ProcessStarted(self.started, machine.name, netns.name, self.pid, tuple(argv)))
        self._simpy = simpy.Process(self.clock, drive(self, program))

    # -- files ------------------------------------------------------------------------------------------------------

    @property
    def stdin(self) -> OpenFile:
        return self._file(0)

    @property
    def stdout(self) -> OpenFile:
        return self._file(1)

    @property
    def stderr(self) -> OpenFile:
        return self._file(2)

    def _file(self, number: int) -> OpenFile:
        return self.files[number] if number in self.files else Null(self.clock)

    def set_file(self, number: int, file: OpenFile | None) -> None:
        """Puts an open file at a descriptor, or closes the descriptor (None), as dup2(2) and close(2) do."""
        held = file.hold() if file else None
        old = self.files.pop(number, None)
        if held:
            self.files[number] = held
        if old:
            old.release()

    def write(self, data: bytes) -> None:
        self.stdout.write(data)

    def print(self, text: str = "", end: str = "\n") -> None:
        self.stdout.write((text + end).encode("utf-8", "surrogateescape"))

    def error(self, text: str, end: str = "\n") -> None:
        self.stderr.write((text + end).encode("utf-8", "surrogateescape"))

    def path(self, path: str) -> str:
        """A path as an absolute one, from the working directory."""
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def open(self, path: str, mode: str = "r") -> OpenFile:
        """Opens a file of the disk ("r", "w" or "a"). Raises OSError."""
        full = self.path(path)
        folder, name = posixpath.split(full)
        if folder in ("/dev/fd", "/proc/self/fd") and name.isdigit() and int(name) in self.files:
            return self.files[int(name)]
        node = self.disk.lookup(full) if mode == "r" or self.disk.exists(full) else None
        if node and node.kind == "device":
            return self._device(node)
        if node and node.kind == "directory" and mode != "r":
            raise error(errno.EISDIR, path)
        return DiskFile(self.clock, self.disk, full, mode, self)

    def _device(self, node: Node) -> OpenFile:
        if node.target == "tty" and self.tty:
            return self.tty.slave
        standard = {"stdin": 0, "stdout": 1, "stderr": 2}.get(node.target)
        return DEVICES.get(node.target, Null)(self.clock) if standard is None else self._file(standard)

    def chdir(self, path: str) -> None:
        full = self.path(path)
        if self.disk.lookup(full).kind != "directory":
            raise error(errno.ENOTDIR, path)
        self.cwd = full

    # -- programs ---------------------------------------------------------------------------------------------------

    def find(self, name: str) -> str | None:
        """Where a program of this name is, by PATH; a name with a slash is a path."""
        return find_program(self.disk, name, search=self.env.get("PATH", DEFAULT_PATH), cwd=self.cwd)

    def load(self, argv: list[str]) -> tuple[Program, list[str]]:
        """The program that argv names and the arguments it gets. Raises OSError as `load_program` does."""
        return load_program(self.disk, argv, search=self.env.get("PATH", DEFAULT_PATH), cwd=self.cwd)

    def spawn(
        self,
        argv: list[str],
        *,
        program: Program | None = None,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        files: dict[int, OpenFile] | None = None,
        group: int | None = None,
        netns: NetNamespace | None = None,
    ) -> Process:
        """A child with argv's program. `group` 0 begins a new process group, None stays in this one's.

        Raises OSError as `load` does, and EAGAIN for one too many.
        """
        if program is None:
            program, argv = self.load(argv)
        if self.cgroup.full:
            raise error(errno.EAGAIN, "fork")
        return Process(
            self.machine,
            program,
            argv,
            env=dict(self.env if env is None else env),
            cwd=self.cwd if cwd is None else cwd,
            files=self.files if files is None else files,
            netns=netns or self.netns,
            disk=self.root,
            uts=self.uts,
            pids=self.pids,
            parent=self,
            tty=self.tty,
            group=self.group if group is None else group,
            credentials=self.credentials,
        )

    def execute(self, argv: list[str], env: dict[str, str] | None = None) -> Steps:
        """Becomes another program (execve(2)); never returns. Raises OSError as `load` does."""
        program, self.argv = self.load(argv)
        if env is not None:
            self.env = env
        self.signals.forget_handlers()
        self.state = {}
        raise Exit((yield from program(self)) or 0)

    def exit(self, status: int) -> NoReturn:
        raise Exit(status)

    def become(self, credentials: Credentials, capabilities: frozenset[str] | None) -> None:
        """Takes on who it is, and what it may do as root; then the disk that it sees is what it may reach of `root`."""
        self.credentials, self.capabilities = credentials, capabilities
        almighty = all(self.may(capability) for capability in OVERRIDING)
        self.disk: Disk = self.root if almighty else Guarded(self.root, self)

    @property
    def uid(self) -> int:
        return self.credentials.uid

    @property
    def user(self) -> str:
        return self.credentials.name

    def may(self, capability: str) -> bool:
        """Whether the process has a capability, as "NET_ADMIN"."""
        return self.uid == 0 and (self.capabilities is None or capability in self.capabilities)

    def sit_at(self, tty: Tty | None, group: int) -> None:
        """Takes a controlling terminal, or none, and a process group: setsid(2), setpgid(2)."""
        if self.tty:
            self.tty.leave(self.group)
        self.tty, self.group = tty, group
        if tty:
            tty.enter(group)

    # -- sleeping ---------------------------------------------------------------------------------------------------

    def sleep(self, delay: int) -> Event:
        return self.clock.sleep(delay)

    def poll(self, files: Iterable[Any], timeout: int | None = None) -> Steps:
        """Waits (use `yield from`) until one of the files or sockets is readable; the readable ones, [] on timeout."""
        watched = list(files)
        if not any(file.readable for file in watched):
            waits = [file.wait_readable() for file in watched]
            if timeout is not None:
                waits.append(self.clock.sleep(timeout))
            yield simpy.AnyOf(self.clock, waits)
        return [file for file in watched if file.readable]

    # -- sockets ----------------------------------------------------------------------------------------------------

    def socket(self, family: str, kind: str, proto: int = 0) -> Any:
        """A socket: family inet, inet6 or packet; kind stream, dgram or raw. Closed when the process ends.

        Raises OSError EPERM for a raw or packet socket without CAP_NET_RAW.
        """
        if (kind == "raw" or family == "packet") and not self.may("NET_RAW"):
            raise error(errno.EPERM, "socket")
        made = self.netns.sockets.create(family, kind, proto, owner=self)
        self.sockets.append(made)
        return made

    def unix_connect(self, path: str) -> Any:
        """The endpoint that listens at a unix socket. Raises OSError (ENOENT, ECONNREFUSED)."""
        node = self.disk.lookup(self.path(path))
        if node.kind != "socket" or node.content is None:
            raise error(errno.ECONNREFUSED, path)
        return node.content

    # -- signals ----------------------------------------------------------------------------------------------------

    def kill(self, signal: int, *, from_outside: bool = False) -> None:
        """Sends a signal. The first process of a PID namespace dies only of SIGKILL from outside, or by its own will."""
        if self.status is not None or signal == 0:
            return
        if signal == SIGCONT:
            self.jobctl.go_on()
        action = self.signals.of(signal)
        if action is Disposition.CAUGHT:
            self._interrupt(signal, deadly=False)
        elif isinstance(action, Disposition):
            return
        elif action:
            action(signal)
        elif self._shrugs_off(signal, from_outside=from_outside):
            return
        elif signal in STOPPING:
            self.jobctl.stop(signal)
        else:
            self._interrupt(signal, deadly=True)

    def survives(self, signal: int) -> bool:
        """Whether a signal would not end the process, because it is ignored, handled or caught."""
        return self.signals.of(signal) is not None or self._shrugs_off(signal)

    def _shrugs_off(self, signal: int, *, from_outside: bool = False) -> bool:
        return signal in IGNORED_BY_DEFAULT or (self.pids.is_init(self) and not (from_outside and signal == SIGKILL))

    def _interrupt(self, signal: int, *, deadly: bool) -> None:
        self.doomed = signal if deadly else None
        self._wake(signal)

    def _wake(self, signal: int) -> None:
        if self.clock.active_process is self._simpy:
            self.clock.after(0, self._wake, signal)
        elif self.status is None and self._simpy.is_alive:
            self._simpy.interrupt(signal)

    def _give_terminal_back(self, tty: Tty) -> None:
        """With the last process of a job the shell has its terminal again: at no moment does ^C reach nobody."""
        above = self.parent
        if above is None or above.group == self.group or tty.foreground != self.group:
            return
        if not tty.has(self.group):
            tty.foreground = above.group

    def end(self, status: int) -> None:
        self.status = status
        # Of what is dead a living process knows its parent at the most: no line of ancestors stays in memory.
        while self.parent is not None and self.parent.status is not None:
            self.parent = self.parent.parent
        self.cgroup.members -= 1
        for socket in list(self.sockets):
            socket.close()
        for number in list(self.files):
            self.set_file(number, None)
        self.machine.reap(self)
        self.pids.leave(self)
        if self.tty:
            self.tty.leave(self.group)
            self._give_terminal_back(self.tty)
        if ProcessExited in self.trace.wanted:
            now = int(self.clock.now)
            record = ProcessExited(now, self.machine.name, self.netns.name, self.pid, tuple(self.argv), status)
            self.trace.emit(record)
        self.exited.succeed(status)
