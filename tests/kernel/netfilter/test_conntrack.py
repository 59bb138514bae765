"""What connection tracking makes of packets, and how long it remembers."""

from __future__ import annotations

import pytest

from simulator.clock import S
from simulator.kernel import proc_net
from simulator.kernel.netfilter.conntrack import Entry, Status
from simulator.kernel.netfilter.conntrack_tcp import TRANSITIONS, TcpState
from simulator.kernel.netfilter.hooks import CtState, Hook, Skb, Verdict
from simulator.kernel.packet import Flag, raw
from simulator.trace import ConntrackChanged
from tests.kernel.netfilter.world import HOST_OUT, INSIDE, OUTSIDE, Road

SYN, SYNACK, ACK, FINACK, RST = Flag.SYN, Flag.SYN | Flag.ACK, Flag.ACK, Flag.FIN | Flag.ACK, Flag.RST


@pytest.fixture
def road(road: Road) -> Road:
    road.add("filter FORWARD -m conntrack --ctstate NEW")
    return road


def segments(road: Road, *steps: str) -> list[Skb]:
    """A conversation: "> S" from inside, "< SA" back."""
    flags = {"S": SYN, "SA": SYNACK, "A": ACK, "FA": FINACK, "R": RST, "RA": RST | ACK}
    passed = []
    for step in steps:
        way, kind = step.split()
        if way == ">":
            passed.append(road.routed(road.tcp(flags=flags[kind])))
        else:
            passed.append(road.routed(road.tcp(OUTSIDE, INSIDE, ports="80>40000", flags=flags[kind])))
    return passed


def only(road: Road) -> Entry:
    (entry,) = road.netfilter.conntrack.entries()
    return entry


def left(road: Road) -> int:
    """Seconds until the only entry goes."""
    return (only(road).deadline - int(road.clock.now)) // S


@pytest.mark.parametrize(
    ("steps", "state", "seconds"),
    [
        (["> S"], "SYN_SENT", 120),
        (["> S", "> S"], "SYN_SENT", 120),
        (["> S", "< SA"], "SYN_RECV", 60),
        (["> S", "< SA", "> A"], "ESTABLISHED", 432_000),
        (["> S", "< SA", "> A", "< SA"], "ESTABLISHED", 432_000),
        (["> S", "< SA", "> A", "> FA"], "FIN_WAIT", 120),
        (["> S", "< SA", "> A", "> FA", "< A"], "CLOSE_WAIT", 60),
        (["> S", "< SA", "> A", "> FA", "< FA"], "LAST_ACK", 30),
        (["> S", "< SA", "> A", "> FA", "< FA", "> A"], "TIME_WAIT", 120),
        (["> S", "< SA", "> A", "< R"], "CLOSE", 10),
        (["> S", "< S"], "SYN_SENT2", 120),
        (["> A"], "ESTABLISHED", 432_000),
    ],
)
def test_a_tcp_connection_goes_through_its_states(road: Road, steps: list[str], state: str, seconds: int) -> None:
    segments(road, *steps)
    assert (only(road).tcp.value, left(road)) == (state, seconds)


def test_every_state_knows_every_segment() -> None:
    assert len(TRANSITIONS) == 2 * 5 * len(TcpState)


@pytest.mark.parametrize("steps", [["> SA"], ["> R"], ["> FA"], ["> S", "> A"]])
def test_segments_that_cannot_be_are_invalid(road: Road, steps: list[str]) -> None:
    states = [skb.ct_state for skb in segments(road, *steps)]
    assert CtState.INVALID in states


def test_states_of_packets_follow_the_connection(road: Road) -> None:
    skbs = segments(road, "> S", "> S", "< SA", "> A", "< A")
    new, old = CtState.NEW, CtState.ESTABLISHED
    assert [skb.ct_state for skb in skbs] == [new, new, old, old, old]
    assert [skb.direction.name for skb in skbs] == ["ORIGINAL", "ORIGINAL", "REPLY", "ORIGINAL", "REPLY"]


def test_a_connection_that_was_refused_leaves_nothing(road: Road) -> None:
    answer = segments(road, "> S", "< RA")[-1]
    assert answer.ct_state is CtState.ESTABLISHED
    assert road.netfilter.conntrack.entries() == []


def test_a_new_syn_ends_what_is_left_of_the_old_connection(road: Road) -> None:
    segments(road, "> S", "< SA", "> A", "> FA", "< FA", "> A")
    old = only(road)
    assert segments(road, "> S")[0].ct_state is CtState.NEW
    assert only(road) is not old


def test_a_connection_is_assured_when_the_handshake_is_done(road: Road) -> None:
    segments(road, "> S", "< SA")
    assert not only(road).status & Status.ASSURED
    segments(road, "> A")
    assert only(road).status & Status.ASSURED


def test_udp_lives_30_seconds_and_120_as_a_stream(road: Road) -> None:
    ask, answer = (lambda: road.routed(road.udp())), (lambda: road.routed(road.udp(OUTSIDE, INSIDE, ports="53>5000")))
    ask()
    assert left(road) == 30
    answer()
    ask()
    assert left(road) == 30
    road.clock.run(until=3 * S)
    answer()
    assert left(road) == 120
    assert only(road).status & Status.ASSURED


def test_an_entry_is_forgotten_when_its_time_is_over(road: Road) -> None:
    road.routed(road.udp())
    road.clock.run(until=29 * S)
    assert road.routed(road.udp()).ct is not None
    old = only(road)
    road.clock.run(until=60 * S)
    assert road.netfilter.conntrack.entries() == []
    assert road.routed(road.udp()).ct is not old


def test_times_can_be_set_by_sysctl(road: Road) -> None:
    road.host.sysctl["net.netfilter.nf_conntrack_udp_timeout"] = "7"
    road.routed(road.udp())
    assert left(road) == 7


def test_every_segment_of_an_open_connection_renews_its_time_by_what_the_sysctl_says_now(road: Road) -> None:
    segments(road, "> S", "< SA", "> A")
    road.host.sysctl["net.netfilter.nf_conntrack_tcp_timeout_established"] = "500"
    road.clock.run(until=100 * S)
    segments(road, "< A")
    assert left(road) == 500


def test_echo_requests_and_replies_are_one_connection(road: Road) -> None:
    request, reply = road.routed(road.echo()), road.routed(road.echo(OUTSIDE, INSIDE, kind=0))
    assert reply.ct is request.ct
    assert left(road) == 30
    assert road.routed(road.echo(ident=8)).ct is not request.ct


def test_an_answer_to_no_question_is_invalid(road: Road) -> None:
    assert road.routed(road.echo(kind=0)).ct_state is CtState.INVALID
    assert road.netfilter.conntrack.entries() == []


def test_other_protocols_are_tracked_by_their_addresses(road: Road) -> None:
    road.routed(raw(INSIDE, OUTSIDE, 47, b"x", number=road.host.number()))
    assert left(road) == 600
    assert only(road).line(0).startswith("unknown  47 600 src=172.17.0.2 dst=10.0.2.2 [UNREPLIED] src=10.0.2.2")


def test_an_icmp_error_is_related_to_what_it_is_about(road: Road) -> None:
    question = road.udp()
    road.routed(question)
    error = road.routed(road.error(OUTSIDE, INSIDE, question))
    assert (error.ct, error.ct_state, error.direction.name) == (only(road), CtState.RELATED, "REPLY")
    stray = road.routed(road.error(OUTSIDE, INSIDE, road.udp(ports="1>2")))
    assert (stray.ct, stray.ct_state) == (None, CtState.INVALID)


def test_a_packet_that_is_dropped_makes_no_entry(road: Road) -> None:
    road.add("filter FORWARD -j DROP")
    _, skb = road.run(Hook.PREROUTING, road.udp(), device_in=road.docker0)
    road.netfilter.run(Hook.FORWARD, skb)
    assert skb.ct is not None
    assert road.netfilter.conntrack.entries() == []


def test_packets_that_begin_one_connection_at_once_share_its_entry_but_for_tcp(road: Road) -> None:
    for make, expected in ((road.udp, Verdict.ACCEPT), (road.tcp, Verdict.DROP)):
        skbs = [road.run(Hook.PREROUTING, make(), device_in=road.docker0)[1] for _ in range(2)]
        verdicts = [road.netfilter.run(Hook.POSTROUTING, skb) for skb in skbs]
        assert verdicts == [Verdict.ACCEPT, expected]
    assert len(road.netfilter.conntrack) == 2


def test_what_raw_says_not_to_track_is_untracked(road: Road) -> None:
    road.add("raw PREROUTING -p udp -j NOTRACK", "filter FORWARD -m conntrack --ctstate UNTRACKED")
    skb = road.routed(road.udp())
    assert (skb.ct, skb.ct_state) == (None, CtState.UNTRACKED)
    assert road.counts("filter", "FORWARD") == [0, 1]


def test_flush_drops_what_is_picked(road: Road) -> None:
    road.routed(road.udp())
    road.routed(road.tcp())
    table = road.netfilter.conntrack
    assert table.flush(lambda entry: entry.original.proto == 17) == 1
    assert only(road).original.proto == 6
    assert table.flush() == 1
    assert table.lookup(road.routed(road.udp()).ct.original) is not None  # type: ignore[union-attr]


def test_lines_are_those_of_conntrack(road: Road) -> None:
    road.add("nat POSTROUTING -o eth0 -j MASQUERADE")
    road.routed(road.tcp())
    assert only(road).line(0) == (
        "tcp      6 120 SYN_SENT src=172.17.0.2 dst=10.0.2.2 sport=40000 dport=80 [UNREPLIED] "
        "src=10.0.2.2 dst=10.0.2.15 sport=80 dport=40000 mark=0"
    )
    road.netfilter.conntrack.flush()
    road.routed(road.echo())
    road.routed(road.echo(OUTSIDE, HOST_OUT, kind=0))
    assert proc_net.connections(road.host) == (
        "ipv4     2 icmp     1 30 src=172.17.0.2 dst=10.0.2.2 type=8 code=0 id=7 "
        "src=10.0.2.2 dst=10.0.2.15 type=0 code=0 id=7 mark=0 zone=0 use=2\n"
    )


def test_the_trace_tells_what_becomes_of_a_connection(road: Road) -> None:
    told: list[str] = []
    road.trace.subscribe(lambda record: told.append(record.state), ConntrackChanged)
    segments(road, "> S", "< SA", "> A", "< R")
    road.netfilter.conntrack.flush()
    assert told == ["NEW", "SYN_RECV", "ESTABLISHED", "ESTABLISHED", "CLOSE", "DESTROY"]


def test_a_table_that_grows_sweeps_out_the_dead(road: Road) -> None:
    table = road.netfilter.conntrack
    for port in range(3000):
        if port % 1000 == 0:
            road.clock.run(until=road.clock.now + 40 * S)
        road.routed(road.udp(ports=f"{port + 1}>53"))
    assert len(table._found) < 2 * 3000
    assert len(table) == 1000
