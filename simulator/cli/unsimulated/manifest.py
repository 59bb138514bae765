"""`docker manifest`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

ANNOTATE = Command(
    usage="[OPTIONS] MANIFEST_LIST MANIFEST",
    options=(
        Option("arch", "string", "Set architecture"),
        Option("os", "string", "Set operating system"),
        Option("os-features", "strings", "Set operating system feature"),
        Option("os-version", "string", "Set operating system version"),
        Option("variant", "string", "Set architecture variant"),
    ),
    least=2,
    most=2,
    experimental=True,
)

CREATE = Command(
    usage="MANIFEST_LIST MANIFEST [MANIFEST...]",
    options=(
        Option("amend", "bool", "Amend an existing manifest list", short="a"),
        Option("insecure", "bool", "Allow communication with an insecure registry"),
    ),
    least=2,
    most=None,
    experimental=True,
)

INSPECT = Command(
    usage="[OPTIONS] [MANIFEST_LIST] MANIFEST",
    options=(
        Option("insecure", "bool", "Allow communication with an insecure registry"),
        Option("verbose", "bool", "Output additional info including layers and platform", short="v"),
    ),
    least=1,
    most=2,
    experimental=True,
)

PUSH = Command(
    usage="[OPTIONS] MANIFEST_LIST",
    options=(
        Option("insecure", "bool", "Allow push to an insecure registry"),
        Option("purge", "bool", "Remove the local manifest list after push", short="p"),
    ),
    least=1,
    most=1,
    experimental=True,
)

RM = Command(
    usage="MANIFEST_LIST [MANIFEST_LIST...]",
    least=1,
    most=None,
    experimental=True,
)
