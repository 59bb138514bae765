"""Laws of rules as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kernel.netfilter.options import RuleError
from simulator.kernel.netfilter.rule import rule_from_text
from simulator.kernel.netfilter.words import split_line

DOCKERS_RULES = (
    "-m addrtype --dst-type LOCAL -j DOCKER",
    "! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "-s 172.18.0.2/32 -d 172.18.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
    "! -i br0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80",
    "-d 172.18.0.2/32 ! -i br0 -o br0 -p tcp -m tcp --dport 80 -j ACCEPT",
    "-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:41234",
    "-s 127.0.0.11/32 -p tcp -m tcp --sport 41235 -j SNAT --to-source :53",
    "-j DOCKER-ISOLATION-STAGE-1",
)


@pytest.mark.parametrize("text", DOCKERS_RULES)
def test_a_rule_in_normal_form_prints_as_itself(text: str) -> None:
    assert str(rule_from_text(text)) == text


octet = st.integers(0, 255)
port = st.integers(0, 65535)
bang = st.sampled_from(["", "! "])
name = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12).filter(lambda text: text[0] != "-")
ports = st.one_of(port.map(str), st.tuples(port, port).map(lambda pair: f"{min(pair)}:{max(pair)}"))
net = st.builds("{}.{}.{}.{}/{}".format, octet, octet, octet, octet, st.integers(1, 32))
words = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=40)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


header = st.lists(
    st.one_of(
        st.builds("{}-s {}".format, bang, net),
        st.builds("{}-d {}".format, bang, net),
        st.builds("{}-i {}".format, bang, name),
        st.builds("{}-o {}+".format, bang, name),
    ),
    max_size=4,
    unique_by=lambda part: part.removeprefix("! ")[:2],
)
matches = st.lists(
    st.one_of(
        st.builds("-m comment --comment {}".format, words.map(quoted)),
        st.builds("-m conntrack {}--ctstate {}".format, bang, st.sampled_from(["NEW", "RELATED,ESTABLISHED", "DNAT"])),
        st.builds("-m mark {}--mark {}/{}".format, bang, port, port),
        st.builds("-m ttl {}--ttl-eq {}".format, bang, octet),
        st.builds("-m length {}--length {}".format, bang, ports),
        st.builds("-m limit --limit {}/min".format, st.sampled_from([1, 2, 5, 10, 20, 60, 120])),
        st.builds("-m statistic --mode random {}--probability {}".format, bang, st.floats(0, 1).map("{:.6f}".format)),
        st.builds("-m addrtype {}--src-type {}".format, bang, st.sampled_from(["LOCAL", "UNICAST,BROADCAST"])),
        st.builds("-m string {}--string {} --algo bm".format, bang, words.filter(bool).map(quoted)),
    ),
    max_size=4,
)
transport = st.one_of(
    st.just(""),
    st.builds("-p tcp {}--dport {}".format, bang, ports),
    st.builds("-p udp {}--sport {}".format, bang, ports),
    st.builds("-p icmp {}--icmp-type {}/{}".format, bang, octet, octet),
    st.builds("-p tcp -m multiport --dports {}".format, st.lists(port.map(str), min_size=1, max_size=15).map(",".join)),
)
target = st.one_of(
    st.sampled_from(["", "-j ACCEPT", "-j REJECT", "-j MASQUERADE --random", "-g OWN", "-j NOTRACK"]),
    st.builds("-j MARK --set-mark {}".format, port),
    st.builds("-j LOG --log-prefix {}".format, words.filter(bool).map(quoted)),
)


@settings(max_examples=80, deadline=None)
@given(header, transport, matches, target)
def test_what_is_printed_reads_as_the_same_rule(head: list[str], proto: str, asks: list[str], jump: str) -> None:
    rule = rule_from_text(" ".join([*head, proto, *asks, jump]))
    assert rule_from_text(str(rule)) == rule
    assert str(rule_from_text(str(rule))) == str(rule)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_refused_in_one_way(text: str) -> None:
    try:
        rule_from_text(text)
    except RuleError as refusal:
        assert isinstance(refusal.message, str)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-A INPUT  -j\tACCEPT ", ["-A", "INPUT", "-j", "ACCEPT"]),
        ('--comment "a b" x', ["--comment", "a b", "x"]),
        (r'--comment "it\'s \"so\" \\ "', ["--comment", 'it\'s "so" \\ ']),
        ('--comment ""', ["--comment", ""]),
        ("a'b c'd", ["a'b", "c'd"]),
    ],
)
def test_lines_are_split_as_iptables_restore_splits_them(line: str, expected: list[str]) -> None:
    assert split_line(line) == expected


def test_rules_that_say_the_same_are_equal() -> None:
    assert rule_from_text("-p 6 --dport 80 --source 10.1.2.3/8") == (
        rule_from_text("-s 10.0.0.0/8 -p tcp -m tcp --destination-port 80:80")
    )
