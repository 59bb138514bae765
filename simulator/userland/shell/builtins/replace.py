"""Builtins that run other commands: eval, exec, . (source), command, builtin, time."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.clock import S, Steps
from simulator.kernel.execve import find_program
from simulator.userland.program import decode, strerror
from simulator.userland.shell import builtins, commands, reader
from simulator.userland.shell.builtins import describe
from simulator.userland.shell.builtins.usage import bad_option, operands
from simulator.userland.shell.errors import Return, ShellError, ShellExit

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def eval_(shell: Shell, argv: list[str]) -> Steps:
    """Runs its arguments, joined by blanks, as a program text."""
    words = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    return (yield from reader.run_text(shell, " ".join(words), name="eval"))


def exec_(shell: Shell, argv: list[str]) -> Steps:
    """Becomes another program; without one only the redirections last."""
    words: list[str] | None = argv[1:]
    if shell.dialect.name != "dash":
        words = operands(shell, argv, "exec [-cl] [-a name] [command [argument ...]] [redirection ...]")
    if not words:
        return 2 if words is None else 0
    shell.variables.mark("_")
    if shell.dialect.name != "bash" and shell.at_prompt:
        shell.source = "stdin"  # execcmd clears -i: an error ends even a shell that prompts
    try:
        yield from commands.replace(shell, words, shell.environment())
    except OSError as failure:
        if shell.dialect.name == "bash":
            status = _bash_cannot_exec(shell, words[0], failure)
        else:
            status = commands.cannot_run(shell, words[0], failure, replacing=True)
        if shell.interactive:
            return status
        raise ShellExit(status) from None
    return 0


def _bash_cannot_exec(shell: Shell, name: str, failure: OSError) -> int:
    """The failed system call has a line of its own, unless no file was found in PATH."""
    shell.builtin = ""
    if failure.errno == errno.ENOENT:
        shell.complain(f"exec: {name}: not found" if "/" not in name else f"{name}: {strerror(failure)}")
        return commands.NOT_FOUND
    why = "Is a directory" if shell.process.disk.is_directory(shell.process.path(name)) else strerror(failure)
    shell.complain(f"{name}: {why}")
    shell.complain(f"exec: {name}: cannot execute: {why}")
    return commands.NOT_EXECUTABLE


def source(shell: Shell, argv: list[str]) -> Steps:
    """Runs the commands of a file in this shell; a name without a slash is looked for in PATH."""
    usage = f"{argv[0]} filename [arguments]"
    words = operands(shell, argv, usage)
    if words is None:
        return 2
    if not words:
        if shell.dialect.name != "bash":
            raise ShellError(f"{argv[0]}: missing argument" if shell.dialect.name == "dash" else "missing file name")
        shell.refuse("filename argument required")
        shell.process.error(f"{argv[0]}: usage: {usage}")
        return 2
    text = _source_text(shell, words[0])
    if text is None:
        return 1
    positional, source_before = shell.positional, shell.source
    if len(words) > 1:
        shell.positional = words[1:]
    if shell.dialect.name == "bash" and not shell.interactive:
        shell.source = words[0]
    shell.sourced += 1
    try:
        return (yield from reader.run_text(shell, text))
    except Return as end:
        return end.status
    finally:
        shell.sourced -= 1
        shell.source = source_before
        if len(words) > 1:
            shell.positional = positional


def command(shell: Shell, argv: list[str]) -> Steps:
    """command name ... passes functions by; -v and -V describe."""
    words = argv[1:]
    options = ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        unknown = word[1:].strip("pvV")
        if unknown:
            return bad_option(shell, "command", unknown[0], "command [-pVv] command [arg ...]")
        options += word[1:]
    if not words:
        return 0
    if "v" in options or "V" in options:
        names = words if shell.dialect.name == "bash" else words[:1]
        return describe.all_of(shell, names, verbose="V" in options)
    before, shell.builtin = shell.builtin, ""
    try:
        return (yield from commands.invoke(shell, words, functions=False))
    finally:
        shell.builtin = before


def builtin(shell: Shell, argv: list[str]) -> Steps:
    if len(argv) < 2:
        return 0
    found = builtins.find(shell, argv[1])
    if found is None:
        return shell.refuse(f"{argv[1]}: not a shell builtin")
    return (yield from commands.run_builtin(shell, found, argv[1:]))


def time(shell: Shell, argv: list[str]) -> Steps:
    """busybox's time applet, which ash finds before PATH."""
    began = int(shell.process.clock.now)
    status = (yield from commands.invoke(shell, argv[1:])) if len(argv) > 1 else 0
    minutes, rest = divmod(int(shell.process.clock.now) - began, 60 * S)
    shell.process.error(f"real\t{minutes}m {rest // S}.{rest % S * 100 // S:02d}s\nuser\t0m 0.00s\nsys\t0m 0.00s")
    return status


def _source_text(shell: Shell, name: str) -> str | None:
    process = shell.process
    path = name
    if "/" not in name:
        search = shell.variables.get("PATH") or ""
        found = find_program(process.disk, name, search=search, cwd=process.cwd)
        here = process.path(name)
        if found is None and shell.dialect.name == "bash" and process.disk.exists(here):
            found = here
        if found is None and shell.dialect.name != "bash":
            raise ShellError(f"{name}: not found")
        path = found or here
    try:
        return decode(process.disk.read(process.path(path), process))
    except OSError as failure:
        if shell.dialect.name != "bash":
            raise ShellError(f"can't open '{name}': {strerror(failure)}") from None
        before, shell.builtin = shell.builtin, ""
        told = f"{name}: {strerror(failure)}" if failure.errno == errno.ENOENT else f".: {name}: {strerror(failure)}"
        shell.complain(told)
        shell.builtin = before
        return None
