"""/proc: processes, the network of whoever reads, and the settings under /proc/sys. See proc(5), sysctl(8).

Left out: memory, descriptors, and whatever a network lab has no figures for.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import MS, S
from simulator.kernel import proc_net, sysctl
from simulator.kernel.computed import Computed, computed
from simulator.kernel.disk import Node
from simulator.kernel.errors import error

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

MEMORY = 24_684_092  # kB of a machine


class ProcFs(Computed):
    """/proc as those in a PID namespace and a network namespace see it. In a container its settings are read-only."""

    def __init__(
        self, machine: Machine, processes: dict[int, Process], netns: NetNamespace, *, read_only: bool = False
    ) -> None:
        """`processes` are those in sight, by the numbers they have there."""
        super().__init__()
        self._machine, self._processes, self._netns, self._read_only = machine, processes, netns, read_only

    def look(self, parts: list[str]) -> Node | list[str] | None:
        if not parts:
            return sorted(["self", "net", "sys", *_GENERAL, *map(str, self._processes)])
        head, rest = parts[0], parts[1:]
        if head == "sys":
            return self._setting(rest)
        if head == "net":
            return _net_file(rest)
        if head == "self" or head.isdecimal():
            return self._process_file(head, rest)
        if head in _GENERAL and not rest:
            return computed(lambda process: _GENERAL[head](self._machine))
        return None

    # -- processes --------------------------------------------------------------------------------------------------

    def _process_file(self, head: str, rest: list[str]) -> Node | list[str] | None:
        owner = None if head == "self" else self._processes.get(int(head))
        if head != "self" and owner is None:
            return None
        if not rest:
            return sorted(["fd", "net", *_OF_A_PROCESS])
        if rest[0] == "net":
            return _net_file(rest[1:])
        if rest[0] == "fd":
            return _descriptor(owner, rest[1:])
        show = _OF_A_PROCESS.get(rest[0])
        return computed(lambda reader: show(owner or reader)) if show and len(rest) == 1 else None

    # -- /proc/sys --------------------------------------------------------------------------------------------------

    def _setting(self, parts: list[str]) -> Node | list[str] | None:
        if parts == ["kernel"]:
            return ["hostname"]
        if parts == ["kernel", "hostname"]:
            return computed(lambda process: f"{process.uts.hostname}\n")
        path = ".".join(parts)
        keys = sysctl.keys(self._netns)
        if path in keys:
            return computed(lambda process: f"{sysctl.read(self._netns, path)}\n", write=self._writer(path))
        inside = path + "." if path else ""
        names = {key[len(inside) :].split(".")[0] for key in keys if key.startswith(inside)}
        return sorted(names | ({"kernel"} if not parts else set())) or None

    def _writer(self, key: str) -> Callable[[Process, bytes], None]:
        def write(process: Process, data: bytes) -> None:
            if self._read_only:
                raise error(errno.EROFS, f"/proc/sys/{key.replace('.', '/')}")
            sysctl.write(self._netns, key, data.decode("utf-8", "replace"))

        return write


def _descriptor(owner: Process | None, rest: list[str]) -> Node | list[str] | None:
    """/proc/PID/fd: what a process has open, to be written to. Of one that is not named the standard files are known."""
    numbers = [str(number) for number in (sorted(owner.files) if owner else range(3))]
    if not rest:
        return numbers
    if rest[0] not in numbers:
        return None
    number = int(rest[0])
    return computed(lambda _: "", write=lambda writer, data: (owner or writer).files[number].write(data))


def _net_file(rest: list[str]) -> Node | list[str] | None:
    if not rest:
        return sorted(proc_net.FILES)
    show = proc_net.FILES.get(rest[0])
    if show is None or len(rest) > 1:
        return None
    return computed(lambda process: show(process.netns), mode=0o440 if rest[0] in proc_net.PRIVATE else 0o444)


# -- files of a process ------------------------------------------------------------------------------------------------


_HIERARCHIES = ("", "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "name=systemd")


def _joined(words: list[str]) -> str:
    return "".join(f"{word}\0" for word in words)


def _status(process: Process) -> str:
    parent = process.parent.local_pid if process.parent and process.parent.pids is process.pids else 0
    return (
        f"Name:\t{_name(process)}\nState:\tS (sleeping)\nTgid:\t{process.local_pid}\nPid:\t{process.local_pid}\n"
        f"PPid:\t{parent}\nUid:\t{process.uid}\t{process.uid}\t{process.uid}\t{process.uid}\n"
    )


def _name(process: Process) -> str:
    return process.argv[0].rpartition("/")[2][:15]


def _cgroups(process: Process) -> str:
    """A line for each hierarchy of version 1, one for that of version 2, the latest mounted first."""
    lines = [f"{number}:{name}:{process.cgroup.path}\n" for number, name in enumerate(_HIERARCHIES)]
    return "".join(reversed(lines))


_OF_A_PROCESS: dict[str, Callable[[Process], str]] = {
    "cgroup": _cgroups,
    "cmdline": lambda process: _joined(process.argv),
    "comm": lambda process: f"{_name(process)}\n",
    "environ": lambda process: _joined([f"{name}={value}" for name, value in process.env.items()]),
    "status": _status,
}

# -- files of the machine ----------------------------------------------------------------------------------------------


def _uptime(machine: Machine) -> str:
    seconds = int(machine.clock.now) // (10 * MS) / 100
    return f"{seconds:.2f} {seconds * 2:.2f}\n"


def _memory(machine: Machine) -> str:
    figures = {"MemTotal": MEMORY, "MemFree": MEMORY // 2, "MemAvailable": MEMORY // 4 * 3}
    return "".join(f"{name + ':':<15} {size:8d} kB\n" for name, size in figures.items())


def _boot(machine: Machine) -> str:
    return f"cpu  0 0 0 0 0 0 0 0 0 0\nbtime {machine.clock.start // S}\nprocesses {len(machine.processes)}\n"


_GENERAL: dict[str, Callable[[Machine], str]] = {
    "cpuinfo": lambda machine: "".join(f"processor\t: {number}\nmodel name\t: docklab\n\n" for number in range(2)),
    "loadavg": lambda machine: f"0.00 0.00 0.00 1/{len(machine.processes)} {max(machine.processes, default=1)}\n",
    "meminfo": _memory,
    "stat": _boot,
    "uptime": _uptime,
    "version": lambda machine: f"Linux version {machine.version.kernel}\n",
}
