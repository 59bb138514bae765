"""docker-proxy is a process of the host that copies between a published port and the container."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import S, Steps
from simulator.engine.errors import System
from simulator.engine.network.ports import ContainerPort, PortBinding
from simulator.engine.network.proxy import proxy_argv, start_proxy
from simulator.kernel.namespaces import PIDS_MAX
from simulator.kernel.process import Process

TCP = {"exposed": {"80/tcp": {}}, "bindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}
UDP = {"exposed": {"53/udp": {}}, "bindings": {"53/udp": [{"HostIp": "", "HostPort": "5353"}]}}
PATH = "/usr/sbin/docker-proxy"


def serve(host: Any, name: str) -> list[str]:
    """Answers each connection to port 80 in capitals after its end, with who called."""
    peers: list[str] = []

    def program(process: Process) -> Steps:
        listener = process.socket("inet", "stream")
        listener.bind("0.0.0.0", 80)
        listener.listen(5)
        while True:
            client = yield listener.accept()
            peers.append(client.peer[0])
            data = b""
            while part := (yield client.recv()):
                data += part
            client.send(data.upper())
            client.close()

    host.machine.spawn(["httpd"], program=program, netns=host.started[name].netns)
    return peers


def fetch(host: Any, family: str, address: str, port: int, text: bytes = b"hello") -> bytes:
    """Connects from the host, sends, ends its side, and reads to the end; the error's number as text if one came."""
    got: list[bytes] = []

    def program(process: Process) -> Steps:
        socket = process.socket(family, "stream")
        try:
            yield socket.connect(address, port)
            socket.send(text)
            socket.shutdown_write()
            data = b""
            while part := (yield socket.recv()):
                data += part
        except OSError as failure:
            data = (failure.strerror or "").encode()
        got.append(data)

    host.machine.spawn(["curl"], program=program)
    host.clock.run(until=int(host.clock.now) + 10 * S)
    return b"".join(got)


def commands(host: Any) -> list[list[str]]:
    return [process.argv for process in host.machine.processes.values() if process.argv[0] == PATH]


def test_there_is_one_process_for_each_address_family(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    assert [" ".join(argv) for argv in commands(host)] == [
        f"{PATH} -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
        f"{PATH} -proto tcp -host-ip :: -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
    ]
    rows = [(row.local, row.state, row.backlog, row.program) for row in host.machine.netns.sockets.list()]
    assert rows == [(("0.0.0.0", 8080), "LISTEN", 4096, "docker-proxy"), (("::", 8080), "LISTEN", 4096, "docker-proxy")]


@pytest.mark.parametrize(("family", "address"), [("inet", "127.0.0.1"), ("inet6", "::1")])
def test_the_loopback_is_served_by_the_proxy_with_half_close(host: Any, family: str, address: str) -> None:
    host.start("web", "bridge", **TCP)
    peers = serve(host, "web")
    assert fetch(host, family, address, 8080) == b"HELLO"
    assert peers == ["172.17.0.1"]


def test_much_data_arrives_whole(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    serve(host, "web")
    assert fetch(host, "inet", "127.0.0.1", 8080, b"x" * 300_000) == b"X" * 300_000


def test_the_hosts_own_address_goes_past_the_proxy(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    peers = serve(host, "web")
    assert fetch(host, "inet", "10.0.2.15", 8080) == b"HELLO"
    assert peers == ["10.0.2.15"]


def test_with_nothing_behind_the_connection_stands_and_breaks(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    assert fetch(host, "inet", "127.0.0.1", 8080) in (b"", b"Connection reset by peer")
    assert fetch(host, "inet", "172.17.0.2", 80) == b"Connection refused"


def test_a_stopped_proxy_leaves_its_port_at_once(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    host.stop("web")
    host.start("web", "bridge", **TCP)
    assert len(host.machine.netns.sockets.list()) == 2
    host.stop("web")
    assert fetch(host, "inet", "127.0.0.1", 8080) == b"Connection refused"
    assert commands(host) == []


def test_connections_to_a_published_port_are_forgotten_with_it(host: Any) -> None:
    host.start("web", "bridge", **TCP)
    serve(host, "web")
    assert fetch(host, "inet", "10.0.2.15", 8080) == b"HELLO"
    conntrack = host.machine.netns.netfilter.conntrack
    assert [entry for entry in conntrack.entries() if entry.reply.src == "172.17.0.2"]
    host.stop("web")
    assert [entry for entry in conntrack.entries() if entry.reply.src == "172.17.0.2"] == []


def test_datagrams_are_passed_on_and_each_client_gets_its_own_answer(host: Any) -> None:
    host.start("dns", "bridge", **UDP)
    answers: dict[str, bytes] = {}

    def server(process: Process) -> Steps:
        socket = process.socket("inet", "dgram")
        socket.bind("0.0.0.0", 53)
        while True:
            data, ip, port = yield socket.receive()
            socket.send_to(data.upper(), ip, port)

    def client(text: str) -> Any:
        def program(process: Process) -> Steps:
            socket = process.socket("inet", "dgram")
            socket.connect("127.0.0.1", 5353)
            socket.send(text.encode())
            data, _, _ = yield socket.receive()
            answers[text] = data

        return program

    host.machine.spawn(["named"], program=server, netns=host.started["dns"].netns)
    for text in ("one", "two"):
        host.machine.spawn(["dig"], program=client(text))
    host.clock.run(until=5 * S)
    assert answers == {"one": b"ONE", "two": b"TWO"}
    sessions = [row for row in host.machine.netns.sockets.list() if row.peer[1] == 53]
    assert len(sessions) == 2
    host.clock.run(until=200 * S)
    assert [row for row in host.machine.netns.sockets.list() if row.peer[1] == 53] == []


def test_a_datagram_that_is_refused_ends_its_session(host: Any) -> None:
    host.start("dns", "bridge", **UDP)

    def program(process: Process) -> Steps:
        socket = process.socket("inet", "dgram")
        socket.connect("127.0.0.1", 5353)
        for text in (b"one", b"two"):
            socket.send(text)
        yield process.sleep(S)

    ports: set[int] = set()

    def tap(device: Any, way: str, frame: Any) -> None:
        if way == "in" and getattr(frame.payload, "dport", None) == 53:
            ports.add(frame.payload.sport)

    host.started["dns"].netns.device("eth0").taps.append(tap)
    host.machine.spawn(["dig"], program=program)
    host.clock.run(until=S)
    assert len(ports) == 2


def binding(proto: str, host_ip: str, number: int) -> PortBinding:
    return PortBinding(ContainerPort(80, proto), host_ip, number, number, "172.17.0.2")


@pytest.mark.parametrize(
    ("proto", "host_ip", "message"),
    [
        ("tcp", "0.0.0.0", "listen tcp4 0.0.0.0:80: bind: address already in use"),
        ("tcp", "::", "listen tcp6 [::]:80: bind: address already in use"),
        ("udp", "0.0.0.0", "listen udp4 0.0.0.0:80: bind: address already in use"),
        ("tcp", "10.0.2.99", "listen tcp4 10.0.2.99:80: bind: cannot assign requested address"),
    ],
)
def test_a_port_of_a_process_of_the_host_cannot_be_had(host: Any, proto: str, host_ip: str, message: str) -> None:
    for family, kind in (("inet6", "stream"), ("inet6", "dgram")):
        socket = host.controller.daemon.socket(family, kind)
        socket.bind("::", 80)
        if kind == "stream":
            socket.listen(5)
    with pytest.raises(System, match=r"^Error starting userland proxy: ") as refused:
        start_proxy(host.controller.daemon, PATH, binding(proto, host_ip, 80))
    assert refused.value.message.endswith(message)
    host.clock.run(until=1)
    assert commands(host) == []


def test_a_protocol_without_sockets_has_its_process_all_the_same(host: Any) -> None:
    proxy = start_proxy(host.controller.daemon, PATH, binding("sctp", "0.0.0.0", 85))
    host.clock.run(until=1)
    assert commands(host) == [proxy_argv(PATH, binding("sctp", "0.0.0.0", 85))]
    proxy.stop()
    host.clock.run(until=2)
    assert commands(host) == []


def test_an_engine_may_have_more_proxies_than_a_session_processes(host: Any) -> None:
    ports = range(20000, 20000 + PIDS_MAX + 1)
    bindings = [PortBinding(ContainerPort(number, "tcp"), "127.0.0.1", number, number) for number in ports]
    assert all(start_proxy(host.controller.daemon, PATH, binding) for binding in bindings)
