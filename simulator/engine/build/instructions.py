"""What each instruction of a Dockerfile takes: its flags, how many arguments, of what form; and the stages they make.

Mirrors github.com/moby/buildkit/frontend/dockerfile/instructions as Docker Engine 20.10 has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct, field

from simulator.clock import MS
from simulator.engine.build.parser import Line, ParseError
from simulator.engine.fields import Document
from simulator.golang.numbers import duration_from_text, int_from_text
from simulator.golang.quote import quote

Flags = dict[str, str]
_STAGE = re.compile(r"[a-z][a-z0-9-_.]*")


class Instruction(Struct, frozen=True):
    """One instruction that is well formed. `code` is how it is shown."""

    name: str
    args: tuple[str, ...] = ()
    flags: Flags = field(default_factory=dict)
    json: bool = False
    code: str = ""
    literal: bool = False  # its words stand for themselves

    @property
    def spoken(self) -> str:
        return self.name.upper()


class Stage(Struct, frozen=True):
    """What stands from one FROM to the next."""

    base: str
    name: str
    code: str
    instructions: tuple[Instruction, ...] = ()


class Plan(Struct, frozen=True):
    """A whole Dockerfile: the ARGs before its first FROM, and its stages."""

    arguments: tuple[Instruction, ...]
    stages: tuple[Stage, ...]


def plan(lines: Iterable[Line]) -> Plan:
    """Raises ParseError."""
    arguments: list[Instruction] = []
    stages: list[tuple[Instruction, list[Instruction]]] = []
    for line in lines:
        try:
            instruction = instruction_from_line(line)
        except ValueError as failure:
            raise ParseError(f"dockerfile parse error line {line.number}: {failure}") from None
        if instruction.name == "from":
            stages.append((instruction, []))
        elif stages:
            stages[-1][1].append(instruction)
        elif instruction.name == "arg":
            arguments.append(instruction)
        else:
            raise ParseError("no build stage in current context")
    return Plan(tuple(arguments), tuple(_stage(begin, steps) for begin, steps in stages))


def _stage(begin: Instruction, steps: Iterable[Instruction]) -> Stage:
    name = begin.args[2].lower() if len(begin.args) == 3 else ""
    return Stage(begin.args[0], name, begin.code, tuple(steps))


def instruction_from_line(line: Line) -> Instruction:
    """Raises ValueError."""
    form = FORMS.get(line.name)
    if form is None:
        raise ValueError(f"unknown instruction: {line.name.upper()}")
    form.check(line)
    args = tuple(sorted(line.args)) if line.name == "expose" else line.args
    return Instruction(line.name, args, _flags(line, form.flags), line.json, line.original.strip())


def _flags(line: Line, known: tuple[str, ...] | None) -> Flags:
    """The flags by name. Raises ValueError."""
    found: Flags = {}
    for word in line.flags if known is not None else ():
        name, equals, value = word[2:].partition("=")
        if name not in (known or ()):
            raise ValueError(f"Unknown flag: {name}")
        if name in found:
            raise ValueError(f"Duplicate flag specified: {name}")
        if not equals:
            raise ValueError(f"Missing a value on flag: {name}")
        found[name] = value
    return found


# -- arguments ---------------------------------------------------------------------------------------------------------


def _any(line: Line) -> None:
    """Nothing is too little."""


def _some(line: Line) -> None:
    if not line.args:
        raise ValueError(f"{line.name.upper()} requires at least one argument")


def _one(line: Line) -> None:
    if len(line.args) != 1:
        raise ValueError(f"{line.name.upper()} requires exactly one argument")


def _sources(line: Line) -> None:
    if len(line.args) < 2:
        raise ValueError(
            f"{line.name.upper()} requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )


def _pairs(line: Line) -> None:
    _some(line)
    if not all(line.args[::2]):
        raise ValueError(f"{line.name.upper()} names can not be blank")


def _arguments(line: Line) -> None:
    _some(line)
    if any(word.startswith("=") for word in line.args):
        raise ValueError("ARG names can not be blank")


def _from(line: Line) -> None:
    named = len(line.args) == 3 and line.args[1].lower() == "as"
    if named and not _STAGE.fullmatch(line.args[2].lower()):
        why = "name can't start with a number or contain symbols"
        raise ValueError(f"invalid name for build stage: {quote(line.args[2])}, {why}")
    if not named and len(line.args) != 1:
        raise ValueError("FROM requires either one or three arguments")


def _trigger(line: Line) -> None:
    _some(line)
    name = line.args[0].strip().upper()
    if name == "ONBUILD":
        raise ValueError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
    if name in ("MAINTAINER", "FROM"):
        raise ValueError(f"{name} isn't allowed as an ONBUILD trigger")


def _volumes(line: Line) -> None:
    _some(line)
    if not all(word.strip() for word in line.args):
        raise ValueError("VOLUME specified can not be an empty string")


def _shell(line: Line) -> None:
    _some(line)
    if not line.json:
        raise ValueError("SHELL requires the arguments to be in JSON form")


def _healthcheck(line: Line) -> None:
    _some(line)
    health(line.args, _flags(line, HEALTH_FLAGS) if line.args[0].upper() != "NONE" else {}, as_json=line.json)


HEALTH_FLAGS = ("interval", "timeout", "start-period", "retries")


def health(args: tuple[str, ...], flags: Flags, *, as_json: bool) -> Document:
    """The API's HealthConfig. Raises ValueError."""
    kind, *command = args[0].upper(), *args[1:]
    if kind == "NONE":
        if command:
            raise ValueError("HEALTHCHECK NONE takes no arguments")
        return {"Test": ["NONE"]}
    if kind != "CMD":
        raise ValueError(f"Unknown type {quote(kind)} in HEALTHCHECK (try CMD)")
    if not command:
        raise ValueError("Missing command after HEALTHCHECK CMD")
    found: Document = {"Test": ["CMD" if as_json else "CMD-SHELL", *command]}
    for name, key in (("interval", "Interval"), ("timeout", "Timeout"), ("start-period", "StartPeriod")):
        if flags.get(name):
            found[key] = _interval(name, flags[name])
    if flags.get("retries"):
        found["Retries"] = _retries(flags["retries"])
    return found


def _interval(name: str, text: str) -> int:
    duration = duration_from_text(text)
    if duration < MS:
        raise ValueError(f"Interval {quote(name)} cannot be less than 1ms")
    return duration


def _retries(text: str) -> int:
    retries = int_from_text(text, bits=32, base=10)
    if retries < 1:
        raise ValueError(f"--retries must be at least 1 (not {retries})")
    return retries


class Form(Struct, frozen=True):
    """What an instruction takes. Without `flags` they are left as they are, for whoever wants them."""

    check: Callable[[Line], None]
    flags: tuple[str, ...] | None = ()


FORMS: dict[str, Form] = {
    "add": Form(_sources, ("chown", "chmod")),
    "arg": Form(_arguments),
    "cmd": Form(_any),
    "copy": Form(_sources, ("chown", "from", "chmod")),
    "entrypoint": Form(_any),
    "env": Form(_pairs),
    "expose": Form(_some),
    "from": Form(_from, ("platform",)),
    "healthcheck": Form(_healthcheck, HEALTH_FLAGS),
    "label": Form(_pairs),
    "maintainer": Form(_one),
    "onbuild": Form(_trigger),
    "run": Form(_any, ("mount", "network", "security")),
    "shell": Form(_shell),
    "stopsignal": Form(_one),
    "user": Form(_one),
    "volume": Form(_volumes),
    "workdir": Form(_one),
}
