"""DNS messages to bytes and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.dns_message import Message, Question, Rcode, Record, Type, from_bytes, query, reverse_name

LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
NAME = st.lists(LABEL, min_size=1, max_size=5).map(".".join)
NUMBER = st.integers(0, 0xFFFF)


def _records() -> st.SearchStrategy[Record]:
    data = {
        Type.A: st.ip_addresses(v=4).map(str),
        Type.AAAA: st.ip_addresses(v=6).map(str),
        Type.PTR: NAME,
        Type.CNAME: NAME,
        Type.MX: st.tuples(NUMBER, NAME).map(lambda pair: f"{pair[0]} {pair[1]}"),
        Type.SRV: st.tuples(NUMBER, NUMBER, NUMBER, NAME).map(lambda parts: " ".join(map(str, parts))),
        Type.SOA: st.tuples(NAME, NAME).map(lambda pair: f"{pair[0]} {pair[1]} 1 2 3 4 5"),
        Type.TXT: st.text("abc xyz=", max_size=600),
    }
    return st.one_of(*(st.builds(Record, NAME, st.just(kind), NUMBER, text) for kind, text in data.items()))


MESSAGES = st.builds(
    Message,
    NUMBER,
    st.lists(st.builds(Question, NAME, st.sampled_from(list(Type))), max_size=2).map(tuple),
    st.lists(_records(), max_size=4).map(tuple),
    response=st.booleans(),
    authoritative=st.booleans(),
    recursion_desired=st.booleans(),
    recursion_available=st.booleans(),
    rcode=st.sampled_from(list(Rcode)),
)


@given(MESSAGES, st.booleans())
def test_a_message_survives_the_wire(message: Message, compress: bool) -> None:
    assert from_bytes(message.to_bytes(compress=compress)) == message


@given(st.binary(max_size=80))
def test_any_bytes_are_a_message_or_a_value_error(data: bytes) -> None:
    try:
        from_bytes(data)
    except ValueError:
        return


@given(MESSAGES, st.integers(0, 200))
def test_a_message_that_is_cut_off_is_refused(message: Message, cut: int) -> None:
    data = message.to_bytes()
    if cut < len(data):
        with pytest.raises(ValueError, match=r"cut off|12 bytes|points|too long"):
            from_bytes(data[:cut])


def test_a_query_has_the_size_of_a_real_one() -> None:
    data = query(0x1234, "outside.test", Type.A).to_bytes()
    assert data == b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07outside\x04test\x00\x00\x01\x00\x01"
    assert len(data) == 30


def test_names_that_come_again_are_pointers() -> None:
    answer = Message(1, (Question("outside.test", Type.A),), (Record("outside.test", Type.A, 60, "10.0.2.2"),))
    assert len(answer.to_bytes()) == 46
    assert answer.to_bytes()[30:32] == b"\xc0\x0c"
    assert len(answer.to_bytes(compress=False)) == 58


def test_the_flags_of_an_answer() -> None:
    assert Message(1, response=True, recursion_available=True, rcode=Rcode.NXDOMAIN).flags == 0x8183


def test_a_name_that_points_at_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="forwards"):
        from_bytes(b"\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1")


@pytest.mark.parametrize("name", ["a..b", "x" * 64, ".".join(["label"] * 60)])
def test_names_that_do_not_fit_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"label|too long"):
        query(1, name, Type.A).to_bytes()


@pytest.mark.parametrize(
    ("ip", "name"), [("10.0.2.2", "2.2.0.10.in-addr.arpa"), ("::1", "1" + ".0" * 31 + ".ip6.arpa")]
)
def test_addresses_are_asked_for_backwards(ip: str, name: str) -> None:
    assert reverse_name(ip) == name
