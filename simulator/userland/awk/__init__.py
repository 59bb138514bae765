"""awk: patterns and actions on the records of files (POSIX.1-2017, awk), as busybox and mawk have it.

Left out: gawk's own functions beyond time and bits, arrays of arrays, -W. Elements come in the order they were made.
"""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.awk.interpreter import Failed, Interpreter
from simulator.userland.awk.lexer import BUILTINS, BadProgram, unescape
from simulator.userland.awk.parser import parse
from simulator.userland.awk.syntax import Script
from simulator.userland.awk.undefined import undefined_function
from simulator.userland.program import (
    BUSYBOX,
    GNU,
    BadOption,
    Options,
    Style,
    decode,
    open_input,
    options,
    read_all,
    strerror,
)

BUSYBOX_FAILED, MAWK_FAILED = 1, 2


def awk(process: Process) -> Steps:
    return (yield from _awk(process, BUSYBOX, BUSYBOX.options(process, "F:v:f:e:W:", permute=False)))


def gnu_awk(process: Process) -> Steps:
    try:
        given = options(process.argv, "F:v:f:W:", permute=False)
    except BadOption:
        word = next(word for word in process.argv[1:] if word.startswith("-"))
        return GNU.complain(process, f"not an option: {word}", MAWK_FAILED)
    return (yield from _awk(process, GNU, given))


def _awk(process: Process, style: Style, given: Options) -> Steps:
    failed = MAWK_FAILED if style.gnu else BUSYBOX_FAILED
    words = list(given.operands)
    if "f" not in given and "e" not in given and not words:
        if not style.gnu:
            style.refuse(process)
        process.error("Usage: mawk [Options] [Program] [file ...]")
        return failed
    source = yield from _source(process, style, given, words, failed)
    try:
        script = parse(source)
        unknown = undefined_function(script, BUILTINS)
    except BadProgram as bad:
        return style.complain(process, _told(style, bad), failed)
    except RecursionError:
        return style.complain(process, "the program is nested too deeply", failed)
    if unknown:
        told = f"line 2: function {unknown} never defined" if style.gnu else "cmd. line:1: Call to undefined function"
        return style.complain(process, told, failed)
    return (yield from _run(process, style, given, script, words, failed))


def _source(process: Process, style: Style, given: Options, words: list[str], failed: int) -> Steps:
    parts = []
    for letter, value in given.given:
        if letter == "e":
            parts.append(value)
        elif letter == "f":
            try:
                parts.append(decode((yield from read_all(open_input(process, value)))))
            except OSError as failure:
                told = (
                    f"cannot open {value} ({strerror(failure)})"
                    if style.gnu
                    else f"can't open '{value}': {strerror(failure)}"
                )
                process.exit(style.complain(process, told, failed))
    return "\n".join(parts) if parts else words.pop(0)


def _told(style: Style, bad: BadProgram) -> str:
    if not style.gnu:
        return f"cmd. line:{bad.line}: Unexpected token"
    if not bad.token:
        return f"line {bad.line + 1}: missing }} near end of file"
    where = "unexpected newline" if bad.token == "\n" else f"syntax error at or near {bad.token}"
    return f"line {bad.line}: {where}"


def _run(process: Process, style: Style, given: Options, script: Script, words: list[str], failed: int) -> Steps:
    interpreter = Interpreter(process, script, words, divide_by_zero=style.gnu)
    if "F" in given:
        separator = unescape(given.get("F"))
        interpreter.scalars["FS"] = "\t" if separator == "t" else separator
    for assignment in given.all("v"):
        name, _, value = assignment.partition("=")
        interpreter.assign(name, value)
    try:
        return (yield from interpreter.run())
    except Failed as failure:
        if str(failure).startswith("\0"):
            _, path, reason = str(failure).split("\0")
            return style.complain(
                process, f"cannot open {path} ({reason})" if style.gnu else f"{path}: {reason}", failed
            )
        return style.complain(process, f"line 1: {failure}" if style.gnu else f"cmd. line:1: {failure}", failed)
    except RecursionError:
        return style.complain(process, "functions call one another too deeply", failed)
