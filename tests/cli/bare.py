"""A docker client on a machine of its own, with whatever answers at its socket, or nothing."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.cli.docker import docker
from simulator.clock import Clock
from simulator.engine.errors import InvalidParameter
from simulator.kernel.files import MemoryFile
from simulator.kernel.machine import Machine
from simulator.trace import Trace
from simulator.versions import version

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Output:
    stdout: str
    stderr: str
    status: int


class Recorder:
    """Stands at the engine's socket, keeps the last document that was sent, and refuses it."""

    def __init__(self) -> None:
        self.document: Any = None

    def container_inspect(self, container: str, *, size: bool = False) -> dict[str, Any]:
        return {"Id": container, "State": {"Running": True}, "Config": {"Tty": False}}

    def _take(self, document: Any) -> None:
        self.document = document
        raise InvalidParameter("stop")

    def container_create(self, document: Any, *, name: str = "", platform: Any = None) -> None:
        self._take(document)

    def volume_create(self, document: Any) -> None:
        self._take(document)

    def network_create(self, document: Any) -> None:
        self._take(document)

    def network_connect(self, network: str, document: Any) -> None:
        self._take(document)

    def container_update(self, container: str, document: Any) -> None:
        self._take(document)

    def exec_create(self, container: str, document: Any) -> None:
        self._take(document)

    def image_create(self, name: str, tag: str) -> None:
        raise InvalidParameter("stop")

    def container_list(self, **_: Any) -> None:
        raise InvalidParameter("stop")

    def container_stop(self, container: str, **_: Any) -> None:
        raise InvalidParameter("stop")


def run(
    command: str, *, engine: object = None, release: str = "20.10", files: dict[str, str] | None = None, stdin: str = ""
) -> Output:
    """Runs `docker <command>`; files are in its working directory."""
    clock = Clock()
    machine = Machine("docker-host", clock, Trace(), version=version(release))
    machine.disk.make_directory("/root", parents=True)
    machine.disk.make_directory("/var/run", parents=True)
    if engine is not None:
        machine.disk.bind("/var/run/docker.sock", engine)
    for name, text in (files or {}).items():
        machine.disk.write(f"/root/{name}", text)
    opened = [MemoryFile(clock, stdin.encode()), MemoryFile(clock), MemoryFile(clock)]
    process = machine.spawn(
        ["docker", *shlex.split(command)],
        program=docker,
        env={"HOME": "/root", "PATH": "/usr/bin:/bin"},
        cwd="/root",
        files=dict(enumerate(opened)),
    )
    clock.run(until=process.exited)
    assert process.status is not None
    return Output(bytes(opened[1].written).decode(), bytes(opened[2].written).decode(), process.status)


def recorded(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
