"""Instructions that change files: RUN, COPY, ADD. Mirrors moby's builder/dockerfile/dispatchers.go and internals.go."""

from __future__ import annotations

import copy as copies
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from simulator.clock import Event
from simulator.engine import image_commit
from simulator.engine.build import copying, sources
from simulator.engine.build.configure import command
from simulator.engine.build.containers import Failed
from simulator.engine.build.download import Download, download
from simulator.engine.build.instructions import Instruction
from simulator.engine.build.sources import Source
from simulator.engine.errors import EngineError, System
from simulator.engine.fields import Document
from simulator.engine.image import Image
from simulator.engine.layer import GRAPH
from simulator.engine.stream import Stream
from simulator.kernel.disk import Disk

if TYPE_CHECKING:
    from simulator.engine.build.builder import Builder

NEEDS_BUILDKIT = (
    "the --{} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with "
    "BuildKit enabled"
)


# -- RUN ---------------------------------------------------------------------------------------------------------------


def run(builder: Builder, instruction: Instruction) -> None:
    """A container runs the command; what it changes is the step's layer."""
    if instruction.flags:
        raise System(NEEDS_BUILDKIT.format(next(iter(instruction.flags))))
    state = builder.state
    words = command(state, instruction)
    entries = state.arguments.entries(state.config["Env"] or [])
    remembered = state.arguments.remembered(entries)
    known = [f"|{len(remembered)}", *remembered, *words] if entries else words
    probed = {**copies.deepcopy(state.config), "Cmd": known, "Entrypoint": None}
    if builder.hit(probed):
        return
    started = {
        **probed,
        "Cmd": words,
        "Env": [*(state.config["Env"] or []), *entries],
        "Entrypoint": [""],
        "Healthcheck": {"Test": ["NONE"]},
    }
    builder.containers.make(started, state)
    stream, begun = builder.containers.start()
    builder.sequence.next(
        lambda: begun,
        partial(_written, builder, stream),
        partial(_ended, builder, words),
        partial(builder.containers_committed, probed),
    )


def _written(builder: Builder, stream: Stream) -> Event:
    """Passes on what the command writes, to its end."""
    event = stream.read()

    def tell() -> None:
        if event.value is not None:
            builder.containers.tell(*event.value)
            builder.sequence.next(partial(_written, builder, stream))

    builder.sequence.next(tell)
    return event


def _ended(builder: Builder, words: list[str]) -> Event:
    event = builder.containers.ended()

    def check() -> None:
        assert event.value is not None
        if event.value["StatusCode"]:
            raise Failed(words, event.value["StatusCode"])

    builder.sequence.next(check)
    return event


# -- COPY and ADD ------------------------------------------------------------------------------------------------------


def copy(builder: Builder, instruction: Instruction) -> None:
    """Files of the context, of an earlier stage or of another image."""
    _check_flags(instruction)
    name = instruction.flags.get("from", "")
    if not name:
        _copy(builder, instruction, builder.context)
        return
    try:
        stage = _stage(builder, name)
        if stage is not None:
            _copy(builder, instruction, stage.rootfs.disk)
            return
        builder.fetch(name, partial(_copy_from, builder, instruction))
    except EngineError as refused:
        raise System(f"invalid from flag value {name}: {refused.message}") from None


def _check_flags(instruction: Instruction) -> None:
    if "chmod" in instruction.flags:
        raise System(NEEDS_BUILDKIT.format("chmod"))


def _stage(builder: Builder, name: str) -> Image | None:
    """The image of an earlier stage, by its name or its number. Raises System."""
    for stage in builder.stages:
        if stage.name and stage.name == name.lower():
            return stage.image
    if not name.removeprefix("-").isdecimal():
        return None
    number = int(name)
    if number == len(builder.stages):
        raise System("refers to current build stage")
    if not 0 <= number < len(builder.stages):
        raise System("index out of bounds")
    return builder.stages[number].image


def _copy_from(builder: Builder, instruction: Instruction, image: Image) -> None:
    _copy(builder, instruction, image.rootfs.disk)


def _copy(builder: Builder, instruction: Instruction, disk: Disk) -> None:
    paths = instruction.args[:-1]
    if any(_is_url(path) for path in paths):
        raise System("COPY failed: source can't be a URL for COPY")
    _put(builder, instruction, _found(instruction, disk, paths, from_context=disk is builder.context))


def _found(instruction: Instruction, disk: Disk, paths: tuple[str, ...], *, from_context: bool) -> list[Source]:
    try:
        return sources.sources(disk, paths, from_context=from_context)
    except EngineError as refused:
        raise System(f"{instruction.spoken} failed: {refused.message}") from None


def add(builder: Builder, instruction: Instruction) -> None:
    """As COPY, but archives are unpacked, and what is named by a URL comes over the network."""
    _check_flags(instruction)
    found: list[Source] = []
    builder.sequence.next(
        *(partial(_one, builder, instruction, path, found) for path in instruction.args[:-1]),
        partial(_put, builder, instruction, found),
    )


def _one(builder: Builder, instruction: Instruction, path: str, found: list[Source]) -> Event | None:
    if not _is_url(path):
        found += _found(instruction, builder.context, (path,), from_context=True)
        return None
    under_way = download(builder.daemon, path)
    builder.sequence.next(partial(_downloaded, builder, instruction, under_way, found))
    return under_way.done


def _downloaded(builder: Builder, instruction: Instruction, came: Download, found: list[Source]) -> None:
    if came.error:
        raise System(f"{instruction.spoken} failed: {came.error}")
    builder.output.put(came.report())
    builder.output.say("\n")
    if not came.name and instruction.args[-1].endswith("/"):
        raise System(f"{instruction.spoken} failed: cannot determine filename for source {came.url}")
    found.append(sources.downloaded(came.name or "__unnamed__", came.data, came.modified))


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _put(builder: Builder, instruction: Instruction, found: list[Source]) -> None:
    """The layer with the copies, unless the cache has it."""
    state, goal, name = builder.state, instruction.args[-1], instruction.spoken
    if not found:
        raise System(f"{name} failed: no source files were specified")
    if len(found) > 1 and not goal.endswith("/"):
        raise System(
            f"When using {name} with more than one source file, the destination must be a directory and end with a /"
        )
    chown = instruction.flags.get("chown", "")
    told = f"{name} {f'--chown={chown}' if chown else ''}{sources.digest(found)} in {goal} "
    config = builder.commented(told)
    if builder.hit(config):
        return
    disk = Disk(state.image.rootfs.disk if state.image else Disk(), wall=builder.daemon.clock.wall)
    kept = "from" in instruction.flags and not chown
    uid = None if kept else copying.owner(disk, chown) if chown else 0
    place = copying.destination(state.config["WorkingDir"], goal)
    chance, unpacks = builder.daemon.clock.chance, instruction.name == "add"
    merged = lambda: f"{GRAPH}/{chance.hex('graph id', 64)}/merged"  # noqa: E731
    for source in found:
        copying.copy(source, disk, place, uid=uid, unpacks=unpacks, merged=merged)
    _commit(builder, disk, config)


def _commit(builder: Builder, disk: Disk, config: Document) -> None:
    state = builder.state
    state.image = image_commit.child(
        builder.daemon,
        state.image,
        disk.changed(),
        config=state.config,
        container_config=config,
        author=state.maintainer,
    )


ACTIONS: dict[str, Callable[[Builder, Instruction], None]] = {"add": add, "copy": copy, "run": run}
