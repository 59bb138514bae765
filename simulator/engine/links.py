"""Links between containers of the default bridge: names, /etc/hosts lines and environment variables.

Mirrors moby's daemon/links.go and its links package. A link is configuration of the container that has it ("a2"
linked to "a1" as "first" is the name a2/first); the packets never meet it. On networks of one's own links are names
of the embedded DNS and nothing of this is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.engine.container import Container
from simulator.engine.errors import EngineError, InvalidParameter, NotFound, System

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

BRIDGE = "bridge"  # the only network that has links of this kind
LINKABLE_MODES = ("default", "bridge", "none", "host")  # every other mode is a network of one's own, or a container


def link_from_text(text: str) -> tuple[str, str]:
    """`name:alias`, `name`, or what inspect shows (`/name:/parent/alias`), as name and alias."""
    if not text:
        raise System("empty string specified for links")
    parts = text.split(":")
    if len(parts) > 2:
        raise System(f"bad format for links: {text}")
    name, alias = (parts[0], parts[-1])
    if name.startswith("/") and len(parts) == 2:
        alias = alias.rpartition("/")[2]
    return name, alias


def register_all(daemon: Daemon, container: Container) -> None:
    """Registers the links that HostConfig asks for, and takes them out of it: from now on the registry has them."""
    if container.network_mode in LINKABLE_MODES:
        for text in container.host["Links"] or []:
            name, alias = link_from_text(text)
            _register(daemon, container, _target(daemon, container, name), alias)
    container.host["Links"] = None


def _target(daemon: Daemon, parent: Container, name: str) -> Container:
    try:
        child = daemon.containers.find(name)
        if child is parent:  # it is still being made
            raise NotFound(f"No such container: {name}")
        while child.network_mode.startswith("container:"):
            child = daemon.containers.find(child.network_mode.partition(":")[2])
    except EngineError as refused:
        raise InvalidParameter(f"could not get container for {name}: {refused.message}") from None
    if child.network_mode == "host":
        undefined = "can't be used with links. This would result in undefined behavior"
        raise InvalidParameter(f"conflicting options: host type networking {undefined}")
    return child


def _register(daemon: Daemon, parent: Container, child: Container, alias: str) -> None:
    """A name that another link of this container has already is passed over, as dockerd does."""
    name = f"{parent.name}/{alias}"
    owner = daemon.containers.taken(name)
    if owner is None or owner is child:
        daemon.containers.reserve(name, child)
        parent.links[name] = child


def shown(container: Container) -> list[str] | None:
    """HostConfig.Links as inspect shows it."""
    return [f"/{child.name}:/{name}" for name, child in container.links.items()] or None


def rename(daemon: Daemon, parent: Container, name: str) -> None:
    """The container has another name: the names of its links begin with it."""
    renamed = {f"{name}/{alias.rpartition('/')[2]}": child for alias, child in parent.links.items()}
    for old in parent.links:
        daemon.containers.release(old)
    for new, child in renamed.items():
        daemon.containers.reserve(new, child)
    parent.links = renamed


def remove(daemon: Daemon, text: str) -> Container:
    """`docker rm --link a2/first`; gives the container that had the link. Raises System for a name that is no link."""
    name = text.removeprefix("/")
    daemon.containers.find(name)
    parent_name, slash, _ = name.rpartition("/")
    if not slash:
        raise System("Conflict, cannot remove the default link name of the container")
    parent = daemon.containers.taken(parent_name)
    if parent is None:
        raise System(f"Cannot get parent {parent_name} for name {name}")
    daemon.containers.release(name)
    parent.links.pop(name, None)
    return parent


def forget(daemon: Daemon, parent: Container) -> None:
    """The container goes, and with it the names that its links gave to others."""
    for name in parent.links:
        daemon.containers.release(name)
    parent.links = {}


class Link(Struct, frozen=True):
    """A link of a container that starts: the other's address and what it tells about itself."""

    name: str  # a2/first
    address: str
    child: Container

    @property
    def alias(self) -> str:
        return self.name.rpartition("/")[2]


def links_of(container: Container) -> list[Link]:
    """The links of a container on the default bridge. Raises System unless every other container runs and is on it."""
    if BRIDGE not in container.attachments:
        return []
    found = []
    for name, child in container.links.items():
        if not child.running:
            raise System(f"Cannot link to a non running container: /{child.name} AS /{name}")
        if BRIDGE not in child.attachments:
            raise System(f"container {child.id} not attached to default bridge network")
        found.append(_link(name, child))
    return found


def check_linkable(container: Container) -> None:
    """Raises System if a container on the default bridge has a link to one that is not (buildSandboxOptions)."""
    for child in container.links.values() if BRIDGE in container.attachments else ():
        if BRIDGE not in child.attachments:
            raise System(f"Cannot link to /{child.name}, as it does not belong to the default network")


def links_left(container: Container) -> list[Link]:
    """The links of a container that runs: those whose other container still has an address.

    Raises System if another container has left the default bridge.
    """
    check_linkable(container)
    return [link for link in (_link(name, child) for name, child in container.links.items()) if link.address]


def _link(name: str, child: Container) -> Link:
    return Link(name, child.attachments[BRIDGE].shown["IPAddress"], child)


def hosts_lines(links: list[Link]) -> list[tuple[str, str]]:
    """The lines for /etc/hosts: address and names."""
    return [(link.address, _names(link.alias, link.child)) for link in links]


def _names(alias: str, child: Container) -> str:
    """The alias, the other's host name, and its name if the alias is another."""
    names = f"{alias} {child.config['Hostname']}"
    return names if alias == child.name else f"{names} {child.name}"


def parents(daemon: Daemon, child: Container) -> Iterator[tuple[Container, str]]:
    """Who links to a container, and under which alias."""
    for name in daemon.containers.names(child):
        parent = daemon.containers.taken(name.rpartition("/")[0])
        if parent is not None and "/" in name:
            yield parent, name.rpartition("/")[2]


# -- environment ---------------------------------------------------------------------------------------------------

Port = tuple[int, str]


def environment(links: list[Link]) -> list[str]:
    """The variables that tell a program where the linked containers are: DB_PORT_3306_TCP_ADDR and the like."""
    return [entry for link in links for entry in _variables(link)]


def _variables(link: Link) -> Iterator[str]:
    prefix = link.alias.upper().replace("-", "_")
    ports = _ports(link.child)
    if ports:
        yield f"{prefix}_PORT={_url(link, ports[0])}"
    yield from _ranges(link, prefix, ports)
    for port in ports:
        name = f"{prefix}_PORT_{port[0]}_{port[1].upper()}"
        yield f"{name}={_url(link, port)}"
        yield f"{name}_ADDR={link.address}"
        yield f"{name}_PORT={port[0]}"
        yield f"{name}_PROTO={port[1]}"
    yield f"{prefix}_NAME=/{link.name}"
    for entry in link.child.config["Env"] or []:
        name, equals, value = entry.partition("=")
        if equals and name not in ("HOME", "PATH"):
            yield f"{prefix}_ENV_{name}={value}"


def _ranges(link: Link, prefix: str, ports: list[Port]) -> Iterator[str]:
    """Three ports in a row, or more, are told as a range as well."""
    index = 0
    while index < len(ports):
        last = _end_of_row(ports, index)
        if last <= index + 1:
            index += 1
            continue
        (number, proto), end = ports[index], ports[last]
        name = f"{prefix}_PORT_{number}_{proto.upper()}"
        yield f"{name}_START={_url(link, ports[index])}"
        yield f"{name}_ADDR={link.address}"
        yield f"{name}_PROTO={proto}"
        yield f"{name}_PORT_START={number}"
        yield f"{name}_END={_url(link, end)}"
        yield f"{name}_PORT_END={end[0]}"
        index = last + 1


def _end_of_row(ports: list[Port], index: int) -> int:
    """Where a row of ports ends; the protocols are not looked at."""
    value = ports[index][0]
    for following in range(index + 1, len(ports)):
        if ports[following][0] > value + 1:
            return following - 1
        value += 1
    return len(ports) - 1


def _url(link: Link, port: Port) -> str:
    return f"{port[1]}://{link.address}:{port[0]}"


def _ports(child: Container) -> list[Port]:
    """What the other container exposes: by number, TCP before others."""
    found: list[Port] = []
    for text in child.config["ExposedPorts"] or {}:
        number, _, proto = text.partition("/")
        if number.isdecimal():
            found.append((int(number), proto or "tcp"))
    return sorted(found, key=lambda port: (port[0], port[1] != "tcp", port[1]))
