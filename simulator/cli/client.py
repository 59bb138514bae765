"""What every docker command works with: its process, the engine at the other end of the socket, its version's texts.

Mirrors docker/cli's DockerCli. The engine is looked for when it is first needed, so help works without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simulator.cli.editions import Edition
from simulator.cli.endpoint import DEFAULT_HOST, check_api, check_endpoint, socket_path
from simulator.cli.errors import CommandError
from simulator.cli.routed import Routed

if TYPE_CHECKING:
    from simulator.cli.options import Parsed
    from simulator.clock import Clock
    from simulator.engine.api import Engine
    from simulator.kernel.files import OpenFile
    from simulator.kernel.process import Process
    from simulator.kernel.tty import Tty
    from simulator.versions import Version

COLUMNS = 80  # what help is wrapped at without a terminal


class Client:
    """The docker client of one command."""

    def __init__(self, process: Process, edition: Edition, options: Parsed) -> None:
        self.process, self.edition, self._options = process, edition, options
        self.host = (options["host"] or [process.env.get("DOCKER_HOST", "")])[0] or DEFAULT_HOST
        self.api = process.env.get("DOCKER_API_VERSION") or self.version.api
        self._engine: Engine | None = None

    @property
    def version(self) -> Version:
        return self.process.machine.version

    @property
    def clock(self) -> Clock:
        return self.process.clock

    @property
    def stdin(self) -> OpenFile:
        return self.process.stdin

    @property
    def engine(self) -> Engine:
        """The engine. Raises CommandError when nothing answers at the socket."""
        if self._engine is None:
            check_endpoint(self.process, self._options)
            try:
                engine: Engine = self.process.unix_connect(socket_path(self.host))
            except OSError:
                raise CommandError(
                    f"Cannot connect to the Docker daemon at {self.host}. Is the docker daemon running?"
                ) from None
            check_api(self.api, self.version)
            self._engine = cast("Engine", Routed(engine))
        return self._engine

    @property
    def terminal(self) -> Tty | None:
        """The terminal that standard output is, if it is one."""
        return self.process.tty if self.process.stdout.isatty else None

    def print(self, text: str = "", end: str = "\n") -> None:
        self.process.print(text, end=end)

    def error(self, text: str) -> None:
        self.process.error(text)


def columns(process: Process) -> int:
    """How wide help may be: the width of the terminal at standard input."""
    return process.tty.columns if process.stdin.isatty and process.tty else COLUMNS
