"""Tries advice: the same line once more, in a replay of all that came before it, with the advice taken."""

from __future__ import annotations

from simulator.clock import S
from simulator.sandbox import Sandbox, Step
from simulator.terminal import StillRunning
from simulator.why.advice import Advice, candidates
from simulator.why.road import Road, roads
from simulator.why.story import answer_to, is_about_names

MOST = 12  # how many are tried
LIMIT = 40 * S  # of simulated time for the line
EVENTS = 50_000


def advise(sandbox: Sandbox, road: Road) -> Advice | None:
    """The first advice that lets the packet through; None if none does."""
    number = sandbox.recorder.line
    if not 0 < number + 1 <= len(sandbox.steps):
        return None
    step = sandbox.steps[number]
    for advice in candidates(sandbox.lab, road, step.text)[:MOST]:
        if works(sandbox, number, road, advice):
            return advice
    return None


def works(sandbox: Sandbox, number: int, road: Road, advice: Advice) -> bool:
    """Whether the packet that line `number` sent gets through, and its answer back, once the advice is taken."""
    step = sandbox.steps[number]
    other = sandbox.twin(number)
    if advice.command and not _done(other, advice):
        return False
    _again(other, step, advice.instead or step.text)
    if other.steps[-1].status:
        return False
    found = [each for each in roads(other.recorder.records) if is_about_names(road) or not is_about_names(each)]
    return _gets_through(road, found, elsewhere=bool(advice.instead))


def _done(other: Sandbox, advice: Advice) -> bool:
    try:
        return other.lab.run(advice.command, advice.machine, limit=LIMIT).status == 0
    except StillRunning:
        return False


def _again(other: Sandbox, step: Step, text: str) -> None:
    other.use(step.machine)
    other.run_line(text, events=EVENTS, limit=LIMIT)


def _gets_through(before: Road, found: list[Road], *, elsewhere: bool) -> bool:
    """Whether a packet of the same kind arrived, nothing like it died, and what came back arrived, too."""
    alike = [road for road in found if elsewhere or not before.about or not before.packet or _same_goal(road, before)]
    if any(road.dropped for road in alike):
        return False
    for road in alike:
        if road.delivered:
            answer = answer_to(road, found)
            return answer is None or not answer.dropped
    return False


def _same_goal(road: Road, other: Road) -> bool:
    """To the same address and port; the port that the sender took does not count."""
    return road.ends[1] == other.ends[1]
