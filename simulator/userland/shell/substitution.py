"""Command substitution $(...) and process substitution <(...): subshells at the other end of a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.kernel.files import Pipe
from simulator.userland.program import MEMORY, decode, read_all
from simulator.userland.shell import execute, redirect, subshell
from simulator.userland.shell.errors import too_large
from simulator.userland.shell.syntax import ProcessSubstitution, Sequence, Simple

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

FIRST_SUBSTITUTED = 63  # bash hands out descriptors from here downwards


def output_of(shell: Shell, body: Sequence) -> Steps:
    """What the commands print, without the newlines at its end."""
    read = _file_alone(body)
    if read is not None and shell.dialect.name == "bash":
        data = yield from redirect.contents(shell, read)
    else:
        pipe = Pipe(shell.process.clock)
        files = shell.process.files | {1: pipe.writer}
        child = yield from subshell.fork(shell, lambda inner: _run(inner, body), files=files)
        try:
            data = yield from read_all(pipe.reader)
        except OSError:
            pipe.reader.close()  # whoever writes gets SIGPIPE
            raise too_large(MEMORY) from None
        shell.substitution_status = yield child.exited
    return decode(data).replace("\0", "").rstrip("\n")


def _run(inner: Shell, body: Sequence) -> Steps:
    inner.substitutions += 1
    return (yield from execute.run(inner, body, tail=True))


def path_of(shell: Shell, part: ProcessSubstitution) -> str:
    """Starts the commands of <(...) or >(...) and gives the path under which the pipe to them can be opened."""
    process = shell.process
    pipe = Pipe(process.clock)
    number = next(n for n in range(FIRST_SUBSTITUTED, 9, -1) if n not in process.files)
    theirs, ours, end = (pipe.writer, pipe.reader, 1) if part.direction == "<" else (pipe.reader, pipe.writer, 0)
    files = process.files | {end: theirs}
    process.set_file(number, ours)
    shell.substituted.append(number)
    subshell.fork_now(shell, lambda inner: execute.run(inner, part.body, tail=True), files=files)
    return f"/dev/fd/{number}"


def _file_alone(body: Sequence) -> Simple | None:
    """The command of $(<file): nothing but a redirection."""
    if len(body.items) != 1 or body.items[0].command.rest:
        return None
    commands = body.items[0].command.first.commands
    command = commands[0] if len(commands) == 1 else None
    if not isinstance(command, Simple) or command.words or command.assignments or len(command.redirects) != 1:
        return None
    return command if command.redirects[0].operator == "<" else None
