"""The options of bridge networks (`docker network create -o`).

Mirrors libnetwork's drivers/bridge/bridge.go and labels.go. Options that the driver does not know are kept and mean
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from simulator.engine.errors import Forbidden, System
from simulator.engine.network.addresses import Subnet, ip_from_text, overlap
from simulator.engine.network.drivers.driver import CONTAINER_PREFIX

if TYPE_CHECKING:
    from simulator.engine.network.network import Network

BRIDGE_NAME = "com.docker.network.bridge.name"
MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
ICC = "com.docker.network.bridge.enable_icc"
INHIBIT_IPV4 = "com.docker.network.bridge.inhibit_ipv4"
BINDING_IP = "com.docker.network.bridge.host_binding_ipv4"
DEFAULT_BRIDGE = "com.docker.network.bridge.default_bridge"
MTU = "com.docker.network.driver.mtu"
IPV6 = "com.docker.network.enable_ipv6"
HOST_IPV4 = "com.docker.network.host_ipv4"
IFACE_PREFIX = "com.docker.network.container_iface_prefix"

DOCKER0 = "docker0"
ANY = "0.0.0.0"

_TRUE, _FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")
_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)

Interface = IPv4Interface | IPv6Interface


class BridgeConfig(Struct, frozen=True):
    """The settings of one bridge network: `interface4` is the bridge's address, `gateway4` what containers go by."""

    bridge: str = ""
    mtu: int = 0
    ipv6: bool = False
    masquerade: bool = True
    icc: bool = True
    inhibit_ipv4: bool = False
    is_default: bool = False
    binding_ip: str = ""
    prefix: str = CONTAINER_PREFIX
    host_ip: str = ""
    internal: bool = False
    interface4: str = ""
    interface6: str = ""
    gateway4: str = ""
    gateway6: str = ""

    @property
    def subnets(self) -> list[Subnet]:
        return [ip_interface(interface).network for interface in (self.interface4, self.interface6) if interface]


def config_from_options(options: Mapping[str, str]) -> BridgeConfig:
    """Reads the options. Raises System for a value that makes no sense."""
    config = BridgeConfig()
    for label, value in options.items():
        reader = _READERS.get(label)
        if reader is not None:
            name, read = reader
            try:
                config = replace(config, **{name: read(value)})
            except ValueError as failure:
                raise System(f"failed to parse {label} value: {value} ({failure})") from None
    if config.mtu < 0:
        raise System(f"invalid MTU number: {config.mtu}")
    return config


def config_of(network: Network) -> BridgeConfig:
    """The settings of a network that has its subnets. Raises EngineError if a bridge cannot have them."""
    if not network.leases4:
        raise System("ipv4 pool is empty")
    config = config_from_options(network.options)
    config = replace(config, ipv6=network.enable_ipv6, internal=network.internal)
    if not config.bridge and not config.is_default:
        config = replace(config, bridge=f"br-{network.id[:12]}")
    return config


def with_subnets(config: BridgeConfig, network: Network) -> BridgeConfig:
    """The settings with the bridge's addresses. Raises Forbidden for more than one subnet."""
    if len(network.leases4) > 1 or len(network.leases6) > 1:
        raise Forbidden("bridge driver doesn't support multiple subnets")
    four = network.leases4[0]
    config = replace(config, interface4=four.gateway_interface, gateway4=four.default_gateway or four.gateway)
    if network.leases6:
        six = network.leases6[0]
        config = replace(config, interface6=six.gateway_interface, gateway6=six.default_gateway or six.gateway)
    return config


def conflict(one: BridgeConfig, other: BridgeConfig) -> str:
    """Why two bridge networks cannot stand side by side, or nothing."""
    if one.bridge == other.bridge:
        return "networks have same bridge name"
    for version, left, right in ((4, one.interface4, other.interface4), (6, one.interface6, other.interface6)):
        if left and right and overlap(ip_interface(left).network, ip_interface(right).network):
            return f"networks have overlapping IPv{version}"
    return ""


def _boolean(value: str) -> bool:
    if value not in _TRUE + _FALSE:
        raise ValueError(f'strconv.ParseBool: parsing "{value}": invalid syntax')
    return value in _TRUE


def _integer(value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise ValueError(f'strconv.Atoi: parsing "{value}": invalid syntax')
    return int(value)


def _address(value: str) -> str:
    address = ip_from_text(value)
    if address is None:
        raise ValueError("nil ip")
    return str(ip_address(address))


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    BRIDGE_NAME: ("bridge", str),
    MTU: ("mtu", _integer),
    IPV6: ("ipv6", _boolean),
    MASQUERADE: ("masquerade", _boolean),
    ICC: ("icc", _boolean),
    INHIBIT_IPV4: ("inhibit_ipv4", _boolean),
    DEFAULT_BRIDGE: ("is_default", _boolean),
    BINDING_IP: ("binding_ip", _address),
    IFACE_PREFIX: ("prefix", str),
    HOST_IPV4: ("host_ip", _address),
}
