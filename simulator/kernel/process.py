"""Processes: a program (a generator that sleeps by yielding events) with arguments, environment, open files and
signals, inside a network namespace, a PID namespace, a host name and a disk. See execve(2), signal(7), pid_namespaces(7).

Left out: threads, job stops (SIGTSTP), users beyond a number and a name.
"""

from __future__ import annotations

import errno
import importlib
import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import simpy

from simulator.clock import Event, Steps
from simulator.kernel.disk import Disk, Node, error
from simulator.kernel.files import DiskFile, Null, OpenFile, WaitQueue
from simulator.kernel.signals import IGNORED_BY_DEFAULT, SIGKILL, SIGPIPE
from simulator.kernel.tty import Tty
from simulator.trace import ProcessExited, ProcessStarted

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine
    from simulator.kernel.netns import NetNamespace

Program = Callable[["Process"], Steps]

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MAX_SCRIPTS = 4  # scripts whose interpreter is a script: execve(2)


class Signalled(Exception):
    """A signal that the program catches; raised where it sleeps."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class Exit(Exception):
    """Ends the process with a status, from any depth."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Uts:
    """The names of a host or container: uts_namespaces(7)."""

    hostname: str
    domainname: str = ""


class PidNamespace:
    """Numbers of processes as those inside see them. When its first process ends, all others are killed."""

    def __init__(self, first: int = 1, *, has_init: bool = True) -> None:
        self._next = first
        self.has_init = has_init
        self.members: dict[int, Process] = {}

    def enter(self, process: Process) -> int:
        number, self._next = self._next, self._next + 1
        self.members[number] = process
        return number

    def leave(self, process: Process) -> None:
        self.members.pop(process.local_pid, None)
        if self.has_init and process.local_pid == 1:
            for other in list(self.members.values()):
                other.kill(SIGKILL, from_outside=True)

    def is_init(self, process: Process) -> bool:
        return self.has_init and process.local_pid == 1


class Process:
    """One process. Made by `Machine.spawn` or `Process.spawn`; it runs from the next event on."""

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
        user: str = "root",
        uid: int = 0,
    ) -> None:
        self.machine, self.clock, self.trace = machine, machine.clock, machine.trace
        self.program, self.argv, self.env, self.cwd = program, argv, env, cwd
        self.netns, self.disk, self.uts, self.pids = netns, disk, uts, pids
        self.parent, self.tty, self.user, self.uid = parent, tty, user, uid
        self.files = {number: file.hold() for number, file in files.items()}
        self.sockets: list[Any] = []
        self.pid = machine.new_pid(self)
        self.local_pid = self.pid if pids is machine.pids else pids.enter(self)
        if pids is machine.pids:
            pids.members[self.pid] = self
        self.group = group or self.pid
        self.started = int(self.clock.now)
        self.status: int | None = None
        self.killed_by: int | None = None  # the signal that ended it, as WTERMSIG tells the parent
        self.exited: Event = self.clock.waiter()
        # What it may do as root, by the names of capabilities(7); None: everything. Children have what their parent has.
        self.capabilities: frozenset[str] | None = parent.capabilities if parent else None
        self.state: dict[str, Any] = {}  # what a program keeps about itself (a shell its variables)
        self._dispositions: dict[int, Callable[[int], None] | None] = {}
        self._caught: set[int] = set()
        self._pending: list[int] = []
        self._frozen: WaitQueue | None = None
        if self.trace.wants(ProcessStarted):
            self.trace.emit(ProcessStarted(self.started, machine.name, netns.name, self.pid, tuple(argv)))
        self._simpy = simpy.Process(self.clock, self._drive())

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
        return Null(self.clock) if standard is None else self._file(standard)

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

        Raises OSError as `load` does.
        """
        if program is None:
            program, argv = self.load(argv)
        return Process(
            self.machine,
            program,
            argv,
            env=dict(self.env if env is None else env),
            cwd=self.cwd if cwd is None else cwd,
            files=self.files if files is None else files,
            netns=netns or self.netns,
            disk=self.disk,
            uts=self.uts,
            pids=self.pids,
            parent=self,
            tty=self.tty,
            group=self.group if group is None else group,
            user=self.user,
            uid=self.uid,
        )

    def execute(self, argv: list[str], env: dict[str, str] | None = None) -> Steps:
        """Becomes another program (execve(2)); never returns. Raises OSError as `load` does."""
        program, self.argv = self.load(argv)
        if env is not None:
            self.env = env
        self._dispositions = {signal: None for signal, action in self._dispositions.items() if action is None}
        self._caught.clear()
        self.state = {}
        raise Exit((yield from program(self)) or 0)

    def exit(self, status: int) -> NoReturn:
        raise Exit(status)

    def may(self, capability: str) -> bool:
        """Whether the process has a capability, as "NET_ADMIN"."""
        return self.uid == 0 and (self.capabilities is None or capability in self.capabilities)

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

    def catch(self, *signals: int) -> None:
        """From now on these raise Signalled where the program sleeps."""
        for signal in signals:
            self._dispositions.pop(signal, None)
        self._caught.update(signals)

    def handle(self, signal: int, action: Callable[[int], None]) -> None:
        """From now on the signal calls action(signal) at once, whatever the program is doing."""
        self._caught.discard(signal)
        self._dispositions[signal] = action

    def ignore(self, *signals: int) -> None:
        for signal in signals:
            self._caught.discard(signal)
            self._dispositions[signal] = None

    def default(self, *signals: int) -> None:
        for signal in signals:
            self._caught.discard(signal)
            self._dispositions.pop(signal, None)

    def inherit_ignored(self, parent: Process) -> None:
        """Takes over which signals the parent ignores, as a child does over execve(2)."""
        self.ignore(*(signal for signal, action in parent._dispositions.items() if action is None))

    def kill(self, signal: int, *, from_outside: bool = False) -> None:
        """Sends a signal. The first process of a PID namespace dies only of SIGKILL from outside, or by its own will."""
        if self.status is not None or signal == 0:
            return
        if signal in self._dispositions and signal != SIGKILL:
            action = self._dispositions[signal]
            if action:
                action(signal)
            return
        if signal not in self._caught and signal != SIGKILL and self._shrugs_off(signal):
            return
        if signal == SIGKILL and self.pids.is_init(self) and not from_outside:
            return
        self._interrupt(signal)

    def _shrugs_off(self, signal: int) -> bool:
        return signal in IGNORED_BY_DEFAULT or self.pids.is_init(self)

    def _interrupt(self, signal: int) -> None:
        if self.clock.active_process is self._simpy:
            self.clock.after(0, self._interrupt, signal)
        elif self.status is None and self._simpy.is_alive:
            self._simpy.interrupt(signal)

    def freeze(self) -> None:
        """Stops the process where it is until `thaw`: the freezer of cgroups(7)."""
        self._frozen = self._frozen or WaitQueue(self.clock)

    def thaw(self) -> None:
        frozen, self._frozen = self._frozen, None
        if frozen:
            frozen.wake()

    # -- running ----------------------------------------------------------------------------------------------------

    def _drive(self) -> Steps:
        """Runs the program and turns every way to end into an exit status."""
        status = 0
        try:
            status = (yield from self._run(self.program(self))) or 0
        except Exit as end:
            status = end.status
        except Signalled as end:
            self.killed_by = end.signal
            status = 128 + end.signal
        except BrokenPipeError:
            self.killed_by = SIGPIPE
            status = 128 + SIGPIPE
        except OSError as failure:
            status = 1
            self._complain(failure)
        finally:
            self._end(status)

    def _run(self, steps: Steps) -> Steps:
        """Hands each event's outcome to the program, and holds it back while the process is frozen."""
        value: Any = None
        failure: BaseException | None = None
        while True:
            try:
                event = steps.send(value) if failure is None else steps.throw(failure)
            except StopIteration as end:
                return end.value
            value = failure = None
            try:
                value = yield event
            except simpy.Interrupt as interrupt:
                failure = self._signalled(interrupt.cause, steps)
            except Exception as refused:  # an event that failed: the program is told, as by errno
                failure = refused
            while self._frozen:
                try:
                    yield self._frozen.wait()
                except simpy.Interrupt as interrupt:
                    failure = self._signalled(interrupt.cause, steps)

    def _signalled(self, signal: Any, steps: Steps) -> Signalled:
        if signal == SIGKILL or signal not in self._caught:
            self._frozen = None
            steps.close()
            raise Signalled(signal)
        return Signalled(signal)

    def _complain(self, failure: OSError) -> None:
        try:
            self.error(f"{self.argv[0]}: {failure.strerror}")
        except OSError:
            return  # nobody reads standard error either

    def _end(self, status: int) -> None:
        self.status = status
        for socket in list(self.sockets):
            socket.close()
        for number in list(self.files):
            self.set_file(number, None)
        self.machine.reap(self)
        self.pids.leave(self)
        if self.trace.wants(ProcessExited):
            now = int(self.clock.now)
            record = ProcessExited(now, self.machine.name, self.netns.name, self.pid, tuple(self.argv), status)
            self.trace.emit(record)
        self.exited.succeed(status)


def find_program(disk: Disk, name: str, *, search: str, cwd: str) -> str | None:
    """The path of an executable: by the folders of `search` (a PATH), or `name` itself if it has a slash."""
    if "/" in name:
        path = posixpath.normpath(posixpath.join(cwd, name))
        return path if disk.exists(path) else None
    for folder in search.split(":"):
        path = posixpath.join(folder or cwd, name)
        if disk.exists(path) and not disk.is_directory(path) and disk.lookup(path).mode & 0o111:
            return path
    return None


def load_program(disk: Disk, argv: list[str], *, search: str, cwd: str, depth: int = 0) -> tuple[Program, list[str]]:
    """The program that argv names and the arguments it gets; `#!` scripts lead to their interpreter.

    Raises OSError: ENOENT not found, EACCES not executable, ENOEXEC neither program nor script.
    """
    path = find_program(disk, argv[0], search=search, cwd=cwd)
    if path is None:
        raise error(errno.ENOENT, argv[0])
    node = disk.lookup(path)
    if node.kind == "directory" or not node.mode & 0o111:
        raise error(errno.EACCES, argv[0])
    if node.kind == "program":
        return program_from(node.content), argv
    if not node.data.startswith(b"#!") or depth >= MAX_SCRIPTS:
        raise error(errno.ENOEXEC, argv[0])
    interpreter = node.data[2:].split(b"\n", 1)[0].decode().strip().split(None, 1)
    return load_program(disk, [*interpreter, path, *argv[1:]], search=search, cwd=cwd, depth=depth + 1)


def program_from(content: Any) -> Program:
    """The program that a disk's node holds: itself, or the text "module:function"."""
    if not isinstance(content, str):
        return content  # type: ignore[no-any-return]
    module, _, name = content.partition(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
