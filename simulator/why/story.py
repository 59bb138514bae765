"""Which of the last packets is worth telling about, and its road in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulator.clock import US
from simulator.kernel.drops import DROP_CODES
from simulator.why.road import Road

WIDTH = 9  # of the longest kind of phase
_BEGINNINGS = (" TCP [S] ", " ICMP echo request", " UDP")


def choose(found: Sequence[Road], packet: int | None = None) -> Road | None:
    """The packet that somebody asks about: the one named, else the first that died, else the first that set out.

    A death does not count if the same was then asked of another address, and came there: `localhost` is tried as ::1 first.
    """
    if packet is not None:
        return next((road for road in found if road.packet == packet), None)
    dead = [road for road in found if road.dropped]
    real = [road for road in dead if road.packet] or dead
    final = [road for road in real if not _came_elsewhere(road, found)]
    told = [road for road in found if not is_about_names(road)]
    alive = [road for road in told if _begins(road) and not road.dropped]
    return next(iter(final or alive or told or found), None)


def _begins(road: Road) -> bool:
    """Whether a conversation began with the packet; an error about one does not begin any."""
    return " about " not in road.about and any(mark in road.about for mark in _BEGINNINGS)


def _came_elsewhere(road: Road, found: Sequence[Road]) -> bool:
    """Whether a later packet of the same kind, to the same port of another address, was delivered."""
    address, port = road.addresses[1], road.ends[1].rpartition(".")[2]
    mark = next((mark for mark in _BEGINNINGS if mark in road.about), None)
    later = found[found.index(road) + 1 :] if mark else ()
    alike = (each for each in later if each.delivered and _begins(each) and mark and mark in each.about)
    return any(each.addresses[1] != address and each.ends[1].endswith(f".{port}") for each in alike)


def is_about_names(road: Road) -> bool:
    """A question to a name server, or its answer; the embedded one answers from a port of its own."""
    return any(end.endswith(".53") or end.startswith("127.0.0.11.") for end in road.ends)


def answer_to(road: Road, found: Sequence[Road]) -> Road | None:
    """The packet that came back first because of this one."""
    if not road.delivered:
        return None
    place = (road.delivered.machine, road.delivered.netns)
    later = found[found.index(road) + 1 :]
    begun = (each for each in later if each.phases)
    return next((each for each in begun if (each.phases[0].machine, each.phases[0].netns) == place), None)


def story(road: Road, found: Sequence[Road]) -> str:
    """A road in words, numbered, with the time since it began (us)."""
    head = f"packet {road.packet}: {road.about}" if road.packet else f"no packet could be made {road.about}"
    lines = [head]
    began = road.phases[0].time if road.phases else 0
    wide = max((len(phase.where) for phase in road.phases), default=0)
    for number, phase in enumerate(road.phases, 1):
        since = (phase.time - began) // US
        lines.append(f"{number:>3} {since:>8} us  {phase.where:{wide}}  {phase.kind:{WIDTH}}  {phase.text}")
        if phase.made_by:
            lines.append(f"{'':{wide + 30}}made by: {phase.made_by}")
    return "\n".join([*lines, *_verdict(road, found)])


def _verdict(road: Road, found: Sequence[Road]) -> list[str]:
    if road.dropped:
        return [f"=> DROPPED {road.code}: {DROP_CODES[road.code]}"]
    if not road.delivered:
        return ["=> still on its way"]
    answer = answer_to(road, found)
    if answer is None:
        return [f"=> DELIVERED: {road.delivered.to}"]
    return [f"=> DELIVERED: {road.delivered.to}; answered by packet {answer.packet} ({answer.outcome})"]


def overview(found: Sequence[Road], chosen: Road, *, most: int = 12) -> list[str]:
    """The packets in the order in which they set out, one line each, the chosen one marked."""
    shown = list(found[:most])
    shown += [chosen] if chosen not in shown else []
    wide = max(len(road.code or road.outcome) for road in shown)
    lines = [_line(road, wide, "> " if road is chosen else "  ") for road in shown]
    more = len(found) - len(shown)
    return lines + ([f"  ... and {more} more"] if more else [])


def _line(road: Road, wide: int, mark: str) -> str:
    about = re.sub(r" seq \d+ ack \d+", "", road.about)
    return f"{mark}packet {road.packet:>3}  {road.code or road.outcome:{wide}}  {about}"
