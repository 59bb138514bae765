"""Where the person is: which machine, which container, and what is there to be named: programs, files, containers."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from simulator.engine.container import Container
from simulator.kernel.disk import Disk
from simulator.kernel.execve import DEFAULT_PATH
from simulator.kernel.process import Process
from simulator.sandbox import Sandbox
from simulator.seat import Waiting

ENTERING = frozenset({"run", "exec", "attach", "start"})


class Place(Struct, frozen=True):
    """A disk, the directory somebody is in, the folders of programs; `container` is None on a machine itself."""

    machine: str
    container: Container | None
    disk: Disk
    cwd: str
    path: str = DEFAULT_PATH

    def programs(self) -> list[str]:
        """The names that can be called, in order."""
        found: set[str] = set()
        for folder in self.path.split(":"):
            if self.disk.is_directory(folder):
                found.update(self.disk.listdir(folder))
        return sorted(found)

    def files(self, beginning: str) -> list[str]:
        """The paths that begin so; directories end in a slash."""
        folder, _, start = beginning.rpartition("/")
        shown = folder + "/" if "/" in beginning else ""
        where = posixpath.normpath(posixpath.join(self.cwd, shown))
        if not self.disk.is_directory(where):
            return []
        names = [name for name in self.disk.listdir(where) if name.startswith(start) and (start or name[0] != ".")]
        ends = {name: "/" if self.disk.is_directory(posixpath.join(where, name)) else "" for name in names}
        return [f"{shown}{name}{ends[name]}" for name in names]


def place_of(sandbox: Sandbox) -> Place:
    """The place whose prompt is shown."""
    seat = sandbox.seat
    if seat.waiting is Waiting.PROGRAM:
        found = _container(sandbox)
        if found:
            return Place(sandbox.machine, found, found.disk, _directory(seat.last_line, found))
    return Place(sandbox.machine, None, seat.machine.disk, seat.shell.cwd)


def _container(sandbox: Sandbox) -> Container | None:
    """The container that the docker client in front of the terminal is joined to."""
    engine = sandbox.lab.engines.get(sandbox.machine)
    seat = sandbox.seat
    clients = [p for p in seat.machine.processes.values() if p.group == seat.tty.foreground and _enters(p)]
    if engine is None or not clients:
        return None
    containers = list(engine.daemon.containers)
    names = {text: each for each in containers for text in (each.name, each.id, each.short_id)}
    named = [names[word] for word in clients[-1].argv if word in names]
    if named and "run" not in clients[-1].argv[:3]:
        return named[0]
    return max(containers, key=lambda each: each.created, default=None)


def _enters(process: Process) -> bool:
    return process.argv[0] == "docker" and not ENTERING.isdisjoint(process.argv[1:3])


def _directory(prompt: str, container: Container) -> str:
    """The directory of a container's shell, which busybox's prompt shows."""
    if prompt.startswith("/"):
        return prompt.split(" ")[0]
    return container.config["WorkingDir"] or "/"
