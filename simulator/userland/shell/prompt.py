"""Prompts: PS1 and PS2 with the backslash escapes that bash and busybox's line editor replace."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.shell import expand
from simulator.userland.shell.builtins.directories import tilde
from simulator.userland.shell.dialect import BASH_VERSION
from simulator.userland.shell.parser import parser_of

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

ESCAPE = re.compile(r"\\(?:([0-7]{3})|(.))", re.DOTALL)
DEFAULTS = {"PS2": "> "}


def text(shell: Shell, name: str) -> Steps:
    """The prompt that this variable describes, ready to be shown."""
    template = shell.variables.get(name)
    if template is None:
        template = DEFAULTS.get(name, "")
    shown = template if shell.dialect.name == "dash" else ESCAPE.sub(lambda found: _replaced(shell, found), template)
    if "$" not in shown and "`" not in shown:
        return shown
    words = parser_of(f'"{shown}"' if '"' not in shown else shown, shell.dialect).peek().word
    status = shell.status
    expanded = yield from expand.text(shell, words)
    shell.status = status
    return expanded


def _replaced(shell: Shell, found: re.Match[str]) -> str:
    if found.group(1):
        return chr(int(found.group(1), 8))
    meaning = _MEANINGS.get(found.group(2))
    return found.group() if meaning is None else meaning(shell)


def _directory(shell: Shell, *, short: bool) -> str:
    path = tilde(shell.process.cwd, shell.variables.get("HOME") or "")
    return posixpath.basename(path) or path if short else path


def _moment(pattern: str) -> Callable[[Shell], str]:
    return lambda shell: shell.process.clock.at(shell.process.clock.wall()).strftime(pattern)


_MEANINGS: dict[str, Callable[[Shell], str]] = {
    "u": lambda shell: shell.process.user,
    "h": lambda shell: shell.process.uts.hostname.partition(".")[0],
    "H": lambda shell: shell.process.uts.hostname,
    "w": lambda shell: _directory(shell, short=False),
    "W": lambda shell: _directory(shell, short=True),
    "$": lambda shell: "#" if shell.process.uid == 0 else "\\$",
    "s": lambda shell: posixpath.basename(shell.name).lstrip("-"),
    "v": lambda shell: BASH_VERSION.rpartition(".")[0],
    "V": lambda shell: BASH_VERSION,
    "j": lambda shell: str(len(shell.jobs.table)),
    "!": lambda shell: str(len(shell.history) + 1),
    "#": lambda shell: str(len(shell.history) + 1),
    "t": _moment("%H:%M:%S"),
    "T": _moment("%I:%M:%S"),
    "@": _moment("%I:%M %p"),
    "A": _moment("%H:%M"),
    "d": _moment("%a %b %d"),
    "n": lambda shell: "\n",
    "r": lambda shell: "\r",
    "a": lambda shell: "\a",
    "e": lambda shell: "\x1b",
    "\\": lambda shell: "\\\\",
    "[": lambda shell: "",
    "]": lambda shell: "",
}
