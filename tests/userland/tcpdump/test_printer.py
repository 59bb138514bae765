"""Frames as lines."""

from __future__ import annotations

import pytest

from simulator.kernel.dns_message import Message, Question, Rcode, Record, Type, query
from simulator.kernel.packet import (
    ARP_REPLY,
    ARP_REQUEST,
    ECHO6_REPLY,
    ECHO_REQUEST,
    NEIGHBOUR_ADVERTISEMENT,
    NEIGHBOUR_SOLICITATION,
    NO_MAC,
    ROUTER_SOLICITATION,
    Arp,
    Discovery,
    Flag,
    GroupReport,
    Icmp,
    Packet,
    Tcp,
    TcpOptions,
    Udp,
    arp,
    discovery,
    fragment,
    frame,
    icmp,
    igmp,
    mld,
    raw,
    tcp,
    udp,
)
from simulator.userland.tcpdump.dump import ascii_dump, hex_dump
from simulator.userland.tcpdump.names import Names
from simulator.userland.tcpdump.printer import Printer, Style
from tests.userland.network import Site

A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"
HOST, OTHER = "10.0.0.1", "10.0.0.2"
SYN = TcpOptions(mss=1460, window_scale=7, sack_ok=True, timestamp=(5, 0))
LATER = TcpOptions(timestamp=(6, 5))


def printer(*, numeric: bool = True, verbose: int = 0, quiet: bool = False, link: bool = False) -> Printer:
    process = Site().spawn("a", lambda process: iter(()), "tcpdump")  # type: ignore[arg-type, return-value]
    return Printer(Style(verbose=verbose, quiet=quiet, link=link), Names(process, numeric=numeric))


def line(payload: Packet | Arp, **style: bool) -> str:
    return printer(**style).frame(frame(payload, src=A, dst=B))


DATAGRAM = udp(HOST, OTHER, Udp(40000, 33434, b"x" * 18), number=1)
SEGMENT = tcp(HOST, OTHER, Tcp(40000, 81, 0, 0, Flag.SYN, 9), number=1)
PING = icmp(HOST, OTHER, Icmp(ECHO_REQUEST, 0, 7, 1, b"x" * 56), number=1)


def error(kind: int, code: int, about: Packet = DATAGRAM, mtu: int = 0) -> Packet:
    return icmp(OTHER, HOST, Icmp(kind, code, about=about, mtu=mtu), number=2)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (
            arp(ARP_REQUEST, hwsrc=A, psrc=HOST, hwdst=NO_MAC, pdst=OTHER),
            "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
        ),
        (
            arp(ARP_REQUEST, hwsrc=A, psrc=HOST, hwdst=B, pdst=OTHER),
            "ARP, Request who-has 10.0.0.2 (02:00:00:00:00:02) tell 10.0.0.1, length 28",
        ),
        (
            arp(ARP_REPLY, hwsrc=B, psrc=OTHER, hwdst=A, pdst=HOST),
            "ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28",
        ),
        (PING, "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 64"),
        (
            icmp("::1", "::1", Icmp(ECHO6_REPLY, 0, 7, 1, b"x" * 56), number=1),
            "IP6 ::1 > ::1: ICMP6, echo reply, id 7, seq 1, length 64",
        ),
        (DATAGRAM, "IP 10.0.0.1.40000 > 10.0.0.2.33434: UDP, length 18"),
        (error(3, 3), "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.2 udp port 33434 unreachable, length 54"),
        (error(3, 3, SEGMENT), "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.2 tcp port 81 unreachable, length 48"),
        (error(3, 1), "IP 10.0.0.2 > 10.0.0.1: ICMP host 10.0.0.2 unreachable, length 54"),
        (error(3, 0), "IP 10.0.0.2 > 10.0.0.1: ICMP net 10.0.0.2 unreachable, length 54"),
        (error(3, 2, PING), "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.2 protocol 1 unreachable, length 92"),
        (
            error(3, 4, mtu=1000),
            "IP 10.0.0.2 > 10.0.0.1: ICMP 10.0.0.2 unreachable - need to frag (mtu 1000), length 54",
        ),
        (
            error(3, 13),
            "IP 10.0.0.2 > 10.0.0.1: ICMP host 10.0.0.2 unreachable - admin prohibited filter, length 54",
        ),
        (error(11, 0), "IP 10.0.0.2 > 10.0.0.1: ICMP time exceeded in-transit, length 54"),
        (error(11, 1), "IP 10.0.0.2 > 10.0.0.1: ICMP ip reassembly time exceeded, length 54"),
        (
            icmp("::2", "::1", Icmp(1, 4, about=udp("::1", "::2", Udp(1, 99), number=1)), number=2),
            "IP6 ::2 > ::1: ICMP6, destination unreachable, unreachable port, ::2 udp port 99, length 56",
        ),
        (
            tcp(HOST, OTHER, Tcp(40000, 80, 100, 0, Flag.SYN, 64240, SYN), number=1),
            (
                "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 100, win 64240, "
                "options [mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7], length 0"
            ),
        ),
        (
            tcp(HOST, OTHER, Tcp(81, 40000, 0, 101, Flag.RST | Flag.ACK, 0), number=1),
            "IP 10.0.0.1.81 > 10.0.0.2.40000: Flags [R.], seq 0, ack 101, win 0, length 0",
        ),
        (
            mld("fe80::1", "ff02::16", GroupReport(((4, "ff02::1:ff00:1"), (4, "ff02::fb"))), number=1),
            "IP6 fe80::1 > ff02::16: HBH ICMP6, multicast listener report v2, 2 group record(s), length 56",
        ),
        (
            igmp(HOST, "224.0.0.22", GroupReport(((4, "239.1.1.1"),)), number=1),
            "IP 10.0.0.1 > 224.0.0.22: igmp v3 report, 1 group record(s)",
        ),
        (
            discovery("::", "ff02::1:ff00:1", Discovery(NEIGHBOUR_SOLICITATION, "fe80::1"), number=1),
            "IP6 :: > ff02::1:ff00:1: ICMP6, neighbor solicitation, who has fe80::1, length 24",
        ),
        (
            discovery("fe80::1", "ff02::1", Discovery(NEIGHBOUR_ADVERTISEMENT, "fe80::1", A), number=1),
            "IP6 fe80::1 > ff02::1: ICMP6, neighbor advertisement, tgt is fe80::1, length 32",
        ),
        (
            discovery("fe80::1", "ff02::2", Discovery(ROUTER_SOLICITATION, mac=A), number=1),
            "IP6 fe80::1 > ff02::2: ICMP6, router solicitation, length 16",
        ),
        (raw(HOST, OTHER, 132, b"x" * 10, number=1), "IP 10.0.0.1 > 10.0.0.2: ip-proto-132 10"),
    ],
)
def test_lines(payload: Packet | Arp, text: str) -> None:
    assert line(payload) == text


def test_later_segments_count_from_the_first() -> None:
    own = printer()
    segments = [
        tcp(HOST, OTHER, Tcp(40000, 80, 100, 0, Flag.SYN, 9), number=1),
        tcp(OTHER, HOST, Tcp(80, 40000, 500, 101, Flag.SYN | Flag.ACK, 9), number=2),
        tcp(HOST, OTHER, Tcp(40000, 80, 101, 501, Flag.ACK, 9, LATER), number=3),
        tcp(HOST, OTHER, Tcp(40000, 80, 101, 501, Flag.ACK | Flag.PSH, 9, data=b"GET / HTTP/1.1\r\n\r\n"), number=4),
        tcp(OTHER, HOST, Tcp(80, 40000, 501, 119, Flag.ACK | Flag.FIN, 9, data=b"body"), number=5),
    ]
    shown = [own.frame(frame(segment, src=A, dst=B)).partition(": ")[2] for segment in segments]
    assert shown == [
        "Flags [S], seq 100, win 9, length 0",
        "Flags [S.], seq 500, ack 101, win 9, length 0",
        "Flags [.], ack 1, win 9, options [nop,nop,TS val 6 ecr 5], length 0",
        "Flags [P.], seq 1:19, ack 1, win 9, length 18: HTTP: GET / HTTP/1.1",
        "Flags [F.], seq 1:5, ack 19, win 9, length 4: HTTP",
    ]


def test_fragments() -> None:
    whole = udp(HOST, OTHER, Udp(1, 2, b"x" * 2000), number=1)
    assert [line(part) for part in fragment(whole, 1500)] == [
        "IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 2000",
        "IP 10.0.0.1 > 10.0.0.2: ip-proto-17",
    ]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (query(7, "outside.test", Type.AAAA), "7+ AAAA? outside.test. (30)"),
        (
            Message(
                7,
                (Question("a.test", Type.A),),
                (Record("a.test", Type.A, 60, "1.2.3.4"), Record("a.test", Type.CNAME, 90, "b.test")),
                response=True,
                recursion_available=True,
            ),
            "7 2/0/0 A 1.2.3.4, CNAME b.test. (56)",
        ),
        (
            Message(7, (Question("a.test", Type.A),), response=True, authoritative=True, rcode=Rcode.NXDOMAIN),
            "7 NXDomain*- 0/0/0 (24)",
        ),
    ],
)
def test_dns(message: Message, text: str) -> None:
    datagram = udp(HOST, OTHER, Udp(40000, 53, message.to_bytes()), number=1)
    assert line(datagram) == f"IP 10.0.0.1.40000 > 10.0.0.2.53: {text}"


def test_what_is_no_dns_is_data() -> None:
    assert line(udp(HOST, OTHER, Udp(53, 53, b"junk"), number=1)) == "IP 10.0.0.1.53 > 10.0.0.2.53: UDP, length 4"


def test_the_link_s_header() -> None:
    ends = "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype"
    assert (
        line(PING, link=True)
        == f"{ends} IPv4 (0x0800), length 98: 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 64"
    )
    question = arp(ARP_REQUEST, hwsrc=A, psrc=HOST, hwdst=NO_MAC, pdst=OTHER)
    assert (
        line(question, link=True)
        == f"{ends} ARP (0x0806), length 42: Request who-has 10.0.0.2 tell 10.0.0.1, length 28"
    )


def test_more_words() -> None:
    assert line(DATAGRAM, verbose=True) == (
        "IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto UDP (17), length 46)\n"
        "    10.0.0.1.40000 > 10.0.0.2.33434: UDP, length 18"
    )
    assert line(error(11, 0), verbose=True).endswith(
        "ICMP time exceeded in-transit, length 54\n"
        "\tIP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto UDP (17), length 46)\n"
        "    10.0.0.1.40000 > 10.0.0.2.33434: UDP, length 18"
    )
    assert "cksum 0x" in line(SEGMENT, verbose=True) and "(correct)" in line(SEGMENT, verbose=True)


def test_fewer_words() -> None:
    assert line(SEGMENT, quiet=True) == "IP 10.0.0.1.40000 > 10.0.0.2.81: tcp 0"
    assert line(udp(HOST, OTHER, Udp(1, 53, b"x" * 30), number=1), quiet=True).endswith("UDP, length 30")


def test_names_of_ports_and_cards() -> None:
    own = printer(numeric=False)
    reply = arp(ARP_REPLY, hwsrc=B, psrc=OTHER, hwdst=A, pdst=HOST)
    assert own.frame(frame(reply, src=B, dst=A)).endswith("is-at 02:00:00:00:00:02 (oui Unknown), length 28")
    assert own.names.mac("ff:ff:ff:ff:ff:ff") == "Broadcast"


def test_bytes_in_hex() -> None:
    assert hex_dump(b"0123456789abcdefXY\0", text=True) == (
        "\t0x0000:  3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n"
        "\t0x0010:  5859 00                                  XY."
    )
    assert hex_dump(b"01", text=False) == "\t0x0000:  3031"


def test_bytes_as_characters() -> None:
    assert ascii_dump(b"a\x00b\r\nc\xff") == "a.b\nc."
