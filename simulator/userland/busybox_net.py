"""How busybox applets find a host and connect to it, and what they say when they cannot (libbb/xconnect.c)."""

from __future__ import annotations

from typing import Any, NoReturn

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, strerror
from simulator.userland.resolver import Unresolved, resolve

MAX_PORT = 65535


def address_of(process: Process, host: str, *, shown: str = "") -> Steps:
    """The best address of a host. Ends the program with "bad address" if there is none."""
    try:
        addresses = yield from resolve(process, host)
    except Unresolved:
        process.exit(BUSYBOX.complain(process, f"bad address '{shown or host}'"))
    return addresses[0]


def port_from_text(process: Process, text: str, default: int = 0) -> int:
    """A port number; the default for no text. Ends the program with "bad port"."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_PORT:
        process.exit(BUSYBOX.complain(process, f"bad port '{text}'"))
    return int(text)


def seconds_from_text(process: Process, text: str) -> int:
    """Whole seconds as ns. Ends the program with "invalid number"."""
    if not (text.isascii() and text.isdigit()):
        process.exit(BUSYBOX.complain(process, f"invalid number '{text}'"))
    return int(text) * S


def connect(process: Process, ip: str, port: int, *, local_port: int = 0) -> Steps:
    """A socket that is connected. Ends the program with "can't connect to remote host" if that fails."""
    socket: Any = process.socket("inet6" if ":" in ip else "inet", "stream")
    try:
        if local_port:
            socket.set("reuse_address", True)
            socket.bind("", local_port)
        yield socket.connect(ip, port)
    except OSError as failure:
        not_connected(process, ip, failure)
    return socket


def not_connected(process: Process, ip: str, failure: OSError) -> NoReturn:
    """Ends the program with "can't connect to remote host" (xconnect)."""
    whom = "" if ":" in ip else f" ({ip})"
    process.exit(BUSYBOX.complain(process, f"can't connect to remote host{whom}: {strerror(failure)}"))


def listen(process: Process, ip: str, port: int, *, backlog: int) -> Any:
    """A listening socket, on IPv6 and IPv4 if no address is given. Ends the program with "bind" if that fails."""
    socket: Any = process.socket("inet" if ip and ":" not in ip else "inet6", "stream")
    socket.set("reuse_address", True)
    try:
        socket.bind(ip, port)
        socket.listen(backlog)
    except OSError as failure:
        process.exit(BUSYBOX.complain(process, f"bind: {strerror(failure)}"))
    return socket
