"""The files of /proc/net, in the kernel's own layout: dev, route, arp, if_inet6, tcp, udp, nf_conntrack. See proc(5)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import TYPE_CHECKING

from simulator.kernel.neighbour import Nud

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.socket import Row

_DEVICES = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier "
    "compressed\n"
)
_ROUTES = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"
_NEIGHBOURS = "IP address       HW type     Flags       HW address            Mask     Device\n"
_SOCKETS = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
_SOCKETS6 = (
    "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when "
    "retrnsmt   uid  timeout inode"
)
_SOCKET_WIDTH, _ROUTE_WIDTH = 149, 127  # columns that every line is filled to

RTF_UP, RTF_GATEWAY, RTF_HOST = 1, 2, 4
_SCOPES = {"global": 0x00, "link": 0x20, "host": 0x10}
_PERMANENT, _TENTATIVE = 0x80, 0x40

# The numbers of TCP's states in include/net/tcp_states.h, by netstat's names.
_STATES = {
    "ESTABLISHED": 1, "SYN_SENT": 2, "SYN_RECV": 3, "FIN_WAIT1": 4, "FIN_WAIT2": 5, "TIME_WAIT": 6, "CLOSE": 7,
    "CLOSE_WAIT": 8, "LAST_ACK": 9, "LISTEN": 10, "CLOSING": 11,
}  # fmt: skip


def devices(netns: NetNamespace) -> str:
    return _DEVICES + "".join(
        f"{device.name:>6}: {c.rx_bytes:7d} {c.rx_packets:7d} {c.rx_errors:4d} {c.rx_dropped:4d} {c.rx_overruns:4d} "
        f"{c.rx_frame:5d} {0:10d} {c.multicast:9d} {c.tx_bytes:8d} {c.tx_packets:7d} {c.tx_errors:4d} "
        f"{c.tx_dropped:4d} {c.tx_overruns:4d} {c.collisions:5d} {c.tx_carrier:7d} {0:10d}\n"
        for device in netns.listed()
        for c in (device.counters,)
    )


def routes(netns: NetNamespace) -> str:
    lines = [_ROUTES]
    for route in netns.fib.routes():
        network, device = route.destination, route.device
        if not isinstance(network, IPv4Network) or device is None:
            continue
        flags = RTF_UP | (RTF_GATEWAY if route.gateway else 0) | (RTF_HOST if network.prefixlen == 32 else 0)
        gateway = _hex4(route.gateway or "0.0.0.0")
        numbers = f"{flags:04X}\t0\t0\t{route.metric}\t{_hex4(str(network.netmask))}\t0\t0\t0"
        lines.append(f"{device.name}\t{_hex4(str(network.network_address))}\t{gateway}\t{numbers}")
    return "".join(f"{line:<{_ROUTE_WIDTH}}\n" for line in lines)


def _hex4(address: str) -> str:
    """An IPv4 address as the kernel prints it: the bytes turned round."""
    return IPv4Address(address).packed[::-1].hex().upper()


def neighbours(netns: NetNamespace) -> str:
    text = _NEIGHBOURS
    for entry in netns.neighbours.listed():
        if ":" in entry.address:
            continue
        known = entry.state not in (Nud.INCOMPLETE, Nud.FAILED)
        flags = (0x6 if entry.state is Nud.PERMANENT else 0x2) if known else 0
        mac = entry.mac if known and entry.mac else "00:00:00:00:00:00"
        text += f"{entry.address:<16} {'0x1':<11} {f'0x{flags:x}':<11} {mac:<21} {'*':<8} {entry.device.name}\n"
    return text


def addresses6(netns: NetNamespace) -> str:
    text = ""
    for device in netns.listed():
        for address in device.addresses:
            if address.version == 6:
                flags = _TENTATIVE if address.tentative else _PERMANENT
                digits = IPv6Address(address.ip).packed.hex()
                scope = _SCOPES.get(address.scope, 0)
                text += f"{digits} {device.ifindex:02x} {address.prefix:02x} {scope:02x} {flags:02x} {device.name:>8}\n"
    return text


def sockets(proto: str, family: str) -> Callable[[NetNamespace], str]:
    """The table of one protocol and family."""

    def table(netns: NetNamespace) -> str:
        rows = [row for row in netns.sockets.list() if row.proto == proto and row.family == family]
        lines = [_socket(number, row) for number, row in enumerate(rows)]
        if family == "inet6":
            return "".join(f"{line}\n" for line in [_SOCKETS6, *lines])
        return "".join(f"{line:<{_SOCKET_WIDTH}}\n" for line in [_SOCKETS, *lines])

    return table


def _socket(number: int, row: Row) -> str:
    local, peer = (f"{_hex(ip, row.family)}:{port:04X}" for ip, port in (row.local, row.peer))
    state = _STATES.get(row.state, 7)
    queues = f"{row.send_q:08X}:{row.recv_q:08X} 00:00000000 00000000"
    return f"{number:4d}: {local} {peer} {state:02X} {queues} {row.uid:5d}        0 {row.inode}"


def _hex(address: str, family: str) -> str:
    if family == "inet":
        return _hex4(address or "0.0.0.0")
    packed = IPv6Address(address or "::").packed
    return "".join(packed[start : start + 4][::-1].hex().upper() for start in range(0, 16, 4))


def connections(netns: NetNamespace) -> str:
    now = int(netns.clock.now)
    entries = netns.netfilter.conntrack.entries()
    return "".join(f"{entry.family} {entry.line(now)} zone=0 use=2\n" for entry in entries)


FILES: dict[str, Callable[[NetNamespace], str]] = {
    "arp": neighbours,
    "dev": devices,
    "if_inet6": addresses6,
    "nf_conntrack": connections,
    "route": routes,
    "tcp": sockets("tcp", "inet"),
    "tcp6": sockets("tcp", "inet6"),
    "udp": sockets("udp", "inet"),
    "udp6": sockets("udp", "inet6"),
}
PRIVATE = {"nf_conntrack"}  # files that not everybody may read
