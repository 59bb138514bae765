"""/etc/resolv.conf is written as libnetwork writes it; the expected texts are the real engine's."""

from __future__ import annotations

import pytest

from simulator.engine.network import resolv_conf
from simulator.engine.network.resolv_conf import DnsOptions

STUB = "# a comment\nnameserver 127.0.0.53\nsearch foo.test bar.test\noptions edns0 ndots:2\n"
MIXED = "# a comment\nnameserver 127.0.0.1\nnameserver fe80::1\nnameserver 10.0.2.3 # x\n"
MIXED += "search foo.test bar.test\noptions edns0"
PLAIN = "nameserver 10.0.2.3\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, PLAIN),
        (
            STUB,
            "# a comment\nsearch foo.test bar.test\noptions edns0 ndots:2\n\nnameserver 8.8.8.8\nnameserver 8.8.4.4",
        ),
        (MIXED, "# a comment\nnameserver 10.0.2.3 # x\nsearch foo.test bar.test\noptions edns0"),
        ("", "\nnameserver 8.8.8.8\nnameserver 8.8.4.4"),
    ],
)
def test_servers_that_a_container_cannot_reach_are_left_out(text: str, expected: str) -> None:
    assert resolv_conf.filtered(text, ipv6=False) == expected


def test_with_ipv6_its_servers_stay_and_the_public_ones_are_four() -> None:
    assert "nameserver fe80::1" in resolv_conf.filtered(MIXED, ipv6=True)
    assert resolv_conf.servers(resolv_conf.filtered("", ipv6=True))[2:] == [
        "2001:4860:4860::8888",
        "2001:4860:4860::8844",
    ]


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        (PLAIN, DnsOptions(servers=("1.1.1.1",)), "nameserver 1.1.1.1\n"),
        (PLAIN, DnsOptions(search=("a.b", "c.d")), "search a.b c.d\nnameserver 10.0.2.3\n"),
        (PLAIN, DnsOptions(search=(".",)), "nameserver 10.0.2.3\n"),
        (PLAIN, DnsOptions(options=("ndots:3",)), "nameserver 10.0.2.3\noptions ndots:3\n"),
        (STUB, DnsOptions(options=("rotate",)), "search foo.test bar.test\nnameserver 127.0.0.53\noptions rotate\n"),
        (STUB, DnsOptions(("1.1.1.1",)), "search foo.test bar.test\nnameserver 1.1.1.1\noptions edns0 ndots:2\n"),
    ],
)
def test_what_is_not_given_comes_from_the_host(text: str, given: DnsOptions, expected: str) -> None:
    assert resolv_conf.chosen(text, given) == expected


@pytest.mark.parametrize(
    ("text", "expected", "own_ndots"),
    [
        (PLAIN, "nameserver 127.0.0.11\noptions ndots:0\n", False),
        (STUB, "search foo.test bar.test\nnameserver 127.0.0.11\noptions edns0 ndots:2\n", True),
        ("nameserver 2001:db8::1\n", "nameserver 127.0.0.11\nnameserver 2001:db8::1\noptions ndots:0\n", False),
        ("options ndots:3 timeout:1\n", "nameserver 127.0.0.11\noptions ndots:3 timeout:1\n", True),
    ],
)
def test_embedded_dns_takes_the_place_of_the_servers(text: str, expected: str, own_ndots: bool) -> None:
    assert resolv_conf.embedded(text) == (expected, own_ndots)


@pytest.mark.parametrize("option", ["ndots", "ndots:x", "ndots:-1"])
def test_an_ndots_that_is_no_number_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match="ndots"):
        resolv_conf.embedded(f"nameserver 10.0.2.3\noptions {option}\n")


def test_of_several_search_lines_the_last_counts() -> None:
    assert resolv_conf.search_domains("search a b\nsearch c # d\n") == ["c"]


def test_only_a_lone_stub_means_systemd() -> None:
    assert resolv_conf.is_systemd_stub(STUB)
    assert not resolv_conf.is_systemd_stub(STUB + PLAIN)
