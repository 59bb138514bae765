"""docker-proxy: listens on a published port of the host and copies to the container and back, in both directions.

Mirrors libnetwork's cmd/proxy and portmapper/proxy.go. One process for each port and address family. It serves what
the DNAT rules leave out: connections from the host to its loopback, from a container to its own bridge, and IPv6.

The real program opens its socket and tells the engine over a pipe whether that went well, while the engine waits. Here
the socket is opened in the process's name before its first step, so that the answer is there at once. Left out: SCTP.
"""

from __future__ import annotations

import errno
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import simpy

from simulator.clock import US, S, Steps
from simulator.engine.errors import System
from simulator.engine.network.addresses import is_ipv4
from simulator.engine.network.ports import PortBinding
from simulator.kernel.errors import strerror
from simulator.kernel.files import Pipe
from simulator.kernel.signals import SIGINT

if TYPE_CHECKING:
    from simulator.kernel.process import Process

BACKLOG = 4096  # net.core.somaxconn, which Go's listeners take
SESSION_TIMEOUT = 90 * S  # UDPConnTrackTimeout
SEND_COST = 100 * US  # in which a container on this machine can already have refused
READY = 3  # the descriptor by which it tells the engine that it listens
KINDS = {"tcp": "stream", "udp": "dgram"}

# How Go words an errno where C's strerror begins with a capital letter or differs.
GO_ERRORS = {errno.EADDRINUSE: "address already in use", errno.EADDRNOTAVAIL: "cannot assign requested address"}


class Proxy:
    """A running docker-proxy."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def stop(self) -> None:
        """Interrupts it and waits for its end: its port is free at once."""
        for socket in list(self.process.sockets):
            socket.close()
        self.process.kill(SIGINT)


def proxy_argv(path: str, binding: PortBinding) -> list[str]:
    """The command line of the process."""
    return [
        path,
        *("-proto", binding.port.proto),
        *("-host-ip", binding.host_ip),
        *("-host-port", str(binding.number)),
        *("-container-ip", binding.container_ip),
        *("-container-port", str(binding.port.number)),
    ]


def start_proxy(daemon: Process, path: str, binding: PortBinding) -> Proxy:
    """Starts docker-proxy as a child of the engine. Raises System if the port cannot be had."""
    opened: list[Any] = []
    program = {"tcp": partial(serve_tcp, opened, binding), "udp": partial(serve_udp, opened, binding)}
    argv = proxy_argv(path, binding)
    told = {READY: Pipe(daemon.clock).writer}
    process = daemon.spawn(argv, program=program.get(binding.port.proto, idle), cwd="/", files=told, group=0)
    if binding.port.proto not in KINDS:
        return Proxy(process)
    try:
        opened.append(_listen(process, binding))
    except OSError as failure:
        raise System(f"Error starting userland proxy: {_go_error(binding, failure)}") from None
    return Proxy(process)


def _listen(process: Process, binding: PortBinding) -> Any:
    family = "inet" if is_ipv4(binding.host_ip) else "inet6"
    listener = process.socket(family, KINDS[binding.port.proto])
    if family == "inet6":
        listener.set("v6only", True)
    if binding.port.proto == "tcp":
        listener.set("reuse_address", True)
    listener.bind(binding.host_ip, binding.number)
    if binding.port.proto == "tcp":
        listener.listen(BACKLOG)
    return listener


def _go_error(binding: PortBinding, failure: OSError) -> str:
    """net.OpError's text: listen tcp4 0.0.0.0:80: bind: address already in use."""
    four = is_ipv4(binding.host_ip)
    network = f"{binding.port.proto}{4 if four else 6}"
    where = f"{binding.host_ip if four else f'[{binding.host_ip}]'}:{binding.number}"
    number = failure.errno or 0
    return f"listen {network} {where}: bind: {GO_ERRORS.get(number, strerror(number).lower())}"


def idle(process: Process) -> Steps:
    """A proxy of a protocol that no socket here speaks."""
    yield process.clock.waiter()


# -- TCP --------------------------------------------------------------------------------------------------------------


def serve_tcp(opened: list[Any], binding: PortBinding, process: Process) -> Steps:
    """Accepts connections for ever; each is copied by itself. Without a socket the program ends with status 1."""
    if not opened:
        return 1
    (listener,) = opened
    while True:
        client = yield listener.accept()
        simpy.Process(process.clock, _relay(process, client, binding))


def _relay(process: Process, client: Any, binding: PortBinding) -> Steps:
    """One connection: dials the container and copies both ways until both have ended."""
    backend = process.socket("inet" if is_ipv4(binding.container_ip) else "inet6", "stream")
    try:
        backend.blocking = False  # as Go has all its sockets
        yield backend.connect(binding.container_ip, binding.port.number)
    except OSError:
        client.close()
        backend.close()
        return
    back = simpy.Process(process.clock, _copy(backend, client))
    yield from _copy(client, backend)
    yield back
    client.close()
    backend.close()


def _copy(source: Any, target: Any) -> Steps:
    """Copies until the source ends or fails; then the target is told that nothing follows."""
    try:
        while True:
            data = yield source.recv()
            if not data:
                break
            target.send(data)
            yield target.drain()
    except OSError:
        pass  # as io.Copy: an error ends this direction like an end of file
    with suppress(OSError):  # the other side may have gone already
        target.shutdown_write()


# -- UDP --------------------------------------------------------------------------------------------------------------


def serve_udp(opened: list[Any], binding: PortBinding, process: Process) -> Steps:
    """Passes datagrams on; each client has a socket of its own towards the container, for its answers."""
    if not opened:
        return 1
    (listener,) = opened
    sessions: dict[tuple[str, int], Any] = {}
    while True:
        data, ip, port = yield listener.receive()
        backend = sessions.get((ip, port))
        if backend is None:
            backend = process.socket("inet" if is_ipv4(binding.container_ip) else "inet6", "dgram")
            backend.connect(binding.container_ip, binding.port.number)
            sessions[ip, port] = backend
            simpy.Process(process.clock, _answer(process, listener, sessions, (ip, port)))
        with suppress(OSError):  # the container may have refused the datagram before
            backend.send(data)
        yield process.sleep(SEND_COST)


def _answer(process: Process, listener: Any, sessions: dict[tuple[str, int], Any], client: tuple[str, int]) -> Steps:
    """Brings a container's answers back until none has come for long."""
    backend = sessions[client]
    while (yield from process.poll([backend], timeout=SESSION_TIMEOUT)):
        try:
            data, _, _ = yield backend.receive()
        except OSError:
            break  # it means to go on after a refusal, but does not know one when it sees it (replyLoop)
        listener.send_to(data, *client)
    del sessions[client]
    backend.close()
