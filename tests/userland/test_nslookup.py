"""busybox nslookup."""

from __future__ import annotations

import pytest

from simulator.clock import S
from simulator.kernel.dns_message import Record, Type
from simulator.userland.nslookup import nslookup, text_of
from tests.userland.network import Site

HEAD = "Server:\t\t10.0.0.2\nAddress:\t10.0.0.2:53\n\n"


def run(site: Site, *words: str) -> tuple[str, str, int]:
    return site.run("a", nslookup, "nslookup", *words)


@pytest.mark.parametrize(
    ("words", "text", "status"),
    [
        (
            ["web.test"],
            "Non-authoritative answer:\nName:\tweb.test\nAddress: 10.0.0.2\n\nNon-authoritative answer:\n\n",
            0,
        ),
        (["-type=a", "web.test"], "Non-authoritative answer:\nName:\tweb.test\nAddress: 10.0.0.2\n\n", 0),
        (["-type=mx", "web.test"], "Non-authoritative answer:\n\n", 0),
        (["10.0.0.3"], "Non-authoritative answer:\n3.0.0.10.in-addr.arpa\tname = two.test\n\n", 0),
        (["web"], "** server can't find web: NXDOMAIN\n\n** server can't find web: NXDOMAIN\n\n", 1),
        (["-type=a", "gone."], "** server can't find gone.: NXDOMAIN\n\n", 1),
    ],
)
def test_answers(words: list[str], text: str, status: int) -> None:
    assert run(Site(), *words) == (HEAD + text, "", status)


def test_the_search_list_is_asked_domain_by_domain() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/resolv.conf", "search org test\nnameserver 10.0.0.2\n")
    out, _, status = run(site, "-type=a", "two")
    assert "can't find two.org: NXDOMAIN" in out and "Address: 10.0.0.4" in out
    assert status == 1


def test_a_server_may_be_named() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/resolv.conf", "")
    out, _, status = run(site, "-type=a", "web.test", "web")
    assert (out.startswith("Server:\t\tweb\nAddress:\t10.0.0.2:53\n"), status) == (True, 0)


def test_a_server_that_refuses() -> None:
    out, err, status = run(Site(), "web.test", "10.0.0.1")
    assert err == "nslookup: write to '10.0.0.1': Connection refused\n"
    assert (out, status) == (";; connection timed out; no servers could be reached\n\n", 1)


def test_one_question_is_asked_twice_of_a_server_that_refuses() -> None:
    site = Site()
    before = site.clock.now
    _, err, _ = run(site, "-type=a", "web.test", "10.0.0.1")
    assert err == "nslookup: read: Connection refused\n" * 2
    assert 5 * S <= site.clock.now - before < 6 * S


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["-type=bogus", "web"], 'nslookup: invalid query type "bogus"\n'),
        (["web", "nosuch"], "nslookup: bad address 'nosuch'\n"),
        (["-port=x", "web"], "nslookup: bad port 'x'\n"),
    ],
)
def test_complaints(words: list[str], text: str) -> None:
    assert run(Site(), *words) == ("", text, 1)


@pytest.mark.parametrize(("words", "status"), [([], 1), (["-nonsense", "web"], 1), (["--help"], 0)])
def test_help(words: list[str], status: int) -> None:
    out, err, code = run(Site(), *words)
    assert (out, code) == ("", status)
    assert "Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]" in err


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (Type.MX, "10 mail.test", "x\tmail exchanger = 10 mail.test\n"),
        (Type.TXT, "a b", 'x\ttext = "a b"\n'),
        (Type.CNAME, "y", "x\tcanonical name = y\n"),
        (Type.NS, "y", "x\tnameserver = y\n"),
        (Type.SRV, "1 2 3 y", "x\tservice = 1 2 3 y\n"),
        (
            Type.SOA,
            "ns mail 1 2 3 4 5",
            (
                "x\n\torigin = ns\n\tmail addr = mail\n\tserial = 1\n\trefresh = 2\n\tretry = 3\n\texpire = 4\n"
                "\tminimum = 5\n"
            ),
        ),
    ],
)
def test_records(kind: Type, data: str, text: str) -> None:
    assert text_of(Record("x", kind, 1, data)) == text
