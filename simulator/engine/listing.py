"""`docker ps`: the summaries of containers, newest first. Mirrors moby's daemon/list.go and container/view.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import S
from simulator.engine.container import Container, Status
from simulator.engine.errors import EngineError
from simulator.engine.fields import ENDPOINT, Document, filled
from simulator.engine.filters import Filters
from simulator.engine.list_filters import chooser, walk
from simulator.engine.moments import human_duration
from simulator.engine.networking import network_settings

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

# What a list shows of an endpoint; the rest is null.
_SHOWN = frozenset(name for name, _, _ in ENDPOINT) - {"Links", "Aliases", "DriverOpts"}


def listed(
    daemon: Daemon, filters: Filters, *, stopped: bool = False, limit: int = 0, size: bool = False
) -> list[Document]:
    """The containers that run, or all of them; a limit counts the newest, whatever their state.

    Only a filter for the status widens the list to those that do not run; `exited` does not.
    """
    chosen = chooser(daemon, filters)
    wider = bool(stopped or filters.get("status") or limit > 0)
    documents: list[Document] = []
    for container in walk(daemon, filters):
        if (wider or container.running) and chosen(container):
            documents.append(_summary(daemon, container, size=size))
        if 0 < limit <= len(documents):
            break
    return documents


def _summary(daemon: Daemon, container: Container, *, size: bool) -> Document:
    sizes: Document = {}
    if size:
        own = container.size
        sizes = ({"SizeRw": own} if own else {}) | {"SizeRootFs": own + container.image.size}
    return {
        "Id": container.id,
        "Names": [f"/{name}" for name in daemon.containers.names(container)],
        "Image": _image_name(daemon, container),
        "ImageID": container.image.id,
        "Command": command(container),
        "Created": container.created // S,
        "Ports": ports(container),
        **sizes,
        "Labels": dict(sorted((container.config["Labels"] or {}).items())),
        "State": container.status.value,
        "Status": status_text(daemon.clock.wall(), container),
        "HostConfig": {"NetworkMode": container.network_mode},
        "NetworkSettings": {"Networks": _networks(container)},
        "Mounts": [
            mount.document(listed=True) for mount in sorted(container.mounts, key=lambda mount: mount.destination)
        ],
    }


def _image_name(daemon: Daemon, container: Container) -> str:
    """What the request called the image; its id once that name means another one."""
    name = str(container.config["Image"])
    try:
        same = daemon.images.find(name) is container.image
    except EngineError:
        same = False
    return name if same else container.image.id


def command(container: Container) -> str:
    """Path and arguments; those with a space are quoted."""
    return " ".join([container.path, *(f"'{word}'" if " " in word else word for word in container.args)])


def ports(container: Container) -> list[Document]:
    """Each port that the container exposes, with what leads to it on the host."""
    found: list[Document] = []
    for text, bindings in sorted(container.listed_ports.items(), key=lambda item: _port(item[0])):
        number, proto = _port(text)
        if not bindings:
            found.append({"PrivatePort": number, "Type": proto})
        for binding in bindings or []:
            public = {"PrivatePort": number, "PublicPort": int(binding["HostPort"]), "Type": proto}
            found.append({"IP": binding["HostIp"], **public})
    return found


def _port(text: str) -> tuple[int, str]:
    number, _, proto = text.partition("/")
    return int(number), proto


def _networks(container: Container) -> Document:
    return {
        name: filled({key: value for key, value in shown.items() if key in _SHOWN}, ENDPOINT)
        for name, shown in network_settings(container).items()
    }


def status_text(now: int, container: Container) -> str:
    """`Up 3 minutes`, `Exited (137) 2 seconds ago`: moby's State.String."""
    if container.status in (Status.RUNNING, Status.PAUSED):
        up = f"Up {human_duration(now - (container.started_at or now))}"
        if container.paused:
            return f"{up} (Paused)"
        if container.health is None:
            return up
        shown = container.health.status
        return f"{up} ({'health: starting' if shown == 'starting' else shown})"
    ago = f"{human_duration(now - (container.finished_at or now))} ago"
    return {
        Status.RESTARTING: f"Restarting ({container.exit_code}) {ago}",
        Status.REMOVING: "Removal In Progress",
        Status.DEAD: "Dead",
        Status.CREATED: "Created",
        Status.EXITED: f"Exited ({container.exit_code}) {ago}",
    }[container.status]
