"""Addresses as the engine reads and makes them: Go's net.ParseIP and net.ParseCIDR, and libnetwork's netutils."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Subnet = IPv4Network | IPv6Network

_CIDR = re.compile(r"[0-9A-Fa-f:.]+/[0-9]{1,3}", re.ASCII)
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}", re.ASCII)

CONTAINER_MAC_PREFIX = "02:42"  # locally administered, unicast; the other four bytes are the IPv4 address


def subnet_from_text(text: str) -> Subnet | None:
    """The subnet of an address with a prefix length ("10.0.0.7/24" is in 10.0.0.0/24), or None."""
    if not _CIDR.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def ip_from_text(text: str) -> str | None:
    """The address in its canonical spelling, or None."""
    try:
        return str(ip_address(text)) if "%" not in text else None
    except ValueError:
        return None


def is_ipv4(address: str) -> bool:
    return ":" not in address


def mac_from_text(text: str) -> str | None:
    """A MAC address in lower case with colons, or None."""
    return text.lower().replace("-", ":") if _MAC.fullmatch(text) else None


def mac_for(ipv4: str) -> str:
    """The MAC address that an interface with this IPv4 address gets: 02:42:ac:11:00:02 for 172.17.0.2."""
    return ":".join([CONTAINER_MAC_PREFIX, *(f"{octet:02x}" for octet in ip_address(ipv4).packed)])


def reverse_name(address: str) -> str:
    """The labels of a PTR question without its domain: "2.0.17.172"; for IPv6 the nibbles."""
    return ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


class SubnetSet:
    """Subnets, each as often as it was added, in which those that overlap another are found without a walk."""

    def __init__(self) -> None:
        self._count: Counter[tuple[int, int, int]] = Counter()  # (version, length of prefix, first address)
        self._firsts: dict[int, list[int]] = {4: [], 6: []}

    def add(self, subnet: Subnet) -> None:
        self._count[_place(subnet)] += 1
        insort(self._firsts[subnet.version], int(subnet.network_address))

    def remove(self, subnet: Subnet) -> None:
        firsts, first = self._firsts[subnet.version], int(subnet.network_address)
        del firsts[bisect_left(firsts, first)]
        self._count[_place(subnet)] -= 1
        if not self._count[_place(subnet)]:
            del self._count[_place(subnet)]

    def overlaps(self, subnet: Subnet) -> bool:
        """Whether one of them begins in this subnet, or is around it."""
        firsts, first = self._firsts[subnet.version], int(subnet.network_address)
        index = bisect_left(firsts, first)
        if index < len(firsts) and firsts[index] <= int(subnet.broadcast_address):
            return True
        return any(_place(subnet.supernet(new_prefix=length)) in self._count for length in range(subnet.prefixlen))


def _place(subnet: Subnet) -> tuple[int, int, int]:
    return subnet.version, subnet.prefixlen, int(subnet.network_address)


def overlap(one: Subnet, other: Subnet) -> bool:
    """Whether two subnets share addresses."""
    return one.version == other.version and (one.network_address in other or other.network_address in one)
