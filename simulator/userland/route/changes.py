"""route add and del: what the words mean, by the ioctls SIOCADDRT and SIOCDELRT (net/ipv4/fib_frontend.c)."""

from __future__ import annotations

import errno
from collections.abc import Callable
from ipaddress import IPv4Address, ip_interface, ip_network

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.errors import error
from simulator.kernel.process import Process
from simulator.userland.ip.route_changes import Twin, add, remove
from simulator.userland.ip.route_wanted import Wanted
from simulator.userland.netdevice import classful_prefix, netmask, prefix_of, require_admin
from simulator.userland.resolver import Unresolved, inet_aton, resolve


class Misused(Exception):
    """The words make no route; the text is what is wrong, if it can be said."""


class UnknownHost(Exception):
    """A name that nobody knows."""


class Words(Struct):
    """What the command line says of a route."""

    target: str = ""
    kind: str = ""  # net, host, or "" for what fits
    mask: str = ""
    gateway: str = ""
    metric: int | None = None
    device: str = ""
    rejects: bool = False


def read_words(words: list[str]) -> Words:
    """Raises Misused."""
    found, rest = Words(), list(words)
    if rest and rest[0] in ("-net", "-host"):
        found.kind = rest.pop(0)[1:]
    if not rest:
        raise Misused
    found.target = rest.pop(0)
    while rest:
        word = rest.pop(0)
        if word == "reject":
            found.rejects = True
        elif word in ("mod", "dyn", "reinstate"):
            continue
        elif word in _WITH_ARGUMENT:
            if not rest:
                raise Misused
            _WITH_ARGUMENT[word](found, rest.pop(0))
        elif not found.device:
            found.device = word
        else:
            raise Misused
    return found


def _metric(found: Words, text: str) -> None:
    if not text.isdigit():
        raise Misused
    found.metric = int(text)


_WITH_ARGUMENT: dict[str, Callable[[Words, str], None]] = {
    "netmask": lambda found, text: setattr(found, "mask", text),
    "gw": lambda found, text: setattr(found, "gateway", text),
    "gateway": lambda found, text: setattr(found, "gateway", text),
    "dev": lambda found, text: setattr(found, "device", text),
    "device": lambda found, text: setattr(found, "device", text),
    "metric": _metric,
    "mss": lambda found, text: None,
    "window": lambda found, text: None,
    "irtt": lambda found, text: None,
}


def change(process: Process, found: Words, *, deleting: bool) -> Steps:
    """Adds or deletes the route. Raises OSError as the ioctl does, Misused, UnknownHost, Twin."""
    wanted = yield from _wanted(process, found)
    require_admin(process)
    if wanted.device:
        process.netns.device(wanted.device)
    if deleting:
        remove(process.netns, wanted)
    else:
        add(process.netns, wanted)


def _wanted(process: Process, found: Words) -> Steps:
    address, _, length = found.target.partition("/")
    if found.target == "default":
        address, prefix = "0.0.0.0", 0
    else:
        address = yield from _address(process, address)
        prefix = _prefix(found, address, length)
    if found.kind == "host" and prefix < 32:
        raise Misused(f"netmask {_as_stored(prefix)} doesn't make sense with host route")
    if ip_interface(f"{address}/{prefix}").network.network_address != ip_interface(address).ip:
        if length or found.mask:
            raise Misused("netmask doesn't match route address")
        raise error(errno.EINVAL)
    wanted = Wanted(ip_network(f"{address}/{prefix}"), device=found.device, metric=found.metric, family=4)
    if found.gateway:
        wanted.gateway = yield from _address(process, found.gateway)
    if found.rejects:
        wanted.kind, wanted.scope = "unreachable", "host"
    return wanted


def _as_stored(prefix: int) -> str:
    """A mask in hexadecimal as the bytes stand in a little-endian machine."""
    return f"{int.from_bytes(IPv4Address(netmask(prefix)).packed, 'little'):08x}"


def _prefix(found: Words, address: str, length: str) -> int:
    """The length of the target's prefix: said, of its class for -net, of a host for the rest."""
    if length:
        if not length.isdigit() or int(length) > 32:
            raise Misused
        return int(length)
    if found.mask:
        prefix = prefix_of(found.mask)
        if inet_aton(found.mask) is None:
            raise UnknownHost(found.mask)
        if prefix is None:
            raise Misused(f"bogus netmask {found.mask}")
        return prefix
    return classful_prefix(address) if found.kind == "net" else 32


def _address(process: Process, text: str) -> Steps:
    number = inet_aton(text)
    if number is not None:
        return number
    try:
        return (yield from resolve(process, text, "inet"))[0]
    except Unresolved:
        raise UnknownHost(text) from None


__all__ = ["Misused", "Twin", "UnknownHost", "Words", "change", "read_words"]
