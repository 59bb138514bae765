"""What each target does to a packet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.kernel.netfilter.hooks import Hook, Verdict
from simulator.kernel.packet import Flag, Packet, Tcp, TcpOptions, frame
from tests.kernel.netfilter.world import HOST_OUT, INSIDE, OUTSIDE, Road


def mss(packet: Packet) -> int | None:
    assert isinstance(packet.l4, Tcp)
    return packet.l4.options.mss


@pytest.mark.parametrize(
    ("target", "make", "read", "expected"),
    [
        ("TTL --ttl-set 5", Road.udp, lambda packet: packet.ttl, 5),
        ("TTL --ttl-inc 10", Road.udp, lambda packet: packet.ttl, 74),
        ("TTL --ttl-dec 100", Road.udp, lambda packet: packet.ttl, 0),
        ("TOS --set-tos 0x10", Road.udp, lambda packet: packet.tos, 0x10),
        ("TOS --or-tos 0x04", lambda road: road.udp(tos=0x10), lambda packet: packet.tos, 0x14),
        ("TOS --and-tos 0xf0", lambda road: road.udp(tos=0x14), lambda packet: packet.tos, 0x10),
        ("DSCP --set-dscp-class EF", lambda road: road.udp(tos=0x03), lambda packet: packet.tos, 0xBB),
        ("CHECKSUM --checksum-fill", Road.udp, lambda packet: packet.ttl, 64),
    ],
)
def test_mangling_gives_a_changed_copy(
    road: Road, target: str, make: Callable[[Road], Packet], read: Callable[[Packet], int], expected: int
) -> None:
    road.add(f"mangle FORWARD -j {target}")
    packet = make(road)
    before = packet.bytes()
    verdict, skb = road.run(Hook.FORWARD, packet)
    assert (verdict, read(skb.packet)) == (Verdict.ACCEPT, expected)
    assert packet.bytes() == before


@pytest.mark.parametrize(
    ("target", "before", "after"),
    [
        ("--set-mark 5", 0, 5),
        ("--set-mark 0x10/0xf0", 0xFF, 0x1F),
        ("--or-mark 0x8", 1, 9),
        ("--and-mark 0xf0", 0xFF, 0xF0),
        ("--xor-mark 3", 1, 2),
    ],
)
def test_marks_are_set_bit_by_bit(road: Road, target: str, before: int, after: int) -> None:
    road.add(f"mangle FORWARD -j MARK {target}")
    assert road.run(Hook.FORWARD, road.udp(), mark=before)[1].mark == after


def test_a_connection_carries_a_mark_to_its_answers(road: Road) -> None:
    road.add(
        "mangle PREROUTING -s 172.17.0.2 -j MARK --set-mark 7",
        "mangle PREROUTING -m mark --mark 7 -j CONNMARK --save-mark",
    )
    road.add("mangle POSTROUTING -j CONNMARK --restore-mark")
    road.routed(road.udp())
    assert road.routed(road.udp(OUTSIDE, INSIDE, ports="53>5000")).mark == 7


@pytest.mark.parametrize(
    ("target", "announced", "expected"),
    [
        ("--set-mss 1400", 1460, 1400),
        ("--set-mss 1400", 1300, 1300),
        ("--set-mss 1400", None, 536),
        ("--clamp-mss-to-pmtu", 1460, 1360),
    ],
)
def test_tcpmss_only_lowers_what_a_syn_announces(road: Road, target: str, announced: int | None, expected: int) -> None:
    road.eth0.mtu = 1400
    road.add(f"mangle FORWARD -p tcp -j TCPMSS {target}")
    syn = road.tcp(options=TcpOptions(mss=announced))
    assert mss(road.run(Hook.FORWARD, syn, device_out=road.eth0)[1].packet) == expected
    later = road.tcp(flags=Flag.ACK)
    assert road.run(Hook.FORWARD, later, device_out=road.eth0)[1].packet is later


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("icmp-net-unreachable", 0),
        ("icmp-host-unreachable", 1),
        ("icmp-proto-unreachable", 2),
        ("icmp-port-unreachable", 3),
        ("icmp-net-prohibited", 9),
        ("icmp-host-prohibited", 10),
        ("icmp-admin-prohibited", 13),
    ],
)
def test_reject_tells_the_sender_why(road: Road, kind: str, code: int) -> None:
    road.add(f"filter FORWARD -j REJECT --reject-with {kind}")
    road.inside.send(road.udp())
    road.settle()
    assert (
        f"in 172.17.0.1 > 172.17.0.2 ICMP type 3 code {code} about 172.17.0.2.5000 > 10.0.2.2.53"
        in road.seen_inside[-1]
    )
    assert road.drops[0] == "FILTER_REJECT"


def test_reject_with_a_reset_answers_as_the_other_end(road: Road) -> None:
    road.add("filter FORWARD -p tcp -j REJECT --reject-with tcp-reset")
    road.inside.send(road.tcp())
    road.settle()
    assert road.seen_inside[-1].startswith("in 10.0.2.2.80 > 172.17.0.2.40000 TCP [R.] seq 0 ack 2")


def test_a_rejection_speaks_of_the_packet_as_its_sender_knows_it(road: Road) -> None:
    """The packet had been led elsewhere by DNAT; the answer goes the way back through it."""
    road.add("nat PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80")
    road.add("filter FORWARD -p tcp -j REJECT --reject-with tcp-reset", "filter OUTPUT -m conntrack --ctstate RELATED")
    road.outside.send(road.tcp(OUTSIDE, HOST_OUT, ports="50000>8080"))
    road.settle()
    assert road.seen_outside[-1].startswith("in 10.0.2.15.8080 > 10.0.2.2.50000 TCP [R.]")
    assert road.counts("filter", "OUTPUT") == [1]


def test_a_reset_goes_back_through_the_port_of_the_bridge_that_the_segment_came_by(road: Road) -> None:
    """It is no packet of the host's own: it meets no hook, and the bridge does not see it."""
    road.add("filter FORWARD -p tcp -j REJECT --reject-with tcp-reset", "filter OUTPUT -p tcp")
    packet = road.tcp()
    came = frame(packet, src="02:00:00:00:00:03", dst="02:42:00:00:00:01")
    road.run(Hook.FORWARD, packet, device_in=road.docker0, physdev_in=road.docker0, frame=came)
    road.settle()
    assert road.seen_inside == ["in 10.0.2.2.80 > 172.17.0.2.40000 TCP [R.] seq 0 ack 2 length 0"]
    assert road.counts("filter", "OUTPUT") == [0]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ({"flags": Flag.SYN}, "[R.] seq 0 ack 2"),
        ({"flags": Flag.ACK | Flag.FIN, "data": b"abc"}, "[R] seq 0 ack 0"),
        ({"flags": Flag.FIN, "data": b"abc"}, "[R.] seq 0 ack 5"),
    ],
)
def test_a_reset_fits_into_the_window(road: Road, segment: dict[str, Any], expected: str) -> None:
    road.add("filter FORWARD -p tcp -j REJECT --reject-with tcp-reset")
    road.inside.send(road.tcp(**segment))
    road.settle()
    assert expected in road.seen_inside[-1]


def test_a_reset_is_not_answered_by_another(road: Road) -> None:
    road.add("filter FORWARD -p tcp -j REJECT --reject-with tcp-reset")
    road.inside.send(road.tcp(flags=Flag.RST))
    road.settle()
    assert not any(line.startswith("in 10.0.2.2") for line in road.seen_inside)


def test_log_writes_what_the_kernel_writes_and_goes_on(road: Road) -> None:
    road.add('filter FORWARD -j LOG --log-prefix "fw: "', "filter FORWARD -p tcp")
    packet = road.tcp(ident=4711, df=True)
    about = {"device_in": road.docker0, "device_out": road.eth0, "physdev_in": road.docker0}
    came = frame(packet, src="02:42:ac:11:00:02", dst="02:42:00:00:00:01")
    road.run(Hook.FORWARD, packet, frame=came, **about)
    assert road.machine.log[-1][1] == (
        "fw: IN=docker0 OUT=eth0 PHYSIN=docker0 MAC=02:42:00:00:00:01:02:42:ac:11:00:02:08:00 SRC=172.17.0.2 "
        "DST=10.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=4711 DF PROTO=TCP SPT=40000 DPT=80 WINDOW=1000 RES=0x00 "
        "SYN URGP=0 "
    )
    assert road.counts("filter", "FORWARD") == [1, 1]


@pytest.mark.parametrize(
    ("options", "make", "expected"),
    [
        ("", Road.udp, "LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=UDP SPT=5000 DPT=53 LEN=8 "),
        ("", Road.echo, "LEN=84 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=ICMP TYPE=8 CODE=0 ID=7 SEQ=1 "),
        (
            "--log-tcp-sequence --log-tcp-options",
            lambda road: road.tcp(options=TcpOptions(mss=1460)),
            "PROTO=TCP SPT=40000 DPT=80 SEQ=1 ACK=0 WINDOW=1000 RES=0x00 SYN URGP=0 OPT (020405B4) ",
        ),
        ("", lambda road: road.tcp(flags=Flag.ACK | Flag.PSH | Flag.FIN), "RES=0x00 ACK PSH FIN URGP=0 "),
        (
            "",
            lambda road: road.error(OUTSIDE, INSIDE, road.udp(ports="5000>9", ident=9)),
            "[SRC=172.17.0.2 DST=10.0.2.2 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=9 PROTO=UDP SPT=5000 DPT=9 LEN=8 ] ",
        ),
    ],
)
def test_log_describes_each_protocol(road: Road, options: str, make: Callable[[Road], Packet], expected: str) -> None:
    road.add(f"filter OUTPUT -j LOG {options}")
    road.run(Hook.OUTPUT, make(road), device_out=road.eth0)
    text = road.machine.log[-1][1]
    assert text.startswith("IN= OUT=eth0 SRC=")
    assert text.endswith(expected)


def test_log_says_who_sent_and_with_what_mark(road: Road) -> None:
    road.add("filter OUTPUT -j LOG --log-uid")
    road.run(Hook.OUTPUT, road.udp(), device_out=road.eth0, uid=0, mark=16)
    assert road.machine.log[-1][1].endswith("LEN=8 UID=0 GID=0 MARK=0x10 ")


def test_a_container_has_no_place_in_the_hosts_log(road: Road) -> None:
    road.inside.netfilter.add("filter", "OUTPUT", "-j LOG", made_by="test")
    road.inside.send(road.udp())
    assert road.machine.log == []


def test_trace_changes_nothing(road: Road) -> None:
    road.add("raw PREROUTING -j TRACE")
    packet = road.udp()
    verdict, skb = road.run(Hook.PREROUTING, packet, device_in=road.docker0)
    assert (verdict, skb.packet) == (Verdict.ACCEPT, packet)
