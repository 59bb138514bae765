"""What differs between the docker clients of different versions, in one place: texts, options, commands.

The tables of the modules are those of 20.10; an older client's edition says what it has otherwise.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.cli.command import Command, Option

STACK = Command(
    options=(Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),),
)
MANIFEST = Command(
    long="""\
The **docker manifest** command has subcommands for managing image manifests and
manifest lists. A manifest list allows you to use one name to refer to the same image
built for multiple architectures.

To see help for a subcommand, use:

    docker manifest CMD --help

For full details on using docker manifest lists, see the registry v2 specification.""",
    experimental=True,
)
COMPLETION = Command(
    long="""\
Generate the autocompletion script for docker for the specified shell.
See each sub-command's help for details on how to use the generated script.""",
)
NOUN_COMMANDS = {"completion": COMPLETION, "manifest": MANIFEST, "stack": STACK}


class Changes(Struct, frozen=True):
    """How one command of this edition differs: other texts, and options by name (None: it has no such option)."""

    options: Mapping[str, Option | None] = field(default_factory=dict)
    usage: str | None = None
    long: str | None = None


class Edition(Struct, frozen=True, eq=False):
    """One version of the client. There is one object for each."""

    gap: str = "  "  # between "Usage:" and the command
    footer: str = "To get more help with docker, check out our guides at https://docs.docker.com/go/guides/"
    nouns: Mapping[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    shorts: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: Mapping[str, Changes] = field(default_factory=dict)
    root_without: frozenset[str] = frozenset()  # options of docker itself that it lacks
    names_pulled: bool = True  # `docker pull` ends with the name of the image
    has_contexts: bool = True  # `docker version` and `docker info` tell about the client's context

    def nouns_command(self, name: str) -> Command:
        return NOUN_COMMANDS.get(name, Command())

    def adapt(self, module: str, command: Command) -> Command:
        """The command as this edition has it."""
        changes = self.changes.get(module)
        if changes is None:
            return command
        kept = [changes.options.get(option.name, option) for option in command.options]
        names = {option.name for option in command.options}
        kept += [option for name, option in changes.options.items() if name not in names]
        return replace(
            command,
            options=tuple(option for option in kept if option),
            usage=command.usage if changes.usage is None else changes.usage,
            long=command.long if changes.long is None else changes.long,
        )


@cache
def edition(help_version: str) -> Edition:
    """The edition by `Version.help`."""
    if help_version == "20.10":
        return Edition()
    module = importlib.import_module(f"simulator.cli.edition_{help_version.replace('.', '_')}")
    made: Edition = module.EDITION
    return made
