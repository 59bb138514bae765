"""Errors that teach: after "command not found" the sandbox says what is near. What the shell prints stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from simulator.sandbox import Sandbox
from simulator.ui.shell.place import place_of

_UNKNOWN = (
    re.compile(r"(?:^|\n)(?:\S*sh): (?:line \d+: |\d+: )?(?P<word>[^\s:]+): (?:command )?not found"),
    re.compile(r"docker: '(?P<word>\S+)' is not a docker command"),
)
_BUILTINS = ("cd", "exit", "export", "echo", "help", "history", "alias", "jobs")


def near(word: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """What somebody may have meant."""
    return get_close_matches(word, sorted(set(known)), n=count, cutoff=0.6)


def hint(sandbox: Sandbox) -> str:
    """What to say about the last line; mostly nothing."""
    step = sandbox.steps[-1]
    text = bytes(step.output[-2000:]).decode("utf-8", "replace").replace("\r", "")
    for pattern in _UNKNOWN:
        match = pattern.search(text)
        if match:
            return _said(sandbox, match["word"], docker=pattern is _UNKNOWN[1])
    return ""


def _said(sandbox: Sandbox, word: str, *, docker: bool) -> str:
    place = place_of(sandbox)
    known: list[str] = _docker_commands(sandbox) if docker else [*place.programs(), *_BUILTINS]
    found = near(word, known)
    where = place.container.name if place.container else place.machine
    if found:
        prefix = "docker " if docker else ""
        return f"docklab: near '{word}' there is {', '.join(prefix + name for name in found)}"
    if not docker and place.container and word in sandbox.seat.machine.disk.listdir("/usr/bin"):
        return f"docklab: '{word}' is on {place.machine}, not in {where}; Ctrl-P Ctrl-Q leaves the container"
    return f"docklab: nothing in {where} is called '{word}'; Tab shows what there is"


def _docker_commands(sandbox: Sandbox) -> list[str]:
    from simulator.cli import tree
    from simulator.cli.editions import edition

    return [child.name for child in tree.root(edition(sandbox.lab.version.help)).children]
