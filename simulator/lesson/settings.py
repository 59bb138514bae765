"""What a lesson may set: only what is chance in reality. Never an output.

Ids, MAC addresses, ports and latencies by kind of chance; the clock and zone; the time between commands; what ran
before it came to the screen; background traffic; counters that a device had before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from simulator.clock import DEFAULT_START, MS, NS, US, S, Zone
from simulator.layout import STANDARD, Layout, layout_from_document
from simulator.versions import DEFAULT_VERSION, VERSIONS

UNITS = {"ns": NS, "us": US, "ms": MS, "s": S, "m": 60 * S, "h": 3600 * S, "d": 86400 * S}
PAUSE = 300 * MS  # between two commands, unless a lesson says otherwise


class SettingError(ValueError):
    """A setting that cannot be, in words."""


class Background(Struct, frozen=True):
    """A datagram that the host sends to a group on a device, as its own services do now and then."""

    at: int  # ns after the step's begin
    device: str  # "machine/device"
    group: str
    port: int
    size: int  # bytes of data


class StepSettings(Struct, frozen=True):
    """Settings of one console block."""

    id: str = ""
    wait: int = 0
    before: tuple[str, ...] = ()
    pauses: tuple[int, ...] = ()
    chance: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    counters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    background: tuple[Background, ...] = ()
    watch: int = 5 * S  # how long a command that never ends is watched before the next key is pressed
    hints: tuple[str, ...] = ()  # of a task: each one tells more than the one before
    solution: tuple[str, ...] = ()  # of a task: one way to solve it, typed by `docklab check` alone

    def pause(self, index: int) -> int:
        """How long before the command of this index nothing is typed, in ns."""
        return self.pauses[index] if index < len(self.pauses) else PAUSE


class LessonSettings(Struct, frozen=True):
    """Settings of a lesson."""

    title: str
    teaches: str
    engine: str = DEFAULT_VERSION
    start: int = DEFAULT_START
    zone: Zone = field(default_factory=Zone)
    seed: int = 0
    prompts: Mapping[str, str] = field(default_factory=lambda: {"docker-host": "$ "})
    container_prompts: tuple[str, ...] = ("/ # ",)
    layout: Layout = STANDARD
    chance: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    counters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def typed_at(self, line: str) -> tuple[str, str]:
        """The machine at whose prompt a line begins, and the command; without a prompt it is the first machine."""
        for machine, prompt in self.prompts.items():
            if line.startswith(prompt):
                return machine, line[len(prompt) :]
        return next(iter(self.prompts)), line


def duration(text: Any) -> int:
    """A duration in ns from text such as "2s", "1m30s", "131us". Raises SettingError."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)", str(text))
    if not parts or "".join(number + unit for number, unit in parts) != str(text):
        raise SettingError(f"'{text}' is no duration; write for example '2s', '150ms' or '1m30s'")
    return sum(round(float(number) * UNITS[unit]) for number, unit in parts)


def lesson_settings(document: Mapping[str, Any], original: LessonSettings | None = None) -> LessonSettings:
    """The header of a lesson; a translation sets only title and teaches, the rest is its original's."""
    known = {"title", "teaches", "engine", "start", "zone", "seed", "prompts", "container_prompts"}
    known |= {"lab", "chance", "before", "counters"}
    _known(document, {"title", "teaches"} if original else known, "a lesson's header")
    for name in ("title", "teaches"):
        if not isinstance(document.get(name), str) or not document[name].strip():
            raise SettingError(f"the header lacks '{name}'")
    own = {"title": document["title"], "teaches": document["teaches"]}
    if original:
        return LessonSettings(**own, **{name: getattr(original, name) for name in _SHARED})
    return LessonSettings(
        **own,
        **{name: _HEADER[name](value) for name, value in document.items() if name in _HEADER},
        **_layout(document),
    )


def step_settings(document: Mapping[str, Any]) -> StepSettings:
    """The settings before a console block."""
    _known(document, set(_STEP), "a step")
    return StepSettings(**{name: _STEP[name](value) for name, value in document.items()})


def _known(document: Mapping[str, Any], known: set[str], what: str) -> None:
    for name in document:
        if name not in known:
            raise SettingError(f"{what} has no setting '{name}'; it has {', '.join(sorted(known))}")


def _layout(document: Mapping[str, Any]) -> dict[str, Any]:
    if "lab" not in document:
        return {}
    try:
        return {"layout": layout_from_document(document["lab"])}
    except (ValueError, KeyError, TypeError) as mistake:
        raise SettingError(f"the lab cannot be built: {mistake}") from mistake


def _engine(value: Any) -> str:
    if value not in VERSIONS:
        raise SettingError(f"docklab has no engine '{value}'; it has {', '.join(VERSIONS)}")
    return str(value)


def _start(value: Any) -> int:
    """When the engine starts, in ns since the Unix epoch; a fraction may have nine digits."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", str(value))
    if not match:
        raise SettingError("'start' is a moment in quotes, such as \"2018-10-22T14:22:06.68394493+09:00\"")
    try:
        seconds = datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00")).timestamp()
    except ValueError as mistake:
        raise SettingError(f"'start' is no moment: {mistake}") from mistake
    return round(seconds) * S + int((match[2] or "0").ljust(9, "0"))


def _zone(value: Any) -> Zone:
    try:
        return Zone(str(value["name"]), int(value["offset"] * 3600))
    except (KeyError, TypeError) as mistake:
        raise SettingError("'zone' has a name and an offset in hours") from mistake


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise SettingError(f"{value!r} is no list of texts")
    return tuple(value)


def _durations(value: Any) -> tuple[int, ...]:
    return tuple(duration(text) for text in _texts(value))


def _chance(value: Any) -> dict[str, tuple[Any, ...]]:
    """By kind of chance what will be drawn; delays are written as durations."""
    if not isinstance(value, dict) or not all(isinstance(drawn, list) for drawn in value.values()):
        raise SettingError("'chance' has a list of values for each kind")
    return {kind: tuple(_drawn(text) for text in drawn) for kind, drawn in value.items()}


def _drawn(value: Any) -> Any:
    return duration(value) if isinstance(value, str) and re.fullmatch(r"(\d+(\.\d+)?(ns|us|ms|s))+", value) else value


def _counters(value: Any) -> dict[str, dict[str, int]]:
    if not isinstance(value, dict) or not all(isinstance(numbers, dict) for numbers in value.values()):
        raise SettingError("'counters' has the numbers of each 'machine/device'")
    return value


def _background(value: Any) -> tuple[Background, ...]:
    try:
        return tuple(
            Background(duration(one["at"]), one["device"], one["group"], int(one["port"]), int(one["size"]))
            for one in value
        )
    except (KeyError, TypeError) as mistake:
        raise SettingError(f"background traffic needs at, device, group, port and size: {mistake}") from mistake


_HEADER: dict[str, Any] = {
    "engine": _engine,
    "start": _start,
    "zone": _zone,
    "seed": int,
    "prompts": dict,
    "container_prompts": _texts,
    "chance": _chance,
    "before": _texts,
    "counters": _counters,
}
_SHARED = (*_HEADER, "layout")
_STEP: dict[str, Any] = {
    "id": str,
    "wait": duration,
    "before": _texts,
    "pauses": _durations,
    "chance": _chance,
    "counters": _counters,
    "background": _background,
    "watch": duration,
    "hints": _texts,
    "solution": _texts,
}
