"""ICMP and ICMPv6 messages as text: print-icmp.c, print-icmp6.c, print-igmp.c."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from simulator.kernel.packet import (
    NEIGHBOUR_ADVERTISEMENT,
    NEIGHBOUR_SOLICITATION,
    PROTO_TCP,
    PROTO_UDP,
    TIME_EXCEEDED,
    UNREACHABLE,
    Discovery,
    Fragment,
    GroupReport,
    Icmp,
    Packet,
)

if TYPE_CHECKING:
    from simulator.userland.tcpdump.printer import Printer

# The codes of "unreachable"; {host} is the destination of the packet that the message is about.
UNREACHABLE_TEXTS = {
    0: "net {host} unreachable",
    1: "host {host} unreachable",
    4: "{host} unreachable - need to frag (mtu {mtu})",
    5: "{host} unreachable - source route failed",
    6: "net {host} unreachable - unknown",
    7: "host {host} unreachable - unknown",
    9: "net {host} unreachable - admin prohibited",
    10: "host {host} unreachable - admin prohibited",
    13: "host {host} unreachable - admin prohibited filter",
}
UNREACHABLE6_TEXTS = {
    0: "unreachable route {host}",
    1: "unreachable prohibited {host}",
    2: "beyond scope {host}, source address {source}",
    3: "unreachable address {host}",
}
RECORD_TYPES = {1: "is_in", 2: "is_ex", 3: "to_in", 4: "to_ex", 5: "allow", 6: "block"}


def message(printer: Printer, packet: Packet) -> str:
    """An echo or an error."""
    body = packet.l4.whole.l4 if isinstance(packet.l4, Fragment) else packet.l4
    assert isinstance(body, Icmp)
    six = packet.version == 6
    length = packet.length - (40 if six else 20)
    text = _echo(body, six=six) if body.about is None else _error(printer, body, body.about, six=six)
    name = "ICMP6, " if six else "ICMP "
    sum_ok = "[icmp6 sum ok] " if six and printer.style.verbose else ""
    tail = "" if six and printer.style.verbose else f", length {length}"
    line = f"{printer.names.host(packet.src)} > {printer.names.host(packet.dst)}: {sum_ok}{name}{text}{tail}"
    if body.about is not None and printer.style.verbose and not six:
        return f"{line}\n\tIP {printer.packet(body.about)}"
    return line


def _echo(body: Icmp, *, six: bool) -> str:
    kind = "request" if body.is_echo_request else "reply" if body.is_echo_reply else ""
    if not kind:
        return f"{'unknown icmp6 type ' if six else 'type-#'}{body.type}"
    return f"echo {kind}, id {body.ident}, seq {body.seq}"


def _error(printer: Printer, body: Icmp, about: Packet, *, six: bool) -> str:
    host, source = printer.names.host(about.dst), printer.names.host(about.src)
    port = f" port {_port(printer, about)} unreachable" if about.dport is not None else ""
    kind = {PROTO_TCP: "tcp", PROTO_UDP: "udp"}.get(about.proto, f"protocol {about.proto}")
    if six:
        if body.type == 1 and body.code == 4:
            return f"destination unreachable, unreachable port, {host} {kind}{port.removesuffix(' unreachable')}"
        if body.type == 1:
            text = UNREACHABLE6_TEXTS.get(body.code, "unknown unreach code ({code})")
            return "destination unreachable, " + text.format(host=host, source=source, code=body.code)
        return f"packet too big, mtu {body.mtu}" if body.type == 2 else f"time exceeded in-transit for {host}"
    if body.type == UNREACHABLE:
        if body.code == 3:
            return f"{host} {kind}{port}"
        if body.code == 2:
            return f"{host} protocol {about.proto} unreachable"
        text = UNREACHABLE_TEXTS.get(body.code, "{host} unreachable - #{code}")
        return text.format(host=host, mtu=body.mtu, code=body.code)
    if body.type == TIME_EXCEEDED:
        return "time exceeded in-transit" if body.code == 0 else "ip reassembly time exceeded"
    return f"type-#{body.type}"


def _port(printer: Printer, about: Packet) -> str:
    return printer.names.port(about.dport or 0, "tcp" if about.proto == PROTO_TCP else "udp")


def discovery(printer: Printer, packet: Packet) -> str:
    """Neighbour discovery."""
    body = packet.l4
    assert isinstance(body, Discovery)
    length, verbose = packet.length - 40, printer.style.verbose
    ends = f"{printer.names.host(packet.src)} > {printer.names.host(packet.dst)}: "
    early, late = (f", length {length}", "") if verbose else ("", f", length {length}")
    sum_ok = "[icmp6 sum ok] " if verbose else ""
    if body.type == NEIGHBOUR_SOLICITATION:
        text = f"neighbor solicitation{early}, who has {body.target}"
    elif body.type == NEIGHBOUR_ADVERTISEMENT:
        flags = ", ".join(word for word, on in (("solicited", body.solicited), ("override", body.override)) if on)
        text = f"neighbor advertisement{early}, tgt is {body.target}"
        text += f", Flags [{flags or 'none'}]" if verbose else ""
    else:
        text = f"router solicitation{early}"
    return f"{ends}{sum_ok}ICMP6, {text}{late}{_options(body) if verbose else ''}"


def _options(body: Discovery) -> str:
    text = ""
    if body.mac:
        name, number = ("destination", 2) if body.type == NEIGHBOUR_ADVERTISEMENT else ("source", 1)
        text += f"\n\t  {name} link-address option ({number}), length 8 (1): {body.mac}"
    if body.nonce:
        text += "\n\t  nonce option (14), length 8 (1):  " + body.nonce.hex()
    return text


def records(report: GroupReport, *, six: bool) -> str:
    """The groups of a report, for -v."""
    end = "{ }" if six else "0 source(s)"
    between = "" if six else ","
    return "".join(
        f" [gaddr {ip_address(group)} {RECORD_TYPES.get(kind, kind)}{between} {end}]" for kind, group in report.records
    )
