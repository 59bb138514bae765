"""`docker container cp`: copy files/folders between a container and the local filesystem."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
    options=(
        Option("archive", "bool", "Archive mode (copy all uid/gid information)", short="a"),
        Option("follow-link", "bool", "Always follow symbol link in SRC_PATH", short="L"),
    ),
    least=2,
    most=2,
    long="""\
Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.""",
)
