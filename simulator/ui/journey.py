"""A packet's road in words: what happened to the packets of a step, one line for each thing that happened.

It reads the trace alone. `Journey(lab)` listens from its making on; `take()` gives the lines since the last call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.kernel.drops import DROP_CODES
from simulator.kernel.packet import Arp, Discovery, Frame, GroupReport
from simulator.lab import Lab
from simulator.trace import (
    BridgeForwarded,
    Delivered,
    Dropped,
    FrameSent,
    PolicyApplied,
    Record,
    RouteChosen,
    RuleMatched,
    Translated,
)

LIMIT = 400  # lines that are kept: a ping that runs for hours must not fill the memory


class Journey:
    """The roads of a lab's packets. IPv6's own background noise is left out."""

    def __init__(self, lab: Lab) -> None:
        self._lines: list[str] = []
        self._end = lab.trace.subscribe(self._take, *_TELL)

    def stop(self) -> None:
        self._end()

    def take(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines

    def _take(self, record: Record) -> None:
        text = _TELL[type(record)](record)
        if text and len(self._lines) < LIMIT:
            self._lines.append(f"{place(record):14} {text}")


def place(record: Record) -> str:
    """Where it happened: the container's name, or the machine's."""
    return record.netns or record.machine


def _sent(record: Any) -> str:
    frame: Frame = record.frame
    payload = frame.payload
    if not isinstance(payload, Arp) and isinstance(payload.l4, Discovery | GroupReport):
        return ""
    number = "" if isinstance(payload, Arp) else f"  (packet {payload.id})"
    return f"sends by {record.device}: {payload}{number}"


def _bridged(record: Any) -> str:
    if not record.packet:
        return ""
    goal = ", ".join(record.ports) or "nobody"
    how = "does not know where it lives and floods it to" if record.flooded else "has learnt where it lives:"
    return f"bridge {record.bridge} {how} {goal}"


def _routed(record: Any) -> str:
    return f"road to {record.destination}: {record.route}"


def _matched(record: Any) -> str:
    made_by = f"   # by: {record.made_by}" if record.made_by else ""
    return f"{record.hook} {record.table}/{record.chain} rule {record.number}: {record.rule}{made_by}"


def _policy(record: Any) -> str:
    return f"{record.hook} {record.table}/{record.chain}: no rule decides, the policy is {record.verdict}"


def _translated(record: Any) -> str:
    return f"{record.kind}: {record.before} becomes {record.after}"


def _delivered(record: Any) -> str:
    return f"packet {record.packet} arrives: {record.to}"


def _dropped(record: Any) -> str:
    if record.code == "OTHER_HOST":
        return ""
    detail = f" ({record.detail})" if record.detail else ""
    return f"packet {record.packet} dies: {record.code}{detail}. {DROP_CODES[record.code]}"


_TELL: dict[type[Record], Callable[[Any], str]] = {
    FrameSent: _sent,
    BridgeForwarded: _bridged,
    RouteChosen: _routed,
    RuleMatched: _matched,
    PolicyApplied: _policy,
    Translated: _translated,
    Delivered: _delivered,
    Dropped: _dropped,
}
