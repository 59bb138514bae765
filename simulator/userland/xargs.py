"""xargs: runs a command with what standard input names (POSIX.1-2017, xargs). -P is taken, the order stays the same."""

from __future__ import annotations

import errno
import posixpath

from simulator.clock import Steps
from simulator.kernel.files import Null
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, decode, open_input, read_all, strerror

LONG = {
    "null": "0", "arg-file=": "a", "delimiter=": "d", "max-args=": "n", "max-lines=": "L", "max-procs=": "P",
    "no-run-if-empty": "r", "verbose": "t", "replace=": "I", "max-chars=": "s", "exit": "x", "interactive": "p",
}  # fmt: skip
SOME_FAILED, STOPPED, KILLED, CANNOT_RUN, NOT_FOUND = 123, 124, 125, 126, 127
ABORT = 255
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\0": "\0"}


class _Unmatched(Exception):
    """A quote that does not end."""


def xargs(process: Process) -> Steps:
    given = BUSYBOX.options(process, "0a:rtpE:e::I:i::n:s:P:x", permute=False)
    return (yield from _xargs(process, BUSYBOX, given))


def gnu_xargs(process: Process) -> Steps:
    given = GNU.options(process, "0a:d:rtpE:e::I:i::n:L:l::s:P:x", long=LONG, permute=False)
    return (yield from _xargs(process, GNU, given))


def _xargs(process: Process, style: Style, given: Options) -> Steps:
    counts = {letter: _count(process, style, letter, given.get(letter)) for letter in "nLs" if letter in given}
    source = given.get("a", "-")
    try:
        text = decode((yield from read_all(open_input(process, source))))
    except OSError as failure:
        told = f"Cannot open input file ‘{source}’" if style.gnu else source
        return style.complain(process, f"{told}: {strerror(failure)}")
    command = given.operands or ["echo"]
    replace = given.get("I") or ("{}" if "i" in given or "I" in given else "")
    try:
        batches = _batches(given, counts, text, lines=bool(replace))
    except _Unmatched as unmatched:
        hint = "; by default quotes are special to xargs unless you use the -0 option" if style.gnu else ""
        return style.complain(process, f"unmatched {unmatched} quote{hint}")
    if not batches and "r" not in given and not replace:
        batches = [[]]
    status = 0
    for batch in batches:
        argv = [word.replace(replace, batch[0]) for word in command] if replace else [*command, *batch]
        ended = yield from _run(process, style, argv, told="t" in given)
        if ended >= STOPPED:
            return ended
        status = ended or status
    return status


def _count(process: Process, style: Style, letter: str, text: str) -> int:
    if text.isdigit() and int(text) > 0:
        return int(text)
    if not style.gnu:
        told = f"number {text} is not in 1..2147483647 range" if text.isdigit() else f"invalid number '{text}'"
        style.complain(process, told)
        process.exit(1)
    if text.isdigit():
        style.refuse(process, f"value {text} for -{letter} option should be >= 1")
    style.refuse(process, f"invalid number ‘{text}’ for -{letter} option")
    return None


def _batches(given: Options, counts: dict[str, int], text: str, *, lines: bool) -> list[list[str]]:
    """The arguments, as many together as the options allow."""
    if "0" in given or "d" in given:
        separator = "\0" if "0" in given else ESCAPES.get(given.get("d"), given.get("d"))
        words = text.removesuffix(separator).split(separator) if text else []
        words = [word.removesuffix("\n") if index == len(words) - 1 and "d" in given else word
                 for index, word in enumerate(words)]  # fmt: skip
    elif lines:
        words = [line.lstrip(" \t") for line in text.split("\n") if line.strip()]
    elif "L" in counts:
        rows = [words for line in text.split("\n") if (words := _words(line))]
        size = counts["L"]
        return [[word for row in rows[at : at + size] for word in row] for at in range(0, len(rows), size)]
    else:
        words = _words(text)
    end = given.get("E") or given.get("e")
    if end and end in words:
        words = words[: words.index(end)]
    size = 1 if lines else counts.get("n") or len(words) or 1
    return [words[at : at + size] for at in range(0, len(words), size)]


def _words(text: str) -> list[str]:
    """Words between blanks and newlines; quotes and backslashes keep blanks."""
    words: list[str] = []
    word, quote, inside, escaped = "", "", False, False
    for char in text:
        if escaped:
            word, inside, escaped = word + char, True, False
        elif quote:
            if char == "\n":
                break
            word, quote = (word, "") if char == quote else (word + char, quote)
        elif char in "'\"":
            quote, inside = char, True
        elif char == "\\":
            escaped = True
        elif char in " \t\n":
            if inside:
                words.append(word)
            word, inside = "", False
        else:
            word, inside = word + char, True
    if quote:
        raise _Unmatched("single" if quote == "'" else "double")
    return [*words, word] if inside else words


def _run(process: Process, style: Style, argv: list[str], *, told: bool) -> Steps:
    """Runs one command to its end; what that means for xargs' own status."""
    if told:
        process.error(" ".join(argv))
    files = {**process.files, 0: Null(process.clock)}
    try:
        child = process.spawn(argv, files=files)
    except OSError as failure:
        style.complain(process, f"{argv[0]}: {strerror(failure)}")
        return NOT_FOUND if failure.errno == errno.ENOENT else CANNOT_RUN
    status = yield child.exited
    if child.killed_by:
        return style.complain(process, f"{posixpath.basename(argv[0])}: terminated by signal {child.killed_by}", KILLED)
    if status == ABORT:
        return style.complain(process, f"{argv[0]}: exited with status 255; aborting", STOPPED)
    return SOME_FAILED if status else 0
