"""Published ports that real programs reach: bytes go through the simulated network and back."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

import pytest

from simulator.clock import Steps
from simulator.kernel.packet import Packet
from simulator.kernel.process import Process
from simulator.testing import World
from simulator.trace import FrameReceived, RuleMatched

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")

CHUNK = 65536
PAGES = 40  # what `pages` sends, in chunks: 2.5 MB
ECHO, COUNT, PAGE, BREAK, DATAGRAMS = 7, 9, 80, 81, 53


def echo(client: socket.socket) -> Steps:
    """Sends back what comes, until the end."""
    while data := (yield client.recv()):
        client.send(data)
        yield client.drain()


def count(client: socket.socket) -> Steps:
    """Says how many bytes came, once no more do."""
    total = 0
    while data := (yield client.recv()):
        total += len(data)
    client.send(str(total).encode())


def pages(client: socket.socket) -> Steps:
    for _ in range(PAGES):
        client.send(bytes(CHUNK))
        yield client.drain()


def broken(client: socket.socket) -> Steps:
    """Resets the connection once something has come."""
    yield client.recv()
    client.abort()


def serve(process: Process, port: int, talk: object) -> Steps:
    listener = process.socket("inet", "stream")
    listener.bind("0.0.0.0", port)
    listener.listen()
    while True:
        client = yield listener.accept()
        process.spawn(process.argv, program=lambda child, client=client: converse(client, talk))


def converse(client: object, talk: object) -> Steps:
    try:
        yield from talk(client)
    except OSError:
        return 1
    client.close()
    return 0


def datagrams(process: Process) -> Steps:
    bound = process.socket("inet", "dgram")
    bound.bind("0.0.0.0", DATAGRAMS)
    while True:
        data, ip, port = yield bound.receive()
        bound.send_to(data.upper(), ip, port)


def services(process: Process) -> Steps:
    talks = {ECHO: echo, COUNT: count, PAGE: pages, BREAK: broken}
    for port, talk in talks.items():
        process.spawn(process.argv, program=lambda child, port=port, talk=talk: serve(child, port, talk))
    yield from datagrams(process)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as made, made.serve(expose=True):
        made.image("services", program=services, ports=[ECHO, COUNT, PAGE, BREAK, f"{DATAGRAMS}/udp"])
        made.run("docker run -d --name services -P services")
        yield made


def published(world: World, name: str, port: int | str) -> int:
    """The real port of a container's port."""
    return int(world.run(f"docker port {name} {port}").stdout.split()[0].rpartition(":")[2])


def dial(world: World, port: int, *, name: str = "services") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", published(world, name, port)), timeout=30)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def everything(client: socket.socket) -> bytes:
    data = b""
    while piece := client.recv(CHUNK):
        data += piece
    return data


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_requests_follow_each_other_on_one_connection(world: World) -> None:
    with dial(world, ECHO) as client:
        for number in range(20):
            client.sendall(b"request %d" % number)
            assert client.recv(CHUNK) == b"request %d" % number


def test_the_bytes_come_from_beyond_the_host_and_pass_dockers_rules(world: World) -> None:
    frames: list[FrameReceived] = []
    rules: list[RuleMatched] = []
    ends = [world.trace.subscribe(frames.append, FrameReceived), world.trace.subscribe(rules.append, RuleMatched)]
    with dial(world, ECHO) as client:
        client.sendall(b"x")
        assert client.recv(1) == b"x"
    for end in ends:
        end()
    came = [frame.frame.payload for frame in frames if (frame.machine, frame.device) == ("docker-host", "eth0")]
    number = published(world, "services", ECHO)
    assert {packet.src for packet in came if isinstance(packet, Packet) and packet.dport == number} == {"10.0.2.2"}
    assert any(rule.verdict == "DNAT" for rule in rules)


def test_an_end_of_file_closes_one_direction(world: World) -> None:
    with dial(world, COUNT) as client:
        client.sendall(b"x" * 100_000)
        client.shutdown(socket.SHUT_WR)
        assert everything(client) == b"100000"


def test_a_slow_reader_holds_the_sender_and_nobody_else(world: World) -> None:
    with dial(world, PAGE) as slow, dial(world, ECHO) as other:
        for _ in range(500):
            other.sendall(b"still there?")
            assert other.recv(CHUNK)
            if sending(world):
                break
        assert sending(world)
        assert len(everything(slow)) == PAGES * CHUNK


def sending(world: World) -> bool:
    """Whether something in the container cannot get rid of its data."""
    with world.lock:
        netns = world.engine.daemon.containers.find("services").netns
        return any(row.send_q for row in netns.sockets.list())


def test_many_connections_stand_at_once(world: World) -> None:
    number = published(world, "services", ECHO)
    clients = [socket.create_connection(("127.0.0.1", number), timeout=30) for _ in range(60)]
    for number, client in enumerate(clients):
        client.sendall(b"%d" % number)
    assert [client.recv(CHUNK) for client in clients] == [b"%d" % number for number in range(60)]
    for client in clients:
        client.close()


def test_a_reset_reaches_the_real_program(world: World) -> None:
    with dial(world, BREAK) as client:
        client.sendall(b"x")
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_datagrams_are_answered(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(30)
        client.connect(("127.0.0.1", published(world, "services", f"{DATAGRAMS}/udp")))
        client.send(b"who")
        assert client.recv(CHUNK) == b"WHO"


def test_a_port_published_at_the_hosts_loopback_goes_by_the_proxy(world: World) -> None:
    number = free_port()
    world.run(f"docker run -d --name local -p 127.0.0.1:{number}:{ECHO} services")
    with dial(world, ECHO, name="local") as client:
        client.sendall(b"hello")
        assert client.recv(CHUNK) == b"hello"
    world.run("docker rm -f local")


def test_with_its_container_a_port_and_its_connections_end(world: World) -> None:
    world.run("docker run -d --name brief -P services")
    number = published(world, "brief", ECHO)
    client = dial(world, ECHO, name="brief")
    client.sendall(b"x")
    assert client.recv(1) == b"x"
    world.run("docker rm -f brief")
    assert client.recv(1) == b""
    client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", number))


def test_a_port_that_the_real_machine_needs_is_refused_as_on_a_real_host_until_it_is_free(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        run = f"docker run --name wanted -p {number}:{ECHO} services"
        refused = world.run(run)
        assert refused.status == 125
        reason = f"listen tcp4 0.0.0.0:{number}: bind: address already in use"
        assert f"Error starting userland proxy: {reason}" in refused.stderr
        assert "driver failed programming external connectivity on endpoint wanted" in refused.stderr
        assert str(number) not in world.run("ss -lnt").stdout
    assert world.run("docker start wanted").status == 0
    with dial(world, ECHO, name="wanted") as client:
        client.sendall(b"x")
        assert client.recv(1) == b"x"
    world.run("docker rm -f wanted")


def test_only_programs_of_this_machine_reach_a_port(world: World) -> None:
    number = published(world, "services", ECHO)
    with socket.socket() as other:  # the port is free at every other address
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.2", number))
        except OSError as failure:
            assert failure.errno == errno.EADDRNOTAVAIL  # not every system has the whole of 127.0.0.0/8
