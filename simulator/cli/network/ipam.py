"""Puts --subnet, --ip-range, --gateway and --aux-address together: which range and gateway belong to which subnet."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.cli.errors import CommandError
from simulator.golang.nat import parsed_ip

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def ipam_config(
    subnets: Sequence[str], ranges: Sequence[str], gateways: Sequence[str], *, auxiliary: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The IPAM.Config of a request, one entry for each subnet. Raises CommandError."""
    if len(subnets) < max(len(ranges), len(gateways)):
        raise CommandError("every ip-range or gateway must have a corresponding subnet")
    _check_overlap(subnets)
    config: dict[str, dict[str, Any]] = {subnet: {"Subnet": subnet} for subnet in subnets}
    for part in ranges:
        _place(config, part, key="IPRange", called="range")
    for gateway in gateways:
        _place(config, gateway, key="Gateway", called="gateway")
    for name, address in auxiliary.items():
        for subnet in _subnets_of(config, address, "aux-address"):
            config[subnet].setdefault("AuxiliaryAddresses", {})[name] = address
    return list(config.values())


def _check_overlap(subnets: Sequence[str]) -> None:
    for at, subnet in enumerate(subnets):
        for other in subnets[:at]:
            if _contains(subnet, other) or _contains(other, subnet):
                raise CommandError("multiple overlapping subnet configuration is not supported")


def _place(config: dict[str, dict[str, Any]], address: str, *, key: str, called: str) -> None:
    for subnet in _subnets_of(config, address, called):
        if key in config[subnet]:
            both = f"({address}, {config[subnet][key]})"
            where = f"on the same subnet ({subnet})" if key == "IPRange" else f"for the same subnet ({subnet})"
            raise CommandError(f"cannot configure multiple {called}s {both} {where}")
        config[subnet][key] = address


def _subnets_of(config: Mapping[str, object], address: str, called: str) -> list[str]:
    matching = [subnet for subnet in config if _contains(subnet, address)]
    if not matching:
        raise CommandError(f"no matching subnet for {called} {address}")
    return matching


def _contains(subnet: str, address: str) -> bool:
    """Whether an address, or the first part of a range, is in the subnet."""
    network = _network(subnet, "invalid subnet: ")
    if "/" in address:
        _network(address, "")
        address = address.partition("/")[0]
    found = parsed_ip(address)
    return found is not None and found.version == network.version and found in network


def _network(text: str, prefix: str) -> Network:
    try:
        if "/" not in text:
            raise ValueError
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise CommandError(f"{prefix}invalid CIDR address: {text}") from None
