"""What the kernel checks when chains and rules change."""

from __future__ import annotations

import errno
import os

import pytest

from simulator.kernel.netfilter.rule import rule_from_text
from simulator.kernel.netfilter.skb import Hook, Verdict
from tests.kernel.netfilter.world import Road


def refusal(road: Road, line: str) -> int:
    """The errno that a rule is refused with; 0 if it is taken."""
    try:
        road.add(line)
    except OSError as reason:
        return reason.errno or 0
    return 0


def texts(road: Road, table: str, chain: str) -> list[str]:
    return [entry.text for entry in road.netfilter.table(table).chain(chain).rules]


def test_user_chains_are_listed_by_name_behind_the_built_in_ones(road: Road) -> None:
    road.add("filter zeta", "filter Beta", "filter alpha")
    names = [chain.name for chain in road.netfilter.table("filter").chains()]
    assert names == ["INPUT", "FORWARD", "OUTPUT", "Beta", "alpha", "zeta"]


def test_a_rule_is_inserted_so_that_it_has_the_number_asked_for(road: Road) -> None:
    table = road.netfilter.table("filter")
    for position, source in ((None, "1.1.1.1"), (1, "2.2.2.2"), (2, "3.3.3.3"), (4, "4.4.4.4")):
        table.insert("INPUT", rule_from_text(f"-s {source}"), made_by="test", position=position)
    assert texts(road, "filter", "INPUT") == [f"-s {ip}/32" for ip in ("2.2.2.2", "3.3.3.3", "1.1.1.1", "4.4.4.4")]
    with pytest.raises(OSError, match=os.strerror(errno.E2BIG)):
        table.insert("INPUT", rule_from_text(""), made_by="test", position=6)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("filter NOPE -j ACCEPT", errno.ENOENT),
        ("filter INPUT -j NOPE", errno.ENOENT),
        ("filter INPUT -j OUTPUT", errno.ENOENT),
        ("filter INPUT -j INPUT", errno.EOPNOTSUPP),
        ("filter FORWARD -j MASQUERADE", errno.EINVAL),
        ("mangle FORWARD -j REJECT", errno.EINVAL),
        ("nat PREROUTING -j MASQUERADE", errno.EINVAL),
        ("nat POSTROUTING -j DNAT --to-destination 1.1.1.1", errno.EINVAL),
        ("nat INPUT -j SNAT --to-source 1.1.1.1", 0),
        ("nat OUTPUT -j DNAT --to-destination 1.1.1.1", 0),
        ("filter INPUT -m owner --uid-owner 0", errno.EINVAL),
        ("filter OUTPUT -m owner --uid-owner 0", 0),
        ("filter INPUT -j REJECT --reject-with tcp-reset", errno.EINVAL),
        ("filter INPUT -p tcp -j REJECT --reject-with tcp-reset", 0),
        ("filter INPUT -m icmp --icmp-type 8", errno.EINVAL),
        ("mangle PREROUTING -p tcp -j TCPMSS --clamp-mss-to-pmtu", errno.EINVAL),
        ("filter INPUT -m recent --set --seconds 5", errno.EINVAL),
        ("raw PREROUTING -j NOTRACK", 0),
        ("filter INPUT -j NOTRACK", errno.EINVAL),
    ],
)
def test_rules_are_taken_only_where_they_can_work(road: Road, line: str, expected: int) -> None:
    assert refusal(road, line) == expected


def test_the_kernels_log_says_why_a_rule_is_refused(road: Road) -> None:
    refusal(road, "filter FORWARD -j MASQUERADE")
    refusal(road, "nat POSTROUTING -j DNAT --to-destination 1.1.1.1")
    assert [text for _, text in road.machine.log] == [
        "x_tables: ip_tables: MASQUERADE target: only valid in nat table, not filter",
        "x_tables: ip_tables: DNAT target: used from hooks POSTROUTING, but only usable from PREROUTING/OUTPUT",
    ]


def test_what_cannot_work_at_a_hook_cannot_be_jumped_to_from_there_either(road: Road) -> None:
    road.add("nat M", "nat M -j MASQUERADE", "nat N", "nat N -j M")
    assert refusal(road, "nat PREROUTING -j N") == errno.EINVAL
    assert refusal(road, "nat POSTROUTING -j N") == 0
    assert refusal(road, "nat M -j DNAT --to-destination 1.1.1.1") == errno.EINVAL
    road.netfilter.delete("nat", "POSTROUTING", "-j N")
    assert refusal(road, "nat M -j REDIRECT") == 0


def test_a_loop_may_exist_but_not_be_reached(road: Road) -> None:
    road.add("filter A", "filter B", "filter A -j B", "filter B -j A")
    assert refusal(road, "filter INPUT -j A") == errno.ELOOP
    road.netfilter.table("filter").flush("B")
    assert refusal(road, "filter INPUT -j A") == 0
    assert refusal(road, "filter B -j A") == errno.ELOOP


def test_a_chain_in_use_is_not_removed(road: Road) -> None:
    table = road.netfilter.table("filter")
    road.add("filter A", "filter A -j ACCEPT", "filter INPUT -j A")
    for expected in (errno.EMLINK, errno.ENOTEMPTY):
        with pytest.raises(OSError) as refused:
            table.remove_chain("A")
        assert refused.value.errno == expected
        table.flush("INPUT")
    table.flush("A")
    table.remove_chain("A")
    assert "A" not in table


def test_an_empty_built_in_chain_of_nf_tables_goes_with_its_counters(road: Road) -> None:
    table = road.netfilter.table("filter")

    def refused() -> int:
        with pytest.raises(OSError) as reason:
            table.remove_chain("FORWARD")
        return reason.value.errno or 0

    assert refused() == errno.ENOENT
    table.set_policy("FORWARD", Verdict.DROP)
    assert refused() == errno.EPERM
    table.set_policy("FORWARD", Verdict.ACCEPT)
    road.run(Hook.FORWARD, road.udp())
    assert table.chain("FORWARD").packets == 1
    table.remove_chain("FORWARD")
    assert (table.chain("FORWARD").packets, table.chain("FORWARD").made) == (0, False)


def test_renaming_a_chain_renames_the_jumps_to_it(road: Road) -> None:
    road.add("filter A", "filter INPUT -s 1.1.1.1 -j A", "filter FORWARD -g A")
    road.netfilter.table("filter").rename_chain("A", "B")
    assert texts(road, "filter", "INPUT") == ["-s 1.1.1.1/32 -j B"]
    assert texts(road, "filter", "FORWARD") == ["-g B"]
    assert road.netfilter.table("filter").chain("B").references == 2


def test_references_follow_the_rules_that_jump(road: Road) -> None:
    road.add("filter A", "filter INPUT -j A", "filter FORWARD -j A")
    chain = road.netfilter.table("filter").chain("A")
    assert chain.references == 2
    road.netfilter.delete("filter", "INPUT", "-j A")
    assert chain.references == 1


def test_a_snapshot_brings_everything_back(road: Road) -> None:
    road.add("filter A", "filter INPUT -j A", "filter A -m conntrack --ctstate NEW -j ACCEPT")
    table = road.netfilter.table("filter")
    back = table.snapshot()
    table.set_policy("FORWARD", Verdict.DROP)
    table.reset()
    assert not road.netfilter.tracks
    back()
    assert texts(road, "filter", "INPUT") == ["-j A"]
    assert table.chain("A").references == 1
    assert table.at(Hook.FORWARD).policy is Verdict.ACCEPT
    assert road.netfilter.tracks


def test_each_rule_knows_what_made_it(road: Road) -> None:
    road.add("filter INPUT -j ACCEPT", made_by="docker run -p 80:80 httpd")
    assert road.netfilter.table("filter").chain("INPUT").rules[0].made_by == "docker run -p 80:80 httpd"


def test_rules_are_found_by_what_they_say_not_by_how_it_is_spelt(road: Road) -> None:
    road.add("filter INPUT -p tcp --dport 80 -j ACCEPT")
    assert road.netfilter.has("filter", "INPUT", "-p 6 -m tcp --destination-port 80 -j ACCEPT")
    assert not road.netfilter.has("filter", "INPUT", "-p tcp --dport 80 -j DROP")
    road.netfilter.delete("filter", "INPUT", "-p tcp -m tcp --dport 80 -j ACCEPT")
    assert not road.netfilter.has("filter", "INPUT", "-p tcp --dport 80 -j ACCEPT")
    with pytest.raises(ValueError, match="no rule"):
        road.netfilter.delete("filter", "INPUT", "-j ACCEPT")


def test_of_rules_that_say_the_same_the_first_is_found(road: Road) -> None:
    filters = road.netfilter.table("filter")
    twice, other = rule_from_text("-p udp -j ACCEPT"), rule_from_text("-p tcp -j ACCEPT")
    for rule, position in ((other, 1), (twice, 2), (twice, 1)):
        filters.insert("INPUT", rule, made_by="", position=position)
    chain = filters.chain("INPUT")
    assert (chain.find(twice), chain.find(other)) == (0, 1)
    filters.delete("INPUT", 1)
    assert (chain.find(twice), chain.find(other)) == (1, 0)
    filters.delete("INPUT", 2)
    assert chain.find(twice) is None
