"""With or without an index, a chain matches the same: verdicts, counters and trace."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kernel.netfilter import chain
from simulator.kernel.netfilter.hooks import Hook
from simulator.trace import RuleMatched
from tests.kernel.netfilter.world import INSIDE, OUTSIDE, Road

PORTS = ("80", "81")
headers = st.sampled_from(["", "", f"-d {INSIDE}", f"! -d {INSIDE}", "-d 172.17.0.0/16", "-s 10.0.2.2/32"])
one_port = st.sampled_from(PORTS).map("--dport {}".format)
questions = st.one_of(
    st.builds("-p tcp -m tcp {}".format, one_port),
    st.builds("-p udp -m udp {}".format, one_port),
    st.builds("-p tcp -m statistic --mode nth --every 2 --packet 0 -m tcp {}".format, one_port),
    st.builds("-p tcp -m tcp {} -m statistic --mode nth --every 2 --packet 1".format, one_port),
    st.builds("-p tcp -m tcp ! {}".format, one_port),
    st.sampled_from(["-p tcp -m tcp --dport 80:90", "-p tcp -m tcp --sport 1", "-p tcp -m multiport --dports 81,443"]),
    st.sampled_from(["", "-p tcp", "! -p tcp", "-p icmp"]),
)
targets = st.sampled_from(["", "", "-j ACCEPT", "-j DROP", "-j RETURN", "-j OTHER", "-g OTHER"])
rules = st.builds("{} {} {}".format, headers, questions, targets)
packets = st.tuples(
    st.sampled_from(["tcp", "tcp", "udp", "echo"]),
    st.sampled_from([OUTSIDE, "10.0.2.3"]),
    st.sampled_from([INSIDE, "172.17.0.3"]),
    st.sampled_from((*PORTS, "443")),
)
Sent = list[tuple[str, str, str, str]]


def told(chains: tuple[list[str], list[str]], sent: Sent) -> tuple[object, ...]:
    """What becomes of packets on a road with these rules in FORWARD and in OTHER."""
    road, trace = Road(), []
    road.trace.subscribe(trace.append, RuleMatched)
    road.add("filter OTHER", *(f"filter OTHER {rule}" for rule in chains[1] if "OTHER" not in rule))
    road.add(*(f"filter FORWARD {rule}" for rule in chains[0]))
    verdicts = []
    for kind, src, dst, port in sent:
        made = road.echo(src, dst) if kind == "echo" else getattr(road, kind)(src, dst, ports=f"1>{port}")
        verdicts.append(road.run(Hook.FORWARD, made, device_in=road.eth0, device_out=road.docker0)[0])
    return verdicts, road.counts("filter", "FORWARD"), road.counts("filter", "OTHER"), trace


@settings(deadline=None, max_examples=50)
@given(
    st.tuples(st.lists(rules, min_size=2, max_size=12), st.lists(rules, max_size=6)),
    st.lists(packets, min_size=2, max_size=8),
)
def test_an_index_changes_neither_verdicts_nor_counters_nor_trace(
    chains: tuple[list[str], list[str]], sent: Sent
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain, "INDEXED", 0)
        indexed = told(chains, sent)
        patch.setattr(chain, "INDEXED", 1_000)
        assert indexed == told(chains, sent)


def test_rules_that_come_and_go_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "INDEXED", 0)
    road = Road()
    road.add(*(f"filter FORWARD -p tcp -m tcp --dport {port}" for port in (80, 81, 80)))
    road.routed(road.tcp(ports="1>80"))
    assert road.counts("filter", "FORWARD") == [1, 0, 1]
    road.add("filter FORWARD -p tcp -m tcp --dport 80")
    road.netfilter.delete("filter", "FORWARD", "-p tcp -m tcp --dport 81")
    road.netfilter.add("filter", "FORWARD", "-p tcp", made_by="test", position=1)
    road.routed(road.tcp(ports="2>80"))
    assert road.counts("filter", "FORWARD") == [1, 2, 2, 1]
