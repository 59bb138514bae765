"""The sed command: its options, its script and its files."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import BadOption, Options, options
from simulator.userland.program import BUSYBOX, GNU, Style, decode, open_input, read_all, strerror
from simulator.userland.sed.editor import Editor
from simulator.userland.sed.in_place import edit_files
from simulator.userland.sed.run import Run
from simulator.userland.sed.scanner import BadScript
from simulator.userland.sed.script import read_script
from simulator.userland.sed.usage import USAGE

LONG = {
    "quiet": "n", "silent": "n", "expression=": "e", "file=": "f", "in-place=?": "i", "regexp-extended": "E",
    "separate": "s", "unbuffered": "u", "null-data": "z",
}  # fmt: skip
MISUSED, TROUBLE = 1, 4


def sed(process: Process) -> Steps:
    return (yield from _sed(process, BUSYBOX, BUSYBOX.options(process, "i::nrEe:f:", long={"in-place=?": "i"})))


def gnu_sed(process: Process) -> Steps:
    try:
        given = options(process.argv, "i::nrEe:f:suzl:", long=LONG)
    except BadOption as bad:
        GNU.complain(process, str(bad))
        return _misused(process, GNU)
    return (yield from _sed(process, GNU, given))


def _sed(process: Process, style: Style, given: Options) -> Steps:
    paths = list(given.operands)
    if "e" not in given and "f" not in given:
        if not paths:
            return _misused(process, style)
        given.given.append(("e", paths.pop(0)))
    text = yield from _text(process, style, given)
    try:
        script = read_script(text, quiet="n" in given, extended="r" in given or "E" in given, gnu=style.gnu)
    except BadScript as bad:
        return _refuse(process, style, bad)
    end = "\0" if "z" in given else "\n"
    if "i" in given:
        return (yield from edit_files(process, style, script, paths, suffix=given.get("i"), end=end))
    return (yield from Run(script, Editor(process, style, process.write, end)).over(paths, separate="s" in given))


def _misused(process: Process, style: Style) -> int:
    if not style.gnu:
        style.refuse(process)
    process.error(USAGE)
    return MISUSED


def _text(process: Process, style: Style, given: Options) -> Steps:
    """What -e and -f gave, line after line."""
    parts = []
    for letter, value in given.given:
        if letter == "e":
            parts.append(value)
        elif letter == "f":
            try:
                parts.append(decode((yield from read_all(open_input(process, value)))).removesuffix("\n"))
            except OSError as failure:
                told = f"couldn't open file {value}" if style.gnu else value
                process.exit(style.complain(process, f"{told}: {strerror(failure)}", TROUBLE if style.gnu else 1))
    return "\n".join(parts)


def _refuse(process: Process, style: Style, bad: BadScript) -> int:
    if not style.gnu:
        return style.complain(process, bad.busybox)
    if bad.at < 0:
        return style.complain(process, bad.gnu, TROUBLE)
    return style.complain(process, f"-e expression #1, char {bad.at}: {bad.gnu}")
