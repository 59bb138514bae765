"""What a container asks of a network and what it has there: the API's EndpointSettings, both ways.

Mirrors the helpers of moby's daemon/container_operations.go (updateNetworkConfig, validateEndpointSettings,
buildCreateEndpointOptions, updateEndpointNetworkSettings).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.engine.container import Attachment, Container
from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import ENDPOINT, Document, filled
from simulator.engine.links import link_from_text
from simulator.engine.network.endpoint import Endpoint, EndpointConfig
from simulator.engine.network.network import Network

DEFAULT_NETWORK = "bridge"  # what NetworkMode "default" means

_ASKED = ("IPAMConfig", "Links", "Aliases", "MacAddress", "DriverOpts")
_OPERATIONAL: Document = {
    "EndpointID": "",
    "Gateway": "",
    "IPAddress": "",
    "IPPrefixLen": 0,
    "IPv6Gateway": "",
    "GlobalIPv6Address": "",
    "GlobalIPv6PrefixLen": 0,
    "MacAddress": "",
}


def attach(container: Container | None, name: str, settings: Mapping[str, Any]) -> Attachment:
    """Notes a network with what is asked for on it; the container has it from now on, if one is given."""
    shown = filled({key: settings[key] for key in _ASKED if key in settings}, ENDPOINT)
    attachment = Attachment(name, shown)
    if container is not None:
        container.attachments[name] = attachment
    return attachment


def own_network(container: Container) -> str:
    """The name of the network that the network mode means."""
    return DEFAULT_NETWORK if container.network_mode == "default" else container.network_mode


def name_on_network(container: Container, network: Network, attachment: Attachment) -> None:
    """On a network of one's own a container is known by its short id and host name as well."""
    if not network.is_user_defined:
        return
    aliases = list(attachment.shown["Aliases"] or [])
    for alias in (container.short_id, container.config["Hostname"]):
        if alias and alias not in aliases:
            aliases.append(alias)
    attachment.shown["Aliases"] = aliases


def check_settings(network: Network, attachment: Attachment) -> None:
    """Raises InvalidParameter for what the network cannot give: an address, an alias."""
    ipam = attachment.shown["IPAMConfig"] or {}
    wanted = [(ipam.get("IPv4Address"), network.ipam4), (ipam.get("IPv6Address"), network.ipam6)]
    if not network.is_user_defined:
        if any(address for address, _ in wanted):
            raise InvalidParameter("user specified IP address is supported on user defined networks only")
        if attachment.shown["Aliases"]:
            raise InvalidParameter("network-scoped alias is supported only for containers in user defined networks")
    for address, subnets in wanted:
        if address and not any(config.subnet for config in subnets):
            raise InvalidParameter(
                "user specified IP address is supported only when connecting to networks with user configured subnets"
            )


def endpoint_config(container: Container, network: Network, attachment: Attachment) -> EndpointConfig:
    """What libnetwork is asked for."""
    shown, ipam = attachment.shown, attachment.shown["IPAMConfig"] or {}
    on_default = network.name == DEFAULT_NETWORK
    pairs = [link_from_text(text) for text in shown["Links"] or []]
    return EndpointConfig(
        ipv4=ipam.get("IPv4Address", ""),
        ipv6=ipam.get("IPv6Address", ""),
        mac=container.config["MacAddress"] if network.name == own_network(container) else "",
        aliases=tuple(shown["Aliases"] or ()),
        links={alias: name for name, alias in pairs},
        link_local=tuple(ipam.get("LinkLocalIPs") or ()),
        driver_options=dict(shown["DriverOpts"] or {}),
        anonymous=on_default or container.anonymous,
        resolves=network.is_user_defined,
    )


def show_operational(attachment: Attachment, endpoint: Endpoint) -> None:
    """What the endpoint got, into the document."""
    address, _, prefix = (endpoint.ipv4 or "").partition("/")
    address6, _, prefix6 = (endpoint.ipv6 or "").partition("/")
    attachment.shown |= {
        "NetworkID": endpoint.network.id,
        "EndpointID": endpoint.id,
        "Gateway": endpoint.gateway,
        "IPAddress": address,
        "IPPrefixLen": int(prefix or 0),
        "IPv6Gateway": endpoint.gateway6,
        "GlobalIPv6Address": address6,
        "GlobalIPv6PrefixLen": int(prefix6 or 0),
        "MacAddress": endpoint.mac,
    }


def clear_operational(attachment: Attachment) -> None:
    """The endpoint has gone; which network it was on is still known."""
    attachment.shown |= _OPERATIONAL
