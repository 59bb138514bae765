"""Packets in a few words, much as tcpdump says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.kernel.packet.headers import Discovery, Flag, Fragment, GroupReport, Icmp, Raw, Tcp, Udp

if TYPE_CHECKING:
    from simulator.kernel.packet.values import Packet


def endpoint(address: str, port: int | None) -> str:
    """An address, with its port as tcpdump joins them."""
    return address if port is None else f"{address}.{port}"


def describe(packet: Packet) -> str:
    """What a packet carries, in a few words."""
    return _DESCRIBE[type(packet.l4)](packet)


def _describe_icmp(packet: Packet) -> str:
    message = packet.l4
    assert isinstance(message, Icmp)
    if message.is_echo_request or message.is_echo_reply:
        kind = "request" if message.is_echo_request else "reply"
        return f"ICMP echo {kind}, id {message.ident}, seq {message.seq}, length {8 + len(message.data)}"
    return f"ICMP type {message.type} code {message.code} about {message.about}"


def flags_text(flags: int) -> str:
    """Flags as tcpdump writes them: S, S., P., F., R ..."""
    marks = [(Flag.SYN, "S"), (Flag.FIN, "F"), (Flag.RST, "R"), (Flag.PSH, "P"), (Flag.ACK, "."), (Flag.URG, "U")]
    return "".join(mark for flag, mark in marks if flags & flag) or "none"


def _describe_tcp(packet: Packet) -> str:
    segment = packet.l4
    assert isinstance(segment, Tcp)
    return f"TCP [{flags_text(segment.flags)}] seq {segment.seq} ack {segment.ack} length {len(segment.data)}"


def _describe_size(packet: Packet) -> str:
    body = packet.l4
    size = len(body.data) if isinstance(body, Udp | Raw | Fragment) else packet.length
    return f"{_NAMES.get(type(body), 'data')}, length {size}"


_NAMES = {Udp: "UDP", Raw: "data", Fragment: "fragment", Discovery: "neighbour discovery", GroupReport: "group report"}
_DESCRIBE: dict[type, Callable[[Packet], str]] = {
    Icmp: _describe_icmp,
    Tcp: _describe_tcp,
    Udp: _describe_size,
    Raw: _describe_size,
    Fragment: _describe_size,
    Discovery: _describe_size,
    GroupReport: _describe_size,
}
