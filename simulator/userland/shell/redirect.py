"""Redirections (POSIX.1-2017, chapter 2.7): files put at descriptors for as long as a command runs."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.kernel.errors import error, strerror
from simulator.kernel.files import MemoryFile, OpenFile
from simulator.kernel.process import Process
from simulator.userland.program import encode, open_input, read_all
from simulator.userland.shell import expand, network_file
from simulator.userland.shell.errors import RedirectionError
from simulator.userland.shell.messages import open_failure
from simulator.userland.shell.syntax import Redirect, Simple, Word

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

WRITING = frozenset({">", ">>", ">|", "&>", "&>>", ">&"})


class Saved:
    """What stood at the descriptors before; `restore` puts it back, `keep` forgets it (exec)."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._before: dict[int, OpenFile | None] = {}

    def put(self, number: int, file: OpenFile | None) -> None:
        if number not in self._before:
            old = self._process.files.get(number)
            self._before[number] = old.hold() if old else None
        self._process.set_file(number, file)

    def restore(self) -> None:
        before, self._before = self._before, {}
        for number, file in before.items():
            self._process.set_file(number, file)
            if file:
                file.release()

    def keep(self) -> None:
        before, self._before = self._before, {}
        for file in before.values():
            if file:
                file.release()


def apply(shell: Shell, redirects: Iterable[Redirect], saved: Saved) -> Steps:
    """Opens the files and puts them in place. Raises RedirectionError; what was put before is in `saved`."""
    for redirect in redirects:
        operator = redirect.operator
        number = redirect.fd if redirect.fd is not None else 0 if operator[0] == "<" else 1
        if operator in ("<<", "<<-", "<<<"):
            saved.put(number, (yield from _here(shell, redirect)))
        elif operator in ("<&", ">&"):
            yield from _duplicate(shell, redirect, number, saved)
        else:
            path = yield from _path(shell, redirect.target)
            file = (yield from network_file.connected(shell, path)) or _open(shell, operator, path)
            saved.put(number, file)
            if operator in ("&>", "&>>"):
                saved.put(2, file)


def contents(shell: Shell, command: Simple) -> Steps:
    """What stands in the file of a lone `<file`."""
    path = yield from _path(shell, command.redirects[0].target)
    try:
        return (yield from read_all(_open(shell, "<", path)))
    except RedirectionError as error:
        shell.complain(error.text)
        shell.substitution_status = 1
        return b""


def _here(shell: Shell, redirect: Redirect) -> Steps:
    if redirect.here is not None:
        body = yield from expand.text(shell, redirect.here.body)
    else:
        body = (yield from expand.text(shell, redirect.target)) + "\n"
    return MemoryFile(shell.process.clock, encode(body))


def _path(shell: Shell, target: Word) -> Steps:
    """The file name; bash insists that it is one word."""
    if shell.dialect.name != "bash":
        return (yield from expand.text(shell, target))
    words = yield from expand.fields(shell, [target])
    if len(words) != 1:
        from simulator.userland.shell.unparse import word_text

        raise RedirectionError(f"{word_text(target)}: ambiguous redirect", 1)
    return words[0]


def _duplicate(shell: Shell, redirect: Redirect, number: int, saved: Saved) -> Steps:
    word = yield from expand.text(shell, redirect.target)
    if word == "-":
        saved.put(number, None)
    elif word.isdigit():
        if int(word) not in shell.process.files:
            raise RedirectionError(f"{word}: {strerror(errno.EBADF)}", 2 if shell.dialect.name == "dash" else 1)
        saved.put(number, shell.process.files[int(word)])
    elif redirect.operator == ">&" and redirect.fd is None and shell.dialect.both_outputs:
        file = _open(shell, ">", word)
        saved.put(1, file)
        saved.put(2, file)
    else:
        bad = f"{word}: ambiguous redirect" if shell.dialect.name == "bash" else "syntax error: bad fd number"
        raise RedirectionError(bad, 1)


def _open(shell: Shell, operator: str, path: str) -> OpenFile:
    process = shell.process
    writing = operator in WRITING
    try:
        if not path:
            raise error(errno.ENOENT)
        if not writing:
            if operator == "<>" and not process.disk.exists(process.path(path)):
                process.open(path, "w")
            return open_input(process, path)
        if operator == ">" and "noclobber" in shell.options and _is_file(process, path):
            raise error(errno.EEXIST)
        return process.open(path, "a" if operator in (">>", "&>>") else "w")
    except OSError as failure:
        told = open_failure(shell.dialect.name, path, failure, writing=writing)
        raise RedirectionError(told, 2 if shell.dialect.name == "dash" else 1) from None


def _is_file(process: Process, path: str) -> bool:
    full = process.path(path)
    return process.disk.exists(full) and process.disk.lookup(full).kind == "file"
