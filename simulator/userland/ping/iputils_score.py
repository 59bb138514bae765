"""How iputils' ping words times and the final score (ping_common.c: finish, gather_statistics, status)."""

from __future__ import annotations

from math import isqrt
from typing import Protocol

from simulator.clock import MS
from simulator.kernel.process import Process
from simulator.userland.ping.echo import Score, milliseconds
from simulator.userland.ping.iputils_options import Settings
from simulator.userland.ping.iputils_target import Target


class Run(Protocol):
    """What of a run the score needs."""

    score: Score
    timing: bool
    pipe: int
    ewma: int
    first: int
    last: int


def time_text(rtt: int) -> str:
    """A round trip in ms, to three digits."""
    if rtt >= 99_950:
        return str((rtt + 500) // 1000)
    if rtt >= 9_995:
        return f"{(rtt + 50) // 1000}.{(rtt + 50) % 1000 // 100}"
    if rtt >= 1_000:
        return f"{(rtt + 5) // 1000}.{(rtt + 5) % 1000 // 10:02d}"
    return milliseconds(rtt)


def statistics(process: Process, run: Run, settings: Settings, target: Target) -> list[str]:
    """The lines after the last answer."""
    score = run.score
    counted = f"{score.sent} packets transmitted, {score.received} received"
    counted += f", +{score.duplicates} duplicates" if score.duplicates else ""
    counted += f", +{score.errors} errors" if score.errors else ""
    if score.sent:
        loss = (score.sent - score.received) * 100 / score.sent
        counted += f", {loss:.6g}% packet loss, time {(run.last - run.first) // MS}ms"
    return [f"\n--- {target.name} ping statistics ---", counted, _times(run, settings)]


def _times(run: Run, settings: Settings) -> str:
    """The line of round trips; empty without any."""
    score, parts = run.score, []
    if score.received and run.timing:
        values = (score.least, score.average, score.most, spread(score))
        parts.append("rtt min/avg/max/mdev = " + "/".join(milliseconds(value) for value in values) + " ms")
    if run.pipe > 1:
        parts.append(f"pipe {run.pipe}")
    if run.timing and score.received and score.sent > 1 and settings.is_flooding:
        gap = (run.last - run.first) // 1000 // (score.sent - 1)
        parts.append(f"ipg/ewma {milliseconds(gap)}/{milliseconds(run.ewma // 8)} ms")
    return ", ".join(parts)


def spread(score: Score) -> int:
    """mdev: the standard deviation, in us."""
    timed = max(score.timed, 1)
    return isqrt(max(score.squares // timed - score.average * score.average, 0))


def short_score(score: Score, ewma: int) -> str:
    """The line for Ctrl-backslash."""
    text = f"\r{score.received}/{score.sent} packets, {score.loss}% loss"
    if not score.timed:
        return text
    values = (score.least, score.average, ewma // 8, score.most)
    return f"{text}, min/avg/ewma/max = " + "/".join(milliseconds(value) for value in values) + " ms"
