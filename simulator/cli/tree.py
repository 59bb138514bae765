"""The tree of commands: finds which one a command line names and the module that has its options and its `run`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from types import ModuleType

from msgspec import Struct
from msgspec.structs import replace

from simulator.cli.command import Command
from simulator.cli.commands import ALIASES, MODULES, NOUNS, OTHERS, RENAMED, SHORT_FORMS, SIMULATED
from simulator.cli.editions import Edition

PACKAGE = "simulator.cli"


class Node(Struct, frozen=True):
    """A command in the tree. `module` is "container.run" or "unsimulated.swarm:INIT"; nouns have children instead."""

    name: str
    short: str
    module: str = ""
    children: tuple[Node, ...] = ()
    aliases: tuple[str, ...] = ()

    def child(self, name: str) -> Node | None:
        for child in self.children:
            if name == child.name or name in child.aliases:
                return child
        return None

    def without(self, *names: str) -> Node:
        """The same without some of its children."""
        return replace(self, children=tuple(child for child in self.children if child.name not in names))


@cache
def root(edition: Edition) -> Node:
    """The docker command itself, with all others below it; the same tree for every call of docker."""
    nouns = [_noun(path, edition) for path in {**NOUNS, **edition.nouns} if not (" " in path or path in edition.absent)]
    verbs = [*_short_forms(edition), *(Node(name, short, module) for name, (module, short) in OTHERS.items())]
    children = sorted([*nouns, *verbs], key=lambda node: node.name)
    return Node("docker", "A self-sufficient runtime for containers", children=tuple(children))


def _noun(path: str, edition: Edition) -> Node:
    short, verbs = edition.nouns.get(path) or NOUNS[path]
    paths = {f"{path} {name}": text for name, text in verbs.items()}
    children = [_verb(verb, text, edition) for verb, text in paths.items() if verb not in edition.absent]
    children += [_noun(deeper, edition) for deeper in NOUNS if deeper.rpartition(" ")[0] == path]
    return Node(path.split(" ")[-1], short, children=tuple(sorted(children, key=lambda node: node.name)))


def _verb(path: str, short: str, edition: Edition) -> Node:
    aliases = edition.aliases.get(path, ALIASES.get(path, ()))
    text = edition.shorts.get(path, short)
    return Node(path.split(" ")[-1], text, _module(path), aliases=aliases)


def _module(path: str) -> str:
    noun, *rest = path.split(" ")
    if path in MODULES:
        return MODULES[path]
    name = "_".join(rest)
    return f"{noun}.{name}" if noun in SIMULATED else f"unsimulated.{noun}:{name.upper().replace('-', '_')}"


def _short_forms(edition: Edition) -> Iterable[Node]:
    paths = {name: f"{noun} {name}" for noun, names in SHORT_FORMS.items() for name in names}
    for name, path in {**paths, **RENAMED}.items():
        noun, _, verb = path.partition(" ")
        yield replace(_verb(path, NOUNS[noun][1][verb], edition), name=name, aliases=())


def load(node: Node, edition: Edition) -> tuple[Command, ModuleType | None]:
    """A command's table in this edition, and the module that has `run`; a noun has neither options nor module."""
    if not node.module:
        return edition.nouns_command(node.name), None
    name, _, constant = node.module.partition(":")
    module = importlib.import_module(f"{PACKAGE}.{name}")
    command: Command = getattr(module, constant or "COMMAND")
    return edition.adapt(node.module, command), module
