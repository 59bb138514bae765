"""A container: what was asked for, what it is now, and the one place where its state changes.

Mirrors moby's container.Container and container.State. The state machine is the table below; moby keeps flags (Running,
Paused, Restarting, Dead) and these are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import Event, Timer
from simulator.engine.fields import Document
from simulator.engine.image import Image
from simulator.engine.logs import ContainerLog
from simulator.kernel.disk import Disk
from simulator.kernel.namespaces import PidNamespace, Uts
from simulator.kernel.process import Process

if TYPE_CHECKING:
    from simulator.engine.exec import Exec
    from simulator.engine.health import Health
    from simulator.engine.mounts import Mount
    from simulator.engine.network.endpoint import Endpoint
    from simulator.engine.network.sandbox import Sandbox
    from simulator.engine.streams import StandardStreams
    from simulator.kernel.netns import NetNamespace


class Status(Enum):
    """Where a container is in its life, by the names of `docker ps`."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    EXITED = "exited"
    REMOVING = "removing"
    DEAD = "dead"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.CREATED: frozenset({Status.RUNNING, Status.REMOVING}),
    Status.RUNNING: frozenset({Status.PAUSED, Status.RESTARTING, Status.EXITED}),
    Status.PAUSED: frozenset({Status.RUNNING, Status.RESTARTING, Status.EXITED}),
    Status.RESTARTING: frozenset({Status.RUNNING, Status.EXITED}),
    Status.EXITED: frozenset({Status.RUNNING, Status.REMOVING}),
    Status.REMOVING: frozenset({Status.DEAD}),
    Status.DEAD: frozenset(),
}

# What the client still calls running: while it waits to be restarted it can be stopped and not removed.
RUNNING = frozenset({Status.RUNNING, Status.PAUSED, Status.RESTARTING})

Listener = Callable[["Container", Status, Status], None]


class Attachment(Struct):
    """A network that the container belongs to, and its endpoint there while it runs.

    `shown` is the API's EndpointSettings: what was asked for, and what the endpoint got, which goes with it.
    """

    name: str
    shown: Document
    endpoint: Endpoint | None = None


class RestartState(Struct):
    """How the restart policy stands: moby's restartmanager."""

    delay: int = 0  # ns before the last restart
    cancelled: bool = False
    timer: Timer | None = None


class Container(Struct, eq=False):
    """One container."""

    id: str
    name: str  # without a slash
    created: int  # ns since the epoch
    image: Image
    config: Document
    host: Document  # HostConfig
    path: str
    args: list[str]
    disk: Disk  # what its processes see
    graph_id: str
    log: ContainerLog
    streams: StandardStreams
    attachments: dict[str, Attachment] = field(default_factory=dict)
    mounts: list[Mount] = field(default_factory=list)
    links: dict[str, Container] = field(default_factory=dict)  # "a2/first" -> the other container
    execs: dict[str, Exec] = field(default_factory=dict)
    status: Status = Status.CREATED
    exit_code: int = 0
    error: str = ""
    started_at: int | None = None
    finished_at: int | None = None
    restart_count: int = 0
    restart: RestartState = field(default_factory=RestartState)
    manually_restarted: bool = False
    removal_in_progress: bool = False  # somebody removes it, though it may still have to end
    anonymous: bool = False  # its name was drawn by chance: no network tells it to others
    log_path: str = ""
    hostname_path: str = ""
    hosts_path: str = ""
    resolv_path: str = ""
    sandbox: Sandbox | None = None
    netns: NetNamespace | None = None  # the sandbox's, or another container's
    sandbox_id: str = ""
    sandbox_key: str = ""
    ports: Document = field(default_factory=dict)  # the API's Ports, while it runs
    ports_noted: Document = field(default_factory=dict)  # those of a start that failed, in the lists until it changes
    pids: PidNamespace = field(default_factory=PidNamespace)
    uts: Uts = field(default_factory=lambda: Uts(""))
    process: Process | None = None
    shim: Process | None = None
    shim_gone: Event | None = None
    health: Health | None = None
    starting: Event | None = None  # comes when a start that is under way has ended
    exit_waiters: list[Event] = field(default_factory=list)
    stop_waiters: list[Event] = field(default_factory=list)
    removal_waiters: list[Event] = field(default_factory=list)
    listener: Listener = lambda container, before, after: None

    @property
    def running(self) -> bool:
        return self.status in RUNNING

    @property
    def paused(self) -> bool:
        return self.status is Status.PAUSED

    @property
    def short_id(self) -> str:
        return self.id[:12]

    @property
    def size(self) -> int:
        """Bytes that the container's own layer holds."""
        return sum(node.size for node in self.disk.changed().values() if node is not None)

    @property
    def tty(self) -> bool:
        return bool(self.config["Tty"])

    @property
    def network_mode(self) -> str:
        return str(self.host["NetworkMode"])

    @property
    def listed_ports(self) -> Document:
        """What lists and their filters go by: moby's copy of the container as it was last noted (CheckpointTo)."""
        return self.ports or self.ports_noted

    def set_state(self, after: Status) -> None:
        """The one writer of `status`. A transition that the table lacks is a mistake of the engine."""
        before = self.status
        if after not in TRANSITIONS[before]:
            raise AssertionError(f"{self.name}: no way from {before.value} to {after.value}")
        self.status = after
        self.ports_noted = {}
        self.listener(self, before, after)
