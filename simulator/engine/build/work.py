"""What a build is to do: the stages that are asked for, the files it works on, the names of its image.

All that can be wrong before the first step is found here. Mirrors moby's build backend (tag.go) and Builder.build.
"""

from __future__ import annotations

from msgspec import Struct

from simulator.engine.build.context import context_from_archive, read_dockerfile
from simulator.engine.build.instructions import Instruction, Plan, Stage, plan
from simulator.engine.build.options import Options
from simulator.engine.build.parser import ParseError
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.reference import Reference, reference_from_text
from simulator.kernel.disk import Disk


class Work(Struct, frozen=True):
    plan: Plan
    context: Disk
    tags: tuple[Reference, ...] = ()
    escape: str = "\\"
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many steps are counted."""
        return len(self.plan.arguments) + sum(1 + len(stage.instructions) for stage in self.plan.stages)


def work_from_request(data: bytes, options: Options) -> Work:
    """Raises InvalidParameter, System."""
    tags = tuple(dict.fromkeys(_tag(text) for text in options.tags if text))
    context = context_from_archive(data)
    dockerfile = read_dockerfile(context, options.dockerfile)
    try:
        wanted = _wanted(plan(dockerfile.lines), options)
    except ParseError as failure:
        raise InvalidParameter(str(failure)) from None
    return Work(wanted, context, tags, dockerfile.escape, dockerfile.warnings)


def _tag(text: str) -> Reference:
    try:
        reference = reference_from_text(text)
    except InvalidParameter as refused:
        raise System(refused.message) from None
    if reference.digest:
        raise System("build tag cannot contain a digest")
    return reference.with_latest()


def _wanted(whole: Plan, options: Options) -> Plan:
    """The stages up to the one that is asked for, and the labels of the request. Raises InvalidParameter."""
    stages = whole.stages
    if options.target:
        names = [stage.name for stage in stages]
        if options.target.lower() not in names:
            raise InvalidParameter(f"failed to reach build target {options.target} in Dockerfile")
        stages = stages[: names.index(options.target.lower()) + 1]
    if options.labels and stages:
        last = stages[-1]
        more = tuple(_label(name, value) for name, value in sorted(options.labels.items()))
        stages = (*stages[:-1], Stage(last.base, last.name, last.code, last.instructions + more))
    return Plan(whole.arguments, stages)


def _label(name: str, value: str) -> Instruction:
    return Instruction("label", (name, value), code=f"LABEL {name}={value}", literal=True)
