"""The API's documents of networks, and the filters of their lists.

Mirrors moby's daemon/network.go (buildNetworkResource) and daemon/network/filter.go. Keys stand in the order in which
the engine sends them; maps are sorted by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.clock import Clock, rfc3339
from simulator.engine import filters as matching
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.filters import Filters
from simulator.engine.network.network import PREDEFINED

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.engine.network.leases import IpamConfig, Lease
    from simulator.engine.network.network import Network

Document = dict[str, Any]

LIST_FILTERS = ("dangling", "driver", "id", "label", "name", "scope", "type")


def network_document(network: Network, clock: Clock, *, detailed: bool) -> Document:
    """The API's Network document; its containers only if detailed."""
    return {
        "Name": network.name,
        "Id": network.id,
        "Created": rfc3339(clock, network.created),
        "Scope": network.scope,
        "Driver": network.driver_name,
        "EnableIPv6": network.enable_ipv6,
        "IPAM": ipam_document(network),
        "Internal": network.internal,
        "Attachable": network.attachable,
        "Ingress": network.ingress,
        "ConfigFrom": {"Network": network.config_from},
        "ConfigOnly": network.config_only,
        "Containers": containers_document(network) if detailed else {},
        "Options": _sorted(network.options),
        "Labels": _sorted(network.labels),
    }


def _sorted(table: Mapping[str, str]) -> Document:
    return dict(sorted(table.items()))


def ipam_document(network: Network) -> Document:
    """The subnets: as they were asked for, or else those that were given, with their gateways."""
    configs: list[Document] = []
    for asked, given in ((network.ipam4, network.leases4), (network.ipam6, network.leases6)):
        configs += [_asked(config) for config in asked if config.subnet] or [_given(lease) for lease in given]
    options = None if network.ipam_options is None else _sorted(network.ipam_options)
    return {"Driver": network.ipam_driver, "Options": options, "Config": configs}


def _asked(config: IpamConfig) -> Document:
    document: Document = {
        "Subnet": config.subnet,
        "IPRange": config.ip_range,
        "Gateway": config.gateway,
        "AuxiliaryAddresses": _sorted(config.auxiliary),
    }
    return {key: value for key, value in document.items() if value}


def _given(lease: Lease) -> Document:
    gateway = lease.gateway if lease.pool.subnet.version == 4 else lease.gateway_interface
    return {"Subnet": str(lease.pool.subnet), "Gateway": gateway}


def containers_document(network: Network) -> Document:
    """The endpoints by the ids of their containers."""
    entries = {_key(endpoint): _endpoint_document(endpoint) for endpoint in network.endpoints.values()}
    return dict(sorted(entries.items()))


def _key(endpoint: Endpoint) -> str:
    return endpoint.sandbox.container_id if endpoint.sandbox else f"ep-{endpoint.id}"


def _endpoint_document(endpoint: Endpoint) -> Document:
    return {
        "Name": endpoint.name,
        "EndpointID": endpoint.id,
        "MacAddress": endpoint.mac,
        "IPv4Address": endpoint.ipv4 or "",
        "IPv6Address": endpoint.ipv6 or "",
    }


# -- filters ----------------------------------------------------------------------------------------------------------


def filtered(networks: list[Network], wanted: Filters) -> list[Network]:
    """The networks that a list request asks for. Raises EngineError for filters that make no sense."""
    matching.check_filters(wanted, LIST_FILTERS)
    found = [network for network in networks if _passes(network, wanted)]
    if wanted.get("dangling"):
        found = _dangling(found, wanted["dangling"])
    if wanted.get("type"):
        found = [network for kind in wanted["type"] for network in _of_type(found, kind)]
    return found


def _passes(network: Network, wanted: Filters) -> bool:
    return (
        matching.exact(wanted, "driver", network.driver_name)
        and matching.matches(wanted, "name", network.name)
        and matching.matches(wanted, "id", network.id)
        and matching.labels_match(wanted, network.labels)
        and matching.exact(wanted, "scope", network.scope)
    )


def _dangling(networks: list[Network], values: list[str]) -> list[Network]:
    """Networks that nobody uses, or all others. A list knows no containers, so only the predefined ones are used."""
    if len(values) > 1:
        raise InvalidParameter('got more than one value for filter key "dangling"')
    if values[0] not in ("0", "false", "1", "true"):
        allowed = 'must be "true" (or "1"), or "false" (or "0")'
        raise InvalidParameter(f"invalid value for filter 'dangling', {allowed}")
    unused = values[0] in ("1", "true")
    return [network for network in networks if (network.name in PREDEFINED) != unused]


def _of_type(networks: list[Network], kind: str) -> list[Network]:
    if kind not in ("builtin", "custom"):
        raise System(f"invalid filter: 'type'='{kind}'")
    return [network for network in networks if (network.name in PREDEFINED) == (kind == "builtin")]
