"""Laws of time and chance."""

from __future__ import annotations

import pytest

from simulator.clock import MS, US, Chance, Clock, S, Zone, rfc3339


def test_a_call_comes_exactly_after_its_delay() -> None:
    clock = Clock()
    seen: list[int] = []
    clock.after(3 * MS, lambda: seen.append(int(clock.now)))
    clock.run()
    assert seen == [3 * MS]


def test_a_cancelled_timer_never_fires() -> None:
    clock = Clock()
    seen: list[str] = []
    timer = clock.after(1 * S, seen.append, "fired")
    timer.cancel()
    clock.run()
    assert seen == []
    assert not timer.pending


def test_calls_of_one_moment_keep_their_order() -> None:
    clock = Clock()
    seen: list[int] = []
    for number in range(5):
        clock.after(1 * US, seen.append, number)
    clock.run()
    assert seen == [0, 1, 2, 3, 4]


def test_calls_asked_for_together_are_one_event_unless_something_comes_between() -> None:
    clock = Clock()
    seen: list[str] = []
    timers = [clock.after(1 * US, seen.append, name) for name in "abc"]
    clock.sleep(1 * US).callbacks.append(lambda _: seen.append("between"))
    clock.after(1 * US, clock.after, 0, seen.append, "later")
    clock.after(1 * US, seen.append, "d")
    timers[1].cancel()
    assert len(clock.state()["due"]) == 6
    clock.step()
    assert seen == ["a", "c"]
    clock.run()
    assert seen == ["a", "c", "between", "d", "later"]


def test_a_failure_nobody_waits_for_is_nobodys_business() -> None:
    clock = Clock()
    clock.waiter().fail(OSError("gone"))
    clock.run()


def test_the_same_seed_draws_the_same() -> None:
    one, other = Chance(7), Chance(7)
    assert [one.hex("id", 12) for _ in range(3)] == [other.hex("id", 12) for _ in range(3)]


def test_a_draw_of_one_kind_moves_no_other() -> None:
    one, other = Chance(7), Chance(7)
    one.hex("container id", 64)
    assert one.mac("veth") == other.mac("veth")


def test_what_is_preset_is_drawn_first_and_then_chance_goes_on() -> None:
    chance, untouched = Chance(1), Chance(1)
    chance.preset("port", [7])
    assert chance.integer("port", 1, 100) == 7
    assert chance.integer("port", 1, 100) == untouched.integer("port", 1, 100)
    assert chance.left("port") == 0


def test_a_short_preset_id_is_a_prefix() -> None:
    chance = Chance(1)
    chance.preset("id", ["beef"])
    drawn = chance.hex("id", 64)
    assert drawn.startswith("beef")
    assert len(drawn) == 64


def test_a_random_mac_is_local_and_unicast() -> None:
    chance = Chance(3)
    firsts = [int(chance.mac("veth").split(":")[0], 16) for _ in range(50)]
    assert all(first & 3 == 2 for first in firsts)


def test_a_mac_keeps_its_prefix() -> None:
    assert Chance(3).mac("bridge", "02:42").startswith("02:42:")


@pytest.mark.parametrize(
    ("nanoseconds", "zone", "text"),
    [
        (0, Zone(), "1970-01-01T00:00:00Z"),
        (1_500_000_000, Zone(), "1970-01-01T00:00:01.5Z"),
        (68_394_493_0 * 10, Zone(), "1970-01-01T00:00:06.83944930Z".replace("0Z", "Z")),
        (0, Zone("KST", 9 * 3600), "1970-01-01T09:00:00+09:00"),
        (0, Zone("NST", -12600), "1969-12-31T20:30:00-03:30"),
    ],
)
def test_moments_are_written_as_the_api_writes_them(nanoseconds: int, zone: Zone, text: str) -> None:
    assert rfc3339(Clock(zone=zone), nanoseconds) == text
