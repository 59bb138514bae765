"""TCP segments as text: print-tcp.c; and the first lines of HTTP: print-http.c, signature.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.packet import Flag, Packet, Tcp, TcpOptions
from simulator.userland.tcpdump.checksum import checksum_text

if TYPE_CHECKING:
    from simulator.userland.tcpdump.printer import Printer

HTTP_PORTS = (80, 8080, 3128)
FLAGS = (
    (Flag.FIN, "F"), (Flag.SYN, "S"), (Flag.RST, "R"), (Flag.PSH, "P"), (Flag.ACK, "."), (Flag.URG, "U"),
    (Flag.ECE, "E"), (Flag.CWR, "W"),
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH")
MODULUS = 1 << 32

End = tuple[str, int]


class Conversations:
    """Where the streams of each conversation begin, as far as it was seen."""

    def __init__(self, *, absolute: bool) -> None:
        self._absolute = absolute
        self._first: dict[tuple[End, End], tuple[int, int]] = {}

    def relative(self, packet: Packet, segment: Tcp) -> tuple[int, int]:
        """Sequence and acknowledgement number as they are shown."""
        if self._absolute or not segment.flags & Flag.ACK:
            return segment.seq, segment.ack
        here, there = (packet.src, segment.sport), (packet.dst, segment.dport)
        turned = here > there
        key = (there, here) if turned else (here, there)
        own, other = segment.seq, (segment.ack - 1) % MODULUS
        if key not in self._first or segment.flags & Flag.SYN:
            self._first[key] = (other, own) if turned else (own, other)
            return segment.seq, segment.ack
        first = self._first[key]
        mine, theirs = (first[1], first[0]) if turned else first
        return (segment.seq - mine) % MODULUS, (segment.ack - theirs) % MODULUS


def segment(printer: Printer, packet: Packet) -> str:
    """One segment."""
    tcp = packet.l4
    assert isinstance(tcp, Tcp)
    host, port = printer.names.host, printer.names.port
    source = f"{host(packet.src)}.{port(tcp.sport, 'tcp')}"
    ends = f"{source} > {host(packet.dst)}.{port(tcp.dport, 'tcp')}: "
    if printer.style.quiet:
        return f"{ends}tcp {len(tcp.data)}"
    return ends + ", ".join(_parts(printer, packet, tcp)) + _payload(printer, tcp)


def _parts(printer: Printer, packet: Packet, tcp: Tcp) -> list[str]:
    verbose = printer.style.verbose
    seq, ack = printer.conversations.relative(packet, tcp)
    parts = [f"Flags [{flags_text(tcp.flags)}]"]
    if verbose:
        parts.append(f"cksum {checksum_text(packet)}")
    if verbose > 1 or tcp.data or tcp.flags & (Flag.SYN | Flag.FIN | Flag.RST):
        end = f":{(seq + len(tcp.data)) % MODULUS}" if tcp.data else ""
        parts.append(f"seq {seq}{end}")
    if tcp.flags & Flag.ACK:
        parts.append(f"ack {ack}")
    parts.append(f"win {tcp.window}")
    options = options_text(tcp.options)
    if options:
        parts.append(f"options [{options}]")
    parts.append(f"length {len(tcp.data)}")
    return parts


def flags_text(flags: int) -> str:
    return "".join(mark for flag, mark in FLAGS if flags & flag) or "none"


def options_text(options: TcpOptions) -> str:
    """The options in the order in which Linux writes them."""
    words = [] if options.mss is None else [f"mss {options.mss}"]
    if options.timestamp is not None:
        words += ["sackOK"] if options.sack_ok else ["nop", "nop"]
        words.append("TS val {} ecr {}".format(*options.timestamp))
    elif options.sack_ok:
        words += ["nop", "nop", "sackOK"]
    if options.window_scale is not None:
        words += ["nop", f"wscale {options.window_scale}"]
    return ",".join(words)


def _payload(printer: Printer, tcp: Tcp) -> str:
    """What the data says, if it goes to or comes from a web server."""
    if not tcp.data or not {tcp.sport, tcp.dport} & set(HTTP_PORTS):
        return ""
    text = tcp.data.decode("latin-1")
    first = text.partition("\r\n")[0]
    if not _is_http(first):
        return ": HTTP"
    if not printer.style.verbose:
        return f": HTTP: {first}"
    lines = text.split("\r\n")
    shown = "".join(f"\n\t{line}" for line in lines[: lines.index("") + 1] if line.isprintable())
    return f": HTTP, length: {len(tcp.data)}{shown}"


def _is_http(line: str) -> bool:
    return line.startswith("HTTP/") or line.partition(" ")[0] in METHODS
