"""One build: from stage to stage, from instruction to instruction, an image for each.

Mirrors moby's builder/dockerfile/builder.go, dispatchers.go, internals.go and its backend's tagger.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from simulator.clock import MS, Event
from simulator.engine import image_commit, image_pull
from simulator.engine.build.actions import ACTIONS
from simulator.engine.build.arguments import BUILT_IN, Arguments
from simulator.engine.build.cache import Cache
from simulator.engine.build.configure import CONFIGURE, State, expand
from simulator.engine.build.containers import Containers, Failed
from simulator.engine.build.instructions import Instruction, Stage, instruction_from_line
from simulator.engine.build.options import Options
from simulator.engine.build.output import Output
from simulator.engine.build.parser import line_from_text
from simulator.engine.build.sequence import Sequence
from simulator.engine.build.words import expanded
from simulator.engine.build.work import Work, work_from_request
from simulator.engine.errors import EngineError, InvalidParameter, NotFound, System
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.image import Image
from simulator.engine.stream import Documents
from simulator.kernel.execve import DEFAULT_PATH

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

SCRATCH = "scratch"


def build(daemon: Daemon, data: bytes, options: Options) -> Documents:
    """Begins a build; what it says can be read as it comes. Raises what is wrong with the request or the Dockerfile."""
    return Builder(daemon, options, work_from_request(data, options)).begin()


class Builder:
    """A build that is under way. Actions read `state`, `context` and `containers` and add steps to `sequence`."""

    def __init__(self, daemon: Daemon, options: Options, work: Work) -> None:
        self.daemon, self.options, self.context = daemon, options, work.context
        self.output = Output(Documents(daemon.clock), quiet=options.quiet)
        self.sequence = Sequence(self._failed)
        self.containers = Containers(daemon, options, self.output)
        self.cache = Cache(daemon.images, off=options.no_cache, sources=self._cache_sources())
        self.arguments = Arguments(options.arguments)
        self.state = State(self.arguments, escape=work.escape)
        self.stages: list[State] = []
        self._referenced: set[str] = set()
        self._work = work
        self._count = 0

    def begin(self) -> Documents:
        self.output.feed.on_close(self._cancel)
        if self._work.warnings:
            self.output.warn("\n".join(self._work.warnings) + "\n")
        self.sequence.add(partial(self._argument, argument) for argument in self._work.plan.arguments)
        self.sequence.add(partial(self._stage, stage) for stage in self._work.plan.stages)
        self.sequence.add([self._built])
        self.daemon.clock.after(0, self.sequence.run)
        return self.output.feed

    def _cache_sources(self) -> list[Image] | None:
        """The images of --cache-from; None where it is not given."""
        if not self.options.cache_from:
            return None
        found = []
        for text in self.options.cache_from:
            try:
                found.append(self.daemon.images.find(text))
            except EngineError:
                continue  # what is not here is no source
        return found

    # -- stages -----------------------------------------------------------------------------------------------------

    def _announce(self, code: str) -> None:
        self._count += 1
        self.output.say(f"Step {self._count}/{self._work.total} : {code}")
        self.output.say("\n")

    def _argument(self, instruction: Instruction) -> None:
        """ARG before the first FROM."""
        self._announce(instruction.code)
        for word in expand(self.state, instruction).args:
            name, equals, value = word.partition("=")
            self.arguments.declare(name, value if equals else None)
            self.arguments.before[name] = value if equals else None
            self._referenced.add(name)

    def _stage(self, stage: Stage) -> None:
        if stage.name and any(done.name == stage.name for done in self.stages):
            raise System(f"{stage.name} stage name already used")
        self._announce(stage.code)
        self.cache.reset()
        arguments = Arguments(self.options.arguments, self.arguments.before)
        base = self._base(stage.base)
        known = next((done for done in self.stages if done.name == base.lower()), None)
        self.state = State(arguments, name=stage.name, escape=self.state.escape)
        self.sequence.next(
            partial(self._provide, base, known),
            self._triggers,
            self._made,
            *(partial(self._instruction, step) for step in stage.instructions),
            self._stage_done,
        )

    def _base(self, text: str) -> str:
        try:
            base = expanded(text, self.arguments.values_before(), self.state.escape)
        except ValueError as failure:
            raise System(str(failure)) from None
        if not base:
            raise System(f"base name ({text}) should not be blank")
        return base

    def _provide(self, name: str, stage: State | None) -> None:
        """Begins the stage with an image: another stage's, nothing, one that is here, or one that is pulled first."""
        if stage is not None or name == SCRATCH:
            self._begin(stage.image if stage else None)
        else:
            self.fetch(name, self._begin)

    def fetch(self, name: str, then: Callable[[Image], None]) -> None:
        """Has an image by its name, pulled if it must be, and goes on with it. Raises EngineError."""
        try:
            image = None if self.options.pull else self.daemon.images.find(name)
        except NotFound:
            image = None
        if image is not None:
            self.sequence.next(partial(then, image))
            return
        feed = image_pull.pull(self.daemon, name)
        self.sequence.next(partial(self._pulling, feed), lambda: then(self.daemon.images.find(name)))

    def _pulling(self, feed: Documents) -> Event | None:
        """Passes on what a pull says, to its end."""
        event = feed.read()

        def tell() -> None:
            if event.value is not None:
                self.output.put(event.value)
                self.sequence.next(partial(self._pulling, feed))

        self.sequence.next(tell)
        return event

    def _begin(self, image: Image | None) -> None:
        state = self.state
        state.image = image
        state.config = filled(image.config if image else {}, CONFIG)
        entries = state.config["Env"] or []
        if not any(entry.startswith("PATH=") for entry in entries):
            state.config["Env"] = [*entries, f"PATH={DEFAULT_PATH}"]
        state.config |= {"OpenStdin": False, "StdinOnce": False}

    def _triggers(self) -> None:
        """ONBUILD of the image that the stage begins with."""
        triggers, self.state.config["OnBuild"] = self.state.config["OnBuild"] or [], None
        if not triggers:
            return
        self.output.say(f"# Executing {len(triggers)} build trigger{'s' if len(triggers) > 1 else ''}\n")
        try:
            found = [instruction_from_line(line_from_text(text, self.state.escape)) for text in triggers]
        except ValueError as failure:
            raise InvalidParameter(str(failure)) from None
        self.sequence.next(*(partial(self._dispatch, step) for step in found))

    def _stage_done(self) -> None:
        if self.state.image is not None:
            self.output.image(self.state.image.id)
        self._referenced.update(self.state.arguments.declared)
        self.stages.append(self.state)

    # -- instructions -----------------------------------------------------------------------------------------------

    def _instruction(self, instruction: Instruction) -> None:
        self._announce(instruction.code)
        self.sequence.next(partial(self._dispatch, instruction), self._made)

    def _made(self) -> None:
        self.state.config["Image"] = self.state.image.id if self.state.image else ""
        self.output.say(f" ---> {self.state.image.short_id if self.state.image else ''}\n")

    def _dispatch(self, instruction: Instruction) -> None:
        self.state.config["Image"] = self.state.image.id if self.state.image else ""
        step = expand(self.state, instruction)
        self.sequence.next(self.containers.clear)
        if step.name in ACTIONS:
            ACTIONS[step.name](self, step)
            return
        comment = CONFIGURE[step.name](self.state, step)
        for note in self.state.notes:
            self.output.say(note)
        self.state.notes.clear()
        words = [comment] if step.name == "workdir" else ["", comment]
        self.comment(*words)

    def comment(self, *words: str) -> None:
        """A step that changes the configuration and no file: a container is made for it, and never runs."""
        config = self.commented(*words)
        if self.hit(config):
            return
        self.containers.make(config, self.state)
        if self.state.config["Healthcheck"]:  # what it leaves open comes from the image before
            self.state.config["Healthcheck"] = self.containers.current.config["Healthcheck"]
        self.sequence.next(self._pause, self.containers_committed)

    def commented(self, *words: str) -> Document:
        """The configuration with a comment for a command."""
        told = f"#(nop) {words[0]}" if len(words) == 1 else "#(nop) "
        return {**copy.deepcopy(self.state.config), "Cmd": [*self.state.shell, told, *words[1:]]}

    def _pause(self) -> Event:
        clock = self.daemon.clock
        return clock.sleep(clock.chance.delay("build step", 80 * MS))

    def containers_committed(self, config: Document | None = None) -> None:
        """The image of what the step's container has changed."""
        container = self.containers.current
        self.state.image = image_commit.child(
            self.daemon,
            self.state.image,
            image_commit.changes_of(container),
            config=self.state.config,
            container_config=config or container.config,
            container=container.id,
            author=self.state.maintainer,
        )

    def hit(self, config: Document) -> bool:
        """Whether the cache has the step, which then is taken."""
        found = self.cache.probe(self.state.image, config)
        if found is None:
            return False
        self.output.say(" ---> Using cache\n")
        self.state.image = found
        return True

    # -- the end ----------------------------------------------------------------------------------------------------

    def _built(self) -> None:
        self._warn_of_unused()
        image = self.state.image
        if image is None:
            raise System("No image was generated. Is your Dockerfile empty?")
        self.output.say(f"Successfully built {image.short_id}\n")
        for reference in self._work.tags:
            image_commit.tag_as(self.daemon, image, reference)
            self.output.say(f"Successfully tagged {reference}\n")
        self.output.finish(image.id)

    def _warn_of_unused(self) -> None:
        given: Mapping[str, str | None] = self.options.arguments
        unused = sorted(name for name in given if name not in self._referenced and name not in BUILT_IN)
        if unused:
            self.output.say(f"[Warning] One or more build-args [{' '.join(unused)}] were not consumed\n")

    def _failed(self, refused: EngineError) -> None:
        end = partial(self.output.fail, refused.message, refused.code if isinstance(refused, Failed) else 0)
        self.sequence.next(*([self.containers.clear] if self.options.force_remove else []), end)
        self.sequence.run()

    def _cancel(self) -> None:
        """The client has gone."""
        self.sequence.stop()
        self.containers.cancel()
