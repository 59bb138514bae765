"""TCP sockets of machines on one cable."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from simulator.clock import MS, S
from simulator.kernel.packet import Flag, Icmp, Tcp
from simulator.kernel.stream_socket import StreamSocket
from simulator.kernel.tcp_states import State
from simulator.trace import TcpChanged
from tests.kernel.network import World

PORT = 80


def listening(world: World, name: str = "b", *, ip: str = "", family: str = "inet", backlog: int = 5) -> StreamSocket:
    listener: StreamSocket = world.socket(name, family)
    listener.bind(ip, PORT)
    listener.listen(backlog)
    return listener


def connected(world: World) -> tuple[StreamSocket, StreamSocket]:
    listener = listening(world)
    accepting = world.waiting(listener.accept())
    client: StreamSocket = world.socket("a")
    world.until(client.connect("10.0.0.2", PORT))
    return client, world.until(accepting)


def flags(world: World) -> list[int]:
    return [packet.l4.flags for packet in world.packets if isinstance(packet.l4, Tcp)]


def test_both_ends_know_each_other() -> None:
    client, server = connected(World())
    assert client.local == server.peer and client.peer == server.local == ("10.0.0.2", PORT)


def test_what_is_sent_is_received_and_the_end_after_it() -> None:
    world = World()
    client, server = connected(world)
    client.send(b"hello")
    assert world.until(server.recv()) == b"hello"
    client.shutdown_write()
    assert world.until(server.recv()) == b""
    server.send(b"bye")
    assert world.until(client.recv()) == b"bye"


def test_a_process_wakes_a_little_after_the_packet() -> None:
    world = World()
    client, server = connected(world)
    world.clock.chance.preset("wakeup", [5 * MS])
    reading = world.waiting(server.recv())
    client.send(b"x")
    world.advance(5 * MS)
    assert server.readable and not reading.triggered
    world.advance(1 * MS)
    assert reading.triggered


def test_a_port_where_nobody_listens_refuses() -> None:
    world = World()
    with pytest.raises(ConnectionRefusedError):
        world.until(world.socket("a").connect("10.0.0.2", 81))
    assert flags(world) == [Flag.SYN, Flag.RST | Flag.ACK]


def test_a_host_that_is_not_there_is_unreachable_after_three_arp_requests() -> None:
    world = World()
    before = world.clock.now
    with pytest.raises(OSError, match="No route to host"):
        world.until(world.socket("a").connect("10.0.0.9", PORT))
    assert 3 * S <= world.clock.now - before < 3 * S + 100 * MS


def test_an_address_without_a_route_is_refused_at_once() -> None:
    world = World()
    before = world.clock.now
    with pytest.raises(OSError, match="Network is unreachable"):
        world.until(world.socket("a").connect("8.8.8.8", PORT))
    assert world.clock.now == before


def test_without_ipv6_there_is_no_address_to_speak_from() -> None:
    world = World()
    netns = world.machines["a"].netns
    for device in netns.listed():
        for address in [own for own in device.addresses if own.version == 6]:
            device.remove_address(str(address))
    with pytest.raises(OSError, match="Cannot assign requested address"):
        world.until(world.socket("a", "inet6").connect("::1", PORT))


@pytest.mark.parametrize("address", ["255.255.255.255", "10.0.0.255", "224.0.0.1"])
def test_tcp_speaks_to_one_host_only(address: str) -> None:
    world = World()
    with pytest.raises(OSError, match="Network is unreachable"):
        world.until(world.socket("a").connect(address, PORT))


def test_a_silent_host_is_given_up_after_131_seconds() -> None:
    world = World()
    world.machines["b"].netns.deliver = lambda skb: None
    before = world.clock.now
    with pytest.raises(TimeoutError):
        world.until(world.socket("a").connect("10.0.0.2", PORT))
    assert 131 * S < world.clock.now - before < 132 * S
    assert flags(world) == [Flag.SYN] * 11


def test_to_connect_to_no_address_is_to_connect_to_oneself() -> None:
    world = World()
    listening(world, "a")
    client = world.socket("a")
    world.until(client.connect("0.0.0.0", PORT))
    assert client.peer == ("127.0.0.1", PORT)


def test_the_segments_of_lo_are_larger() -> None:
    world = World()
    listening(world, "a")
    world.until(world.socket("a").connect("127.0.0.1", PORT))
    syn = world.packets[0].l4
    assert isinstance(syn, Tcp)
    assert (syn.options.mss, syn.window) == (65495, 65495)


def test_ipv6_over_lo() -> None:
    world = World()
    listener = listening(world, "a", family="inet6", ip="::1")
    accepting = world.waiting(listener.accept())
    client = world.socket("a", "inet6")
    world.until(client.connect("::1", PORT))
    assert world.until(accepting).local == client.peer == ("::1", PORT)


def test_an_ipv6_wildcard_accepts_ipv4_as_mapped_addresses() -> None:
    world = World()
    accepting = world.waiting(listening(world, "b", family="inet6").accept())
    client = world.socket("a")
    world.until(client.connect("10.0.0.2", PORT))
    assert world.until(accepting).peer == ("::ffff:10.0.0.1", client.local[1])


def test_an_ipv6_only_wildcard_does_not() -> None:
    world = World()
    listener = world.socket("b", "inet6")
    listener.set("v6only", True)
    listener.bind("::", PORT)
    listener.listen()
    with pytest.raises(ConnectionRefusedError):
        world.until(world.socket("a").connect("10.0.0.2", PORT))


def test_the_closer_address_wins_over_a_wildcard() -> None:
    world = World()
    wildcard = world.socket("a")
    wildcard.set("reuse_port", True)
    wildcard.bind("0.0.0.0", PORT)
    wildcard.listen()
    exact = world.socket("a")
    exact.set("reuse_port", True)
    exact.bind("127.0.0.1", PORT)
    exact.listen()
    world.until(world.socket("a").connect("127.0.0.1", PORT))
    world.advance(1 * MS)
    assert (exact.readable, wildcard.readable) == (True, False)


def test_more_than_the_backlog_and_one_have_to_wait() -> None:
    world = World()
    listener = listening(world, backlog=1)
    clients = [world.socket("a") for _ in range(3)]
    for client in clients[:2]:
        world.until(client.connect("10.0.0.2", PORT))
    late = clients[2].connect("10.0.0.2", PORT)
    world.advance(500 * MS)
    assert not late.triggered
    world.until(listener.accept())
    world.until(late, 2 * S)


def test_closing_a_listener_resets_those_who_wait() -> None:
    world = World()
    listener = listening(world)
    client = world.socket("a")
    world.until(client.connect("10.0.0.2", PORT))
    world.advance(1 * MS)
    listener.close()
    with pytest.raises(ConnectionResetError):
        world.until(client.recv())


def test_closing_with_unread_data_resets_the_other_side() -> None:
    world = World()
    client, server = connected(world)
    client.send(b"never read")
    world.advance(1 * MS)
    server.close()
    with pytest.raises(ConnectionResetError):
        world.until(client.recv())


def test_writing_to_a_closed_connection_breaks_the_pipe() -> None:
    world = World()
    client, server = connected(world)
    server.close()
    client.send(b"x")
    world.advance(1 * MS)
    with pytest.raises(BrokenPipeError):
        client.send(b"y")


def test_the_one_who_closed_first_is_listed_for_a_minute() -> None:
    world = World()
    client, server = connected(world)
    client.close()
    world.until(server.recv())
    server.close()
    world.advance(1 * S)
    rows = world.machines["a"].netns.sockets.list()
    assert [(row.state, row.pid, row.inode) for row in rows] == [("TIME_WAIT", 0, 0)]
    world.advance(60 * S)
    assert world.machines["a"].netns.sockets.list() == []
    assert [row.state for row in world.machines["b"].netns.sockets.list()] == ["LISTEN"]


def test_a_new_connection_may_reuse_the_ports_of_one_in_time_wait() -> None:
    world = World()
    listener = listening(world)
    for _ in range(2):
        accepting = world.waiting(listener.accept())
        client = world.socket("a")
        client.set("reuse_address", True)
        client.bind("10.0.0.1", 5555)
        world.until(client.connect("10.0.0.2", PORT))
        server = world.until(accepting)
        server.close()
        world.until(client.recv())
        client.close()
        world.advance(5 * MS)
    assert [row.state for row in world.machines["b"].netns.sockets.list()] == ["LISTEN", "TIME_WAIT"]


def test_a_listener_on_a_port_in_time_wait_needs_reuse_address() -> None:
    world = World()
    listener = listening(world)
    accepting = world.waiting(listener.accept())
    client = world.socket("a")
    world.until(client.connect("10.0.0.2", PORT))
    world.until(accepting).close()
    listener.close()
    world.until(client.recv())
    client.close()
    world.advance(1 * MS)
    with pytest.raises(OSError, match="Address already in use"):
        listening(world)
    world.advance(60 * S)
    listening(world)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (("inet", "0.0.0.0"), ("inet", "0.0.0.0"), False),
        (("inet", "0.0.0.0"), ("inet", "127.0.0.1"), False),
        (("inet", "127.0.0.1"), ("inet", "10.0.0.1"), True),
        (("inet", "127.0.0.1"), ("inet", "127.0.0.2"), True),
        (("inet6", "::"), ("inet", "0.0.0.0"), False),
        (("inet", "127.0.0.1"), ("inet6", "::"), False),
        (("inet6", "::1"), ("inet", "127.0.0.1"), True),
        (("inet6", "::1"), ("inet", "0.0.0.0"), True),
    ],
)
def test_who_may_share_a_port(first: tuple[str, str], second: tuple[str, str], fits: bool) -> None:
    world = World()
    one, other = world.socket("a", first[0]), world.socket("a", second[0])
    one.bind(first[1], PORT)
    if fits:
        other.bind(second[1], PORT)
    else:
        with pytest.raises(OSError, match="Address already in use"):
            other.bind(second[1], PORT)


def test_two_with_reuse_address_may_bind_but_only_one_may_listen() -> None:
    world = World()
    one, other = world.socket("a"), world.socket("a")
    for each in (one, other):
        each.set("reuse_address", True)
        each.bind("", PORT)
    one.listen()
    with pytest.raises(OSError, match="Address already in use"):
        other.listen()


def test_a_closed_socket_gives_its_port_back() -> None:
    world = World()
    listening(world, "a").close()
    listening(world, "a")


def test_an_address_of_somebody_else_cannot_be_bound() -> None:
    with pytest.raises(OSError, match="Cannot assign requested address"):
        World().socket("a").bind("10.0.0.2", PORT)


def test_ephemeral_ports_come_from_the_range() -> None:
    world = World()
    world.machines["a"].netns.sysctl["net.ipv4.ip_local_port_range"] = "40000 40002"
    bound = [world.socket("a") for _ in range(3)]
    for socket in bound:
        socket.bind("", 0)
    assert sorted(socket.local[1] for socket in bound) == [40000, 40001, 40002]
    with pytest.raises(OSError, match="Address already in use"):
        world.socket("a").bind("", 0)


def test_calls_on_a_socket_that_is_not_connected() -> None:
    world = World()
    socket = world.socket("a")
    with pytest.raises(OSError, match="not connected"):
        socket.send(b"x")
    with pytest.raises(OSError, match="not connected"):
        world.until(socket.recv())
    with pytest.raises(OSError, match="not connected"):
        _ = socket.peer
    with pytest.raises(OSError, match="Protocol not available"):
        socket.set("no such option", 1)


@pytest.mark.parametrize(("blocking", "outcome"), [(False, "No route to host"), (True, "Connection refused")])
def test_an_icmp_error_ends_an_attempt_to_connect_unless_connect_holds_its_socket(blocking: bool, outcome: str) -> None:
    """A blocking connect only notes an error that comes back at once; here the reset of the other side decides."""
    world = World()
    client = world.socket("a")
    client.blocking = blocking
    connecting = client.connect("10.0.0.2", PORT)
    syn = next(iter(world.machines["a"].netns.sockets.tcp.connections.values()))
    packet = _packet_of(syn)
    world.machines["a"].netns.sockets.icmp_error(packet, 3, 13, 0, sender="10.0.0.254", device="eth0")
    with pytest.raises(OSError, match=outcome):
        world.until(connecting)


def test_an_icmp_error_does_not_end_a_connection() -> None:
    world = World()
    client, _ = connected(world)
    sock = next(iter(world.machines["a"].netns.sockets.tcp.connections.values()))
    world.machines["a"].netns.sockets.icmp_error(_packet_of(sock), 3, 1, 0, sender="10.0.0.254", device="eth0")
    assert client.state is State.ESTABLISHED


def test_a_router_that_needs_smaller_packets_gets_them() -> None:
    world = World()
    client, server = connected(world)
    sock = next(iter(world.machines["a"].netns.sockets.tcp.connections.values()))
    world.machines["a"].netns.sockets.icmp_error(_packet_of(sock), 3, 4, 1000, sender="10.0.0.254", device="eth0")
    world.packets.clear()
    client.send(b"x" * 3000)
    assert len(world.until(server.recv())) > 0
    assert max(packet.length for packet in world.packets) == 1000


def _packet_of(sock: Any) -> Any:
    from simulator.kernel.packet import tcp

    return tcp(sock.local[0], sock.peer[0], Tcp(sock.local[1], sock.peer[1], 0, 0, Flag.SYN, 0), number=0)


def test_a_change_of_state_is_told() -> None:
    world = World()
    told: list[TcpChanged] = []
    world.trace.subscribe(told.append, TcpChanged)
    client, server = connected(world)
    assert [record.after for record in told if record.machine == "a"] == ["SYN_SENT", "ESTABLISHED"]
    assert [record.after for record in told if record.machine == "b"] == ["LISTEN", "SYN_RECV", "ESTABLISHED"]
    assert client.state is server.state is State.ESTABLISHED


def test_the_same_seed_gives_the_same_packets() -> None:
    def play() -> list[str]:
        world = World(seed=7)
        client, server = connected(world)
        client.send(b"x" * 5000)
        world.until(server.recv())
        client.close()
        server.close()
        world.advance(1 * S)
        return [f"{packet} {packet.ident}" for packet in world.packets]

    assert play() == play()


def test_a_reader_that_was_interrupted_takes_no_data() -> None:
    world = World()
    client, server = connected(world)
    gone = server.recv()
    condition = gone | world.clock.sleep(1 * MS)
    world.clock.run(until=condition)
    client.send(b"for the next")
    assert world.until(server.recv()) == b"for the next"


def test_large_transfers_arrive_whole() -> None:
    world = World()
    client, server = connected(world)
    data = bytes(range(256)) * 1200
    client.send(data)
    got = b""
    while len(got) < len(data):
        got += world.until(server.recv())
    assert got == data


def test_drain_waits_until_the_peer_has_read() -> None:
    world = World()
    client, server = connected(world)
    client.send(b"x" * 300_000)
    room = world.waiting(client.drain())
    world.advance(1 * S)
    assert not room.triggered
    got = 0
    while got < 300_000:
        got += len(world.until(server.recv()))
    world.until(room)


def test_unreachable_is_an_errno_like_any_other() -> None:
    world = World()
    with pytest.raises(OSError) as caught:
        world.until(world.socket("a").connect("10.0.0.77", PORT))
    assert caught.value.errno == errno.EHOSTUNREACH
    assert all(not isinstance(packet.l4, Icmp) or packet.src == "10.0.0.1" for packet in world.packets)
