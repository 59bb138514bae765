"""What one docker command is: its usage line, its options, how many arguments it takes.

Mirrors spf13/cobra's Command and spf13/pflag's Flag as far as docker/cli uses them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from simulator.kernel.process import Process

Check = Callable[[str, "Process"], Any]  # gives the value, or a text that the kind reads; raises ValueError


class Option(Struct, frozen=True):
    """One option. `kind` is what help calls its value and, unless `value` says otherwise, how the value is read.

    `default` is the value as one would type it, which help shows unless it is the kind's zero. `same_as` names the
    option whose value this other spelling sets; `only` says which daemon alone takes it, if not the one here.
    """

    name: str
    kind: str
    text: str
    short: str = ""
    default: str = ""
    hidden: bool = False
    same_as: str = ""
    value: str = ""
    only: str = ""
    check: Check | None = None


class Command(Struct, frozen=True):
    """One command. What it does is the function `run` of its module; what docklab does not simulate has none."""

    usage: str = ""
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int | None = 0
    long: str = ""
    example: str = ""
    interspersed: bool = True
    experimental: bool = False
