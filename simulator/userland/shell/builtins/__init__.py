"""The commands that a shell carries inside, one function each: (shell, argv) -> status, or steps that give it.

`find` says whether a dialect has a command of that name; `is_special` whether POSIX calls it special, so that its
errors end a script (ash, dash) and assignments before it last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from simulator.clock import Steps
from simulator.kernel.linking import linked

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

Builtin: TypeAlias = "Callable[[Shell, list[str]], int | Steps]"

SPECIAL = frozenset(
    ". : break continue eval exec exit export readonly return set shift source times trap unset".split()
)
DECLARATIONS = frozenset({"export", "readonly", "local", "declare", "typeset"})

# "module:function" in this package, loaded when the command is first used.
_COMMON: dict[str, str] = {
    ":": "flow:nothing",
    "true": "flow:nothing",
    "false": "flow:failure",
    "break": "flow:leave",
    "continue": "flow:leave",
    "return": "flow:return_",
    "exit": "flow:exit_",
    "shift": "flow:shift",
    "eval": "replace:eval_",
    "exec": "replace:exec_",
    ".": "replace:source",
    "command": "replace:command",
    "cd": "directories:cd",
    "pwd": "directories:pwd",
    "echo": "output:echo",
    "printf": "output:printf",
    "test": "output:test",
    "[": "output:test",
    "read": "input:read",
    "getopts": "getopts:getopts",
    "export": "names:export",
    "readonly": "names:readonly",
    "unset": "names:unset",
    "local": "names:local",
    "set": "options:set_",
    "alias": "describe:alias",
    "unalias": "describe:unalias",
    "type": "describe:type_",
    "hash": "describe:hash_",
    "jobs": "jobcontrol:jobs",
    "fg": "jobcontrol:fg",
    "bg": "jobcontrol:bg",
    "wait": "jobcontrol:wait",
    "kill": "jobcontrol:kill",
    "trap": "trap:trap",
    "umask": "limits:umask",
    "ulimit": "limits:ulimit",
    "times": "limits:times",
}
_ASH: dict[str, str] = {
    "source": "replace:source",
    "let": "output:let",
    "history": "describe:history",
    "help": "describe:help_",
    "[[": "output:test",
    "chdir": "directories:cd",
    "time": "replace:time",
}
_BASH: dict[str, str] = {
    "source": "replace:source",
    "let": "output:let",
    "history": "describe:history",
    "help": "describe:help_",
    "builtin": "replace:builtin",
    "declare": "names:declare",
    "typeset": "names:declare",
    "shopt": "options:shopt",
    "pushd": "directories:pushd",
    "popd": "directories:popd",
    "dirs": "directories:dirs",
    "mapfile": "input:mapfile",
    "readarray": "input:mapfile",
    "disown": "jobcontrol:disown",
    "logout": "flow:exit_",
}
_TABLES: dict[str, dict[str, str]] = {
    "ash": _COMMON | _ASH,
    "bash": _COMMON | _BASH,
    "dash": _COMMON | {"chdir": "directories:cd"},
}


def find(shell: Shell, name: str) -> Builtin | None:
    where = _TABLES[shell.dialect.name].get(name)
    found: Builtin | None = linked(f"{__name__}.{where}") if where else None
    return found


def is_special(shell: Shell, name: str) -> bool:
    return name in SPECIAL


def known(shell: Shell) -> list[str]:
    return sorted(_TABLES[shell.dialect.name])
