"""sed: edits a stream line by line (POSIX.1-2017, sed; busybox editors/sed.c, GNU sed 4.9).

Left out: GNU's e, W, R and z, and special file names but /dev/stdout and /dev/stderr.
"""

from __future__ import annotations

import errno
import re

from msgspec import Struct, field

from simulator.clock import US, Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.userland.inputs import InputLines
from simulator.userland.program import (
    BUSYBOX,
    GNU,
    Options,
    Style,
    decode,
    encode,
    open_input,
    read_all,
    strerror,
)
from simulator.userland.sed_script import ESCAPES, Address, BadScript, Command, Reader
from simulator.userland.usage_sed import USAGE

LONGEST = 1 << 20  # characters of the pattern space
BRANCH_COST = 1 * US  # a jump takes a moment, so that any loop can be interrupted

LONG = {
    "quiet": "n", "silent": "n", "expression=": "e", "file=": "f", "in-place=?": "i", "regexp-extended": "E",
    "separate": "s", "unbuffered": "u", "null-data": "z",
}  # fmt: skip
USAGE_STATUS, UNREADABLE, TROUBLE = 1, 2, 4
WRAP = 70  # columns after which `l` goes on in the next line
REPLACED = re.compile(r"\\(.)|&|[^\\&]+|\\$", re.DOTALL)


def sed(process: Process) -> Steps:
    return (yield from _sed(process, BUSYBOX, BUSYBOX.options(process, "i::nrEe:f:", long={"in-place=?": "i"})))


def gnu_sed(process: Process) -> Steps:
    return (yield from _sed(process, GNU, GNU.options(process, "i::nrEe:f:suzl:", long=LONG)))


def _sed(process: Process, style: Style, given: Options) -> Steps:
    operands = list(given.operands)
    if "e" not in given and "f" not in given:
        if not operands:
            if not style.gnu:
                style.refuse(process)
            process.error(USAGE)
            return USAGE_STATUS
        given.given.append(("e", operands.pop(0)))
    script = yield from _script(process, style, given)
    extended = "r" in given or "E" in given
    try:
        commands = Reader(script, extended=extended, gnu=style.gnu).read()
    except BadScript as bad:
        return _refuse(process, style, bad)
    quiet = "n" in given or script.split("\n")[0] == "#n"
    if "i" not in given:
        run = _Run(process, style, commands, quiet=quiet, separate="s" in given)
        return (yield from run.files(operands))
    status = 0
    for path in operands:
        status = (yield from _in_place(process, style, given, commands, path, quiet=quiet)) or status
    return status


def _script(process: Process, style: Style, given: Options) -> Steps:
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


def _in_place(
    process: Process, style: Style, given: Options, commands: list[Command], path: str, *, quiet: bool
) -> Steps:
    """-i: the file becomes what the script makes of it; with a suffix the old one stays."""
    full = process.path(path)
    try:
        before = process.disk.lookup(full)
        if before.kind == "directory":
            return style.complain(process, f"couldn't edit {path}: not a regular file", TROUBLE)
    except OSError as failure:
        told = f"can't read {path}" if style.gnu else path
        return style.complain(process, f"{told}: {strerror(failure)}", UNREADABLE if style.gnu else 1)
    run = _Run(process, style, commands, quiet=quiet, separate=True)
    run.kept = bytearray()
    status = yield from run.files([path])
    if given.get("i"):
        process.disk.write(full + given.get("i"), before.data, mode=before.mode)
    process.disk.write(full, bytes(run.kept), process=process)
    return status


class _Run(Struct):
    """The state while a script runs: pattern space, hold space, the line, what to append after it."""

    process: Process
    style: Style
    commands: list[Command]
    quiet: bool
    separate: bool
    space: str = ""
    hold: str = ""
    number: int = 0
    last_pattern: re.Pattern[str] | None = None
    substituted: bool = False
    appended: list[tuple[str, str]] = field(default_factory=list)
    kept: bytearray | None = None  # the output, if it goes into a file
    ending: int | None = None  # the status with which q ended the run
    outputs: dict[str, OpenFile] = field(default_factory=dict)
    following: str | None = None
    newline: bool = True

    def files(self, paths: list[str]) -> Steps:
        groups = [[path] for path in paths] if self.separate and paths else [paths]
        status = 0
        for command in self.commands:
            command.active = False
            if command.name in "ws" and command.text:
                self._output(command.text)
        for group in groups:
            self.number = self.number if not self.separate or not self.style.gnu else 0
            status = (yield from self._stream(group)) or status
            if self.ending is not None:
                return self.ending
        return status

    def _stream(self, paths: list[str]) -> Steps:
        def told(path: str, failure: OSError) -> str:
            return f"{'can' + chr(39) + 't read ' if self.style.gnu else ''}{path}: {strerror(failure)}"

        source = InputLines(self.process, paths, self.style, refusal=told, failed=UNREADABLE if self.style.gnu else 1)
        self.following = yield from source.next()
        again = False
        while again or self.following is not None:
            if not again:
                yield from self._advance(source)
            again = yield from self._cycle(source)
            yield self.process.stdout.drain()
            if self.ending is not None:
                break
        return source.status

    def _advance(self, source: InputLines, *, append: bool = False) -> Steps:
        """The next line into the pattern space."""
        line = self.following or ""
        newline = source.newline
        self.number += 1
        self.space = f"{self.space}\n{line}" if append else line
        self.following = yield from source.next()
        self.newline = newline if self.following is None else True

    def _cycle(self, source: InputLines) -> Steps:
        """Runs the script over the pattern space once; whether D asks to begin again without a new line."""
        index, again = 0, False
        self.substituted = False
        while index < len(self.commands):
            command = self.commands[index]
            index += 1
            if self._selected(command) == command.negated:
                index = command.target + 1 if command.name == "{" else index
                continue
            name = command.name
            if name in "bTt":
                if name == "b" or self.substituted == (name == "t"):
                    index = command.target
                self.substituted = self.substituted and name == "b"
                yield self.process.sleep(BRANCH_COST)
            elif name in "nN":
                if self.following is None:
                    break
                if name == "n" and not self.quiet:
                    self._print(self.space)
                self._flush()
                yield from self._advance(source, append=name == "N")
            elif name in "dD" or name == "c":
                again = self._delete(command)
                self._flush()
                return again
            elif name in "qQ":
                self.ending = command.occurrence
                if name == "Q":
                    return False
                break
            else:
                self._simple(command)
        if not self.quiet:
            self._print(self.space)
        self._flush()
        return again

    def _delete(self, command: Command) -> bool:
        if command.name == "c":
            if command.second is None or command.negated or not command.active:
                self._print(command.text)
            return False
        if command.name == "D" and "\n" in self.space:
            self.space = self.space.partition("\n")[2]
            return True
        return False

    def _simple(self, command: Command) -> None:
        """The commands that neither read lines nor leave the cycle."""
        name = command.name
        if name == "s":
            self._substitute(command)
        elif name == "y":
            self.space = self.space.translate(command.table)
        elif name == "p":
            self._print(self.space)
        elif name == "P":
            self._print(self.space.partition("\n")[0])
        elif name == "=":
            self._print(str(self.number))
        elif name == "l" and self.style.gnu:
            self._print(_visible(self.space))
        elif name == "i":
            self._print(command.text)
        elif name in "ar" and command.text:
            self.appended.append((name, command.text))
        elif name == "w":
            self._output(command.text).write(encode(self.space + "\n"))
        elif name == "g":
            self.space = self.hold
        elif name == "G":
            self.space = f"{self.space}\n{self.hold}"
        elif name == "h":
            self.hold = self.space
        elif name == "H":
            self.hold = f"{self.hold}\n{self.space}"
        elif name == "x":
            self.space, self.hold = self.hold, self.space

    # -- addresses --------------------------------------------------------------------------------------------------

    def _selected(self, command: Command) -> bool:
        first, second = command.first, command.second
        if first is None:
            return True
        if second is None:
            return self._at(first)
        if command.active:
            command.active = not self._ends(command, second)
            return second.kind != "line" or self.number <= second.number
        starts_before = first.kind == "line" and first.number == 0 and second.kind == "pattern"
        if starts_before and self.number == 1 and self.style.gnu:
            command.active = not self._at(second)
            return True
        if not self._at(first):
            return False
        command.until = self.number + second.number if second.kind == "plus" else self._multiple(second)
        command.active = not (
            second.kind == "line" and second.number <= self.number
            or second.kind in ("plus", "multiple") and command.until <= self.number
            or second.kind == "last" and self.following is None
        )  # fmt: skip
        return True

    def _multiple(self, address: Address) -> int:
        return -(-self.number // address.number) * address.number if address.number else self.number

    def _ends(self, command: Command, second: Address) -> bool:
        if second.kind in ("plus", "multiple"):
            return self.number >= command.until
        return self.number >= second.number if second.kind == "line" else self._at(second)

    def _at(self, address: Address) -> bool:
        if address.kind == "line":
            return self.number == address.number
        if address.kind == "last":
            return self.following is None
        if address.kind == "step":
            distance = self.number - address.number
            return distance == 0 if address.step == 0 else distance >= 0 and distance % address.step == 0
        return self._pattern(address.pattern).search(self.space) is not None

    def _pattern(self, pattern: re.Pattern[str] | None) -> re.Pattern[str]:
        """The pattern, or for an empty one the last that was used."""
        self.last_pattern = pattern or self.last_pattern
        if self.last_pattern is None:
            self.style.complain(
                self.process, "no previous regular expression" if self.style.gnu else "no previous regexp"
            )
            self.process.exit(1)
        return self.last_pattern

    # -- substitution -----------------------------------------------------------------------------------------------

    def _substitute(self, command: Command) -> None:
        pattern = self._pattern(command.pattern)
        made, at, count = "", 0, 0
        for found in pattern.finditer(self.space):
            if found.end() == found.start() == at and count and at:
                continue
            count += 1
            if count < command.occurrence:
                continue
            made += self.space[at : found.start()] + _replaced(command.replacement, found, gnu=self.style.gnu)
            at = found.end()
            if "g" not in command.flags:
                break
        if count < command.occurrence or not count:
            return
        self.space = made + self.space[at:]
        if len(self.space) > LONGEST:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        self.substituted = True
        if "p" in command.flags:
            self._print(self.space)
        if command.text:
            self._output(command.text).write(encode(self.space + "\n"))

    # -- output -----------------------------------------------------------------------------------------------------

    def _print(self, text: str) -> None:
        data = encode(text + ("\n" if self.newline or text is not self.space else ""))
        if self.kept is not None:
            self.kept += data
        else:
            self.process.write(data)

    def _flush(self) -> None:
        """What a and r put behind the line."""
        for kind, text in self.appended:
            if kind == "a":
                self._print(text)
                continue
            full = self.process.path(text)
            if self.process.disk.exists(full) and not self.process.disk.is_directory(full):
                data = self.process.disk.read(full, self.process)
                self.process.write(data) if self.kept is None else self.kept.extend(data)
        self.appended.clear()

    def _output(self, path: str) -> OpenFile:
        standard = {"/dev/stdout": self.process.stdout, "/dev/stderr": self.process.stderr}
        if path not in self.outputs:
            self.outputs[path] = standard.get(path) or self.process.open(path, "w")
        return self.outputs[path]


def _replaced(template: str, found: re.Match[str], *, gnu: bool) -> str:
    """The replacement with & and \\1 filled in; GNU's \\U \\L \\u \\l \\E change the case of what follows."""
    made, mode, once = "", "", ""
    for piece in REPLACED.finditer(template):
        escaped = piece.group(1)
        if escaped and escaped in "ULE" and gnu:
            mode = escaped.replace("E", "")
            continue
        if escaped and escaped in "ul" and gnu:
            once = escaped
            continue
        if piece.group() == "&" or escaped == "0":
            text = found.group()
        elif escaped and escaped.isdigit():
            text = found.group(int(escaped)) or ""
        else:
            text = ESCAPES.get(escaped, escaped) if escaped else piece.group()
        text = text.upper() if mode == "U" else text.lower() if mode == "L" else text
        if once and text:
            text, once = (text[0].upper() if once == "u" else text[0].lower()) + text[1:], ""
        made += text
    return made


def _visible(text: str) -> str:
    """The `l` command: everything that does not print as an escape, long lines folded."""
    names = {char: f"\\{letter}" for letter, char in ESCAPES.items()} | {"\\": "\\\\", "\b": "\\b"}
    shown, line = [], ""
    for char in text:
        cell = names.get(char) or (char if " " <= char <= "~" else "".join(f"\\{byte:03o}" for byte in encode(char)))
        if len(line) + len(cell) > WRAP - 2:
            shown.append(line + "\\")
            line = ""
        line += cell
    return "\n".join([*shown, line + "$"])
