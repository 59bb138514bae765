"""`docker network connect` and `disconnect`: networks that come to a container, or go, after it was made.

Mirrors ConnectToNetwork and DisconnectFromNetwork of moby's daemon/container_operations.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine.container import Attachment, Container, Status
from simulator.engine.endpoint_settings import (
    attach,
    check_settings,
    name_on_network,
)
from simulator.engine.errors import EngineError, InvalidParameter, NotFound, System
from simulator.engine.network.network import Network

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon
from simulator.engine.networking import find_network, join

_HOST_NETWORK = "container cannot be disconnected from host network or connected to host network"
_SHARED = "container sharing network namespace with another container or host cannot be connected to any other network"
_NONE = "container cannot be connected to multiple networks with one of the networks in private (none) mode"


def connect(daemon: Daemon, text: str, request: Mapping[str, Any]) -> None:
    """`docker network connect`: at once if the container runs, else when it starts.

    A network that is not there is then noted all the same, and missed when the container starts.
    """
    container = daemon.containers.find(request.get("Container", ""))
    settings = request.get("EndpointConfig") or {}
    if container.running and container.network_mode.startswith("container:"):
        raise InvalidParameter(_SHARED)
    if container.status in (Status.REMOVING, Status.DEAD):
        raise _removal(container)
    try:
        network = daemon.networks.find(text)
    except NotFound:
        if container.running:
            raise
        attach(container, text, settings)
        container.ports_noted = {}
        return
    attachment = attach(None, network.name, settings)
    name_on_network(container, network, attachment)
    check_settings(network, attachment)
    _check_company(daemon, container, network)
    if not container.running:
        if not _is_known(daemon, container.attachments.get(network.name)):
            container.attachments[network.name] = attachment
        container.ports_noted = {}
        return
    join(daemon, container, network, attachment)
    container.attachments[network.name] = attachment
    _settle(container)


def _is_known(daemon: Daemon, attachment: Attachment | None) -> bool:
    """Whether the network that was noted is still there; its namesake is another one (updateNetworkSettings)."""
    if attachment is None:
        return False
    try:
        return bool(find_network(daemon, attachment))
    except NotFound:
        return False


def _removal(container: Container) -> EngineError:
    cannot = "cannot be connected or disconnected to the network"
    return System(f"Container {container.id} is marked for removal and {cannot}")


def _settle(container: Container) -> None:
    """What a change of networks changes for the container as a whole."""
    if container.sandbox is not None:
        container.ports = container.sandbox.ports()


def _check_company(daemon: Daemon, container: Container, network: Network) -> None:
    """Whether a network goes with those that the container has. Raises InvalidParameter."""
    if container.network_mode != "host" and network.driver_name == "host":
        raise InvalidParameter(_HOST_NETWORK)
    for attachment in container.attachments.values():
        try:
            other = find_network(daemon, attachment)
        except EngineError:
            continue
        if other is network:
            continue
        if "host" in (other.driver_name, network.driver_name):
            raise InvalidParameter(_SHARED)
        if "none" in (other.name, network.name):
            raise InvalidParameter(_NONE)


def disconnect(daemon: Daemon, text: str, request: Mapping[str, Any]) -> None:
    """`docker network disconnect`. Raises System if the container is not on the network."""
    name, force = request.get("Container", ""), bool(request.get("Force"))
    try:
        container = daemon.containers.find(name)
    except NotFound:
        if not force:
            raise
        daemon.networks.force_disconnect(name, text)
        return
    network: Network | None = None
    try:
        network = daemon.networks.find(text)
    except NotFound:
        if container.running and not force:
            raise
    if network is not None and container.running:
        _leave(daemon, container, network)
    else:
        _forget(container, network.name if network else text)
    if network is not None:
        daemon.network_event(network, "disconnect", {"container": container.id})


def _leave(daemon: Daemon, container: Container, network: Network) -> None:
    """A running container leaves a network. dockerd tells of it twice: here, and when all is done."""
    if container.network_mode == "host" and network.driver_name == "host":
        raise InvalidParameter(_HOST_NETWORK)
    sandbox = container.sandbox
    if sandbox is None or all(endpoint.network is not network for endpoint in sandbox.endpoints):
        raise System(f"container {container.id} is not connected to network {network.name}")
    sandbox.leave(network)
    _settle(container)
    container.attachments.pop(network.name, None)
    daemon.network_event(network, "disconnect", {"container": container.id})


def _forget(container: Container, name: str) -> None:
    """A container that does not run will not join a network when it starts."""
    if container.status in (Status.REMOVING, Status.DEAD):
        raise _removal(container)
    if name not in container.attachments:
        raise System(f"container {container.id} is not connected to the network {name}")
    del container.attachments[name]
    container.ports_noted = {}
