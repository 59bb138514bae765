"""The road of a packet through tables and chains."""

from __future__ import annotations

import pytest

from simulator.kernel.netfilter.hooks import CtState, Hook, Verdict
from simulator.kernel.packet import Flag
from simulator.trace import PolicyApplied, RuleMatched
from tests.kernel.netfilter.world import HOST_IN, HOST_OUT, INSIDE, OUTSIDE, Road

ORDER = {
    Hook.PREROUTING: ["raw", "mangle", "nat"],
    Hook.INPUT: ["mangle", "filter", "security", "nat"],
    Hook.FORWARD: ["mangle", "filter", "security"],
    Hook.OUTPUT: ["raw", "mangle", "nat", "filter", "security"],
    Hook.POSTROUTING: ["mangle", "nat"],
}


@pytest.mark.parametrize("hook", list(Hook))
def test_the_tables_of_a_hook_are_asked_in_the_kernels_order(road: Road, hook: Hook) -> None:
    matched: list[str] = []
    road.trace.subscribe(lambda record: matched.append(record.table), RuleMatched)
    for table in reversed(ORDER[hook]):
        road.add(f"{table} {hook.name} -p udp")
    road.add("filter OUTPUT -m conntrack --ctstate INVALID")
    _, skb = road.run(Hook.PREROUTING, road.udp(), device_in=road.docker0)
    if hook is Hook.OUTPUT:
        matched.clear()
        road.run(hook, road.udp(HOST_OUT))
    elif hook is not Hook.PREROUTING:
        matched.clear()
        road.netfilter.run(hook, skb)
    assert matched == ORDER[hook]


def test_without_rules_a_packet_passes_untouched_and_untracked(road: Road) -> None:
    packet = road.tcp()
    verdict, skb = road.run(Hook.PREROUTING, packet, device_in=road.docker0)
    assert (verdict, skb.packet, skb.ct) == (Verdict.ACCEPT, packet, None)
    assert not road.netfilter.tracks


def test_a_table_that_was_only_looked_at_costs_nothing(road: Road) -> None:
    road.netfilter.table("filter")
    assert road.netfilter._arranged(Hook.FORWARD) == ()


def test_the_first_rule_that_decides_ends_the_table(road: Road) -> None:
    road.add("filter FORWARD -p udp", "filter FORWARD -p udp -j ACCEPT", "filter FORWARD -j DROP")
    assert road.run(Hook.FORWARD, road.udp())[0] is Verdict.ACCEPT
    assert road.run(Hook.FORWARD, road.tcp())[0] is Verdict.DROP
    assert road.counts("filter", "FORWARD") == [1, 1, 1]
    assert road.drops == ["FILTER_DROP"]


def test_accept_in_one_table_does_not_speak_for_the_next(road: Road) -> None:
    road.add("mangle FORWARD -j ACCEPT", "filter FORWARD -j DROP")
    assert road.run(Hook.FORWARD, road.udp())[0] is Verdict.DROP


def test_a_jump_returns_behind_its_rule_and_goto_does_not(road: Road) -> None:
    road.add("filter A", "filter B", "filter C", "filter C -p udp")
    road.add("filter A -j C", "filter A -p udp", "filter B -g C", "filter B -p udp")
    road.add("filter FORWARD -j A", "filter FORWARD -j B", "filter FORWARD -p udp")
    road.run(Hook.FORWARD, road.udp())
    assert road.counts("filter", "C") == [2]
    assert road.counts("filter", "A") == [1, 1]
    assert road.counts("filter", "B") == [1, 0]
    assert road.counts("filter", "FORWARD") == [1, 1, 1]


def test_return_ends_a_user_chain_and_leads_a_built_in_one_to_its_policy(road: Road) -> None:
    road.add("filter A", "filter A -j RETURN", "filter A -j ACCEPT", "filter FORWARD -j A", "filter FORWARD -j RETURN")
    road.add("filter FORWARD -j ACCEPT")
    road.netfilter.table("filter").set_policy("FORWARD", Verdict.DROP)
    assert road.run(Hook.FORWARD, road.udp())[0] is Verdict.DROP
    assert road.counts("filter", "FORWARD") == [1, 1, 0]


def test_counters_count_packets_and_bytes(road: Road) -> None:
    road.add("filter FORWARD -p icmp")
    road.run(Hook.FORWARD, road.echo())
    road.run(Hook.FORWARD, road.echo())
    (rule,) = road.netfilter.table("filter").chain("FORWARD").rules
    assert (rule.packets, rule.bytes) == (2, 168)


@pytest.mark.parametrize(("engine", "first"), [("20.10", 0), ("18.09", 1)])
def test_nf_tables_counts_a_policy_once_it_has_been_set_x_tables_always(engine: str, first: int) -> None:
    road = Road(engine)
    road.add("filter FORWARD -p tcp")
    chain = road.netfilter.table("filter").chain("FORWARD")
    road.run(Hook.FORWARD, road.udp())
    assert chain.packets == first
    road.netfilter.table("filter").set_policy("FORWARD", Verdict.ACCEPT)
    road.run(Hook.FORWARD, road.udp())
    assert chain.packets == first + 1
    road.netfilter.table("filter").zero("FORWARD")
    road.run(Hook.FORWARD, road.udp())
    assert (chain.packets, chain.bytes) == (1, 28)


def test_the_trace_tells_which_rule_and_which_policy_decided(road: Road) -> None:
    records: list[object] = []
    road.trace.subscribe(records.append, RuleMatched, PolicyApplied)
    road.add("filter A", "filter A -p udp -j LOG", "filter FORWARD -j A", made_by="me")
    road.netfilter.table("filter").set_policy("FORWARD", Verdict.DROP)
    packet = road.udp()
    road.run(Hook.FORWARD, packet)
    where = (0, "host", "", packet.id, "FORWARD", "filter")
    assert records == [
        RuleMatched(*where, "FORWARD", 1, "-A FORWARD -j A", "A", "me"),
        RuleMatched(*where, "A", 1, "-A A -p udp -j LOG", "LOG", "me"),
        PolicyApplied(*where, "FORWARD", "DROP"),
    ]


@pytest.mark.parametrize(
    "chain", ["raw PREROUTING", "mangle PREROUTING", "mangle FORWARD", "filter FORWARD", "mangle POSTROUTING"]
)
def test_a_rule_that_comes_or_goes_while_a_connection_is_open_does_so_for_its_next_packet(
    road: Road, chain: str
) -> None:
    road.add("filter FORWARD -m conntrack --ctstate ESTABLISHED")
    answer = {"src": OUTSIDE, "dst": INSIDE, "ports": "80>40000"}
    road.routed(road.tcp())
    road.routed(road.tcp(**answer, flags=Flag.SYN | Flag.ACK))
    road.routed(road.tcp(flags=Flag.ACK))
    road.add(f"{chain} -p tcp")
    road.routed(road.tcp(**answer, flags=Flag.ACK))
    table, name = chain.split()
    (rule,) = (entry for entry in road.netfilter.table(table).chain(name).rules if entry.text == "-p tcp")
    assert rule.packets == 1
    road.netfilter.delete(table, name, "-p tcp")
    road.routed(road.tcp(flags=Flag.ACK))
    assert rule.packets == 1


def test_tracking_goes_with_the_last_rule_that_needs_it(road: Road) -> None:
    road.add("filter FORWARD -m conntrack --ctstate NEW", "nat POSTROUTING -j MASQUERADE")
    road.netfilter.delete("filter", "FORWARD", "-m conntrack --ctstate NEW")
    assert road.netfilter.tracks
    road.netfilter.table("nat").flush("POSTROUTING")
    assert not road.netfilter.tracks


def test_packets_over_lo_keep_their_connection(road: Road) -> None:
    """What OUTPUT translated comes in by lo with a tuple of no connection; the kernel carries the entry along."""
    road.add("nat OUTPUT -d 127.0.0.11 -p udp --dport 53 -j DNAT --to-destination 127.0.0.11:40053")
    request = road.udp("127.0.0.1", "127.0.0.11", ports="5000>53")
    _, skb = road.run(Hook.OUTPUT, request, device_out=road.host.loopback)
    road.netfilter.run(Hook.POSTROUTING, skb)
    assert skb.packet.dport == 40053
    _, again = road.run(Hook.PREROUTING, skb.packet, device_in=road.host.loopback)
    assert (again.ct, again.ct_state) == (skb.ct, CtState.NEW)
    answer = road.udp("127.0.0.11", "127.0.0.1", ports="40053>5000")
    _, back = road.run(Hook.OUTPUT, answer, device_out=road.host.loopback)
    road.netfilter.run(Hook.POSTROUTING, back)
    assert back.packet.sport == 53
    assert len(road.netfilter.conntrack) == 1


def test_ipv6_has_tables_of_its_own(road: Road) -> None:
    road.add("filter INPUT -j DROP")
    six = road.udp("fd00::2", "fd00::1")
    assert road.run(Hook.INPUT, six)[0] is Verdict.ACCEPT
    road.netfilter.ip6.add("filter", "INPUT", "-s fd00::/8 -p udp -j DROP", made_by="test")
    assert road.run(Hook.INPUT, six)[0] is Verdict.DROP
    assert road.run(Hook.INPUT, road.udp(OUTSIDE, HOST_OUT))[0] is Verdict.DROP


def test_real_packets_meet_the_hooks_on_their_road(road: Road) -> None:
    for hook, table in ((hook, "mangle") for hook in Hook):
        road.add(f"{table} {hook.name} -p icmp")
    road.inside.send(road.echo())
    road.settle()
    assert [road.counts("mangle", hook.name) for hook in Hook] == [[2], [0], [2], [0], [2]]
    road.inside.send(road.echo(dst=HOST_IN))
    road.settle()
    assert [road.counts("mangle", hook.name) for hook in Hook] == [[3], [1], [2], [1], [3]]
