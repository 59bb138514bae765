"""The services of the machine beyond the Docker host."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.kernel.dns_message import Message, Type, from_bytes, query
from simulator.userland.outside import answer_to, outside_dns, outside_web, records_from_text
from tests.userland.network import Site

RECORDS = records_from_text("10.0.2.2 outside.test other.test # ours\nfd00::1 outside.test\n")


@pytest.mark.parametrize(
    ("name", "kind", "data", "rcode"),
    [
        ("outside.test", Type.A, ["10.0.2.2"], 0),
        ("OUTSIDE.test", Type.AAAA, ["fd00::1"], 0),
        ("other.test", Type.AAAA, [], 0),
        ("2.2.0.10.in-addr.arpa", Type.PTR, ["outside.test", "other.test"], 0),
        ("nosuch.test", Type.A, [], 3),
    ],
)
def test_names_and_addresses(name: str, kind: Type, data: list[str], rcode: int) -> None:
    answer = answer_to(query(7, name, kind).to_bytes(), RECORDS)
    assert answer is not None
    assert ([record.data for record in answer.answers], answer.rcode, answer.ident) == (data, rcode, 7)
    assert answer.flags & 0x8180 == 0x8180


@pytest.mark.parametrize("data", [b"", b"junk that is long enough", Message(1).to_bytes()])
def test_what_is_no_question_gets_no_answer(data: bytes) -> None:
    assert answer_to(data, RECORDS) is None


def test_the_web_server_tells_who_called() -> None:
    site = Site()
    site.serve(outside_web, "outside-web", "10.0.0.2")
    socket: Any = site.socket("a")
    site.until(socket.connect("10.0.0.2", 80))
    socket.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    text = site.until(socket.recv())
    assert text == b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\nYou are 10.0.0.1\n"
    assert site.until(socket.recv()) == b""


def test_without_a_zone_the_name_server_knows_outside_test() -> None:
    site = Site()
    site.serve(outside_dns, "outside-dns", "127.0.0.1")
    socket = site.socket("b", kind="dgram")
    socket.send_to(query(1, "outside.test", Type.A).to_bytes(), "127.0.0.1", 53)
    data, _, _ = site.until(socket.receive())
    assert from_bytes(data).answers[0].data == "10.0.2.2"


@pytest.mark.parametrize(("program", "name"), [(outside_dns, "outside-dns"), (outside_web, "outside-web")])
def test_an_address_of_somebody_else_cannot_be_served(program: Any, name: str) -> None:
    assert Site().run("b", program, name, "10.9.9.9") == ("", f"{name}: Cannot assign requested address\n", 1)
