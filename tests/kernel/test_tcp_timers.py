"""Deadlines and timeouts of TCP."""

from __future__ import annotations

from simulator.clock import MS, S
from simulator.kernel.tcp_congestion import Congestion
from simulator.kernel.tcp_timers import Alarm, RoundTrip, Timers


def test_deadlines_come_when_they_are_due() -> None:
    timers = Timers()
    timers.set(Alarm.PERSIST, 20)
    timers.set(Alarm.RETRANSMIT, 10)
    assert timers.next == 10
    assert timers.expired(9) == []
    assert timers.expired(20) == [Alarm.RETRANSMIT, Alarm.PERSIST]
    assert timers.next is None


def test_a_cancelled_deadline_does_not_come() -> None:
    timers = Timers()
    timers.set(Alarm.LINGER, 5)
    timers.cancel(Alarm.LINGER)
    assert timers.expired(10) == [] and not timers.is_set(Alarm.LINGER)


def test_the_timeout_begins_at_a_second_and_doubles_up_to_two_minutes() -> None:
    round_trip = RoundTrip()
    assert round_trip.timeout == 1 * S
    round_trip.backoff = 3
    assert round_trip.timeout == 8 * S
    round_trip.backoff = 20
    assert round_trip.timeout == 120 * S


def test_a_measured_round_trip_sets_the_timeout() -> None:
    round_trip = RoundTrip()
    round_trip.backoff = 2
    round_trip.measured(10 * MS)
    assert (round_trip.timeout, round_trip.backoff) == (210 * MS, 0)
    for _ in range(100):
        round_trip.measured(500 * MS)
    assert 690 * MS < round_trip.timeout < 720 * MS


def test_the_congestion_window_doubles_in_slow_start_and_creeps_later() -> None:
    congestion = Congestion(1000)
    assert congestion.window == 10_000
    congestion.acknowledged(10_000, 1)
    assert congestion.window == 20_000
    congestion.threshold = 1000
    congestion.acknowledged(1000, 2)
    assert congestion.window == 20_050


def test_a_timeout_begins_with_one_segment() -> None:
    congestion = Congestion(1000)
    congestion.timed_out(20_000)
    assert (congestion.window, congestion.threshold) == (1000, 10_000)


def test_the_third_duplicate_acknowledgement_means_a_loss() -> None:
    congestion = Congestion(1000)
    assert [congestion.duplicate(8000, 99) for _ in range(4)] == [False, False, True, False]
    assert congestion.acknowledged(1000, 50) is True
    assert congestion.acknowledged(1000, 99) is False
    assert congestion.window == 4000
