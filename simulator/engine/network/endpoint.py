"""An endpoint: one container's place on one network. Mirrors libnetwork's endpoint.go and endpoint_info.go."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.engine.errors import System
from simulator.engine.network.addresses import ip_from_text, mac_from_text
from simulator.engine.network.ports import ContainerPort, PortBinding

if TYPE_CHECKING:
    from simulator.engine.network.ipam import Pool
    from simulator.engine.network.network import Network
    from simulator.engine.network.proxy import Proxy
    from simulator.engine.network.sandbox import Sandbox
    from simulator.kernel.device import Device

LINK_LOCAL_PREFIX = {4: 16, 6: 64}


class EndpointConfig(Struct, frozen=True):
    """What is asked for one endpoint. `links` maps an alias, which only this container knows, to a name.

    `anonymous`: the name is not one of the network's; `resolves`: the container gets the embedded DNS.
    """

    ipv4: str = ""
    ipv6: str = ""
    mac: str = ""
    aliases: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    link_local: tuple[str, ...] = ()
    driver_options: dict[str, str] = field(default_factory=dict)
    anonymous: bool = False
    resolves: bool = True


class Endpoint(Struct, eq=False):
    """One endpoint. Addresses are interface texts ("172.17.0.2/16"); gateways are there once a sandbox has joined."""

    id: str
    name: str
    network: Network
    config: EndpointConfig
    mac: str = ""
    ipv4: str | None = None
    ipv6: str | None = None
    pool4: Pool | None = None
    pool6: Pool | None = None
    link_local: tuple[str, ...] = ()
    anonymous: bool = False
    aliases: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    sandbox: Sandbox | None = None
    gateway: str = ""
    gateway6: str = ""
    joined: bool = False
    host_device: Device | None = None  # the bridge's end of the veth pair
    device: Device | None = None  # the container's end
    prefix: str = "eth"  # of the device's name in the container
    exposed: tuple[ContainerPort, ...] = ()
    ports: list[PortBinding] = field(default_factory=list)
    proxies: dict[PortBinding, Proxy] = field(default_factory=dict)

    @property
    def ip(self) -> str:
        """The IPv4 address alone, or nothing."""
        return self.ipv4.partition("/")[0] if self.ipv4 else ""

    @property
    def ip6(self) -> str:
        return self.ipv6.partition("/")[0] if self.ipv6 else ""

    @property
    def addresses(self) -> list[str]:
        return [address for address in (self.ip, self.ip6) if address]

    @property
    def needs_resolver(self) -> bool:
        return self.config.resolves


def checked(config: EndpointConfig) -> EndpointConfig:
    """The config with its addresses in canonical spelling. Raises System for what is no address."""
    if any(ip_from_text(text) is None for text in config.link_local):
        raise System(f"Invalid link-local IP address: [{' '.join(config.link_local)}]")
    for kind, text in (("IPv4", config.ipv4), ("IPv6", config.ipv6)):
        if text and ip_from_text(text) is None:
            raise System(f"Invalid {kind} address: {text})")
    if config.mac and mac_from_text(config.mac) is None:
        raise System(f"address {config.mac}: invalid MAC address")
    ipv4, ipv6 = ip_from_text(config.ipv4) or "", ip_from_text(config.ipv6) or ""
    return replace(config, ipv4=ipv4, ipv6=ipv6, mac=mac_from_text(config.mac) or "")


def link_local_interfaces(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The interface texts of link-local addresses. Raises System for one that is none."""
    texts = []
    for address in addresses:
        parsed = ip_address(address)
        if not parsed.is_link_local:
            raise System(f"invalid link local IP address: {address}")
        texts.append(str(ip_interface(f"{address}/{LINK_LOCAL_PREFIX[parsed.version]}")))
    return tuple(texts)


def before(one: Endpoint, other: Endpoint) -> bool:
    """Whether a sandbox prefers one endpoint: external networks, then those with gateways, then by name (Less)."""
    return _rank(one) < _rank(other)


def _rank(endpoint: Endpoint) -> tuple[bool, int, str]:
    gateways = (1 if endpoint.gateway else 0) + (2 if endpoint.gateway6 else 0)
    return (endpoint.network.internal, -gateways, endpoint.network.name)
