"""The tcpdump command on a live device."""

from __future__ import annotations

import struct

import pytest

from simulator.clock import MS
from simulator.kernel.packet import ECHO_REQUEST, PROTO_ICMP, Icmp
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGINT
from simulator.userland.tcpdump import tcpdump
from tests.userland.network import Site

QUIET = "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n"
WHERE = "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n"


def ping(site: Site, ip: str = "10.0.0.2") -> None:
    site.socket("a", kind="raw", proto=PROTO_ICMP).send_to(Icmp(ECHO_REQUEST, 0, 7, 1, b"x"), ip)
    site.advance(20 * MS)


def capture(site: Site, *words: str, to: str = "10.0.0.2") -> tuple[str, str, int | None]:
    """Output, errors and status of a tcpdump that hears one ping and is then interrupted."""
    process = site.spawn("a", tcpdump, "tcpdump", *words)
    out, err = process.stdout, process.stderr
    site.advance(1 * MS)
    ping(site, to)
    process.kill(SIGINT)
    site.advance(1 * MS)
    return _written(out), _written(err), process.status


def _written(file: object) -> str:
    return bytes(file.written).decode()  # type: ignore[attr-defined]


def test_it_prints_until_it_is_interrupted_and_counts() -> None:
    site = Site()
    ping(site)
    out, err, status = capture(site, "-n", "-t", "icmp")
    assert out == (
        "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 9\n"
        "IP 10.0.0.2 > 10.0.0.1: ICMP echo reply, id 7, seq 1, length 9\n\n"
    )
    assert err == f"{QUIET}{WHERE}2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n"
    assert status == 0


def test_it_ends_after_enough_packets() -> None:
    site = Site()
    out, err, status = capture(site, "-n", "-c", "1", "arp")
    assert (out.count("\n"), status) == (1, 0)
    assert "1 packet captured\n" in err


def test_names_are_looked_up() -> None:
    site = Site()
    ping(site)
    assert "IP 10.0.0.1 > web: ICMP echo request" in capture(site, "icmp")[0]


def test_all_devices_with_their_directions() -> None:
    site = Site()
    ping(site)
    out, err, _ = capture(site, "-n", "-t", "-i", "any", "icmp")
    assert out.splitlines()[:2] == [
        "eth0  Out IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 9",
        "eth0  In  IP 10.0.0.2 > 10.0.0.1: ICMP echo reply, id 7, seq 1, length 9",
    ]
    assert err.startswith(f"tcpdump: data link type LINUX_SLL2\n{QUIET}listening on any, link-type LINUX_SLL2")


def test_what_comes_back_on_lo_is_shown_once() -> None:
    out, err, _ = capture(Site(), "-n", "-i", "lo", to="127.0.0.1")
    assert out.count("ICMP") == 2
    assert "2 packets captured\n4 packets received by filter\n" in err


@pytest.mark.parametrize(
    ("option", "start"),
    [
        ([], "09:00:05.0"),
        (["-t"], "IP "),
        (["-tt"], "1677661205.0"),
        (["-ttt"], " 00:00:00.000000 IP"),
        (["-tttt"], "2023-03-01 09:00:05.0"),
        (["-#"], "    1  09:00:05.0"),
    ],
)
def test_times(option: list[str], start: str) -> None:
    site = Site()
    ping(site)
    assert capture(site, "-n", *option, "icmp")[0].startswith(start)


def test_one_direction() -> None:
    site = Site()
    ping(site)
    assert capture(site, "-n", "-Q", "in", "icmp")[0].count("\n") == 2


def test_bytes_follow_the_line() -> None:
    site = Site()
    ping(site)
    assert "\n\t0x0000:  4500 001d" in capture(site, "-n", "-x", "icmp")[0]
    assert "\n\t0x0000:  0200 0000 0002 0200" in capture(site, "-n", "-XX", "icmp")[0]


def test_a_capture_file_is_a_pcap() -> None:
    site = Site()
    ping(site)
    out, err, _ = capture(site, "-w", "/tmp/x.pcap", "icmp")
    assert (out, err.startswith(f"tcpdump: {WHERE}")) == ("", True)
    data = site.machines["a"].disk.read("/tmp/x.pcap")
    assert struct.unpack("<IHHiIII", data[:24]) == (0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    _, _, size, _ = struct.unpack("<IIII", data[24:40])
    assert len(data) == 24 + 2 * (16 + size)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["-i", "eth7"], "tcpdump: eth7: No such device exists\n(No such device exists)\n"),
        (["foo", "bar"], "tcpdump: can't parse filter expression: syntax error\n"),
        (["host", "nosuch"], "tcpdump: unknown host 'nosuch'\n"),
        (["-c", "0"], "tcpdump: invalid packet count 0\n"),
        (["-r", "x"], "tcpdump: docklab does not simulate -r\n"),
        (["-w", "/no/such"], "tcpdump: /no/such: No such file or directory\n"),
    ],
)
def test_complaints(words: list[str], text: str) -> None:
    assert Site().run("a", tcpdump, "tcpdump", *words) == ("", text, 1)


@pytest.mark.parametrize(("words", "status"), [(["-z"], 1), (["-h"], 0)])
def test_help(words: list[str], status: int) -> None:
    out, err, code = Site().run("a", tcpdump, "tcpdump", *words)
    assert code == status and "Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#]" in out + err


def test_the_devices() -> None:
    out, _, _ = Site().run("a", tcpdump, "tcpdump", "-D")
    assert out.splitlines() == [
        "1.eth0 [Up, Running, Connected]",
        "2.any (Pseudo-device that captures on all interfaces) [Up, Running]",
        "3.lo [Up, Running, Loopback]",
    ]


def test_a_device_may_be_chosen_by_its_number() -> None:
    assert "listening on lo," in capture(Site(), "-i", "3")[1]


def test_nobody_listens_after_the_end() -> None:
    site = Site()
    capture(site, "-i", "any")
    assert all(not device.taps for device in site.machines["a"].netns.listed())
    assert isinstance(site.spawn("a", tcpdump, "tcpdump"), Process)
