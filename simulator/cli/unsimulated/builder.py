"""`docker builder`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

PRUNE = Command(
    options=(
        Option("all", "bool", "Remove all unused build cache, not just dangling ones", short="a"),
        Option("filter", "filter", "Provide filter values (e.g. 'until=24h')"),
        Option("force", "bool", "Do not prompt for confirmation", short="f"),
        Option("keep-storage", "bytes", "Amount of disk space to keep for cache"),
    ),
)
