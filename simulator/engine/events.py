"""What happened in the engine, as `docker events` tells it: the last 256 events are kept, listeners get the rest.

Mirrors moby's daemon/events. Each event is also a record of the lab's trace (EngineEvent).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from simulator.clock import Clock, S
from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import Document
from simulator.engine.filters import Filters, labels_match, moment
from simulator.engine.stream import Documents
from simulator.trace import EngineEvent, Trace

ACTORS = ("container", "plugin", "volume", "network", "daemon", "node", "service", "secret", "config")
KEPT = 256  # events: moby's daemon/events eventsLimit


class EventLog:
    """The engine's events."""

    def __init__(self, clock: Clock, trace: Trace, machine: str) -> None:
        self._clock, self._trace, self._machine = clock, trace, machine
        self._kept: deque[Document] = deque(maxlen=KEPT)
        self._listeners: list[tuple[Filters, Documents]] = []

    def publish(self, kind: str, action: str, actor: str, attributes: Mapping[str, str]) -> None:
        """Something happened to a container, network, volume or image."""
        ordered = tuple(sorted(attributes.items()))
        if EngineEvent in self._trace.wanted:
            now = int(self._clock.now)
            self._trace.emit(EngineEvent(now, self._machine, "", kind, action, actor, ordered))
        document = _document(kind, action, actor, dict(ordered), self._clock.wall())
        self._kept.append(document)
        for filters, listener in self._listeners:
            if _passes(filters, document):
                listener.put(document)

    def listen(self, filters: Filters, since: str = "", until: str = "") -> Documents:
        """The events that pass the filters: the kept ones, if there are bounds, then new ones until `until`."""
        end = moment(until) if until else None
        if since and end is not None and end < moment(since):
            raise InvalidParameter(f"`since` time ({since}) cannot be after `until` time ({until})")
        listener = Documents(self._clock)
        entry = (filters, listener)
        listener.on_close(lambda: self._listeners.remove(entry))
        begin = moment(since) if since else 0
        for document in self._kept if since or until else ():
            within = begin <= document["timeNano"] and (end is None or document["timeNano"] <= end)
            if within and _passes(filters, document):
                listener.put(document)
        if end is not None and end <= self._clock.wall():
            listener.end()
            return listener
        self._listeners.append(entry)
        if end is not None:
            self._clock.after(end - self._clock.wall(), listener.close)
        return listener


def _document(kind: str, action: str, actor: str, attributes: dict[str, str], wall: int) -> Document:
    """The event's document; containers and images have the older fields as well."""
    document: Document = {}
    if kind in ("container", "image"):
        document |= {"status": action, "id": actor}
    if kind == "container":
        document["from"] = attributes.get("image", "")
    return document | {
        "Type": kind,
        "Action": action,
        "Actor": {"ID": actor, "Attributes": attributes},
        "scope": "local",
        "time": wall // S,
        "timeNano": wall,
    }


def _passes(filters: Filters, document: Document) -> bool:
    attributes = document["Actor"]["Attributes"]
    return (
        _event_passes(filters, document["Action"])
        and (not filters.get("type") or document["Type"] in filters["type"])
        and (not filters.get("scope") or document["scope"] in filters["scope"])
        and all(_actor_passes(filters, kind, document) for kind in ACTORS)
        and _image_passes(filters, document)
        and labels_match(filters, attributes)
    )


def _event_passes(filters: Filters, action: str) -> bool:
    """`exec_create` and the like carry the command after a colon."""
    wanted = filters.get("event")
    return not wanted or action in wanted or action.split(":", 1)[0] in wanted


def _actor_passes(filters: Filters, kind: str, document: Document) -> bool:
    wanted = filters.get(kind)
    if not wanted:
        return True
    actor = document["Actor"]
    name = actor["Attributes"].get("name", "")
    return any(actor["ID"].startswith(text) or name.startswith(text) for text in wanted)


def _image_passes(filters: Filters, document: Document) -> bool:
    wanted = filters.get("image")
    if not wanted:
        return True
    attributes = document["Actor"]["Attributes"]
    texts = (document["Actor"]["ID"], attributes.get("image", attributes.get("name", "")))
    return any(text == value or text.split(":", 1)[0] == value for text in texts for value in wanted)
