"""The names of ports: services(5). A process knows those that its disk has in /etc/services."""

from __future__ import annotations

from simulator.kernel.process import Process

PATH = "/etc/services"


def table(process: Process) -> list[tuple[str, int, str, list[str]]]:
    """The services that the process's disk names: (name, port, protocol, aliases)."""
    if not process.disk.exists(PATH):
        return []
    found = []
    for line in process.disk.read(PATH).decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split()
        port, _, proto = (words[1] if len(words) > 1 else "").partition("/")
        if port.isdigit() and proto:
            found.append((words[0], int(port), proto, words[2:]))
    return found


def names(process: Process) -> dict[tuple[int, str], str]:
    """Port and protocol to name."""
    found: dict[tuple[int, str], str] = {}
    for name, port, proto, _ in table(process):
        found.setdefault((port, proto), name)
    return found
