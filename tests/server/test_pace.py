"""When simulated time runs ahead for clients, and when it does not. The real clock is set by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.clock import MS, S
from simulator.lab import Lab
from simulator.server import replies
from simulator.server.exchange import Exchange
from simulator.server.pace import CALM, Pace, Tempo
from simulator.server.replies import Answer, Early, Flow, Headers, Reply, Waiting


class Client:
    """Takes whatever comes."""

    room = True

    def whole(self, answer: Answer) -> None: ...
    def head(self, status: int, headers: Headers) -> None: ...
    def join(self) -> None: ...
    def part(self, data: bytes) -> None: ...
    def end(self) -> None: ...


class Watch:
    """A real clock that goes when it is told to."""

    now = 10 * S

    def __call__(self) -> int:
        return self.now


def exchange(lab: Lab, pace: Pace, reply: Reply) -> Exchange:
    """A client that has just asked."""

    def changed() -> None:
        pace.changed = True

    begun = Exchange(lab.clock, Client(), changed)
    begun.play(reply)
    return begun


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -d --name job alpine sleep 30")
    return lab


REPLIES: dict[str, Callable[[Lab], Reply]] = {
    "wait": lambda lab: Early(lab.engine.container_wait("job"), replies.always),
    "logs": lambda lab: Flow(
        lab.engine.container_logs("job", stdout=True, follow=True), replies.frame, "", lambda: True
    ),
}


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("tempo", [Tempo.FREE, Tempo.ON_DEMAND])
def test_time_runs_ahead_for_who_waits_for_an_end_once_no_more_is_asked(lab: Lab, tempo: Tempo, kind: str) -> None:
    watch, began = Watch(), int(lab.clock.now)
    pace = Pace(lab.clock, tempo, watch)
    wait = exchange(lab, pace, REPLIES[kind](lab))
    pause = pace.turn([wait])
    assert pause is not None and 0 < pause <= CALM / S
    assert lab.clock.now - began < MS
    watch.now += CALM
    while not wait.finished:
        pace.turn([wait])
    assert lab.clock.now - began > 20 * S


def test_time_runs_ahead_at_once_for_an_answer_with_its_end_in_sight(lab: Lab) -> None:
    pace = Pace(lab.clock, Tempo.FREE, Watch())
    stop = exchange(lab, pace, Waiting(lab.engine.container_stop("job"), lambda _: replies.done()))
    pace.turn([stop])
    assert stop.finished


@pytest.mark.parametrize("tempo", [Tempo.FREE, Tempo.LOCKED])
def test_time_that_is_owed_is_made_good(lab: Lab, tempo: Tempo) -> None:
    watch, began = Watch(), int(lab.clock.now)
    pace = Pace(lab.clock, tempo, watch)
    pace.owed = 3 * S
    watch.now += S
    pace.turn([])
    assert (int(lab.clock.now) - began, pace.owed) == (4 * S, 0)


def test_what_there_is_no_time_to_compute_is_owed(lab: Lab) -> None:
    watch, began = Watch(), int(lab.clock.now)
    pace = Pace(lab.clock, Tempo.LOCKED, watch)

    def slow() -> None:
        watch.now += S

    for second in range(1, 6):
        lab.clock.after(second * S, slow)
    watch.now += 3 * S
    pace.turn([])
    assert int(lab.clock.now) - began + pace.owed == 3 * S
    for _ in range(20):
        pace.turn([])
    assert int(lab.clock.now) - began == watch.now - Watch.now
