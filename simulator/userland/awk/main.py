"""The awk command: its options, its program and its files."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.awk.control import AwkError, Quit
from simulator.userland.awk.files import ProcessFiles
from simulator.userland.awk.interpreter import Interpreter
from simulator.userland.awk.lexer import AwkSyntaxError, unescape
from simulator.userland.awk.parser import parse
from simulator.userland.awk.values import Text
from simulator.userland.getopt import Options
from simulator.userland.posix_regex import BadExpression
from simulator.userland.program import BUSYBOX, GNU, LineReader, Style, decode, encode, open_input, read_all, strerror

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)


def awk(process: Process) -> Steps:
    return (yield from _awk(process, BUSYBOX))


def gnu_awk(process: Process) -> Steps:
    return (yield from _awk(process, GNU))


def _awk(process: Process, style: Style) -> Steps:
    given = style.options(process, "F:v:f:", permute=False)
    program, operands = yield from _program(process, style, given)
    files = ProcessFiles(process)
    try:
        runner = Interpreter(parse(program), lambda shown: process.write(encode(shown)), files)
    except AwkSyntaxError as mistake:
        return style.complain(process, f"cmd. line:1: Syntax error: {mistake}", 1 if not style.gnu else 2)
    if "F" in given:
        runner.variables["FS"] = "\t" if given.get("F", "") == "t" else unescape(given.get("F", ""))
    for assignment in given.all("v"):
        _assign(runner, assignment)
    try:
        status = yield from _run(process, style, runner, operands)
    except (AwkError, BadExpression) as failure:
        return style.complain(process, f"cmd. line:1: {failure}", 2)
    except BrokenPipeError:
        raise
    except RecursionError:
        return style.complain(process, "cmd. line:1: function calls are nested too deeply", 2)
    except OSError as failure:
        return style.complain(process, f"cmd. line:1: can't open file {failure.filename}: {strerror(failure)}", 2)
    yield from files.run_commands()
    return status


def _program(process: Process, style: Style, given: Options) -> Steps:
    """The program's text, and the operands that are left."""
    if "f" in given:
        return decode((yield from read_all(open_input(process, given.get("f", ""))))), list(given.operands)
    if not given.operands:
        style.refuse(process)
    return given.operands[0], given.operands[1:]


def _assign(runner: Interpreter, assignment: str) -> bool:
    found = ASSIGNMENT.fullmatch(assignment)
    if found:
        runner.variables[found[1]] = Text(unescape(found[2]))
    return found is not None


def _run(process: Process, style: Style, runner: Interpreter, operands: list[str]) -> Steps:
    status = 0
    try:
        runner.edge("BEGIN")
        if any(pattern is None or pattern[0] != "BEGIN" for pattern, _ in runner.rules):
            status = yield from _lines(process, style, runner, operands)
    except Quit:
        return runner.status
    try:
        runner.edge("END")
    except Quit:
        return runner.status
    return status


def _lines(process: Process, style: Style, runner: Interpreter, operands: list[str]) -> Steps:
    """Runs the rules over every line of the files; words like a=1 among them set variables."""
    status = 0
    paths = [path for path in operands if not _assign(runner, path)]
    for path in paths or ["-"]:
        try:
            reader = LineReader(open_input(process, path))
        except OSError as failure:
            status = style.complain(process, f"{path}: {strerror(failure)}", 2 if style.gnu else 1)
            continue
        runner.variables["FILENAME"], runner.variables["FNR"] = Text("" if path == "-" else path), 0.0
        while line := (yield from reader.line()):
            runner.take(decode(line).removesuffix("\n"))
            yield process.stdout.drain()
    return status
