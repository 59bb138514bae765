"""Builtins about the working directory: cd, pwd, pushd, popd, dirs."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from simulator.userland.shell.builtins.usage import bad_option

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def cd(shell: Shell, argv: list[str]) -> int:
    words, physical = _flags(shell, argv)
    if words is None:
        return 2
    bash = shell.dialect.name == "bash"
    if len(words) > 1 and bash:
        return shell.refuse("too many arguments")
    name = "HOME" if not words else "OLDPWD" if words[0] == "-" else ""
    target = shell.get(name) if name else words[0]
    if target is None:
        if bash:
            return shell.refuse(f"{name} not set")
        target = ""
    found = _by_cdpath(shell, target)
    status = _to(shell, found or target, physical=physical)
    if status == 0 and (name == "OLDPWD" or found):
        shell.process.print(shell.process.cwd)
    return status


def pwd(shell: Shell, argv: list[str]) -> int:
    words, physical = _flags(shell, argv)
    if words is None:
        return 2
    shell.process.print(_physical(shell, shell.process.cwd) if physical else shell.process.cwd)
    return 0


def pushd(shell: Shell, argv: list[str]) -> int:
    stack = shell.directories
    if len(argv) == 1:
        if not stack:
            return shell.refuse("no other directory")
        stack[0], target = shell.process.cwd, stack[0]
        status = _to(shell, target)
    else:
        before = shell.process.cwd
        status = _to(shell, argv[1])
        if status == 0:
            stack.insert(0, before)
    return status or dirs(shell, ["dirs"])


def popd(shell: Shell, argv: list[str]) -> int:
    if not shell.directories:
        return shell.refuse("directory stack empty")
    status = _to(shell, shell.directories.pop(0))
    return status or dirs(shell, ["dirs"])


def dirs(shell: Shell, argv: list[str]) -> int:
    home = shell.get("HOME") or ""
    shell.process.print(" ".join(tilde(path, home) for path in [shell.process.cwd, *shell.directories]))
    return 0


def tilde(path: str, home: str) -> str:
    """A path with the home directory at its beginning written as ~."""
    if home and home != "/" and (path == home or path.startswith(home + "/")):
        return "~" + path[len(home) :]
    return path


def _flags(shell: Shell, argv: list[str]) -> tuple[list[str] | None, bool]:
    words, physical = list(argv[1:]), False
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        bad = word[1:].strip("LPe@")
        if bad:
            bad_option(shell, argv[0], bad[0], "cd [-L|[-P [-e]] [-@]] [dir]" if argv[0] == "cd" else "pwd [-LP]")
            return None, False
        physical = "P" in word
    return words, physical


def _to(shell: Shell, target: str, *, physical: bool = False) -> int:
    process = shell.process
    before = process.cwd
    try:
        process.chdir(_physical(shell, process.path(target)) if physical else target or ".")
    except OSError as failure:
        if shell.dialect.name == "bash":
            return shell.refuse(f"{target}: {failure.strerror}")
        reason = "" if shell.dialect.name == "dash" else f": {failure.strerror}"
        return shell.refuse(f"can't cd to {target}{reason}", 2)
    shell.variables.set("OLDPWD", before)
    shell.variables.set("PWD", process.cwd)
    if shell.dialect.name != "dash":
        shell.variables.mark("OLDPWD", exported=True)
        shell.variables.mark("PWD", exported=True)
    return 0


def _physical(shell: Shell, path: str) -> str:
    """The path without symbolic links."""
    real = "/"
    for part in posixpath.normpath(path).strip("/").split("/"):
        step = posixpath.join(real, part)
        node = shell.process.disk.lookup(step, follow=False) if shell.process.disk.exists(step) else None
        linked = node is not None and node.kind == "link"
        real = _physical(shell, posixpath.join(real, node.target)) if linked and node else step
    return real


def _by_cdpath(shell: Shell, target: str) -> str:
    if target.startswith(("/", "./", "../")) or target in (".", ".."):
        return ""
    for folder in (shell.get("CDPATH") or "").split(":"):
        if (
            folder
            and folder != "."
            and shell.process.disk.is_directory(shell.process.path(posixpath.join(folder, target)))
        ):
            return posixpath.join(folder, target)
    return ""
