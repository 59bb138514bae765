"""How the kernel's log describes a packet: nf_log_syslog.c. `IN=docker0 OUT=eth0 MAC=... SRC=... PROTO=TCP ...`"""

from __future__ import annotations

from collections.abc import Callable

from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.packet import ETH_IP, ETH_IPV6, FLAGS, IPV4_HEADER, Icmp, Packet, Tcp, Udp

TOS_BITS, PRECEDENCE_BITS = 0x1E, 0xE0
TCP_HEADER, UDP_HEADER = 20, 8  # bytes
FRAGMENTATION_NEEDED = (3, 4)

Flags = frozenset[str]


def log_line(skb: Skb, flags: Flags) -> str:
    """The text behind the prefix, with the space that the kernel leaves at its end."""
    words = [
        f"IN={skb.device_in.name if skb.device_in else ''}",
        f"OUT={skb.device_out.name if skb.device_out else ''}",
    ]
    if skb.physdev_in:
        words.append(f"PHYSIN={skb.physdev_in.name}")
    if skb.physdev_out:
        words.append(f"PHYSOUT={skb.physdev_out.name}")
    if skb.device_in:
        words.append(_mac(skb, flags))
    words += _packet(skb.packet, flags)
    if "uid" in flags and skb.uid is not None:
        words += [f"UID={skb.uid}", f"GID={skb.gid or 0}"]
    if skb.mark:
        words.append(f"MARK={skb.mark:#x}")
    return " ".join([*words, ""])


def _mac(skb: Skb, flags: Flags) -> str:
    frame = skb.frame
    kind = ETH_IP if skb.packet.version == 4 else ETH_IPV6
    if frame is None:
        return "MAC="
    if "macdecode" in flags:
        return f"MACSRC={frame.src} MACDST={frame.dst} MACPROTO={kind:04x}"
    return f"MAC={frame.dst}:{frame.src}:{kind >> 8:02x}:{kind & 0xFF:02x}"


def _packet(packet: Packet, flags: Flags) -> list[str]:
    words = [f"SRC={packet.src}", f"DST={packet.dst}", f"LEN={packet.length}"]
    if packet.version == 4:
        words += [f"TOS=0x{packet.tos & TOS_BITS:02X}", f"PREC=0x{packet.tos & PRECEDENCE_BITS:02X}"]
        words += [f"TTL={packet.ttl}", f"ID={packet.ident}"]
    else:
        words += [f"TC={packet.tos}", f"HOPLIMIT={packet.ttl}", "FLOWLBL=0"]
    words += ["DF"] if packet.df else []
    words += ["MF"] if packet.mf else []
    words += [f"FRAG:{packet.offset // 8}"] if packet.offset else []
    describe = _DESCRIBE.get(type(packet.l4))
    return words + (describe(packet, flags) if describe else [f"PROTO={packet.proto}"])


def _tcp(packet: Packet, flags: Flags) -> list[str]:
    segment = packet.l4
    assert isinstance(segment, Tcp)
    words = ["PROTO=TCP", f"SPT={segment.sport}", f"DPT={segment.dport}"]
    if "tcp-sequence" in flags:
        words += [f"SEQ={segment.seq}", f"ACK={segment.ack}"]
    words += [f"WINDOW={segment.window}", "RES=0x00"]
    words += [name for name in reversed(FLAGS) if segment.flags & FLAGS[name]]
    words.append("URGP=0")
    options = packet.bytes()[IPV4_HEADER + TCP_HEADER : packet.length - len(segment.data)]
    if "tcp-options" in flags and options:
        words.append(f"OPT ({options.hex().upper()})")
    return words


def _udp(packet: Packet, flags: Flags) -> list[str]:
    datagram = packet.l4
    assert isinstance(datagram, Udp)
    length = UDP_HEADER + len(datagram.data)
    return ["PROTO=UDP", f"SPT={datagram.sport}", f"DPT={datagram.dport}", f"LEN={length}"]


def _icmp(packet: Packet, flags: Flags) -> list[str]:
    message = packet.l4
    assert isinstance(message, Icmp)
    words = [f"PROTO={'ICMP' if packet.version == 4 else 'ICMPv6'}", f"TYPE={message.type}", f"CODE={message.code}"]
    if message.about is None:
        return [*words, f"ID={message.ident}", f"SEQ={message.seq}"]
    words.append(f"[{' '.join(_packet(message.about, flags - {'uid'}))} ]")
    if (message.type, message.code) == FRAGMENTATION_NEEDED:
        words.append(f"MTU={message.mtu}")
    return words


_DESCRIBE: dict[type, Callable[[Packet, Flags], list[str]]] = {Tcp: _tcp, Udp: _udp, Icmp: _icmp}
