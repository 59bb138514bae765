"""What containerd and runc do for the engine: find the program on the container's disk and run it in its namespaces.

Each container also has its shim, a process of the host that is its first process's parent. Left out: cgroup limits,
seccomp.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.clock import Event, Steps
from simulator.engine import capabilities, init, namespaces
from simulator.engine.environment import as_mapping
from simulator.engine.errors import EngineError, InvalidParameter, System
from simulator.engine.mount_config import check_tmpfs_options
from simulator.engine.user import user_from_text
from simulator.golang.filepath import clean
from simulator.golang.quote import quote
from simulator.kernel import sysctl
from simulator.kernel.devpts import DevPts
from simulator.kernel.disk import Disk
from simulator.kernel.errors import strerror
from simulator.kernel.execve import find_program, load_program
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.kernel.procfs import ProcFs
from simulator.kernel.running import Program
from simulator.kernel.sysfs import SysFs
from simulator.kernel.tty import Tty

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

NOT_EXECUTABLE, NOT_FOUND, FAILED = 126, 127, 128  # exit codes of a container whose program did not start

SHIM = ("/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-address", "/run/containerd/containerd.sock", "-id")


class CannotRun(Exception):
    """runc could not start a program. `code` is the exit code that stands for it.

    `bare`: what is asked for makes no sense to runc, and it tried nothing.
    """

    def __init__(self, reason: str, code: int, *, bare: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.code, self.bare = reason, code, bare


class Spec(Struct, frozen=True):
    """What runc is told to run."""

    argv: list[str]
    env: list[str]
    cwd: str
    user: str
    files: dict[int, OpenFile]
    tty: Tty | None
    privileged: bool = False  # docker exec --privileged


def main_spec(container: Container, env: list[str]) -> Spec:
    """The specification of a container's first process."""
    config, streams = container.config, container.streams
    argv = [container.path, *container.args]
    return Spec(argv, env, config["WorkingDir"] or "/", config["User"], streams.files(), streams.tty)


def mount_kernel(daemon: Daemon, container: Container) -> None:
    """/proc, /sys and /dev/pts, as those in the container's namespaces see them, and shared memory of its own."""
    assert container.netns is not None
    machine, read_only = daemon.machine, not container.host["Privileged"]
    processes = machine.processes if container.pids is machine.pids else container.pids.members
    container.disk.mount("/proc", ProcFs(machine, processes, container.netns, read_only=read_only))
    container.disk.mount("/sys", SysFs(container.netns))
    if container.host["IpcMode"] == "none" and container.disk.is_directory("/dev/shm"):
        container.disk.remove("/dev/shm")
    for path, disk in (("/dev/pts", DevPts(processes)), ("/dev/shm", Disk(wall=daemon.clock.wall))):
        if container.disk.is_directory(path):  # else it would be a change of the container's own layer
            container.disk.mount(path, disk)


def check_spec(daemon: Daemon, container: Container) -> None:
    """What makes no OCI specification (daemon/oci_linux.go). Raises System."""
    host = container.host
    for device in host["Devices"] or []:
        path = device["PathOnHost"]
        if not daemon.machine.disk.exists(path):
            doing = "error gathering device information while adding custom device"
            raise System(f'{doing} "{path}": no such file or directory')
    for request in host["DeviceRequests"] or []:
        wanted = " ".join(f"[{' '.join(group)}]" for group in request["Capabilities"] or [])
        raise System(f"could not select device driver {quote(request['Driver'])} with capabilities: [{wanted}]")
    for options in (host["Tmpfs"] or {}).values():
        check_tmpfs_options(options)


def set_sysctls(container: Container) -> None:
    """--sysctl: settings of the container's own namespaces. Raises CannotRun."""
    refused = namespaces.wrong_sysctl(container.host)
    if refused:
        raise CannotRun(refused, FAILED, bare=True)
    assert container.netns is not None
    for name, value in (container.host["Sysctls"] or {}).items():
        if not name.startswith("net."):
            continue  # of the IPC namespace, which holds nothing here
        try:
            sysctl.write(container.netns, name, value)
        except OSError as failure:
            verb = "open" if failure.errno == errno.ENOENT else "write"
            reason = f"{verb} /proc/sys/{name.replace('.', '/')}: {strerror(failure.errno or 0).lower()}"
            raise CannotRun(f"error during container init: {reason}", FAILED) from None


def run(daemon: Daemon, container: Container, spec: Spec, *, wrapped: bool = False) -> Process:
    """Runs a program inside a container, under docker-init if `wrapped`.

    Raises CannotRun, System for a user that the container lacks.
    """
    user = user_from_text(container.disk, spec.user, container.host["GroupAdd"] or ())
    _check_directory(container, spec.cwd)
    env = as_mapping(spec.env, home=user.home)
    program, argv = _program(container, spec, env)
    if wrapped:
        program, argv = init.around(program, argv), [init.PATH, "--", *argv]
        container.disk.make_directory("/sbin", parents=True)
        container.disk.write(init.PATH, b"", mode=0o755)  # what it is mounted on
    assert container.netns is not None
    process = daemon.machine.spawn(
        argv,
        program=program,
        env=env,
        cwd=clean(spec.cwd),
        files=spec.files,
        tty=spec.tty,
        netns=container.netns,
        disk=container.disk,
        uts=container.uts,
        pids=container.pids,
        credentials=user.credentials,
    )
    process.cgroup.path = _cgroup_path(container)
    process.become(user.credentials, None if spec.privileged else capabilities.granted(container.host))
    return process


def _cgroup_path(container: Container) -> str:
    """Where its processes see themselves: at the top, if the hierarchy is their own (cgroup_namespaces(7))."""
    if container.host["CgroupnsMode"] == "private":
        return "/"
    return f"/{container.host['CgroupParent'].strip('/') or 'docker'}/{container.id}"


def _check_directory(container: Container, path: str) -> None:
    if not path.startswith("/"):
        raise CannotRun("Cwd must be an absolute path", NOT_EXECUTABLE, bare=True)
    if not container.disk.is_directory(path):
        why = "not a directory" if container.disk.exists(path) else "no such file or directory"
        raise CannotRun(f'chdir to cwd ("{path}") set in config.json failed: {why}', NOT_EXECUTABLE)


def _program(container: Container, spec: Spec, env: Mapping[str, str]) -> tuple[Program, list[str]]:
    name, search = spec.argv[0], env.get("PATH", "")
    path = find_program(container.disk, name, search=search, cwd=spec.cwd)
    if path is None and "/" in name:
        raise CannotRun(f"exec: {quote(name)}: stat {name}: no such file or directory", NOT_FOUND)
    if path is None:
        raise CannotRun(f"exec: {quote(name)}: executable file not found in $PATH", NOT_FOUND)
    node = container.disk.lookup(path)
    if node.kind == "directory" or not node.mode & 0o111:
        raise CannotRun(f"exec: {quote(name)}: permission denied", NOT_EXECUTABLE)
    try:
        return load_program(container.disk, spec.argv, search=search, cwd=spec.cwd)
    except OSError as failure:
        text = "exec format error" if failure.errno == errno.ENOEXEC else "no such file or directory"
        return _complaint(f"exec {path}: {text}"), spec.argv


def _complaint(text: str) -> Program:
    """runc's own last words, when the kernel refuses a file that looked executable."""

    def runc(process: Process) -> Steps:
        process.error(text)
        return 1
        yield

    return runc


def start_refusal(daemon: Daemon, failure: CannotRun) -> EngineError:
    """How the engine words that a container's program did not start."""
    version = daemon.version
    return InvalidParameter(
        _wrapped(version.runc_config_error if failure.bare else version.runc_create_error, failure.reason)
    )


def exec_refusal(daemon: Daemon, failure: CannotRun) -> EngineError:
    if failure.bare:
        return InvalidParameter(f"OCI runtime exec failed: exec failed: {failure.reason}: unknown")
    return InvalidParameter(_wrapped(daemon.version.runc_exec_error, failure.reason))


def _wrapped(template: str, reason: str) -> str:
    """The reason in runc's sentence; where that has quotation marks around it, its own are escaped."""
    if '"{}"' in template:
        reason = reason.replace('"', '\\"')
    return template.replace("{}", reason)


def shim(daemon: Daemon, container: Container, gone: Event) -> Process:
    """The process of the host that watches over a container until `gone` comes."""

    def containerd_shim(process: Process) -> Steps:
        yield gone
        return 0

    return daemon.machine.spawn([*SHIM, container.id], program=containerd_shim)


def members(container: Container) -> Iterable[Process]:
    """The processes inside a container, in the order in which they began.

    They are told by their root file system: the PID namespace may be another container's, or the host's.
    """
    return [process for process in container.pids.members.values() if process.root is container.disk]
