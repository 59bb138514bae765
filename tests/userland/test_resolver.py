"""Names to addresses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import S, Steps
from simulator.kernel.packet import Udp
from simulator.kernel.process import Process
from simulator.userland.resolver import (
    Configuration,
    Unresolved,
    candidates,
    inet_aton,
    numeric,
    resolve,
    reverse,
)
from tests.userland.network import Site


def ask(site: Site, call: Any, *arguments: str) -> Any:
    """What a generator function of the resolver gives in a process of machine "a"."""
    outcome: list[Any] = []

    def program(process: Process) -> Steps:
        try:
            outcome.append((yield from call(process, *arguments)))
        except Unresolved as failure:
            outcome.append(failure.strerror)
        return 0

    site.run("a", program)
    return outcome[0]


def queries(site: Site) -> list[Any]:
    return [packet for packet in site.packets if isinstance(packet.l4, Udp) and packet.l4.dport == 53]


@pytest.mark.parametrize(
    ("name", "family", "expected"),
    [
        ("10.0.0.9", "any", ["10.0.0.9"]),
        ("::1", "any", ["::1"]),
        ("10.0.0.9", "inet6", "Name or service not known"),
        ("web", "any", ["10.0.0.2"]),
        ("WWW.", "any", ["10.0.0.2"]),
        ("localhost", "any", ["::1", "127.0.0.1"]),
        ("localhost", "inet", ["127.0.0.1"]),
        ("web.test", "any", ["10.0.0.2"]),
        ("two.test", "inet", ["10.0.0.3", "10.0.0.4"]),
        ("six.test", "inet6", ["fd00::1"]),
        ("six.test", "inet", "No address associated with hostname"),
        ("nosuch.test", "any", "Name or service not known"),
        ("bad..name", "any", "Name or service not known"),
    ],
)
def test_names_of_all_kinds(name: str, family: str, expected: object) -> None:
    assert ask(Site(), resolve, name, family) == expected


def test_a_and_aaaa_are_asked_from_one_socket() -> None:
    site = Site()
    ask(site, resolve, "web.test", "any")
    asked = queries(site)
    assert len(asked) == 2
    assert asked[0].sport == asked[1].sport


def test_only_one_type_is_asked_for_one_family() -> None:
    site = Site()
    ask(site, resolve, "web.test", "inet")
    assert len(queries(site)) == 1


def test_a_name_in_the_hosts_file_is_not_asked_for() -> None:
    site = Site()
    ask(site, resolve, "web", "any")
    assert queries(site) == []


def test_a_server_that_refuses_is_a_temporary_failure_at_once() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/resolv.conf", "nameserver 10.0.0.1\n")
    before = site.clock.now
    assert ask(site, resolve, "web.test", "any") == "Temporary failure in name resolution"
    assert site.clock.now - before < 1 * S


def test_a_silent_server_is_given_five_seconds_twice() -> None:
    site = Site()
    site.machines["b"].netns.deliver = lambda skb: None
    before = site.clock.now
    assert ask(site, resolve, "web.test", "any") == "Temporary failure in name resolution"
    assert 10 * S <= site.clock.now - before < 11 * S


def test_the_next_server_is_asked_when_one_is_not_there() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/resolv.conf", "nameserver 10.0.0.77\nnameserver 10.0.0.2\n")
    assert ask(site, resolve, "web.test", "any") == ["10.0.0.2"]


def test_short_names_are_completed_from_the_search_list() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/resolv.conf", "search example.org test # ours\nnameserver 10.0.0.2\n")
    assert ask(site, resolve, "two", "inet") == ["10.0.0.3", "10.0.0.4"]


def test_the_domain_of_the_host_is_searched_if_no_other_is_named() -> None:
    site = Site()
    site.machines["a"].uts.hostname = "a.test"
    assert ask(site, resolve, "two", "inet") == ["10.0.0.3", "10.0.0.4"]


@pytest.mark.parametrize(
    ("name", "search", "ndots", "expected"),
    [
        ("web", (), 1, ["web"]),
        ("web", ("test", "org"), 1, ["web.test", "web.org", "web"]),
        ("web", ("test",), 0, ["web", "web.test"]),
        ("a.b", ("test",), 1, ["a.b", "a.b.test"]),
        ("a.b", ("test",), 2, ["a.b.test", "a.b"]),
        ("web.", ("test",), 1, ["web"]),
        ("web", (".",), 1, ["web", "web"]),
    ],
)
def test_the_order_of_candidates(name: str, search: tuple[str, ...], ndots: int, expected: list[str]) -> None:
    assert candidates(name, Configuration(search=search, ndots=ndots)) == expected


@pytest.mark.parametrize(
    ("ip", "expected"), [("10.0.0.2", "web"), ("10.0.0.3", "two.test"), ("10.0.0.77", None), ("fd00::1", "six.test")]
)
def test_addresses_have_names(ip: str, expected: str | None) -> None:
    assert ask(Site(), reverse, ip) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("010.0.0.1", "8.0.0.1"),
        ("1.2.3.256", None),
        ("1.2.3.4.5", None),
        ("256.1", None),
        ("", None),
        ("web", None),
        ("1a", None),
    ],
)
def test_old_spellings_of_addresses(text: str, expected: str | None) -> None:
    assert inet_aton(text) == expected


def test_a_scope_stays_with_its_address() -> None:
    assert numeric("FE80:0::1%eth0") == "fe80::1%eth0"
    assert numeric("fe80::zz") is None


@given(st.text(max_size=20))
def test_any_text_is_an_address_or_not(text: str) -> None:
    numeric(text)


def test_without_multi_in_host_conf_a_name_has_the_addresses_of_its_first_line() -> None:
    site = Site()
    site.machines["a"].disk.remove("/etc/host.conf")
    assert ask(site, resolve, "localhost", "any") == ["127.0.0.1"]
    assert ask(site, resolve, "localhost", "inet6") == ["::1"]


def test_broken_files_are_as_good_as_none() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/hosts", b"\xff\xfe junk\nalone\n999.1.1.1 odd\n")
    site.machines["a"].disk.write("/etc/resolv.conf", "nameserver\nnameserver x\noptions ndots:x timeout:\n")
    assert ask(site, resolve, "odd", "any") == "Temporary failure in name resolution"
