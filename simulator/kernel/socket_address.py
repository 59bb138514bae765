"""Addresses as programs and the kernel's socket layer write them. ip(7), ipv6(7), RFC 4291 2.5.5.2.

An IPv6 socket speaks to IPv4 peers by mapped addresses, ::ffff:a.b.c.d; on the wire the packet is IPv4. A link-local
address carries its device: fe80::1%eth0.
"""

from __future__ import annotations

import errno
from ipaddress import ip_address

from simulator.kernel.errors import error

MAPPED = "::ffff:"
ANY = {"inet": "0.0.0.0", "inet6": "::"}
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def parse(ip: str, family: str) -> tuple[str, str]:
    """The address that packets carry, and the device that a scope names. Raises OSError EINVAL, EAFNOSUPPORT."""
    bare, _, scope = (ip or ANY[family]).partition("%")
    try:
        address = ip_address(bare)
    except ValueError:
        raise error(errno.EINVAL) from None
    if address.version == 6:
        if family == "inet":
            raise error(errno.EAFNOSUPPORT)
        mapped = getattr(address, "ipv4_mapped", None)
        return (str(mapped) if mapped else str(address)), scope
    return str(address), scope


def shown(ip: str, family: str) -> str:
    """An address of the wire as a socket of this family names it (getsockname, getpeername)."""
    return MAPPED + ip if family == "inet6" and ":" not in ip else ip
