"""Laws of address translation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kernel.netfilter.hooks import Hook, Skb, Verdict
from simulator.kernel.packet import Flag, Icmp, Packet
from simulator.trace import Translated
from tests.kernel.netfilter.world import HOST_IN, HOST_OUT, INSIDE, OUTSIDE, Road

MASQUERADE = "nat POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"
PUBLISH = "nat PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"
ANSWERED = Flag.SYN | Flag.ACK


def road_of(packet: Packet) -> str:
    if isinstance(packet.l4, Icmp):
        return f"{packet.src}>{packet.dst} {packet.l4.ident}"
    return f"{packet.src}:{packet.sport}>{packet.dst}:{packet.dport}"


def answer_to(road: Road, packet: Packet) -> Packet:
    """What the receiver of a packet would send back."""
    if isinstance(packet.l4, Icmp):
        return road.echo(packet.dst, packet.src, kind=0, ident=packet.l4.ident)
    make = road.tcp if packet.proto == 6 else road.udp
    flags = {"flags": ANSWERED} if packet.proto == 6 else {}
    return make(packet.dst, packet.src, ports=f"{packet.dport}>{packet.sport}", **flags)


def test_masquerade_borrows_the_address_of_the_device_and_keeps_the_port(road: Road) -> None:
    road.add(MASQUERADE)
    out = road.routed(road.tcp())
    assert road_of(out.packet) == "10.0.2.15:40000>10.0.2.2:80"
    back = road.routed(answer_to(road, out.packet))
    assert road_of(back.packet) == "10.0.2.2:80>172.17.0.2:40000"


def test_masquerade_takes_the_address_that_faces_the_next_hop(road: Road) -> None:
    road.eth0.add_address("10.0.3.15/24")
    road.add(MASQUERADE)
    assert road.routed(road.udp(dst="10.0.3.9")).packet.src == "10.0.3.15"
    assert road.routed(road.udp(dst=OUTSIDE)).packet.src == HOST_OUT


def test_masquerade_takes_another_devices_address_when_its_own_is_the_hosts_alone(road: Road) -> None:
    """A ping of docker0's own address goes by lo, which the rule of docker0's subnet does not leave out."""
    road.add(MASQUERADE)
    _, skb = road.run(Hook.POSTROUTING, road.echo(HOST_IN, HOST_IN), device_out=road.host.loopback)
    assert skb.packet.src == HOST_IN


def test_dnat_leads_a_published_port_into_the_container(road: Road) -> None:
    road.add(PUBLISH)
    come = road.routed(road.tcp(OUTSIDE, HOST_OUT, ports="50000>8080"))
    assert road_of(come.packet) == "10.0.2.2:50000>172.17.0.2:80"
    back = road.routed(answer_to(road, come.packet))
    assert road_of(back.packet) == "10.0.2.15:8080>10.0.2.2:50000"


def test_rules_are_asked_by_the_first_packet_of_a_connection_alone(road: Road) -> None:
    road.add(MASQUERADE, PUBLISH)
    out = road.routed(road.tcp())
    road.routed(road.tcp())
    road.routed(answer_to(road, out.packet))
    road.routed(road.tcp(flags=Flag.ACK))
    assert road.counts("nat", "POSTROUTING") == [1]
    road.netfilter.delete("nat", "POSTROUTING", MASQUERADE.split(" ", 2)[2])
    assert road.routed(road.tcp(flags=Flag.ACK)).packet.src == HOST_OUT


def test_a_connection_from_before_the_rule_is_not_translated(road: Road) -> None:
    road.add("filter FORWARD -m conntrack --ctstate NEW")
    road.routed(road.udp())
    road.add(MASQUERADE)
    assert road.routed(road.udp()).packet.src == INSIDE


def test_a_port_that_is_taken_is_exchanged_for_a_free_one(road: Road) -> None:
    road.add(MASQUERADE)
    road.routed(road.udp())
    second = road.routed(road.udp(src="172.17.0.3"))
    assert second.packet.src == HOST_OUT
    assert second.packet.sport != 5000
    assert second.packet.sport is not None and second.packet.sport >= 1024
    back = road.routed(answer_to(road, second.packet))
    assert road_of(back.packet) == "10.0.2.2:53>172.17.0.3:5000"


@pytest.mark.parametrize(("port", "low", "high"), [(500, 1, 511), (600, 600, 1023), (5000, 1024, 65535)])
def test_low_ports_are_exchanged_for_low_ones(road: Road, port: int, low: int, high: int) -> None:
    road.add(MASQUERADE)
    for address in (INSIDE, "172.17.0.3", "172.17.0.4"):
        sport = road.routed(road.udp(src=address, ports=f"{port}>53")).packet.sport
        assert sport is not None and low <= sport <= high


def test_a_port_taken_by_the_host_itself_is_taken_too(road: Road) -> None:
    road.add(MASQUERADE)
    own = road.udp(HOST_OUT, OUTSIDE)
    _, skb = road.run(Hook.OUTPUT, own, device_out=road.eth0)
    road.netfilter.run(Hook.POSTROUTING, skb)
    assert road.routed(road.udp()).packet.sport != 5000


def test_even_an_untranslated_connection_gives_way_to_one_that_has_its_tuple(road: Road) -> None:
    road.add(MASQUERADE)
    road.routed(road.udp())
    _, skb = road.run(Hook.OUTPUT, road.udp(HOST_OUT, OUTSIDE), device_out=road.eth0)
    road.netfilter.run(Hook.POSTROUTING, skb)
    assert skb.packet.src == HOST_OUT
    assert skb.packet.sport != 5000


def test_echo_ids_are_exchanged_like_ports(road: Road) -> None:
    road.add(MASQUERADE)
    first, second = road.routed(road.echo()), road.routed(road.echo(src="172.17.0.3"))
    assert isinstance(first.packet.l4, Icmp) and isinstance(second.packet.l4, Icmp)
    assert first.packet.l4.ident == 7
    assert second.packet.l4.ident != 7
    back = road.routed(answer_to(road, second.packet))
    assert road_of(back.packet) == "10.0.2.2>172.17.0.3 7"


def test_one_source_keeps_its_mapping_towards_other_destinations(road: Road) -> None:
    road.add("nat POSTROUTING -p udp -j SNAT --to-source 10.0.2.20-10.0.2.60:2000-3000")
    first, second = road.routed(road.udp()), road.routed(road.udp(dst="10.0.2.9"))
    assert (first.packet.src, first.packet.sport) == (second.packet.src, second.packet.sport)


def test_snat_to_a_range_of_ports_stays_inside(road: Road) -> None:
    road.add("nat POSTROUTING -p udp -j SNAT --to-source 10.0.2.20:2000-2002")
    ports = [road.routed(road.udp(src=f"172.17.0.{number}")).packet.sport for number in (2, 3, 4)]
    assert sorted(ports, key=str) == [2000, 2001, 2002]
    _, skb = road.run(Hook.PREROUTING, road.udp(src="172.17.0.5"), device_in=road.docker0)
    skb.device_out = road.eth0
    assert road.netfilter.run(Hook.POSTROUTING, skb) is Verdict.DROP
    assert road.drops == ["NAT_FAILED"]


def test_dnat_to_a_shifted_range_keeps_the_distance(road: Road) -> None:
    road.add("nat PREROUTING -p tcp --dport 8000:8010 -j DNAT --to-destination 172.17.0.2:80-90/8000")
    assert road.routed(road.tcp(OUTSIDE, HOST_OUT, ports="1025>8003")).packet.dport == 83


def test_a_range_of_addresses_gives_one_client_one_address(road: Road) -> None:
    road.add("nat PREROUTING -p udp -j DNAT --to-destination 172.17.0.10-172.17.0.19 --persistent")
    first = road.routed(road.udp(OUTSIDE, HOST_OUT, ports="1025>53")).packet.dst
    assert road.routed(road.udp(OUTSIDE, HOST_OUT, ports="1026>53")).packet.dst == first
    assert {road.routed(road.udp(f"10.0.2.{n}", HOST_OUT)).packet.dst for n in range(20, 60)} > {first}


def test_redirect_leads_to_the_device_the_packet_came_in_by(road: Road) -> None:
    road.add("nat PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080")
    _, skb = road.run(Hook.PREROUTING, road.tcp(), device_in=road.docker0)
    assert (skb.packet.dst, skb.packet.dport) == ("172.17.0.1", 8080)


def test_redirect_of_own_packets_leads_to_localhost(road: Road) -> None:
    road.add("nat OUTPUT -p tcp --dport 80 -j REDIRECT")
    _, skb = road.run(Hook.OUTPUT, road.tcp(HOST_OUT), device_out=road.eth0)
    assert (skb.packet.dst, skb.packet.dport) == ("127.0.0.1", 80)


def test_netmap_keeps_the_hosts_part(road: Road) -> None:
    road.add("nat PREROUTING -d 10.5.0.0/24 -j NETMAP --to 172.17.0.0/24")
    _, skb = road.run(Hook.PREROUTING, road.udp(OUTSIDE, "10.5.0.2"), device_in=road.eth0)
    assert skb.packet.dst == INSIDE


def test_an_error_about_a_translated_packet_finds_its_way_home(road: Road) -> None:
    """Its own destination and the packet inside are translated back."""
    road.add(MASQUERADE)
    out = road.routed(road.udp())
    error = road.routed(road.error("10.0.2.77", HOST_OUT, out.packet)).packet
    assert (error.src, error.dst) == ("10.0.2.77", INSIDE)
    assert isinstance(error.l4, Icmp) and error.l4.about is not None
    assert road_of(error.l4.about) == "172.17.0.2:5000>10.0.2.2:53"


def test_an_error_about_a_published_port_names_the_published_address(road: Road) -> None:
    road.add("nat PREROUTING -p udp --dport 5353 -j DNAT --to-destination 172.17.0.2:53")
    come = road.routed(road.udp(OUTSIDE, HOST_OUT, ports="6000>5353"))
    error = road.routed(road.error(INSIDE, OUTSIDE, come.packet)).packet
    assert (error.src, error.dst) == (HOST_OUT, OUTSIDE)
    assert isinstance(error.l4, Icmp) and error.l4.about is not None
    assert road_of(error.l4.about) == "10.0.2.2:6000>10.0.2.15:5353"


def test_the_hosts_own_error_about_a_packet_that_it_had_translated_names_the_old_address(road: Road) -> None:
    """The packet ends here, so its connection never counts; the error belongs to it all the same."""
    road.add("nat PREROUTING -p udp --dport 5300 -j DNAT --to-destination 172.17.0.2:53")
    road.outside.send(road.udp(OUTSIDE, HOST_OUT, ports="6000>5300", ttl=1))
    road.settle()
    assert road.seen_outside[-1].startswith(
        "in 10.0.2.15 > 10.0.2.2 ICMP type 11 code 0 about 10.0.2.2.6000 > 10.0.2.15.5300 UDP"
    )
    assert len(road.netfilter.conntrack) == 0


def test_translation_gives_a_copy_and_leaves_the_packet_as_it_was(road: Road) -> None:
    road.add(MASQUERADE)
    packet = road.tcp()
    before = packet.bytes()
    skb = road.routed(packet)
    assert packet.bytes() == before
    assert skb.packet.id == packet.id
    assert skb.packet.bytes() != before


def test_the_trace_tells_what_was_translated(road: Road) -> None:
    told: list[str] = []
    road.trace.subscribe(lambda record: told.append(f"{record.kind}: {record.before} -> {record.after}"), Translated)
    road.add(MASQUERADE)
    road.routed(answer_to(road, road.routed(road.udp()).packet))
    assert told == [
        "SNAT: 172.17.0.2.5000 > 10.0.2.2.53 -> 10.0.2.15.5000 > 10.0.2.2.53",
        "reverse SNAT: 10.0.2.2.53 > 10.0.2.15.5000 -> 10.0.2.2.53 > 172.17.0.2.5000",
    ]


def test_masqueraded_connections_go_with_their_device(road: Road) -> None:
    road.add(MASQUERADE)
    road.routed(road.udp())
    road.netfilter.device_down(road.docker0)
    assert len(road.netfilter.conntrack) == 1
    road.netfilter.device_down(road.eth0)
    assert len(road.netfilter.conntrack) == 0


def test_real_packets_are_translated_both_ways(road: Road) -> None:
    road.add(MASQUERADE)
    road.inside.send(road.echo())
    road.settle()
    assert [line for line in road.seen_outside if "ICMP" in line] == [
        "in 10.0.2.15 > 10.0.2.2 ICMP echo request, id 7, seq 1, length 64",
        "out 10.0.2.2 > 10.0.2.15 ICMP echo reply, id 7, seq 1, length 64",
    ]
    assert road.seen_inside[-1] == "in 10.0.2.2 > 172.17.0.2 ICMP echo reply, id 7, seq 1, length 64"


def test_a_refusal_from_behind_a_published_port_comes_from_the_published_address(road: Road) -> None:
    road.add(PUBLISH)
    road.outside.send(road.tcp(OUTSIDE, HOST_OUT, ports="50000>8080"))
    road.settle()
    assert road.seen_outside[-1].startswith("in 10.0.2.15.8080 > 10.0.2.2.50000 TCP [R.]")


address = st.builds("172.17.{}.{}".format, st.integers(0, 255), st.integers(1, 254))
port = st.integers(1, 65535)
packets = st.lists(
    st.tuples(st.sampled_from(["tcp", "udp", "echo"]), address, port, st.sampled_from(["10.0.2.2", "10.0.2.9"]), port),
    min_size=1,
    max_size=12,
)
rules = st.sampled_from(
    [
        "nat POSTROUTING -o eth0 -j MASQUERADE",
        "nat POSTROUTING -o eth0 -j MASQUERADE --random",
        "nat POSTROUTING -o eth0 -j SNAT --to-source 10.0.2.20-10.0.2.22",
        "nat PREROUTING -i docker0 -j DNAT --to-destination 10.0.2.50",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, max_size=2, unique=True), packets)
def test_an_answer_always_returns_to_where_the_question_came_from(
    lines: list[str], asked: list[tuple[str, str, int, str, int]]
) -> None:
    """And no two questions look the same behind the host."""
    road = Road()
    road.add("filter FORWARD -m conntrack --ctstate NEW", *lines)
    behind: dict[str, str] = {}
    for kind, source, sport, destination, dport in asked:
        question = (
            road.echo(source, destination, ident=sport)
            if kind == "echo"
            else getattr(road, kind)(source, destination, ports=f"{sport}>{dport}")
        )
        out: Skb = road.routed(question)
        name = f"{kind} {road_of(out.packet)}"
        assert behind.setdefault(name, road_of(question)) == road_of(question)
        back = road.routed(answer_to(road, out.packet))
        assert road_of(back.packet) == road_of(answer_to(road, question))
