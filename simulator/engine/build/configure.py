"""Instructions that only change the configuration: what each does to it, and how the history tells it.

Mirrors moby's builder/dockerfile/dispatchers.go. `docker commit` and `docker import` apply them with --change.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct, field

from simulator.engine.build import instructions
from simulator.engine.build.arguments import Arguments
from simulator.engine.build.instructions import Instruction
from simulator.engine.build.parser import ParseError, parse
from simulator.engine.build.words import environment, expanded, expanded_words
from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.image import Image
from simulator.engine.signals import signal_from_text
from simulator.golang.duration import go_duration
from simulator.golang.nat import published
from simulator.golang.quote import quote

DEFAULT_SHELL = ("/bin/sh", "-c")
CHANGES = ("cmd", "entrypoint", "healthcheck", "env", "expose", "label", "onbuild", "user", "volume", "workdir")


class State(Struct):
    """A stage as it stands after some of its instructions."""

    arguments: Arguments
    config: Document = field(default_factory=lambda: filled({}, CONFIG))
    image: Image | None = None  # what the steps so far have made; None: nothing, FROM scratch
    name: str = ""
    escape: str = "\\"
    maintainer: str = ""
    cmd_set: bool = False
    notes: list[str] = field(default_factory=list)  # what there is to say of the last instruction

    @property
    def shell(self) -> list[str]:
        return list(self.config["Shell"] or DEFAULT_SHELL)

    @property
    def environment(self) -> dict[str, str]:
        """What words of instructions may use: variables and build arguments."""
        env = self.config["Env"] or []
        return environment([*self.arguments.entries(env), *env])


def expand(state: State, instruction: Instruction) -> Instruction:
    """The instruction with its variables replaced. Raises InvalidParameter."""
    if instruction.name not in EXPANDED or instruction.literal:
        return instruction
    env = state.environment
    try:
        args = tuple(_expanded(instruction.name, word, env, state.escape) for word in instruction.args)
        flags = dict(instruction.flags)
        if "chown" in flags:
            flags["chown"] = expanded(flags["chown"], env, state.escape)
    except ValueError as failure:
        raise InvalidParameter(str(failure)) from None
    return Instruction(instruction.name, args, flags, instruction.json, instruction.code)


def _expanded(name: str, word: str, env: dict[str, str], escape: str) -> str:
    if name != "arg" or "=" not in word:
        return expanded(word, env, escape)
    key, _, value = word.partition("=")
    return f"{expanded(key, env, escape)}={expanded(value, env, escape)}"


EXPANDED = frozenset({"add", "arg", "copy", "env", "label", "stopsignal", "user", "volume", "workdir"})


def command(state: State, instruction: Instruction) -> list[str]:
    """The words of CMD, ENTRYPOINT or RUN; the shell form begins with the shell."""
    words = list(instruction.args)
    return words if instruction.json else [*state.shell, *words]


# -- a row for each instruction: what it does, and the comment that tells it -----------------------------------------------


def _pairs(instruction: Instruction) -> list[tuple[str, str]]:
    return list(zip(instruction.args[::2], instruction.args[1::2], strict=True))


def _env(state: State, instruction: Instruction) -> str:
    entries = list(state.config["Env"] or [])
    for name, value in _pairs(instruction):
        known = [index for index, entry in enumerate(entries) if entry.partition("=")[0] == name]
        if known:
            entries[known[0]] = f"{name}={value}"
        else:
            entries.append(f"{name}={value}")
    state.config["Env"] = entries
    return " ".join(["ENV", *(f"{name}={value}" for name, value in _pairs(instruction))])


def _label(state: State, instruction: Instruction) -> str:
    state.config["Labels"] = {**(state.config["Labels"] or {}), **dict(_pairs(instruction))}
    return " ".join(["LABEL", *(f"{name}={value}" for name, value in _pairs(instruction))])


def _maintainer(state: State, instruction: Instruction) -> str:
    state.maintainer = instruction.args[0]
    return f"MAINTAINER {state.maintainer}"


def _arg(state: State, instruction: Instruction) -> str:
    for word in instruction.args:
        name, equals, value = word.partition("=")
        state.arguments.declare(name, value if equals else None)
    return f"ARG {' '.join(instruction.args)}"


def _cmd(state: State, instruction: Instruction) -> str:
    state.config["Cmd"] = command(state, instruction)
    state.cmd_set = state.cmd_set or bool(instruction.args)
    return f"CMD {quoted_list(state.config['Cmd'])}"


def _entrypoint(state: State, instruction: Instruction) -> str:
    state.config["Entrypoint"] = command(state, instruction) if instruction.args else None
    if not state.cmd_set:
        state.config["Cmd"] = None
    return f"ENTRYPOINT {quoted_list(state.config['Entrypoint'] or [])}"


def _expose(state: State, instruction: Instruction) -> str:
    env = state.environment
    try:
        ports = [port for word in instruction.args for port in expanded_words(word, env, state.escape)]
        exposed, _ = published(ports)
    except ValueError as failure:
        raise InvalidParameter(str(failure)) from None
    state.config["ExposedPorts"] = {**(state.config["ExposedPorts"] or {}), **exposed}
    return f"EXPOSE {' '.join(ports)}"


def _healthcheck(state: State, instruction: Instruction) -> str:
    before = (state.config["Healthcheck"] or {}).get("Test") or []
    if before and before[0] != "NONE":
        state.notes.append(f"Note: overriding previous HEALTHCHECK: [{' '.join(before)}]\n")
    health = instructions.health(instruction.args, instruction.flags, as_json=instruction.json)
    state.config["Healthcheck"] = health
    durations = " ".join(quote(go_duration(health.get(key, 0))) for key in ("Interval", "Timeout", "StartPeriod"))
    retries = quote(chr(health.get("Retries", 0)), "'")
    return f"HEALTHCHECK &{{{quoted_list(health['Test'])} {durations} {retries}}}"


def _onbuild(state: State, instruction: Instruction) -> str:
    trigger = instruction.code[len("ONBUILD") :].lstrip()
    state.config["OnBuild"] = [*(state.config["OnBuild"] or []), trigger]
    return f"ONBUILD {trigger}"


def _shell(state: State, instruction: Instruction) -> str:
    state.config["Shell"] = list(instruction.args)
    return f"SHELL [{' '.join(instruction.args)}]"


def _stopsignal(state: State, instruction: Instruction) -> str:
    signal_from_text(instruction.args[0])
    state.config["StopSignal"] = instruction.args[0]
    return f"STOPSIGNAL {instruction.args[0]}"


def _user(state: State, instruction: Instruction) -> str:
    state.config["User"] = instruction.args[0]
    return f"USER {instruction.args[0]}"


def _volume(state: State, instruction: Instruction) -> str:
    paths = [word.strip() for word in instruction.args]
    if not all(paths):
        raise InvalidParameter("VOLUME specified can not be an empty string")
    state.config["Volumes"] = {**(state.config["Volumes"] or {}), **{path: {} for path in paths}}
    return f"VOLUME [{' '.join(paths)}]"


def _workdir(state: State, instruction: Instruction) -> str:
    path, before = instruction.args[0], state.config["WorkingDir"] or ""
    state.config["WorkingDir"] = path if path.startswith("/") else posixpath.normpath(posixpath.join("/", before, path))
    return f"WORKDIR {state.config['WorkingDir']}"


Change = Callable[[State, Instruction], str]

CONFIGURE: dict[str, Change] = {
    "arg": _arg,
    "cmd": _cmd,
    "entrypoint": _entrypoint,
    "env": _env,
    "expose": _expose,
    "healthcheck": _healthcheck,
    "label": _label,
    "maintainer": _maintainer,
    "onbuild": _onbuild,
    "shell": _shell,
    "stopsignal": _stopsignal,
    "user": _user,
    "volume": _volume,
    "workdir": _workdir,
}


def quoted_list(words: Sequence[Any]) -> str:
    """Go's %q of a list."""
    return f"[{' '.join(quote(str(word)) for word in words)}]"


# -- docker commit and docker import ---------------------------------------------------------------------------------------


def changed(config: Document, changes: Iterable[str]) -> Document:
    """A configuration with some instructions applied (BuildFromConfig). Raises InvalidParameter."""
    state = State(Arguments({}), filled(config, CONFIG))
    text = "\n".join(changes)
    if not text:
        return state.config
    try:
        lines = parse(text).lines
        for line in lines:
            if line.name not in CHANGES:
                raise ParseError(f"{line.name} is not a valid change command")
        for instruction in [instructions.instruction_from_line(line) for line in lines]:
            CONFIGURE[instruction.name](state, expand(state, instruction))
    except ValueError as failure:
        raise InvalidParameter(str(failure)) from None
    return state.config
