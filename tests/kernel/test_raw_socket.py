"""Raw, ping and packet sockets."""

from __future__ import annotations

import struct

import pytest

from simulator.clock import MS
from simulator.kernel.packet import ECHO_REPLY, ECHO_REQUEST, PROTO_ICMP, Arp, Icmp, Packet
from tests.kernel.network import World

PING = Icmp(ECHO_REQUEST, 0, 7, 1, b"data")


def test_a_raw_socket_hears_every_packet_of_its_protocol() -> None:
    world = World()
    ears = [world.socket("a", kind="raw", proto=PROTO_ICMP) for _ in range(2)]
    ears[0].send_to(PING, "10.0.0.2")
    world.advance(5 * MS)
    for ear in ears:
        reply = ear.receive_nowait()
        assert isinstance(reply, Packet)
        assert reply.l4 == Icmp(ECHO_REPLY, 0, 7, 1, b"data")
        assert (reply.src, reply.ttl) == ("10.0.0.2", 64)


def test_on_lo_it_hears_its_own_request_as_well() -> None:
    world = World()
    ear = world.socket("a", kind="raw", proto=PROTO_ICMP)
    ear.send_to(PING, "127.0.0.1")
    world.advance(5 * MS)
    assert [ear.receive_nowait().l4.type for _ in range(2)] == [ECHO_REQUEST, ECHO_REPLY]


def test_a_bound_or_connected_raw_socket_hears_less() -> None:
    world = World()
    bound, connected, other = (world.socket("a", kind="raw", proto=PROTO_ICMP) for _ in range(3))
    bound.bind("127.0.0.1")
    connected.connect("10.0.0.2")
    other.connect("10.0.0.3")
    connected.send_to(PING, "10.0.0.2")
    world.advance(5 * MS)
    assert [ear.readable for ear in (bound, connected, other)] == [False, True, False]


def test_a_ping_socket_gets_its_own_identifier_and_replies_only() -> None:
    world = World()
    one, other = (world.socket("a", kind="dgram", proto=PROTO_ICMP) for _ in range(2))
    one.send_to(PING, "10.0.0.2")
    other.send_to(PING, "10.0.0.2")
    world.advance(5 * MS)
    assert one.ident != other.ident
    assert one.receive_nowait().l4.ident == one.ident
    with pytest.raises(BlockingIOError):
        one.receive_nowait()


def test_a_ping_socket_sends_echo_requests_only() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        World().socket("a", kind="dgram", proto=PROTO_ICMP).send_to(Icmp(ECHO_REPLY), "10.0.0.2")


def test_a_host_that_does_not_answer_arp_is_told_with_recverr() -> None:
    world = World()
    ear = world.socket("a", kind="raw", proto=PROTO_ICMP)
    ear.set("recverr", True)
    ear.send_to(PING, "10.0.0.9")
    with pytest.raises(OSError, match="No route to host"):
        world.until(ear.receive())
    entry = ear.next_error()
    assert entry is not None and (entry.type, entry.code, entry.packet.dst) == (3, 1, "10.0.0.9")


def test_bytes_are_the_payload_of_the_protocol() -> None:
    world = World()
    ear = world.socket("b", kind="raw", proto=253)
    world.socket("a", kind="raw", proto=253).send_to(b"payload", "10.0.0.2")
    world.advance(5 * MS)
    assert ear.receive_nowait().l4.data == b"payload"


def test_with_hdrincl_they_are_the_whole_packet() -> None:
    world = World()
    ear = world.socket("b", kind="raw", proto=253)
    sender = world.socket("a", kind="raw", proto=253)
    sender.set("hdrincl", True)
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 24, 9, 0, 5, 253, 0, b"\x0a\0\0\x01", b"\x0a\0\0\x02")
    sender.send_to(header + b"body", "10.0.0.2")
    world.advance(5 * MS)
    packet = ear.receive_nowait()
    assert (packet.ttl, packet.l4.data) == (5, b"body")
    with pytest.raises(OSError, match="Invalid argument"):
        sender.send_to(b"too short", "10.0.0.2")


def test_a_packet_socket_hears_both_directions_of_one_device() -> None:
    world = World()
    ear = world.socket("b", "packet")
    ear.bind("eth0")
    world.socket("a", kind="raw", proto=PROTO_ICMP).send_to(PING, "10.0.0.2")
    world.advance(5 * MS)
    heard = []
    while ear.readable:
        moment, device, direction, frame = ear.receive_nowait()
        assert moment > world.clock.start and device.name == "eth0"
        heard.append((direction, type(frame.payload)))
    assert heard == [("in", Arp), ("out", Arp), ("in", Packet), ("out", Packet)]


def test_a_packet_socket_on_any_hears_all_devices_until_it_is_closed() -> None:
    world = World()
    ear = world.socket("a", "packet")
    ear.bind("any")
    sender = world.socket("a", kind="raw", proto=PROTO_ICMP)
    sender.send_to(PING, "127.0.0.1")
    world.advance(5 * MS)
    assert {ear.receive_nowait()[1].name for _ in range(2)} == {"lo"}
    ear.close()
    assert all(not device.taps for device in world.machines["a"].netns.listed())


def test_a_packet_socket_needs_a_device_that_exists() -> None:
    with pytest.raises(OSError, match="No such device"):
        World().socket("a", "packet").bind("eth7")


@pytest.mark.parametrize(
    ("family", "kind", "proto", "text"),
    [("unix", "stream", 0, "Address family"), ("inet", "raw", 0, "Protocol"), ("inet", "seqpacket", 0, "Protocol")],
)
def test_sockets_that_do_not_exist(family: str, kind: str, proto: int, text: str) -> None:
    with pytest.raises(OSError, match=text):
        World().socket("a", family, kind, proto)
