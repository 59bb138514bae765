"""Whom iputils' ping asks, and from where: the name's address, the road to it, -I (ping4_run, ping6_run)."""

from __future__ import annotations

import errno

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.ping.iputils_options import Bad, Settings
from simulator.userland.resolver import EAI_NODATA, EAI_NONAME, Unresolved, hosts, numeric, resolve, reverse

PROBE_PORT = 1025  # the UDP port that the road is tried with; nothing is sent
_WRONG_FAMILY = "Address family for hostname not supported"
_BROADCAST = "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules"
_IPV4_HEADER = 20


class Target(Struct):
    """The host that is asked. `name` as the headline and the score have it."""

    name: str
    address: str
    source: str
    device: str = ""  # -I DEVICE
    bound: bool = False  # -I ADDRESS
    numeric: bool = False
    shown: str = ""  # the address, with its name before it if IPv6 is asked by one
    way_out: str = ""

    def headline(self, settings: Settings) -> str:
        """PING a1 (172.17.0.2) 56(84) bytes of data."""
        own = f" from {self.source} {self.device}:" if settings.source or settings.sticky else ""
        if ":" in self.address:
            return f"PING {self.name}({self.shown}){own} {settings.size} data bytes"
        whole = settings.size + 8 + _IPV4_HEADER
        return f"PING {self.name} ({self.address}){own} {settings.size}({whole}) bytes of data."


def find_target(process: Process, settings: Settings) -> Steps:
    """Resolves and routes. Raises Bad."""
    address = yield from _resolve(process, settings)
    own = numeric(settings.source) if settings.source else None
    target = Target(settings.host, address, own or "", bound=own is not None)
    if settings.source and own is None:
        target.device = settings.source
    target.numeric = settings.numeric or numeric(settings.host) is not None
    target.name = _canonical(process, settings, address)
    if settings.verbose:
        _tell_sockets(process, settings, target)
    _probe(process, settings, target)
    if ":" in address:
        name = None if target.numeric else (yield from reverse(process, target.address))
        target.shown = f"{name} ({target.address})" if name else target.address
    return target


def _resolve(process: Process, settings: Settings) -> Steps:
    try:
        return (yield from resolve(process, settings.host, settings.family))[0]
    except Unresolved as unknown:
        has_another = unknown.errno == EAI_NODATA and settings.family != "any"
        is_another = unknown.errno == EAI_NONAME and numeric(settings.host) is not None
        text = _WRONG_FAMILY if has_another or is_another else unknown.strerror
        raise Bad(f"ping: {settings.host}: {text}") from None


def _canonical(process: Process, settings: Settings, address: str) -> str:
    """The name that getaddrinfo gives back (AI_CANONNAME): for one of /etc/hosts, the first of its line."""
    if numeric(settings.host) is not None:
        return settings.host
    lines = [(ip, names) for ip, names in hosts(process) if settings.host in names]
    if settings.family == "inet" and len(lines) > 1 and any(":" in ip for ip, _ in lines):
        return ""  # glibc 2.36 loses it where IPv6 has the name too
    return next((names[0] for ip, names in lines if ip == address), settings.host)


def _tell_sockets(process: Process, settings: Settings, target: Target) -> None:
    families = {"any": "AF_UNSPEC", "inet": "AF_INET", "inet6": "AF_INET6"}
    sockets = "sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: 4 (socktype: SOCK_RAW)"
    process.error(f"ping: {sockets}, hints.ai_family: {families[settings.family]}\n")
    family = "AF_INET6" if ":" in target.address else "AF_INET"
    process.error(f"ai->ai_family: {family}, ai->ai_canonname: '{target.name}'")


def _probe(process: Process, settings: Settings, target: Target) -> None:
    """Connects a UDP socket to learn the source address, or why there is no road. Raises Bad."""
    socket = process.socket("inet6" if ":" in target.address else "inet", "dgram")
    try:
        _set_source(socket, target)
        if settings.broadcast:
            socket.set("broadcast", True)
            if process.netns.fib.kind_of(target.address) == "broadcast":
                process.error("WARNING: pinging broadcast address")
        try:
            socket.connect(target.address, PROBE_PORT)
        except OSError as refusal:
            if refusal.errno == errno.EACCES:
                raise Bad(_BROADCAST) from None
            raise Bad(f"{settings.connect}: {strerror(refusal.errno or 0)}") from None
        target.source = target.source or socket.local[0]
        if target.address in ("0.0.0.0", "::"):
            target.address = socket.peer[0]
    finally:
        socket.close()
    if settings.ttl == 0:
        raise Bad("ping: cannot set unicast time-to-live: Invalid argument")
    _find_way_out(process, target)


def _set_source(socket: object, target: Target) -> None:
    try:
        if target.device:
            socket.set("device", target.device)  # type: ignore[attr-defined]
    except OSError as refusal:
        text = strerror(refusal.errno or 0)
        raise Bad(f"ping: SO_BINDTODEVICE {target.device}: {text}") from None
    try:
        if target.bound:
            socket.bind(target.source, 0)  # type: ignore[attr-defined]
    except OSError as refusal:
        raise Bad(f"ping: bind: {strerror(refusal.errno or 0)}") from None


def _find_way_out(process: Process, target: Target) -> None:
    """The device that requests leave by; link-local addresses are told apart by it."""
    netns = process.netns
    if target.device:
        target.way_out = target.device
        own = netns.device(target.device)
        if ":" in target.address:
            target.source = "::"  # it does not look for one (ping6_run)
        if all(address.ip != target.source for address in own.addresses):
            process.error(f"ping: Warning: source address might be selected on device other than: {target.device}")
        return
    route = netns.fib.lookup(target.address.partition("%")[0])
    target.way_out = route.device.name if route.device else ""
