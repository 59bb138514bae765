"""Addresses as programs give them."""

from __future__ import annotations

import pytest

from simulator.kernel.errors import TEXTS, error, strerror
from simulator.kernel.socket_address import parse, shown


@pytest.mark.parametrize(
    ("ip", "family", "expected"),
    [
        ("", "inet", ("0.0.0.0", "")),
        ("", "inet6", ("::", "")),
        ("10.0.0.1", "inet", ("10.0.0.1", "")),
        ("FE80:0::1%eth0", "inet6", ("fe80::1", "eth0")),
        ("::ffff:10.0.0.1", "inet6", ("10.0.0.1", "")),
        ("10.0.0.1", "inet6", ("10.0.0.1", "")),
    ],
)
def test_what_packets_carry(ip: str, family: str, expected: tuple[str, str]) -> None:
    assert parse(ip, family) == expected


@pytest.mark.parametrize(("ip", "text"), [("nonsense", "Invalid argument"), ("::1", "Address family not supported")])
def test_what_is_no_address(ip: str, text: str) -> None:
    with pytest.raises(OSError, match=text):
        parse(ip, "inet")


def test_an_ipv6_socket_shows_ipv4_as_mapped() -> None:
    assert (shown("10.0.0.1", "inet6"), shown("10.0.0.1", "inet")) == ("::ffff:10.0.0.1", "10.0.0.1")


def test_every_error_has_its_text_and_python_s_own_class() -> None:
    for code in TEXTS:
        assert error(code).strerror == strerror(code)
    assert isinstance(error(next(code for code, text in TEXTS.items() if text == "Broken pipe")), BrokenPipeError)
    assert strerror(9999) == "Unknown error 9999"
    assert error(2, "/x").filename == "/x"
