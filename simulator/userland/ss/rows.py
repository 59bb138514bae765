"""What stands in the columns of ss, and the counts of ss -s."""

from __future__ import annotations

from itertools import count, islice

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.socket import Row
from simulator.userland.program import visible_processes
from simulator.userland.resolver import reverse
from simulator.userland.ss.filter import STATES

FIRST_FREE = 3  # descriptors below are standard input, output and error


class Writer:
    """Turns sockets into fields."""

    def __init__(self, process: Process, *, ports: dict[tuple[int, str], str], resolve: bool, owners: bool) -> None:
        self.process, self.ports, self.resolve, self.owners = process, ports, resolve, owners
        self._names: dict[str, str | None] = {}
        self._all = process.netns.sockets.list()

    def fields(self, row: Row) -> Steps:
        local = yield from self._address(row, row.local[0])
        peer = yield from self._address(row, row.peer[0])
        waiting, limit = (row.recv_q, row.backlog) if row.state == "LISTEN" else (row.recv_q, row.send_q)
        return [
            row.proto,
            STATES.get(row.state, row.state),
            f"{waiting:<6}",
            f"{limit:<6}",
            f"{local}:",
            self._port(row, row.local[1]),
            f"{peer}:",
            self._port(row, row.peer[1]),
            self._owner(row) if self.owners else "",
            "",
        ]

    def _address(self, row: Row, address: str) -> Steps:
        if address == "::":
            text = "[::]" if row.v6only or row.proto == "raw" else "*"
        elif address == "0.0.0.0":
            text = address
        else:
            name = (yield from self._name(address)) if self.resolve else None
            text = name or (f"[{address}]" if ":" in address else address)
        return f"{text}%{row.device}" if row.device and address == row.local[0] else text

    def _name(self, address: str) -> Steps:
        if address not in self._names:
            self._names[address] = yield from reverse(self.process, address.removeprefix("::ffff:"))
        return self._names[address]

    def _port(self, row: Row, port: int) -> str:
        return "*" if port == 0 else self.ports.get((port, row.proto), str(port))

    def _owner(self, row: Row) -> str:
        """users:(("docker-proxy",pid=6038,fd=4))."""
        for number, owner in visible_processes(self.process).items():
            if row.pid and owner.pid == row.pid:
                own = [each.inode for each in self._all if each.pid == row.pid]
                free = (each for each in count(FIRST_FREE) if each not in owner.files)
                descriptor = next(islice(free, own.index(row.inode) if row.inode in own else 0, None))
                return f' users:(("{row.program}",pid={number},fd={descriptor}))'
        return ""


def summary(rows: list[Row]) -> str:
    """ss -s."""
    tcp = [row for row in rows if row.proto == "tcp"]
    waiting = sum(row.state == "TIME_WAIT" for row in tcp)
    established = sum(row.state == "ESTABLISHED" for row in tcp)
    kinds = {"RAW": ["raw"], "UDP": ["udp"], "TCP": ["tcp"], "INET": ["raw", "udp", "tcp"], "FRAG": []}
    lines = [
        f"Total: {len(rows)}",
        f"TCP:   {len(tcp)} (estab {established}, closed {waiting}, orphaned 0, timewait {waiting})\n",
        "Transport Total     IP        IPv6",
    ]
    for title, protocols in kinds.items():
        counted = [row for row in rows if row.proto in protocols and row.state != "TIME_WAIT"]
        four = sum(row.family == "inet" for row in counted)
        lines.append(f"{title}\t  {len(counted):<9} {four:<9} {len(counted) - four:<9}")
    return "\n".join(lines) + "\n"
