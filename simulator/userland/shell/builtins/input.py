"""Builtins that read: read, mapfile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.clock import Event, Steps
from simulator.kernel.files import OpenFile
from simulator.userland.getopt import BadOption, Options, options
from simulator.userland.program import decode, duration_from_text, lines
from simulator.userland.shell.chunks import DEFAULT_IFS, split_text
from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
READ_USAGE = (
    "read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] "
    "[-u fd] [name ...]"
)
TIMED_OUT = 142  # 128 + SIGALRM


def read(shell: Shell, argv: list[str]) -> Steps:
    """One line of input into variables, split by IFS; without -r a backslash escapes and continues."""
    given = _read_options(shell, argv)
    if given is None:
        return 2
    names = given.operands or ["REPLY"]
    bad = next((name for name in names if not NAME.fullmatch(name)), None)
    if bad is not None:
        return _bad_name(shell, bad)
    file = shell.process.files.get(int(given.get("u", "0")))
    if file is None:
        return shell.refuse(f"{given.get('u', '0')}: invalid file descriptor: Bad file descriptor")
    if "p" in given and (file.isatty or shell.dialect.name != "bash"):
        shell.process.error(given.get("p"), end="")
    with shell.traps.interrupting(shell.process):
        text, ended = yield from _quietly(shell, file, given)
    if text is None:
        return TIMED_OUT if shell.dialect.name == "bash" else 1
    _store(shell, given, names, text)
    return int(ended)


def _quietly(shell: Shell, file: OpenFile, given: Options) -> Steps:
    """Reads the line, without echo for -s."""
    tty = shell.process.tty if file.isatty else None
    echo = tty.echo if tty else True
    if tty and "s" in given:
        tty.echo = False
    try:
        return (yield from _line(shell, file, given))
    finally:
        if tty:
            tty.echo = echo


def _line(shell: Shell, file: OpenFile, given: Options) -> Steps:
    """The line with backslashes still in it, and whether the file ended before its end; None on a timeout."""
    delimiter = (given.get("d") or "\0") if "d" in given else "\n"
    limit = int(given.get("n") or given.get("N") or 0)
    timeout = duration_from_text(given.get("t")) if "t" in given else None
    due = None if timeout is None else shell.process.clock.now + timeout
    data, raw = b"", "r" in given
    while not limit or len(decode(data)) < limit:
        if due is not None and not file.readable:
            ready = yield from shell.process.poll([file], timeout=max(0, int(due - shell.process.clock.now)))
            if not ready:
                return None, True
        reading: Event = file.read(1)
        char = yield reading
        if not char:
            return decode(data), True
        if not raw and char == b"\\":
            following = yield file.read(1)
            data += b"" if following == b"\n" else char + following
            continue
        if char == delimiter.encode() and "N" not in given:
            break
        data += char
    return decode(data), False


def _store(shell: Shell, given: Options, names: list[str], text: str) -> None:
    raw = "r" in given
    ifs = shell.variables.get("IFS")
    ifs = DEFAULT_IFS if ifs is None else ifs
    hidden = text if raw else re.sub(r"\\(.)", lambda found: chr(0xE000 + ord(found.group(1)) % 0x1000), text)
    shown = (lambda value: value) if raw else lambda value: _reveal(value, text)
    if "a" in given:
        values = split_text(hidden, ifs, len(hidden) + 2) if hidden.strip() else []
        shell.variables.set_array(given.get("a"), dict(enumerate(shown(value) for value in values)))
        return
    if not given.operands and shell.dialect.name == "bash":
        shell.set("REPLY", shown(hidden))
        return
    fields = split_text(hidden, ifs, len(names))
    for index, name in enumerate(names):
        shell.set(name, shown(fields[index]) if index < len(fields) else "")


def _reveal(value: str, text: str) -> str:
    """Characters that a backslash protected from splitting, back as they were."""
    protected = {chr(0xE000 + ord(char) % 0x1000): char for char in re.findall(r"\\(.)", text)}
    return "".join(protected.get(char, char) for char in value)


def _read_options(shell: Shell, argv: list[str]) -> Options | None:
    letters = "ersa:d:i:n:N:p:t:u:" if shell.dialect.name == "bash" else "rsp:n:t:u:d:"
    try:
        return options(argv, "rp:" if shell.dialect.name == "dash" else letters, permute=False)
    except BadOption as bad:
        letter = str(bad)[-2]
        if shell.dialect.name != "bash":
            raise ShellError(shell.texts.bad_option.format(f"-{letter}")) from None
        missing = "requires" in str(bad)
        shell.refuse(f"-{letter}: option requires an argument" if missing else f"-{letter}: invalid option")
        shell.process.error(READ_USAGE)
        return None


def _bad_name(shell: Shell, name: str) -> int:
    if shell.dialect.name == "ash":
        shell.process.error(f"{shell.name}: read: '{name}': bad variable name")
        return 2
    if shell.dialect.name == "dash":
        raise ShellError(f"{name}: bad variable name")
    return shell.refuse(f"`{name}': not a valid identifier")


def mapfile(shell: Shell, argv: list[str]) -> Steps:
    """mapfile [-t] array: the lines of the input into an array."""
    given = options(argv, "d:n:O:s:tu:C:c:", permute=False)
    rows = yield from lines(shell.process.stdin)
    end = "" if "t" in given else "\n"
    name = given.operands[0] if given.operands else "MAPFILE"
    shell.variables.set_array(name, {index: row + end for index, row in enumerate(rows)})
    return 0
