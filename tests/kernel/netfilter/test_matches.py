"""What each match asks of a packet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.clock import MS, S
from simulator.kernel.netfilter.hooks import Hook, Skb
from simulator.kernel.netfilter.rule import rule_from_text
from simulator.kernel.packet import BROADCAST_MAC, Flag, Packet, TcpOptions, fragment, frame
from tests.kernel.netfilter.world import HOST_OUT, INSIDE, OUTSIDE, Road

Make = Callable[[Road], Packet]


def asks(road: Road, text: str, packet: Packet, **about: Any) -> bool:
    rule = rule_from_text(text)
    tests = [*rule.header.tests(), *(match.test(road.host) for match in rule.matches)]
    skb = Skb(packet, road.host, **about)
    return all(test(skb) for test in tests)


SYN_WITH_OPTIONS = TcpOptions(mss=1460, sack_ok=True, timestamp=(1, 0), window_scale=7)

# The rule, the packet, whether it matches.
CASES: list[tuple[str, Make, bool]] = [
    ("", Road.tcp, True),
    ("-s 172.17.0.2", Road.tcp, True),
    ("-s 172.17.0.3", Road.tcp, False),
    ("-s 172.16.0.0/12", Road.tcp, True),
    ("! -s 172.16.0.0/12", Road.tcp, False),
    ("-s 0.0.0.2/0.0.0.255", Road.tcp, True),
    ("-d 10.0.2.0/24", Road.tcp, True),
    ("! -d 127.0.0.0/8", Road.tcp, True),
    ("-p tcp", Road.tcp, True),
    ("-p udp", Road.tcp, False),
    ("! -p udp", Road.tcp, True),
    ("-f", Road.udp, False),
    ("! -f", Road.udp, True),
    ("-f", lambda road: fragment(road.udp(data=bytes(2000)), 1500)[1], True),
    ("-f", lambda road: fragment(road.udp(data=bytes(2000)), 1500)[0], False),
    ("-p tcp --dport 80", Road.tcp, True),
    ("-p tcp --dport 81", Road.tcp, False),
    ("-p tcp ! --dport 81", Road.tcp, True),
    ("-p tcp --dport 70:90 --sport 40000", Road.tcp, True),
    ("-p tcp --dport 81:90", Road.tcp, False),
    ("-p udp --dport 53", Road.udp, True),
    ("-p udp --dport 53", lambda road: fragment(road.udp(data=bytes(2000)), 1500)[1], False),
    ("-p tcp --syn", Road.tcp, True),
    ("-p tcp --syn", lambda road: road.tcp(flags=Flag.SYN | Flag.ACK), False),
    ("-p tcp ! --syn", lambda road: road.tcp(flags=Flag.ACK), True),
    ("-p tcp --tcp-flags ALL SYN,ACK", lambda road: road.tcp(flags=Flag.SYN | Flag.ACK), True),
    ("-p tcp --tcp-flags ALL NONE", Road.tcp, False),
    ("-p tcp --tcp-option 2", lambda road: road.tcp(options=SYN_WITH_OPTIONS), True),
    ("-p tcp ! --tcp-option 2", lambda road: road.tcp(options=SYN_WITH_OPTIONS), False),
    ("-p tcp --tcp-option 8", Road.tcp, False),
    ("-p tcp -m tcpmss --mss 1400:1500", lambda road: road.tcp(options=SYN_WITH_OPTIONS), True),
    ("-p tcp -m tcpmss --mss 1400:1500", Road.tcp, False),
    ("-p tcp -m multiport --dports 22,80,443", Road.tcp, True),
    ("-p tcp -m multiport --dports 22,443", Road.tcp, False),
    ("-p tcp -m multiport ! --dports 22,443", Road.tcp, True),
    ("-p tcp -m multiport --sports 30000:50000", Road.tcp, True),
    ("-p tcp -m multiport --ports 40000", Road.tcp, True),
    ("-p icmp --icmp-type echo-request", Road.echo, True),
    ("-p icmp --icmp-type 8/1", Road.echo, False),
    ("-p icmp --icmp-type any", Road.echo, True),
    ("-p icmp ! --icmp-type 0", Road.echo, True),
    ("-p icmp --icmp-type 3/3", lambda road: road.error(OUTSIDE, INSIDE, road.udp()), True),
    ("-m addrtype --dst-type LOCAL", Road.tcp, False),
    ("-m addrtype --dst-type LOCAL", lambda road: road.tcp(dst=HOST_OUT), True),
    ("-m addrtype --dst-type LOCAL", lambda road: road.tcp(dst="127.0.0.53"), True),
    ("-m addrtype ! --dst-type LOCAL", Road.tcp, True),
    ("-m addrtype --src-type UNICAST --dst-type UNICAST", Road.tcp, True),
    ("-m addrtype --dst-type BROADCAST", lambda road: road.udp(dst="172.17.255.255"), True),
    ("-m addrtype --dst-type BROADCAST", lambda road: road.udp(dst="255.255.255.255"), True),
    ("-m addrtype --dst-type MULTICAST", lambda road: road.udp(dst="224.0.0.251"), True),
    ("-m iprange --src-range 172.17.0.1-172.17.0.9", Road.tcp, True),
    ("-m iprange ! --src-range 172.17.0.1-172.17.0.9", Road.tcp, False),
    ("-m iprange --dst-range 10.0.2.3-10.0.2.9", Road.tcp, False),
    ("-m ttl --ttl-eq 64", Road.tcp, True),
    ("-m ttl --ttl-lt 64", Road.tcp, False),
    ("-m ttl --ttl-gt 63", Road.tcp, True),
    ("-m ttl ! --ttl-eq 64", Road.tcp, False),
    ("-m length --length 40", Road.tcp, True),
    ("-m length --length 41:", Road.tcp, False),
    ("-m tos --tos 0x10", lambda road: road.tcp(tos=0x10), True),
    ("-m tos --tos 0x10/0x1e", lambda road: road.tcp(tos=0x30), True),
    ("-m dscp --dscp-class EF", lambda road: road.tcp(tos=0xB8), True),
    ("-m dscp ! --dscp 0", Road.tcp, False),
    ("-m comment --comment anything", Road.tcp, True),
    ("-m string --string hello --algo bm", lambda road: road.udp(data=b"say hello"), True),
    ("-m string --string HELLO --algo bm", lambda road: road.udp(data=b"say hello"), False),
    ("-m string --string HELLO --algo kmp --icase", lambda road: road.udp(data=b"say hello"), True),
    ("-m string --string say --algo bm --from 40", lambda road: road.udp(data=b"say hello"), False),
    ("-m string --hex-string '|00ff|' --algo bm".replace("'", ""), lambda road: road.udp(data=b"\x00\xff"), True),
    # Labs begin on Wednesday 2023-03-01 at 09:00 UTC.
    ("-m time --timestart 08:00 --timestop 10:00", Road.tcp, True),
    ("-m time --timestart 22:00 --timestop 08:00", Road.tcp, False),
    ("-m time --weekdays Wed", Road.tcp, True),
    ("-m time ! --weekdays Wed,Thu", Road.tcp, False),
    ("-m time --datestart 2023-03-02", Road.tcp, False),
    ("-m time --datestop 2023-03-02", Road.tcp, True),
]


@pytest.mark.parametrize(("text", "packet", "expected"), CASES, ids=lambda case: case if isinstance(case, str) else "")
def test_a_match_asks_what_it_says(road: Road, text: str, packet: Make, expected: bool) -> None:
    assert asks(road, text, packet(road)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-i docker0", True),
        ("-i docker+", True),
        ("-i eth0", False),
        ("! -i eth0", True),
        ("-o eth0", True),
        ("-o +", True),
        ("! -o docker0", True),
        ("-i docker0 ! -o docker0", True),
        ("-m physdev --physdev-is-bridged", False),
        ("-m physdev ! --physdev-is-bridged", True),
        ("-m addrtype --src-type LOCAL --limit-iface-in", False),
    ],
)
def test_devices_are_known_by_their_names(road: Road, text: str, expected: bool) -> None:
    assert asks(road, text, road.tcp(), device_in=road.docker0, device_out=road.eth0) is expected


def test_a_device_that_is_not_there_has_no_name(road: Road) -> None:
    assert not asks(road, "-o eth0", road.tcp(), device_in=road.docker0)
    assert asks(road, "! -o docker0", road.tcp(), device_in=road.docker0)


def test_physdev_asks_for_the_ports_of_the_bridge(road: Road) -> None:
    about = {"physdev_in": road.eth0, "physdev_out": road.docker0}
    assert asks(road, "-m physdev --physdev-in eth+ --physdev-out docker0 --physdev-is-bridged", road.tcp(), **about)
    assert not asks(road, "-m physdev ! --physdev-in eth0", road.tcp(), **about)


def test_an_address_of_another_device_is_not_local_to_the_device_it_came_in_by(road: Road) -> None:
    packet = road.tcp(dst=HOST_OUT)
    text = "-m addrtype --dst-type LOCAL --limit-iface-in"
    assert asks(road, text, packet, device_in=road.eth0)
    assert not asks(road, text, packet, device_in=road.docker0)


def test_mac_and_pkttype_ask_for_the_frame(road: Road) -> None:
    packet = road.tcp()
    direct = frame(packet, src="02:42:ac:11:00:02", dst="02:42:00:00:00:01")
    for_all = frame(packet, src="02:42:ac:11:00:02", dst=BROADCAST_MAC)
    assert asks(road, "-m mac --mac-source 02:42:AC:11:00:02", packet, frame=direct)
    assert not asks(road, "-m mac --mac-source 02:42:AC:11:00:02", packet)
    assert asks(road, "-m pkttype --pkt-type unicast", packet, frame=direct)
    assert asks(road, "-m pkttype --pkt-type broadcast", packet, frame=for_all)


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("--mark 1", 1, True),
        ("--mark 1", 3, False),
        ("--mark 1/1", 3, True),
        ("! --mark 1/1", 2, True),
    ],
)
def test_marks_are_compared_under_their_mask(road: Road, text: str, mark: int, expected: bool) -> None:
    assert asks(road, f"-m mark {text}", road.tcp(), mark=mark) is expected


@pytest.mark.parametrize(
    ("text", "uid", "expected"),
    [
        ("--uid-owner 0", 0, True),
        ("--uid-owner 0", None, False),
        ("! --uid-owner 0", 1000, True),
        ("--uid-owner 1000-1999", 1500, True),
        ("--socket-exists", 0, True),
        ("! --socket-exists", None, True),
    ],
)
def test_owner_asks_who_sends(road: Road, text: str, uid: int | None, expected: bool) -> None:
    assert asks(road, f"-m owner {text}", road.tcp(), uid=uid) is expected


def hits(road: Road, text: str, count: int, *, every: int = 0) -> list[bool]:
    """What one rule says to packets that come one after the other."""
    rule = rule_from_text(text)
    (test,) = (match.test(road.host) for match in rule.matches)
    found = []
    for _ in range(count):
        found.append(test(Skb(road.tcp(), road.host)))
        road.clock.run(until=road.clock.now + max(every, 1))
    return found


def test_limit_lets_a_burst_through_and_then_its_rate(road: Road) -> None:
    assert hits(road, "-m limit --limit 1/sec --limit-burst 3", 5) == [True, True, True, False, False]
    road.clock.run(until=road.clock.now + 2 * S)
    assert hits(road, "-m limit --limit 2/sec --limit-burst 1", 4, every=250 * MS) == [True, False, True, False]


def test_hashlimit_counts_each_source_by_itself(road: Road) -> None:
    rule = "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name h"
    assert hits(road, rule, 2) == [True, False]
    assert asks(road, rule, road.tcp(src="172.17.0.3"))


def test_statistic_takes_every_nth_packet(road: Road) -> None:
    assert hits(road, "-m statistic --mode nth --every 3 --packet 1", 6) == [False, True, False, False, True, False]
    assert hits(road, "-m statistic --mode nth ! --every 2 --packet 0", 4) == [False, True, False, True]


def test_statistic_takes_about_its_share_by_chance(road: Road) -> None:
    assert 60 < sum(hits(road, "-m statistic --mode random --probability 0.4", 200)) < 100
    assert all(hits(road, "-m statistic --mode random --probability 1", 20))


def test_quota_ends_when_its_bytes_have_passed(road: Road) -> None:
    assert hits(road, "-m quota --quota 100", 4) == [True, True, False, False]


def test_recent_remembers_who_was_seen_and_when(road: Road) -> None:
    assert not asks(road, "-m recent --rcheck --name n", road.tcp())
    assert asks(road, "-m recent --set --name n", road.tcp())
    assert asks(road, "-m recent --rcheck --seconds 10 --name n", road.tcp())
    assert not asks(road, "-m recent --rcheck --name n", road.tcp(src="172.17.0.9"))
    assert not asks(road, "-m recent --rcheck --hitcount 2 --name n", road.tcp())
    assert asks(road, "-m recent --update --seconds 10 --name n", road.tcp())
    assert asks(road, "-m recent --rcheck --hitcount 2 --name n", road.tcp())
    road.clock.run(until=road.clock.now + 11 * S)
    assert not asks(road, "-m recent --rcheck --seconds 10 --name n", road.tcp())
    assert asks(road, "-m recent --rcheck --name n", road.tcp())
    asks(road, "-m recent --rcheck --seconds 10 --reap --name n", road.tcp())
    assert not asks(road, "-m recent --rcheck --name n", road.tcp())
    assert asks(road, "-m recent --remove --name n", road.tcp())
    assert not asks(road, "-m recent --rcheck --name n", road.tcp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--ctstate NEW", [True, False, False]),
        ("--ctstate ESTABLISHED,RELATED", [False, True, True]),
        ("! --ctstate NEW", [False, True, True]),
        ("--ctstate DNAT", [False, False, False]),
        ("--ctproto tcp", [True, True, True]),
        ("--ctorigsrc 172.17.0.2 --ctorigdst 10.0.2.0/24", [True, True, True]),
        ("--ctreplsrc 172.17.0.2", [False, False, False]),
        ("--ctorigdstport 80 --ctrepldstport 40000", [True, True, True]),
        ("--ctdir ORIGINAL", [True, False, True]),
        ("--ctdir REPLY", [False, True, False]),
        ("--ctstatus SEEN_REPLY", [False, True, True]),
        ("--ctexpire 100:130", [True, False, False]),
    ],
)
def test_conntrack_asks_for_the_connection(road: Road, text: str, expected: list[bool]) -> None:
    """A SYN, its SYN-ACK, the ACK."""
    road.add(f"filter FORWARD -m conntrack {text}")
    found = []
    for packet in (
        road.tcp(),
        road.tcp(OUTSIDE, INSIDE, ports="80>40000", flags=Flag.SYN | Flag.ACK),
        road.tcp(flags=Flag.ACK),
    ):
        before = road.counts("filter", "FORWARD")[0]
        road.routed(packet)
        found.append(road.counts("filter", "FORWARD")[0] > before)
    assert found == expected


def test_conntrack_knows_which_end_was_translated(road: Road) -> None:
    road.add("nat POSTROUTING -j SNAT --to-source 10.0.2.15")
    road.add("mangle FORWARD -m conntrack --ctstate SNAT", "mangle FORWARD -m conntrack --ctstate DNAT")
    road.routed(road.udp())
    road.routed(road.udp(OUTSIDE, HOST_OUT, ports="53>5000"))
    assert road.counts("mangle", "FORWARD") == [1, 0]


def test_state_is_the_older_spelling(road: Road) -> None:
    road.add("filter FORWARD -m state --state NEW", "filter FORWARD -m state ! --state INVALID")
    road.routed(road.tcp())
    road.routed(road.tcp(flags=Flag.SYN | Flag.ACK, ports="1>2"))
    assert road.counts("filter", "FORWARD") == [1, 1]


def test_connlimit_counts_the_connections_of_one_source(road: Road) -> None:
    road.add("filter FORWARD -p tcp --syn -m connlimit --connlimit-above 2 -j DROP")
    for port in (1001, 1002):
        road.routed(road.tcp(ports=f"{port}>80"))
    _, skb = road.run(Hook.PREROUTING, road.tcp(ports="1003>80"), device_in=road.docker0)
    assert road.netfilter.run(Hook.FORWARD, skb).name == "DROP"
    road.routed(road.tcp(src="172.17.0.3", ports="1001>80"))


def test_connmark_asks_for_the_connections_mark(road: Road) -> None:
    road.add("mangle PREROUTING -j CONNMARK --set-mark 5", "filter FORWARD -m connmark --mark 5")
    road.routed(road.tcp())
    assert road.counts("filter", "FORWARD") == [1]
