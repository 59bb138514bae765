"""What docklab simulates and what it refuses, read from the code's own tables; README shows it.

`python -m simulator.support` prints the table for README.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from simulator.cli import commands
from simulator.images.registry import CATALOGUE
from simulator.kernel.netfilter import matches, targets
from simulator.userland import applets, applets_net
from simulator.versions import VERSIONS

REFUSED = "not_simulated"  # the module of programs that say so themselves


def table() -> str:
    """A Markdown table: what, simulated, not simulated."""
    rows = [
        ("engine versions", sorted(VERSIONS), []),
        _docker(),
        ("images to pull", sorted(CATALOGUE), ["any other image"]),
        ("builders", ["classic"], ["BuildKit"]),
        ("network drivers", ["bridge", "host", "null", "macvlan", "ipvlan"], ["overlay"]),
        _programs("programs in busybox images", {**applets.BUSYBOX, **applets_net.BUSYBOX_NET}),
        _programs("programs of the host", {**applets.GNU, **applets_net.HOST_NET}),
        ("iptables matches", sorted(matches.MATCHES[4]), sorted(matches.NOT_SIMULATED)),
        ("iptables targets", sorted(targets.TARGETS[4]), sorted(targets.NOT_SIMULATED)),
    ]
    lines = ["| what | simulated | not simulated |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {_cell(yes)} | {_cell(no)} |" for what, yes, no in rows)]) + "\n"


def _docker() -> tuple[str, list[str], list[str]]:
    """The docker client's commands, by whether their module can run."""
    yes: list[str] = []
    no: list[str] = []
    for noun, (_, verbs) in commands.NOUNS.items():
        if noun not in commands.SIMULATED:
            no.append(noun)
            continue
        for verb in verbs:
            (yes if _runs(f"{noun} {verb}") else no).append(f"{noun} {verb}")
    return "docker commands", sorted(yes), sorted(no)


def _runs(path: str) -> bool:
    noun, verb = path.split(" ", 1)
    place = commands.MODULES.get(path, f"{noun}.{verb.replace(' ', '_')}")
    return hasattr(importlib.import_module(f"simulator.cli.{place.partition(':')[0]}"), "run")


def _programs(what: str, references: dict[str, str]) -> tuple[str, list[str], list[str]]:
    refused = sorted(name for name, reference in references.items() if REFUSED in reference)
    return what, sorted(set(references) - set(refused)), refused


def _cell(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" if not word.startswith("any ") else word for word in words)


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201
