"""Addresses as numbers, and address/mask pairs as rules hold them (xtables_ipaddr, xtables_ipmask)."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from msgspec import Struct

from simulator.kernel.netfilter.options import Names, RuleError, integer_from_text

WIDTH = {4: 32, 6: 128}  # bits of an address


@lru_cache(maxsize=4096)
def number(address: str) -> int:
    """An address as an integer."""
    if ":" in address:
        return int(IPv6Address(address))
    first, second, third, fourth = address.split(".")
    return int(first) << 24 | int(second) << 16 | int(third) << 8 | int(fourth)


def address_from_number(value: int, version: int) -> str:
    return str(IPv4Address(value) if version == 4 else IPv6Address(value))


def ipv4_from_text(text: str) -> str | None:
    """An IPv4 address as inet_aton reads it: up to four numbers, also octal and hexadecimal; the last fills up."""
    parts = [integer_from_text(part) for part in text.split(".")]
    if len(parts) > 4 or any(part is None for part in parts):
        return None
    *head, last = (part or 0 for part in parts)
    if any(part > 255 for part in head) or last >= 1 << 8 * (4 - len(head)):
        return None
    value = sum(part << 8 * (3 - index) for index, part in enumerate(head)) + last
    return str(IPv4Address(value))


class Net(Struct, frozen=True):
    """An address with a mask, which need not be a prefix: "10.0.0.0/8", "0.0.0.3/0.0.0.255"."""

    address: int
    mask: int
    version: int = 4

    @property
    def prefix(self) -> int | None:
        """The prefix length; None if the mask is none."""
        width = WIDTH[self.version]
        ones = self.mask.bit_count()
        return ones if self.mask == (1 << width) - (1 << width - ones) else None

    @property
    def base(self) -> str:
        return address_from_number(self.address, self.version)

    @property
    def suffix(self) -> str:
        """What stands behind the address: "/8" or "/0.0.0.255"."""
        prefix = self.prefix
        return f"/{address_from_number(self.mask, self.version) if prefix is None else prefix}"

    @property
    def is_everything(self) -> bool:
        return self.mask == 0

    def __contains__(self, value: int) -> bool:
        return value & self.mask == self.address

    def __str__(self) -> str:
        return self.base + self.suffix


def nets_from_text(text: str, names: Names, version: int) -> list[Net]:
    """All that "ADDRESS[/MASK][,...]" names, a host name possibly several. Raises RuleError."""
    nets: list[Net] = []
    for part in text.split(","):
        host, slash, mask_text = part.strip().partition("/")
        mask = _mask(mask_text, version) if slash else (1 << WIDTH[version]) - 1
        nets += [Net(number(address) & mask, mask, version) for address in _addresses(host, names, version, slash)]
    return nets


def _addresses(host: str, names: Names, version: int, slash: str) -> list[str]:
    own = _numeric(host, version, bool(slash))
    found = [own] if own else names.addresses(host)
    if not found:
        raise RuleError(f"host/network `{host}' not found")
    return found


def _numeric(host: str, version: int, is_network: bool) -> str | None:
    """A numeric address. Networks may leave out trailing zeros (10/8), and so may hosts, unlike in inet_aton."""
    if version == 6:
        try:
            return str(IPv6Address(host))
        except AddressValueError:
            return None
    if host.count(".") < 3 and (is_network or "." in host):
        padded = host + ".0" * (3 - host.count("."))
        return ipv4_from_text(padded) if host else None
    return ipv4_from_text(host)


def _mask(text: str, version: int) -> int:
    width = WIDTH[version]
    bits = integer_from_text(text) if "." not in text and ":" not in text else None
    if bits is not None and bits <= width:
        return (1 << width) - (1 << width - bits)
    dotted = ipv4_from_text(text) if version == 4 and text.count(".") == 3 else None
    if dotted is None:
        raise RuleError(f"invalid mask `{text}' specified")
    return number(dotted)
