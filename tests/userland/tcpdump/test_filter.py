"""Filter expressions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.packet import (
    ARP_REQUEST,
    BROADCAST_MAC,
    ECHO6_REQUEST,
    ECHO_REQUEST,
    NO_MAC,
    Flag,
    Frame,
    Icmp,
    Tcp,
    Udp,
    arp,
    frame,
    icmp,
    tcp,
    udp,
)
from simulator.userland.tcpdump.arithmetic import BadFilter
from simulator.userland.tcpdump.filter import Names, NeedsName, compile_filter

A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"
NAMES = Names({"10.0.0.1": ["10.0.0.1"], "web": ["10.0.0.2", "fd00::2"], "::1": ["::1"], "gone": []}, {"http": 80})
FRAMES: dict[str, Frame] = {
    "arp": frame(arp(ARP_REQUEST, hwsrc=A, psrc="10.0.0.1", hwdst=NO_MAC, pdst="10.0.0.2"), src=A, dst=BROADCAST_MAC),
    "syn": frame(tcp("10.0.0.1", "10.0.0.2", Tcp(40000, 80, 0, 0, Flag.SYN, 9), number=1), src=A, dst=B),
    "ack": frame(tcp("10.0.0.2", "10.0.0.1", Tcp(80, 40000, 0, 1, Flag.SYN | Flag.ACK, 9), number=2), src=B, dst=A),
    "dns": frame(udp("10.0.0.1", "10.0.0.3", Udp(5353, 53, b"x" * 100), number=3), src=A, dst=B),
    "ping": frame(icmp("172.17.0.1", "10.0.0.2", Icmp(ECHO_REQUEST, 0, 1, 1), number=4), src=A, dst=B),
    "ping6": frame(icmp("::1", "::1", Icmp(ECHO6_REQUEST, 0, 1, 1), number=5), src=A, dst=B),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "arp syn ack dns ping ping6"),
        ("arp", "arp"),
        ("ip", "syn ack dns ping"),
        ("ip6", "ping6"),
        ("tcp", "syn ack"),
        ("udp or icmp6", "dns ping6"),
        ("icmp", "ping"),
        ("not tcp", "arp dns ping ping6"),
        ("! (tcp or udp)", "arp ping ping6"),
        ("host web", "arp syn ack ping"),
        ("web", "arp syn ack ping"),
        ("src host 10.0.0.1", "arp syn dns"),
        ("dst 10.0.0.1", "ack"),
        ("src or dst host 10.0.0.1", "arp syn ack dns"),
        ("src and dst host ::1", "ping6"),
        ("ip host 10.0.0.1", "syn ack dns"),
        ("arp host 10.0.0.1", "arp"),
        ("port 80", "syn ack"),
        ("port http or 53", "syn ack dns"),
        ("tcp dst port 80", "syn"),
        ("udp port 80", ""),
        ("tcp src portrange 79-81", "ack"),
        ("net 172.17", "ping"),
        ("src net 10.0.0.0/8 and not port 80", "arp dns"),
        ("net 10.0.0.0 mask 255.0.0.0 and icmp", "ping"),
        ("ether host 02:0:0:0:0:2", "syn ack dns ping ping6"),
        ("ether src 02:00:00:00:00:02", "ack"),
        ("ether broadcast", "arp"),
        ("broadcast", "arp"),
        ("ether proto arp", "arp"),
        ("ip proto 6", "syn ack"),
        ("ip proto \\udp", "dns"),
        ("less 60", "arp syn ack ping"),
        ("greater 100", "dns"),
        ("len > 100", "dns"),
        ("tcp[tcpflags] & tcp-syn != 0", "syn ack"),
        ("tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", "syn"),
        ("tcp[13] = 18", "ack"),
        ("tcp[2:2] == 80", "syn"),
        ("icmp[icmptype] == icmp-echo", "ping"),
        ("icmp[0] != 8", ""),
        ("ip[8] = 64 and udp", "dns"),
        ("(host web and tcp) || arp", "arp syn ack"),
        ("host web && port 80", "syn ack"),
    ],
)
def test_what_a_filter_lets_through(text: str, wanted: str) -> None:
    test = compile_filter(text, NAMES)
    assert " ".join(name for name, each in FRAMES.items() if test(each)) == wanted


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("web http", "can't parse filter expression: syntax error"),
        ("port", "can't parse filter expression: syntax error"),
        ("tcp and (", "can't parse filter expression: syntax error"),
        ("tcp)", "can't parse filter expression: syntax error"),
        ("tcp[13", "can't parse filter expression: syntax error"),
        ("and", "can't parse filter expression: syntax error"),
        ("host gone", "unknown host 'gone'"),
        ("port bogus", "unknown port 'bogus'"),
        ("port 99999", "illegal port number 99999 > 65535"),
        ("net 300", "unknown network '300'"),
        ("tcp[0:3] = 1", "data size must be 1, 2, or 4"),
        ("vlan 5", "docklab does not simulate the filter 'vlan'"),
    ],
)
def test_what_is_no_filter(text: str, complaint: str) -> None:
    with pytest.raises(BadFilter) as caught:
        compile_filter(text, NAMES)
    assert str(caught.value) == complaint


def test_a_name_is_asked_for_only_if_the_form_is_right() -> None:
    with pytest.raises(NeedsName):
        compile_filter("host new", NAMES)
    with pytest.raises(BadFilter):
        compile_filter("host new (", Names({}, {}, dry=True))
    compile_filter("host new", Names({}, {}, dry=True))


@given(st.text("tcpudhosr 0123()[]!&|=<>:.-", max_size=25))
def test_any_text_is_a_filter_or_not(text: str) -> None:
    try:
        test = compile_filter(text, Names({}, {}, dry=True))
    except BadFilter:
        return
    for each in FRAMES.values():
        test(each)
