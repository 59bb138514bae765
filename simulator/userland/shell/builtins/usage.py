"""What builtins say of options that they do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def bad_option(shell: Shell, name: str, letter: str, usage: str) -> int:
    """bash adds how the builtin is used and goes on; for ash and dash it is an error that ends a script."""
    told = shell.texts.bad_option.format(f"-{letter}")
    if shell.dialect.name != "bash":
        raise ShellError(told)
    shell.refuse(told)
    shell.process.error(f"{name}: usage: {usage}")
    return 2


def operands(shell: Shell, argv: list[str], usage: str) -> list[str] | None:
    """The words behind the name of a builtin that has no options; None: the first was one."""
    words = argv[1:]
    if words[:1] == ["--"]:
        return words[1:]
    if words and words[0].startswith("-") and len(words[0]) > 1:
        bad_option(shell, argv[0], words[0][1], usage)
        return None
    return words
