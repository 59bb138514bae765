"""`docker container top`: display the running processes of a container."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.options import Parsed
from simulator.cli.table import aligned
from simulator.clock import Steps

COMMAND = Command(
    usage="CONTAINER [ps OPTIONS]",
    least=1,
    most=None,
    interspersed=False,
)


WIDTH = 20  # the least of a column, whatever the version


def run(client: Client, options: Parsed) -> Steps:
    name, *arguments = options.arguments
    processes = client.engine.container_top(name, ps_args=" ".join(arguments))
    lines = [processes["Titles"], *(processes["Processes"] or [])]
    client.print(aligned("".join("\t".join(line) + "\n" for line in lines), minimum=WIDTH), end="")
    yield from ()
