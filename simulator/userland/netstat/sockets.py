"""What both flavours show of sockets: which, and their addresses."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.socket import Row
from simulator.userland.resolver import reverse
from simulator.userland.services import names

LISTENING = ("LISTEN",)
PROTOCOLS = ("tcp", "udp", "raw")


class Choice(Struct, frozen=True):
    """Which sockets are asked for."""

    protocols: tuple[str, ...] = PROTOCOLS
    servers: bool = False  # -l
    everything: bool = False  # -a
    families: tuple[str, ...] = ("inet", "inet6")

    def takes(self, row: Row) -> bool:
        serves = row.state in LISTENING or row.state == ""
        return (
            row.proto in self.protocols and row.family in self.families and (self.everything or serves == self.servers)
        )

    @property
    def title(self) -> str:
        if self.everything:
            return "servers and established"
        return "only servers" if self.servers else "w/o servers"


def chosen(rows: Iterable[Row], choice: Choice) -> list[Row]:
    """The sockets by protocol, IPv4 before IPv6, as the files of /proc/net come one after the other."""
    taken = [row for row in rows if choice.takes(row)]
    return sorted(taken, key=lambda row: (PROTOCOLS.index(row.proto), row.family == "inet6"))


class Names:
    """Addresses and ports by name; each address is asked for once."""

    def __init__(self, process: Process, *, numeric: bool, numeric_hosts: bool = False, anybody: str = "[::]") -> None:
        self.process, self.numeric_hosts = process, numeric or numeric_hosts
        self.anybody = anybody  # how :: is written where names are
        self._ports = {} if numeric else names(process)
        self._hosts: dict[str, str] = {}

    def host(self, address: str) -> Steps:
        """The address, or its name. The wildcards have none."""
        if self.numeric_hosts:
            return address
        if address in ("0.0.0.0", "::"):
            return self.anybody if address == "::" else address
        if address not in self._hosts:
            bare = address.removeprefix("::ffff:")
            self._hosts[address] = (yield from reverse(self.process, bare)) or address
        return self._hosts[address]

    def port(self, port: int, proto: str) -> str:
        if port == 0:
            return "*"
        return self._ports.get((port, proto), str(port))


def joined(host: str, port: str, width: int) -> str:
    """host:port, the host cut short so that it fits."""
    room = width - len(port) - 1
    return f"{host[:room] if room > 0 else host}:{port}"
