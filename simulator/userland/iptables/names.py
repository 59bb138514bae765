"""Names that iptables finds in files: /etc/services, /etc/passwd, /etc/group; and hosts, looked up beforehand."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.resolver import Unresolved, resolve, reverse


class HostNames:
    """Names as a process sees them. Host names must have been looked up: `look_up` and `look_up_names` do."""

    numeric = False

    def __init__(self, process: Process) -> None:
        self._process = process
        self._addresses: dict[str, list[str]] = {}
        self._hosts: dict[str, str] = {}

    def look_up(self, host: str, version: int) -> Steps:
        """Asks for the addresses of a host name."""
        try:
            self._addresses[host] = yield from resolve(self._process, host, "inet" if version == 4 else "inet6")
        except Unresolved:
            self._addresses[host] = []

    def look_up_name(self, address: str) -> Steps:
        """Asks for the name of an address; each time anew, as iptables does."""
        name = yield from reverse(self._process, address)
        self._hosts[address] = name or address

    def addresses(self, host: str) -> list[str]:
        return self._addresses.get(host, [])

    def host(self, address: str) -> str:
        return self._hosts.get(address, address)

    def port(self, service: str, proto: str) -> int | None:
        return next((int(number) for name, number, kind in self._services() if (name, kind) == (service, proto)), None)

    def service(self, port: int, proto: str) -> str:
        found = (name for name, number, kind in self._services() if (number, kind) == (str(port), proto))
        return next(found, str(port))

    def uid(self, user: str) -> int | None:
        return self._number("/etc/passwd", user)

    def user(self, uid: int) -> str:
        return self._name("/etc/passwd", uid)

    def gid(self, group: str) -> int | None:
        return self._number("/etc/group", group)

    def group(self, gid: int) -> str:
        return self._name("/etc/group", gid)

    def _lines(self, path: str) -> list[str]:
        disk = self._process.disk
        if not disk.exists(path):
            return []
        text: str = disk.read(path).decode("utf-8", "replace")
        return [line.partition("#")[0].strip() for line in text.splitlines()]

    def _services(self) -> list[tuple[str, str, str]]:
        """Name, number and protocol of each service; aliases come behind its name."""
        found = []
        for words in (line.split() for line in self._lines("/etc/services")):
            if len(words) >= 2:
                number, _, proto = words[1].partition("/")
                found += [(name, number, proto) for name in (words[0], *words[2:])]
        return found

    def _number(self, path: str, name: str) -> int | None:
        fields = (line.split(":") for line in self._lines(path))
        return next((int(field[2]) for field in fields if len(field) > 2 and field[0] == name), None)

    def _name(self, path: str, number: int) -> str:
        fields = (line.split(":") for line in self._lines(path))
        return next((field[0] for field in fields if len(field) > 2 and field[2] == str(number)), str(number))
