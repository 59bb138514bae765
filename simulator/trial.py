"""Tries advice: the same line once more, in a replay of all that came before it, with the advice taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from simulator.clock import S
from simulator.lab import Lab
from simulator.sandbox import Sandbox
from simulator.terminal import StillRunning
from simulator.trace import Record
from simulator.why import names
from simulator.why.advice import candidates
from simulator.why.case import Advice
from simulator.why.road import Road, roads
from simulator.why.story import answer_to, is_about_names

MOST = 12  # how many are tried
LIMIT = 40 * S  # of simulated time for the line
EVENTS = 50_000


class Scene(Protocol):
    """A line that sent packets, in the world as it was then."""

    @property
    def lab(self) -> Lab: ...

    @property
    def line(self) -> str: ...

    def again(self, advice: Advice) -> Iterable[Record] | None:
        """What happens when the line is typed in a replay with the advice taken; None if one of them fails."""


class Typed:
    """The last line of a sandbox that sent packets."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self._number = sandbox, sandbox.recorder.line
        self.lab = sandbox.lab

    @property
    def line(self) -> str:
        return self._sandbox.steps[self._number].text if self._number < len(self._sandbox.steps) else ""

    def again(self, advice: Advice) -> Iterable[Record] | None:
        step = self._sandbox.steps[self._number]
        other = self._sandbox.twin(self._number)
        if not taken(other.lab, advice):
            return None
        other.use(step.machine)
        other.run_line(advice.instead or step.text, events=EVENTS, limit=LIMIT)
        return None if other.steps[-1].status else other.recorder.records


def taken(lab: Lab, advice: Advice) -> bool:
    """Whether the command that somebody is advised to type first could be typed."""
    try:
        return not advice.command or lab.run(advice.command, advice.machine, limit=LIMIT).status == 0
    except StillRunning:
        return False


def advise(scene: Scene, road: Road) -> Advice | None:
    """The first advice that lets the packet, and its answer back, through; None if none does."""
    if not scene.line:
        return None
    for advice in candidates(scene.lab, road, scene.line)[:MOST]:
        records = scene.again(advice)
        if records is not None and _gets_through(road, roads(records), elsewhere=bool(advice.instead)):
            return advice
    return None


def advise_about_name(scene: Scene, road: Road, name: str) -> Advice | None:
    """The first advice after which the name is known."""
    for advice in names.candidates(scene.lab, road, name, scene.line)[:MOST]:
        records = scene.again(advice)
        if records is not None and names.unresolved(roads(records)) != name:
            return advice
    return None


def _gets_through(before: Road, found: list[Road], *, elsewhere: bool) -> bool:
    """Whether a packet of the same kind arrived, nothing like it died, and what came back arrived, too."""
    alike = [road for road in found if is_about_names(before) or not is_about_names(road)]
    if not elsewhere and before.about and before.packet:
        alike = [road for road in alike if _same_goal(road, before)]
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
