"""Laws of frames and packets as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.packet import (
    ETH_ARP,
    ETH_IP,
    ETH_IPV6,
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
    flags_text,
    fragment,
    frame,
    icmp,
    igmp,
    mld,
    parse_ip,
    reassemble,
    rewrite,
    tcp,
    udp,
)
from simulator.kernel.packet.scapy_layers import IP

A, B = "172.17.0.2", "172.17.0.3"
A6, B6 = "fe80::1", "fe80::2"
MAC = "02:42:ac:11:00:02"

ports = st.integers(0, 65535)
datas = st.binary(max_size=200)
addresses = st.integers(1, 2**32 - 2).map(
    lambda number: ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
)
segments = st.builds(
    Tcp,
    ports,
    ports,
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 63),
    ports,
    st.sampled_from([TcpOptions(), TcpOptions(1460, 7, True, (1, 0)), TcpOptions(timestamp=(9, 8)), TcpOptions(1460)]),
    datas,
)

EVERY_KIND: list[Packet] = [
    icmp(A, B, Icmp(8, 0, 1, 2, b"x" * 56), number=1),
    icmp(A6, B6, Icmp(128, 0, 1, 2, b"x" * 56), number=2),
    icmp(B, A, Icmp(3, 3, about=udp(A, B, Udp(1, 2, b"y"), number=3)), number=4),
    icmp(B6, A6, Icmp(1, 4, about=udp(A6, B6, Udp(1, 2, b"y"), number=5)), number=6),
    tcp(A, B, Tcp(1, 2, 3, 4, Flag.SYN, 64240, TcpOptions(1460, 7, True, (1, 0))), number=7),
    tcp(A6, B6, Tcp(1, 2, 3, 4, Flag.ACK | Flag.PSH, 1, TcpOptions(timestamp=(1, 2)), b"data"), number=8),
    discovery(A6, "ff02::2", Discovery(133, mac=MAC), number=9),
    discovery("::", "ff02::1:ff00:2", Discovery(135, target=B6, nonce=b"123456"), number=10),
    mld("::", "ff02::16", GroupReport(((4, "ff02::1:ff00:1"),)), number=11),
    igmp(A, "224.0.0.22", GroupReport(((4, "224.0.0.251"),)), number=12),
]


@pytest.mark.parametrize("packet", EVERY_KIND, ids=str)
def test_a_packet_is_as_long_as_it_says(packet: Packet) -> None:
    assert packet.length == len(packet.bytes())


@pytest.mark.parametrize(
    ("packet", "ethernet_length"),
    [
        (EVERY_KIND[6], 70),  # a router solicitation, as every counter of a quiet container knows it
        (EVERY_KIND[8], 90),  # an MLDv2 report of one group
        (EVERY_KIND[0], 98),  # a ping
    ],
)
def test_well_known_frames_have_their_well_known_lengths(packet: Packet, ethernet_length: int) -> None:
    assert frame(packet, src=MAC, dst=MAC).length == ethernet_length


@given(addresses, addresses, segments)
def test_what_scapy_reads_from_the_bytes_is_what_was_said(src: str, dst: str, segment: Tcp) -> None:
    packet = tcp(src, dst, segment, number=1, ttl=63)
    read = IP(packet.bytes())
    assert (read.src, read.dst, read.ttl, read.len) == (src, dst, 63, packet.length)
    assert (read["TCP"].sport, read["TCP"].dport, int(read["TCP"].flags)) == (
        segment.sport,
        segment.dport,
        segment.flags,
    )
    assert bytes(read["TCP"].payload) == segment.data


@given(addresses, addresses, addresses, segments, ports)
def test_rewriting_changes_the_copy_alone_and_mends_the_checksums(
    src: str, dst: str, new: str, segment: Tcp, port: int
) -> None:
    packet = tcp(src, dst, segment, number=5)
    before = packet.bytes()
    copy = rewrite(packet, dst=new, dport=port, ttl=7)
    assert packet.bytes() == before
    assert copy.id == packet.id
    read = IP(copy.bytes())
    assert (read.dst, read["TCP"].dport, read.ttl) == (new, port, 7)
    sums = (read.chksum, read["TCP"].chksum)
    del read.chksum, read["TCP"].chksum
    fresh = IP(bytes(read))
    assert (fresh.chksum, fresh["TCP"].chksum) == sums


@pytest.mark.parametrize("packet", EVERY_KIND, ids=str)
def test_another_ttl_changes_the_ip_header_of_the_copy_alone(packet: Packet) -> None:
    before = packet.bytes()
    passed = rewrite(packet, ttl=7)
    made = Packet(packet.src, packet.dst, packet.proto, packet.l4, number=packet.id, ttl=7, tos=packet.tos)
    rewrite(passed, src=packet.dst)  # and what NAT then makes of it changes neither
    assert packet.bytes() == before
    assert (passed.bytes(), passed.length) == (made.bytes(), made.length)


@given(st.binary(min_size=0, max_size=9000), st.integers(576, 1500))
def test_fragments_fit_and_make_the_packet_again(data: bytes, mtu: int) -> None:
    packet = icmp(A, B, Icmp(8, 0, 3, 4, data), number=1, ident=77)
    parts = fragment(packet, mtu)
    assert all(part.length <= mtu and part.length == len(part.bytes()) for part in parts)
    whole = reassemble(parts[::-1])
    assert whole is not None
    assert whole.bytes() == packet.bytes()


@pytest.mark.parametrize("lost", range(3))
def test_a_packet_with_a_lost_fragment_stays_incomplete(lost: int) -> None:
    parts = fragment(icmp(A, B, Icmp(8, 0, 1, 1, b"x" * 4000), number=1, ident=5), 1500)
    assert len(parts) == 3
    assert reassemble([part for index, part in enumerate(parts) if index != lost]) is None


def test_a_frame_knows_what_it_carries() -> None:
    request = arp(1, hwsrc=MAC, psrc=A, hwdst="00:00:00:00:00:00", pdst=B)
    assert frame(request, src=MAC, dst="ff:ff:ff:ff:ff:ff").ethertype == ETH_ARP
    assert frame(EVERY_KIND[0], src=MAC, dst=MAC).ethertype == ETH_IP
    assert frame(EVERY_KIND[1], src=MAC, dst=MAC).ethertype == ETH_IPV6


@pytest.mark.parametrize(
    ("mac", "group"),
    [("ff:ff:ff:ff:ff:ff", True), ("33:33:00:00:00:16", True), ("01:00:5e:00:00:fb", True), (MAC, False)],
)
def test_the_lowest_bit_of_the_first_octet_means_a_group(mac: str, group: bool) -> None:
    assert frame(EVERY_KIND[0], src=MAC, dst=mac).is_multicast is group


def test_an_icmp_error_quotes_no_more_than_576_bytes() -> None:
    long = udp(A, B, Udp(1, 2, b"x" * 1400), number=1)
    assert icmp(B, A, Icmp(3, 3, about=long), number=2).length == 576


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (Flag.SYN, "S"),
        (Flag.SYN | Flag.ACK, "S."),
        (Flag.PSH | Flag.ACK, "P."),
        (Flag.RST | Flag.ACK, "R."),
        (0, "none"),
    ],
)
def test_flags_are_spelt_as_tcpdump_spells_them(flags: int, text: str) -> None:
    assert flags_text(flags) == text


@given(st.binary(max_size=64))
def test_bytes_from_a_program_are_an_ipv4_packet_or_an_error(data: bytes) -> None:
    try:
        packet = parse_ip(data, number=1)
    except ValueError:
        return
    assert packet.version == 4


def test_a_packet_handed_in_as_bytes_is_understood() -> None:
    ping = EVERY_KIND[0]
    read = parse_ip(ping.bytes(), number=9)
    assert (read.src, read.dst, read.l4) == (ping.src, ping.dst, ping.l4)
