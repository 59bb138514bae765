"""What a process shares with its neighbours beside the network: its names and its numbers.

See uts_namespaces(7) and pid_namespaces(7). Mount and user namespaces are a disk and a user's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.kernel.signals import SIGKILL

if TYPE_CHECKING:
    from simulator.kernel.process import Process

PIDS_MAX = 1000  # enough for anything but a fork bomb; systemd's user slices have a third of what the machine can


class Uts(Struct):
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


class Cgroup:
    """How many processes a session, a container or a service may have at once: the controller pids of cgroups(7).

    `path` is where its members see it in the hierarchy.
    """

    __slots__ = ("limit", "members", "path")

    def __init__(self, limit: int = PIDS_MAX) -> None:
        self.limit = limit
        self.members = 0
        self.path = "/"

    @property
    def full(self) -> bool:
        return self.members >= self.limit
