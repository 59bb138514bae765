"""UDP datagrams and DNS messages as text: print-udp.c, print-domain.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.dns_message import Message, Rcode, Record, Type, from_bytes
from simulator.kernel.packet import Fragment, Packet, Udp
from simulator.userland.tcpdump.checksum import checksum_text

if TYPE_CHECKING:
    from simulator.userland.tcpdump.printer import Printer

DNS_PORT = 53
RCODES: dict[int, str] = {
    Rcode.FORMERR: " FormErr", Rcode.SERVFAIL: " ServFail", Rcode.NXDOMAIN: " NXDomain", Rcode.NOTIMP: " NotImp",
    Rcode.REFUSED: " Refused",
}  # fmt: skip


def datagram(printer: Printer, packet: Packet) -> str:
    """One datagram, or the first fragment of one."""
    body = packet.l4.whole.l4 if isinstance(packet.l4, Fragment) else packet.l4
    assert isinstance(body, Udp)
    host, port = printer.names.host, printer.names.port
    source = f"{host(packet.src)}.{port(body.sport, 'udp')}"
    ends = f"{source} > {host(packet.dst)}.{port(body.dport, 'udp')}: "
    if printer.style.verbose > 1 and not isinstance(packet.l4, Fragment):
        ends += "[udp sum ok] " if "(correct)" in checksum_text(packet) else "[bad udp cksum] "
    if DNS_PORT in (body.sport, body.dport) and not printer.style.quiet:
        try:
            return ends + dns_text(from_bytes(body.data), len(body.data), verbose=printer.style.verbose)
        except ValueError:
            pass
    return f"{ends}UDP, length {len(body.data)}"


def dns_text(message: Message, length: int, *, verbose: int) -> str:
    """A question (20430+ A? outside.test. (30)) or an answer (20430 1/0/0 A 10.0.2.2 (46))."""
    if not message.response:
        marks = "+" if message.recursion_desired else ""
        asked = "".join(f" {type_name(question.type)}? {_dotted(question.name)}" for question in message.questions)
        extra = f" [{len(message.additionals)}au]" if message.additionals else ""
        return f"{message.ident}{marks}{extra}{asked} ({length})"
    marks = ("*" if message.authoritative else "") + ("" if message.recursion_available else "-")
    marks += "|" if message.truncated else ""
    asked = ""
    if verbose > 1:
        asked = " q:" + "".join(f" {type_name(each.type)}? {_dotted(each.name)}" for each in message.questions)
    counts = f"{len(message.answers)}/{len(message.authorities)}/{len(message.additionals)}"
    answers = ",".join(record_text(record, verbose=verbose) for record in message.answers)
    return f"{message.ident}{RCODES.get(message.rcode, '')}{marks}{asked} {counts}{answers} ({length})"


def record_text(record: Record, *, verbose: int) -> str:
    name = f" {_dotted(record.name)}" if verbose else ""
    lifetime = f" [{_lifetime(record.ttl)}]" if verbose > 1 else ""
    data = _dotted(record.data) if record.type in (Type.PTR, Type.CNAME, Type.NS) else record.data
    return f"{name}{lifetime} {type_name(record.type)} {data}"


def type_name(kind: int) -> str:
    return Type(kind).name if kind in Type.__members__.values() else f"Type{kind}"


def _lifetime(seconds: int) -> str:
    """60 as 1m, 90 as 1m30s (unsigned_relts_print)."""
    text = ""
    for letter, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        count, seconds = divmod(seconds, size)
        text += f"{count}{letter}" if count else ""
    return text + (f"{seconds}s" if seconds or not text else "")


def _dotted(name: str) -> str:
    return name if name.endswith(".") else name + "."
