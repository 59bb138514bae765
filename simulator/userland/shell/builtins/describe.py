"""Builtins that tell what a name is: type, command -v, hash, alias, unalias, help, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.execve import DEFAULT_PATH, find_program
from simulator.userland.shell import builtins, quoting
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.parser import RESERVED
from simulator.userland.shell.unparse import function_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

BASH_RESERVED = RESERVED | {"[[", "]]", "time", "function", "select", "coproc"}


def type_(shell: Shell, argv: list[str]) -> int:
    words = argv[1:]
    kinds_only = path_only = False
    while words and words[0].startswith("-") and shell.dialect.name == "bash":
        flag = words.pop(0)
        kinds_only, path_only = kinds_only or "t" in flag, path_only or "p" in flag or "P" in flag
    if kinds_only or path_only:
        return _kinds(shell, words, kinds=kinds_only)
    return all_of(shell, words, verbose=True)


def all_of(shell: Shell, names: list[str], *, verbose: bool) -> int:
    """Describes names: the status tells whether all (bash's command -v: any) were found."""
    missing = 0
    for name in names:
        told = description(shell, name) if verbose else plain(shell, name)
        if told is not None:
            shell.process.print(told)
            continue
        missing += 1
        if verbose:
            _not_found(shell, name)
    if shell.dialect.name == "bash":
        return int(missing == len(names) if not verbose else missing > 0)
    return 127 if missing else 0


def description(shell: Shell, name: str) -> str | None:
    """ls is /bin/ls, cd is a shell builtin ...; None for nothing."""
    bash = shell.dialect.name == "bash"
    if name in shell.aliases:
        return (
            f"{name} is aliased to `{shell.aliases[name]}'" if bash else f"{name} is an alias for {shell.aliases[name]}"
        )
    if name in (BASH_RESERVED if bash else RESERVED):
        return f"{name} is a shell keyword"
    if name in shell.functions:
        return f"{name} is a function" + (f"\n{function_text(shell.functions[name])}" if bash else "")
    if builtins.find(shell, name) is not None:
        special = not bash and shell.dialect.name == "dash" and builtins.is_special(shell, name)
        return f"{name} is a special shell builtin" if special else f"{name} is a shell builtin"
    path = path_of(shell, name)
    return None if path is None else f"{name} is {path}"


def plain(shell: Shell, name: str) -> str | None:
    """What `command -v` says of a name."""
    if name in shell.aliases:
        return f"alias {name}={quoting.single(shell.aliases[name])}"
    reserved = BASH_RESERVED if shell.dialect.name == "bash" else RESERVED
    if name in reserved or name in shell.functions or builtins.find(shell, name) is not None:
        return name
    return path_of(shell, name)


def path_of(shell: Shell, name: str) -> str | None:
    process = shell.process
    found = find_program(process.disk, name, search=shell.get("PATH") or DEFAULT_PATH, cwd=process.cwd)
    return name if found is not None and ("/" in name or _is_applet(shell, found)) else found


def _is_applet(shell: Shell, path: str) -> bool:
    """Whether ash takes a name for an applet of its own."""
    return shell.standalone and shell.process.disk.lookup(path).kind == "program"


def _kinds(shell: Shell, names: list[str], *, kinds: bool) -> int:
    status = 0
    for name in names:
        told = None
        if name in shell.aliases:
            told = "alias"
        elif name in BASH_RESERVED:
            told = "keyword"
        elif name in shell.functions:
            told = "function"
        elif builtins.find(shell, name) is not None:
            told = "builtin"
        path = path_of(shell, name) if told is None else None
        if path is not None:
            shell.process.print("file" if kinds else path)
        elif told is not None and kinds:
            shell.process.print(told)
        status = status or int(told is None and path is None)
    return status


def _not_found(shell: Shell, name: str) -> None:
    if shell.dialect.name == "bash":
        shell.refuse(f"{name}: not found")
    else:
        shell.process.print(f"{name}: not found")


def hash_(shell: Shell, argv: list[str]) -> int:
    status = 0
    for name in (word for word in argv[1:] if not word.startswith("-")):
        if builtins.find(shell, name) is None and path_of(shell, name) is None:
            status = shell.refuse(f"{name}: not found")
    if len(argv) == 1 and shell.dialect.name == "bash":
        shell.process.print("hash: hash table empty")
    return status


def alias(shell: Shell, argv: list[str]) -> int:
    bash = shell.dialect.name == "bash"
    words = [word for word in argv[1:] if word != "-p"]
    status = 0
    for word in words or sorted(shell.aliases):
        name, equals, value = word.partition("=")
        if equals and name:
            shell.aliases[name] = value
        elif name in shell.aliases:
            text = quoting.escaped_single if bash else quoting.single
            shell.process.print(f"{'alias ' if bash else ''}{name}={text(shell.aliases[name])}")
        elif bash:
            status = shell.refuse(f"{name}: not found")
        else:
            shell.process.error(f"alias: {name} not found")
            status = 1
    return status


def unalias(shell: Shell, argv: list[str]) -> int:
    if len(argv) == 1:
        if shell.dialect.name == "bash":
            shell.process.error("unalias: usage: unalias [-a] name [name ...]")
            return 2
        return 0
    if argv[1] == "-a":
        shell.aliases.clear()
        return 0
    status = 0
    for name in argv[1:]:
        if shell.aliases.pop(name, None) is None:
            if shell.dialect.name == "bash":
                status = shell.refuse(f"{name}: not found")
            else:
                shell.process.error(f"unalias: {name} not found")
                status = 1
    return status


def help_(shell: Shell, argv: list[str]) -> int:
    """The names of the builtins, as busybox lists them; the texts about each are left out."""
    if len(argv) > 1 and builtins.find(shell, argv[1]) is None:
        raise ShellError(
            f"no help topics match `{argv[1]}'.  Try `help help' or `man -k {argv[1]}' or `info {argv[1]}'.", 1
        )
    shell.process.print("Built-in commands:\n------------------")
    row = "\t"
    for name in builtins.known(shell):
        if len(row) + len(name) > 64:
            shell.process.print(row.rstrip())
            row = "\t"
        row += name + " "
    shell.process.print(row.rstrip())
    return 0


def history(shell: Shell, argv: list[str]) -> int:
    if argv[1:] == ["-c"]:
        shell.history.clear()
        return 0
    count = int(argv[1]) if len(argv) > 1 and argv[1].isdigit() else len(shell.history)
    first = max(0, len(shell.history) - count)
    bash = shell.dialect.name == "bash"
    for number, line in enumerate(shell.history[first:], first + bash):
        shell.process.print(f"{number:5}  {line}" if bash else f"{number:4} {line}")
    return 0
