"""Asks before something is deleted. Any answer but y or Y is no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.program import read_line

if TYPE_CHECKING:
    from simulator.cli.client import Client


def confirmed(client: Client, question: str) -> Steps:
    """Whether the user says yes."""
    client.print(f"{question} [y/N] ", end="")
    answer = yield from read_line(client.stdin)
    return (answer or "").rstrip("\r").lower() == "y"
