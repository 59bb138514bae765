"""The networks of a container over its life: joined when it starts, left when it ends, told of its names.

Mirrors moby's daemon/container_operations.go, which is the daemon's side of the seam to libnetwork (engine/network).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine import files, links
from simulator.engine.container import Attachment, Container, Status
from simulator.engine.endpoint_settings import (
    DEFAULT_NETWORK,
    check_settings,
    clear_operational,
    endpoint_config,
    name_on_network,
    show_operational,
)
from simulator.engine.errors import Conflict, EngineError, System
from simulator.engine.fields import Document
from simulator.engine.network.network import Network, is_user_defined
from simulator.engine.network.ports import port_settings
from simulator.engine.network.resolv_conf import PATH, DnsOptions
from simulator.engine.network.sandbox import SandboxConfig

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon


# -- a container starts ------------------------------------------------------------------------------------------------


def set_up(daemon: Daemon, container: Container, linked: list[links.Link]) -> None:
    """The container's sandbox, its networks and its files. Raises EngineError; then `tear_down` is due."""
    daemon.networks.current_cause = _cause(container)
    if container.network_mode.startswith("container:"):
        _share(daemon, container)
        return
    # The default network comes first, as only its containers can have links.
    order = sorted(container.attachments.values(), key=lambda attachment: attachment.name != DEFAULT_NETWORK)
    networks = [(find_network(daemon, attachment), attachment) for attachment in order]
    for network, attachment in networks:
        name_on_network(container, network, attachment)
        check_settings(network, attachment)
    _open_sandbox(daemon, container, linked)
    for network, attachment in networks:
        join(daemon, container, network, attachment)
    files.write_names(daemon, container)
    if DEFAULT_NETWORK in container.attachments:
        _tell_parents(daemon, container)


def _cause(container: Container) -> str:
    """What somebody typed to have the rules of this container: the least that does it."""
    ports = ""
    for port, entries in (container.host["PortBindings"] or {}).items():
        for entry in entries or []:
            parts = (entry.get("HostIp"), entry.get("HostPort"), port.removesuffix("/tcp"))
            ports += f" -p {':'.join(part for part in parts if part)}"
    return f"docker run --name {container.name}{ports}{' -P' if container.host['PublishAllPorts'] else ''}"


def find_network(daemon: Daemon, attachment: Attachment) -> Network:
    """The network by its id, once that is known: one of the same name that was made later is another."""
    return daemon.networks.find(attachment.shown["NetworkID"] or attachment.name)


def _share(daemon: Daemon, container: Container) -> None:
    """`--net container:NAME`: the other's namespace, host name and files. Raises Conflict unless it runs."""
    other = daemon.containers.find(container.network_mode.partition(":")[2])
    if other is container:
        raise System("cannot join own network")
    if not other.running or other.netns is None:
        raise Conflict(f"cannot join network of a non running container: {other.id}")
    if other.status is Status.RESTARTING:
        raise Conflict(f"Container {other.id} is restarting, wait until the container is running")
    container.netns = other.netns
    for key in ("Hostname", "Domainname"):
        container.config[key] = other.config[key]
    files.share_names(daemon, container, other)


def _open_sandbox(daemon: Daemon, container: Container, linked: list[links.Link]) -> None:
    files.make_folder(daemon, container)
    container.sandbox = daemon.networks.sandbox(
        container.id, _sandbox_config(daemon, container, linked), label=container.name
    )
    container.sandbox_id, container.sandbox_key = container.sandbox.id, container.sandbox.key


def _sandbox_config(daemon: Daemon, container: Container, linked: list[links.Link]) -> SandboxConfig:
    host = container.host
    extra = [_extra_host(daemon, entry) for entry in host["ExtraHosts"] or []]
    dns = DnsOptions(*(tuple(host[key] or ()) for key in ("Dns", "DnsSearch", "DnsOptions")))
    return SandboxConfig(
        hostname=container.config["Hostname"],
        domainname=container.config["Domainname"],
        hosts_path=container.hosts_path,
        resolv_path=container.resolv_path,
        origin_resolv_path=_origin(daemon, container),
        dns=dns,
        extra_hosts=(*extra, *links.hosts_lines(linked)),
        ports=port_settings(
            container.config["ExposedPorts"], host["PortBindings"], publish_all=host["PublishAllPorts"]
        ),
        host=container.network_mode == "host",
    )


def _origin(daemon: Daemon, container: Container) -> str:
    """The host's resolv.conf that the container's is made of; embedded DNS reaches a stub of systemd, others do not."""
    mode = container.network_mode
    return PATH if mode == "host" or is_user_defined(mode) else daemon.networks.resolv_path


def _extra_host(daemon: Daemon, entry: str) -> tuple[str, str]:
    """`name:address`, where the address may have colons of its own."""
    name, _, address = entry.partition(":")
    return daemon.networks.host_gateway if address == "host-gateway" else address, name


def join(daemon: Daemon, container: Container, network: Network, attachment: Attachment) -> None:
    assert container.sandbox is not None
    config = endpoint_config(container, network, attachment)
    attachment.shown["NetworkID"] = network.id
    attachment.endpoint = container.sandbox.join(network, name=container.name, config=config)
    show_operational(attachment, attachment.endpoint)
    container.ports = container.sandbox.ports()
    daemon.network_event(network, "connect", {"container": container.id})


def _tell_parents(daemon: Daemon, container: Container) -> None:
    """Those who link to this container get its address into their hosts files."""
    address = container.attachments[DEFAULT_NETWORK].shown["IPAddress"]
    for parent, alias in links.parents(daemon, container):
        if parent.sandbox is not None:
            parent.sandbox.update_hosts(alias, address)


def enter(container: Container) -> None:
    """The program is about to run: the namespace comes to be, unless it is another's."""
    if container.sandbox is not None:
        container.sandbox.populate()
        container.netns = container.sandbox.netns


# -- a container ends --------------------------------------------------------------------------------------------------


def tear_down(daemon: Daemon, container: Container) -> None:
    """Leaves all networks. What was shown of the endpoints goes with them."""
    container.ports = {}
    container.netns = None
    if container.sandbox is None:
        return
    container.sandbox = None
    daemon.networks.close_sandbox(container.id)
    for attachment in container.attachments.values():
        attachment.endpoint = None
        clear_operational(attachment)
        try:
            network = find_network(daemon, attachment)
        except EngineError:
            continue
        daemon.network_event(network, "disconnect", {"container": container.id})


def unlink(daemon: Daemon, name: str) -> None:
    """`docker rm --link`: one that runs leaves its networks and joins them again without the link (updateNetwork)."""
    container = links.remove(daemon, name)
    if container.sandbox is None or DEFAULT_NETWORK not in container.attachments:
        return
    try:
        left = links.links_left(container)
    except System:
        return  # the real engine notes it in its log
    daemon.networks.current_cause = _cause(container)
    container.sandbox.refresh(_sandbox_config(daemon, container, left))


def rename(container: Container) -> None:
    """The container has another name: those who ask its networks find it by that."""
    container.anonymous = False
    container.ports_noted = {}
    if container.sandbox is not None:
        container.sandbox.rename(container.name)


# -- what is shown -----------------------------------------------------------------------------------------------------


def network_settings(container: Container) -> Document:
    """The Networks of a container: name to EndpointSettings, sorted by name."""
    return {name: dict(container.attachments[name].shown) for name in sorted(container.attachments)}
