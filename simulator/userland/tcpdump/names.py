"""How tcpdump writes addresses and ports: numbers with -n, else the names of /etc/hosts, DNS and /etc/services."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.clock import Steps
from simulator.kernel.packet import BROADCAST_MAC, Arp, Fragment, Frame, Icmp, Packet
from simulator.kernel.process import Process
from simulator.userland.resolver import reverse


class Names:
    """The names that have been found so far."""

    def __init__(self, process: Process, *, numeric: bool) -> None:
        self._process, self.numeric = process, numeric
        self._hosts: dict[str, str] = {}
        self.services = services(process)
        self._ports = {(number, proto): name for (name, proto), number in self.services.items()}

    def find(self, frame: Frame) -> Steps:
        """Looks up the names of all addresses of a frame."""
        if self.numeric:
            return
        for address in addresses(frame):
            if address not in self._hosts:
                self._hosts[address] = (yield from reverse(self._process, address)) or address

    def host(self, address: str) -> str:
        return address if self.numeric else self._hosts.get(address, address)

    def port(self, number: int, proto: str) -> str:
        return str(number) if self.numeric else self._ports.get((number, proto), str(number))

    def mac(self, address: str) -> str:
        if self.numeric:
            return address
        return "Broadcast" if address == BROADCAST_MAC else f"{address} (oui Unknown)"


def addresses(frame: Frame) -> Iterable[str]:
    """The addresses that a line about a frame shows."""
    payload = frame.payload
    if isinstance(payload, Arp):
        return (payload.psrc, payload.pdst)
    return _of_packet(payload)


def _of_packet(packet: Packet) -> tuple[str, ...]:
    own = (packet.src, packet.dst)
    body = packet.l4.whole.l4 if isinstance(packet.l4, Fragment) else packet.l4
    about = body.about if isinstance(body, Icmp) else None
    return own + _of_packet(about) if about else own


def services(process: Process) -> dict[tuple[str, str], int]:
    """/etc/services: the port of each (name, protocol)."""
    try:
        text = process.disk.read("/etc/services", process).decode("utf-8", "replace")
    except OSError:
        return {}
    found: dict[tuple[str, str], int] = {}
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1:
            number, _, proto = words[1].partition("/")
            if number.isdigit():
                for name in (words[0], *words[2:]):
                    found.setdefault((name, proto), int(number))
    return found
