"""getent(1) of glibc 2.36: entries of the name service: hosts, ahosts, services, passwd, group, protocols, networks."""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.resolver import Unresolved, hosts, numeric, resolve, reverse
from simulator.userland.services import table

NOT_FOUND = 2
_HINT = "Try `getent --help' or `getent --usage' for more information."
_KINDS = ("STREAM", "DGRAM", "RAW")


def getent(process: Process) -> Steps:
    words = process.argv[1:]
    if not words:
        process.error(f"getent: wrong number of arguments\n{_HINT}")
        return 1
    if words[0].startswith("-"):
        process.error(f"getent: invalid option -- '{words[0][1:2]}'\n{_HINT}")
        return 64
    database, keys = words[0], words[1:]
    show = _DATABASES.get(database)
    if show is None:
        process.error(f"Unknown database: {database}\n{_HINT}")
        return 1
    status = 0
    for key in keys or [""]:
        found: list[str] = yield from show(process, key)
        for line in found:
            process.print(line)
        status = status if found or not key else NOT_FOUND
    return status


# -- hosts -------------------------------------------------------------------------------------------------------------


def _hosts(process: Process, key: str) -> Steps:
    if not key:
        return [_host_line("127.0.0.1" if ip == "::1" else ip, names) for ip, names in hosts(process) if _is_host(ip)]
    if numeric(key):
        return (yield from _by_address(process, key))
    for family in ("inet6", "inet"):
        try:
            found = yield from resolve(process, key, family)
        except Unresolved:
            continue
        return [_host_line(ip, _names(process, ip, key)) for ip in found]
    return []


def _is_host(ip: str) -> bool:
    return ":" not in ip or ip == "::1"


def _by_address(process: Process, key: str) -> Steps:
    for ip, names in hosts(process):
        if ip == key:
            return [_host_line(ip, names)]
    name = yield from reverse(process, key)
    return [_host_line(key, [name])] if name else []


def _names(process: Process, address: str, key: str) -> list[str]:
    return next((names for ip, names in hosts(process) if ip == address and key in names), [key])


def _host_line(address: str, names: list[str]) -> str:
    return f"{address:<15} {' '.join(names)}"


def _ahosts(family: str, *, mapped: bool = False) -> Callable[[Process, str], Steps]:
    def show(process: Process, key: str) -> Steps:
        try:
            found = yield from resolve(process, key, family)
        except Unresolved:
            if not mapped:
                return []
            try:
                found = [f"::ffff:{ip}" for ip in (yield from resolve(process, key, "inet"))]
            except Unresolved:
                return []
        lines: list[str] = []
        for ip in found:
            for kind in _KINDS:
                name = key if not lines else ""
                lines.append(f"{ip:<15} {kind:<6} {name}")
        return lines

    return show


# -- files -------------------------------------------------------------------------------------------------------------


def _services(process: Process, key: str) -> Steps:
    yield from ()
    name, _, proto = key.partition("/")
    return [
        " ".join([f"{known:<21} {port}/{kind}", *aliases])
        for known, port, kind, aliases in table(process)
        if not key or (name in (known, str(port), *aliases) and proto in ("", kind))
    ][: None if not key else 1]


def _colons(path: str) -> Callable[[Process, str], Steps]:
    """passwd and group: lines of fields between colons, found by name or number."""

    def show(process: Process, key: str) -> Steps:
        yield from ()
        if not process.disk.exists(path):
            return []
        lines = process.disk.read(path).decode("utf-8", "replace").splitlines()
        return [line for line in lines if not key or key in (line.split(":")[0], *line.split(":")[2:3])]

    return show


def _words(path: str) -> Callable[[Process, str], Steps]:
    """protocols and networks: lines of a name, a number and other names, found by any of them."""

    def show(process: Process, key: str) -> Steps:
        yield from ()
        if not process.disk.exists(path):
            return []
        rows = [line.partition("#")[0].split() for line in process.disk.read(path).decode().splitlines()]
        return [f"{row[0]:<21} {' '.join(row[1:])}" for row in rows if len(row) > 1 and (not key or key in row)]

    return show


_DATABASES: dict[str, Callable[[Process, str], Steps]] = {
    "hosts": _hosts,
    "ahosts": _ahosts("any"),
    "ahostsv4": _ahosts("inet"),
    "ahostsv6": _ahosts("inet6", mapped=True),
    "services": _services,
    "passwd": _colons("/etc/passwd"),
    "group": _colons("/etc/group"),
    "protocols": _words("/etc/protocols"),
    "networks": _words("/etc/networks"),
}
