"""`:why` on the screen: the road of the packet that matters, the others in a line each, and tried advice."""

from __future__ import annotations

import json
from typing import Any

from simulator.sandbox import Sandbox
from simulator.trial import advise
from simulator.why.advice import Advice
from simulator.why.road import roads
from simulator.why.story import choose, overview, story

NONE = "the last lines sent no packet; ping or curl something and ask again"


def why(sandbox: Sandbox, *, packet: int | None = None, as_json: bool = False) -> str:
    """What became of the last packets, as text or JSON."""
    found = roads(sandbox.recorder.records)
    road = choose(found, packet)
    if road is None:
        return json.dumps({"packets": []}) if as_json else NONE if packet is None else f"no packet {packet} was seen lately"
    advice = advise(sandbox, road) if road.dropped else None
    if as_json:
        document: dict[str, Any] = {"packet": road.document(), "advice": advice.document() if advice else None}
        others = [{"packet": each.packet, "about": each.about, "outcome": each.outcome} for each in found]
        return json.dumps(document | {"packets": others}, indent=2, ensure_ascii=False)
    parts = [story(road, found), *_told(advice, road.dropped is not None)]
    others = overview(found, but=road)
    return "\n".join(parts + (["the other packets:", *others] if others else []))


def _told(advice: Advice | None, dropped: bool) -> list[str]:
    if advice:
        return [f"   It would get through {advice.text} (tried in a replay: it does)."]
    return ["   Nothing that was tried in a replay would let it through."] if dropped else []
