"""`docker builder prune`: remove build cache. It is BuildKit's; images of the classic builder's steps are no part of it."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.pruning import FORCE, Filters, run_prune
from simulator.clock import Steps

COMMAND = Command(
    options=(
        Option("all", "bool", "Remove all unused build cache, not just dangling ones", short="a"),
        Option("filter", "filter", "Provide filter values (e.g. 'until=24h')"),
        FORCE,
        Option("keep-storage", "bytes", "Amount of disk space to keep for cache"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    what = "all" if options["all"] else "all dangling"
    warning = f"WARNING! This will remove {what} build cache. Are you sure you want to continue?"
    return (yield from run_prune(client, options, warning, prune))


def prune(client: Client, filters: Filters) -> tuple[int, str]:
    return client.engine.build_prune(filters)["SpaceReclaimed"], ""
