"""`:why` on the screen: the road of the packet that matters, the others in a line each, and tried advice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from simulator.trace import Record
from simulator.trial import Scene, advise, advise_about_name
from simulator.why.case import Advice
from simulator.why.names import unresolved
from simulator.why.road import Road, roads
from simulator.why.story import choose, overview, story

NONE = "the last lines sent no packet; ping or curl something and ask again"


def why(records: Iterable[Record], scene: Scene, *, packet: int | None = None, as_json: bool = False) -> str:
    """What became of the packets, as text or JSON, with advice about the line that sent them."""
    found = roads(records)
    chosen = choose(found, packet)
    if chosen is None:
        none = NONE if packet is None else f"no packet {packet} was seen lately"
        return json.dumps({"packets": []}) if as_json else none
    name = unresolved(found) if not chosen.dropped and packet is None else ""
    advice = advise(scene, chosen) if chosen.dropped else advise_about_name(scene, chosen, name) if name else None
    if as_json:
        document: dict[str, Any] = {"packet": chosen.document(), "advice": advice.document() if advice else None}
        listed = [{"packet": each.packet, "about": each.about, "outcome": each.outcome} for each in found]
        return json.dumps(document | {"unresolved": name, "packets": listed}, indent=2, ensure_ascii=False)
    end = [f"=> UNRESOLVED: no name server knows '{name}' (NXDOMAIN)"] if name else []
    return "\n".join(
        [*_packets(found, chosen), story(chosen, found), *end, *_told(advice, bool(chosen.dropped or name))]
    )


def _packets(found: Sequence[Road], chosen: Road) -> list[str]:
    """All packets, if there are several: `>` marks the one that is told about."""
    return [*overview(found, chosen), ""] if len(found) > 1 else []


def _told(advice: Advice | None, dropped: bool) -> list[str]:
    if advice:
        return [f"   It would get through {advice.text} (tried in a replay: it does)."]
    return ["   Nothing that was tried in a replay would let it through."] if dropped else []
