"""UDP sockets of machines on one cable."""

from __future__ import annotations

import pytest

from simulator.clock import MS
from simulator.kernel.datagram_socket import DatagramSocket
from simulator.kernel.message_socket import RECEIVE_BUFFER
from simulator.kernel.packet import Icmp, Udp
from tests.kernel.network import World


def bound(world: World, name: str = "b", ip: str = "", port: int = 53, family: str = "inet") -> DatagramSocket:
    socket: DatagramSocket = world.socket(name, family, "dgram")
    socket.bind(ip, port)
    return socket


def test_a_datagram_arrives_with_the_address_of_its_sender() -> None:
    world = World()
    server, client = bound(world), bound(world, "a", port=4000)
    client.send_to(b"question", "10.0.0.2", 53)
    assert world.until(server.receive()) == (b"question", "10.0.0.1", 4000)


def test_the_first_datagram_takes_an_ephemeral_port() -> None:
    world = World()
    server, client = bound(world), world.socket("a", kind="dgram")
    client.send_to(b"x", "10.0.0.2", 53)
    assert world.until(server.receive())[2] == client.local[1]
    assert 32768 <= client.local[1] <= 60999


def test_a_connected_socket_hears_its_peer_only() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.connect("10.0.0.2", 53)
    bound(world, port=54).send_to(b"stranger", "10.0.0.1", client.local[1])
    bound(world, port=53).send_to(b"friend", "10.0.0.1", client.local[1])
    world.advance(5 * MS)
    assert client.receive_nowait()[0] == b"friend"
    with pytest.raises(BlockingIOError):
        client.receive_nowait()


def test_a_closed_port_is_told_to_a_connected_socket_once() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.connect("10.0.0.2", 53)
    client.send(b"x")
    with pytest.raises(ConnectionRefusedError):
        world.until(client.receive())
    client.send(b"y")
    world.advance(5 * MS)
    with pytest.raises(ConnectionRefusedError):
        client.send(b"z")


def test_a_closed_port_is_not_told_to_one_that_is_not_connected() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.send_to(b"x", "10.0.0.2", 53)
    world.advance(5 * MS)
    assert not client.readable


def test_with_recverr_the_error_queue_has_the_story() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.set("recverr", True)
    client.send_to(b"x", "10.0.0.2", 33434)
    with pytest.raises(ConnectionRefusedError):
        world.until(client.receive())
    entry = client.next_error()
    assert entry is not None
    assert (entry.origin, entry.type, entry.code, entry.offender) == ("icmp", 3, 3, "10.0.0.2")
    assert entry.packet.dport == 33434
    assert client.next_error() is None


def test_what_does_not_fit_and_must_not_be_cut_is_refused_and_the_mtu_told() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.set("df", True)
    client.set("recverr", True)
    with pytest.raises(OSError, match="Message too long"):
        client.send_to(b"x" * 2000, "10.0.0.2", 53)
    entry = client.next_error()
    assert entry is not None and (entry.origin, entry.info) == ("local", 1500)


def test_what_does_not_fit_is_fragmented_otherwise() -> None:
    world = World()
    server, client = bound(world), world.socket("a", kind="dgram")
    client.send_to(b"x" * 2000, "10.0.0.2", 53)
    assert len(world.until(server.receive())[0]) == 2000
    assert [packet.is_fragment for packet in world.packets] == [True, True]


def test_no_datagram_is_larger_than_ip_allows() -> None:
    with pytest.raises(OSError, match="Message too long"):
        World().socket("a", kind="dgram").send_to(b"x" * 65508, "10.0.0.2", 53)


@pytest.mark.parametrize("address", ["10.0.0.255", "255.255.255.255"])
def test_a_broadcast_needs_permission_and_reaches_every_socket_of_the_port(address: str) -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    netns = world.machines["a"].netns
    netns.fib.default("10.0.0.254", netns.device("eth0"))
    client.set("device", "eth0")
    with pytest.raises(PermissionError):
        client.send_to(b"all", address, 67)
    servers = [world.socket("b", kind="dgram") for _ in range(2)]
    for server in servers:
        server.set("reuse_address", True)
        server.bind("", 67)
    client.set("broadcast", True)
    client.send_to(b"all", address, 67)
    world.advance(5 * MS)
    assert [server.receive_nowait()[0] for server in servers] == [b"all", b"all"]


def test_what_nobody_reads_is_dropped_when_the_buffer_is_full() -> None:
    world = World()
    server, client = bound(world), world.socket("a", kind="dgram")
    for _ in range(20):
        client.send_to(b"x" * 20_000, "10.0.0.2", 53)
        world.advance(1 * MS)
    received = 0
    while server.readable:
        received += len(server.receive_nowait()[0])
    assert 0 < received <= RECEIVE_BUFFER


def test_an_empty_datagram_is_a_datagram() -> None:
    world = World()
    server, client = bound(world), world.socket("a", kind="dgram")
    client.send_to(b"", "10.0.0.2", 53)
    assert world.until(server.receive())[0] == b""


def test_an_ipv6_wildcard_hears_ipv4_as_mapped_addresses() -> None:
    world = World()
    server = bound(world, family="inet6")
    world.socket("a", kind="dgram").send_to(b"x", "10.0.0.2", 53)
    data, ip, port = world.until(server.receive())
    assert (data, ip) == (b"x", "::ffff:10.0.0.1")
    server.send_to(b"y", ip, port)


def test_two_sockets_on_one_port() -> None:
    world = World()
    bound(world, ip="127.0.0.1")
    bound(world, ip="10.0.0.2")
    with pytest.raises(OSError, match="Address already in use"):
        bound(world)


def test_the_table_shows_datagram_sockets() -> None:
    world = World()
    server = bound(world)
    row = world.machines["b"].netns.sockets.list()[0]
    assert (row.proto, row.local, row.peer, row.state) == ("udp", ("0.0.0.0", 53), ("0.0.0.0", 0), "")
    server.close()
    assert world.machines["b"].netns.sockets.list() == []


def test_ttl_and_tos_are_the_socket_s() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.set("ttl", 3)
    client.set("tos", 16)
    client.send_to(b"x", "10.0.0.2", 53)
    world.advance(5 * MS)
    packet = next(packet for packet in world.packets if isinstance(packet.l4, Udp))
    assert (packet.ttl, packet.tos, packet.df) == (3, 16, True)


def test_a_send_without_a_peer_or_route_is_refused() -> None:
    client = World().socket("a", kind="dgram")
    with pytest.raises(OSError, match="Destination address required"):
        client.send(b"x")
    with pytest.raises(OSError, match="Network is unreachable"):
        client.send_to(b"x", "8.8.8.8", 53)


def test_nothing_is_told_about_a_host_that_does_not_answer_arp_unless_asked_for() -> None:
    world = World()
    client = world.socket("a", kind="dgram")
    client.connect("10.0.0.9", 53)
    client.send(b"x")
    world.advance(4000 * MS)
    assert not client.readable
    assert all(not isinstance(packet.l4, Icmp) or packet.l4.code == 1 for packet in world.packets)
