"""printf: formatted output (POSIX.1-2017, printf), as a program and for the shells' builtin.

Left out: %n, locales, -v beyond the builtin of bash.
"""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.echo import ESCAPES, unescape
from simulator.userland.program import BUSYBOX, GNU, Style, encode

WIDEST = 1 << 20  # of a field; no screen is wider
DIRECTIVE = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|j|z|t|L)?([a-zA-Z%])?")
ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([abefnrtv\\\"'])|(c))")
NUMBER = re.compile(r"\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)")
FLOAT = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")

# Complaints by dialect: an argument that is no number, one that is only at its beginning, a directive unknown.
NOT_A_NUMBER = {"ash": "invalid number '{0}'", "bash": "{0}: invalid number", "dash": "{0}: expected numeric value"}
PARTLY = {"ash": "invalid number '{0}'", "bash": "{0}: invalid number", "dash": "{0}: not completely converted"}
UNKNOWN = {"ash": "%{1}: invalid format", "bash": "`{0}': invalid format character", "dash": "%{0}: invalid directive"}
MISSING = {"ash": "%: invalid format", "bash": "`%': missing format character", "dash": "missing format character"}


class Stopped(Exception):
    r"""\c, or a directive that does not exist: nothing more is written."""


class Formatter:
    """One run of printf: `text` and `errors` are its outcome."""

    def __init__(self, dialect: str = "ash") -> None:
        self.dialect = dialect
        self.pieces: list[str] = []
        self.errors: list[str] = []
        self.arguments: list[str] = []
        self.consumed = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def run(self, template: str, arguments: list[str]) -> Formatter:
        """Applies the template as often as there are arguments for it."""
        self.arguments = list(arguments)
        try:
            while True:
                self.consumed = False
                self._once(template)
                if not self.arguments or not self.consumed:
                    return self
        except Stopped:
            return self

    def _once(self, template: str) -> None:
        position = 0
        while position < len(template):
            char = template[position]
            if char == "%":
                position = self._directive(template, position)
            elif char == "\\":
                position = self._escape(template, position)
            else:
                end = re.compile(r"[%\\]").search(template, position)
                stop = end.start() if end else len(template)
                self.pieces.append(template[position:stop])
                position = stop

    def _escape(self, template: str, position: int) -> int:
        found = ESCAPE.match(template, position)
        if found is None:
            self.pieces.append("\\")
            return position + 1
        octal, hexadecimal, code, letter, stop = found.groups()
        if stop:
            raise Stopped
        if letter:
            self.pieces.append(ESCAPES.get(letter, letter))
        elif code:
            self.pieces.append(chr(int(code, 16)))
        else:
            value = int(octal, 8) if octal else int(hexadecimal, 16)
            self.pieces.append(bytes([value & 0xFF]).decode("utf-8", "surrogateescape"))
        return found.end()

    def _directive(self, template: str, position: int) -> int:
        found = DIRECTIVE.match(template, position)
        assert found is not None
        flags, width, precision, kind = found.groups()
        has_precision = "." in found.group()
        if kind == "%":
            self.pieces.append("%")
            return found.end()
        width = str(self._integer()) if width == "*" else width or ""
        precision = str(self._integer()) if precision == "*" else precision or "0"
        spec = Spec(flags, width, int(precision) if has_precision else None)
        self.pieces.append(self._value(kind, spec, template, position, found.end()))
        return found.end()

    def _value(self, kind: str | None, spec: Spec, template: str, start: int, end: int) -> str:
        if kind in ("d", "i"):
            return spec.number(self._integer())
        if kind in ("u", "o", "x", "X"):
            return spec.unsigned(self._integer() % 2**64, kind)
        if kind == "c":
            return spec.pad(self._next()[:1])
        if kind == "s":
            return spec.pad(spec.cut(self._next()))
        if kind == "b":
            text, stopped = unescape(self._next())
            if stopped:
                self.pieces.append(spec.pad(text))
                raise Stopped
            return spec.pad(spec.cut(text))
        if kind == "q" and self.dialect == "bash":
            return spec.pad(quoted(self._next()))
        if kind and kind in "feEgGF":
            return spec.real(self._float(), kind)
        self._unknown(kind, template, start, end)
        raise Stopped

    def _unknown(self, kind: str | None, template: str, start: int, end: int) -> None:
        if kind is None and end >= len(template):
            self.errors.append(MISSING[self.dialect])
            return
        shown = template[end : end + 1] if kind is None else kind
        self.errors.append(UNKNOWN[self.dialect].format(shown, template[start + 1 :]))

    def _next(self) -> str:
        self.consumed = True
        return self.arguments.pop(0) if self.arguments else ""

    def _integer(self) -> int:
        text = self._next()
        if text[:1] in ("'", '"'):
            return ord(text[1]) if len(text) > 1 else 0
        found = NUMBER.match(text)
        if not text:
            return 0
        if found is None:
            self.errors.append(NOT_A_NUMBER[self.dialect].format(text))
            return 0
        value = int(found.group(2), 16 if found.group(2)[:2].lower() == "0x" else 8 if found.group(2)[0] == "0" else 10)
        if found.end() != len(text):
            self.errors.append(PARTLY[self.dialect].format(text))
            value = 0 if self.dialect == "ash" else value
        return -value if found.group(1) == "-" else value

    def _float(self) -> float:
        text = self._next()
        found = FLOAT.match(text)
        if text and (found is None or found.end() != len(text)):
            self.errors.append(NOT_A_NUMBER[self.dialect].format(text))
        return float(found.group()) if found else 0.0


class Spec:
    """Flags, width and precision of a directive."""

    def __init__(self, flags: str, width: str, precision: int | None) -> None:
        self.left = "-" in flags or width.startswith("-")
        self.zero = "0" in flags
        self.flags = flags
        self.width = min(int(width.lstrip("-")[:9] or 0), WIDEST)
        self.precision = None if precision is None else min(precision, WIDEST)

    def cut(self, text: str) -> str:
        return text if self.precision is None else text[: self.precision]

    def pad(self, text: str) -> str:
        return text.ljust(self.width) if self.left else text.rjust(self.width)

    def number(self, value: int) -> str:
        sign = "-" if value < 0 else "+" if "+" in self.flags else " " if " " in self.flags else ""
        return self._digits(sign, str(abs(value)))

    def unsigned(self, value: int, kind: str) -> str:
        digits = {"u": "d", "o": "o", "x": "x", "X": "X"}[kind]
        prefix = {"x": "0x", "X": "0X", "o": "0"}.get(kind, "") if "#" in self.flags and value else ""
        return self._digits(prefix, format(value, digits))

    def real(self, value: float, kind: str) -> str:
        text = (
            f"%{''.join(set(self.flags) - {'-', '0'})}.{6 if self.precision is None else self.precision}{kind}" % value
        )
        if self.zero and not self.left:
            sign = text[0] if text[0] in "+- " else ""
            return sign + text[len(sign) :].rjust(self.width - len(sign), "0")
        return self.pad(text)

    def _digits(self, prefix: str, digits: str) -> str:
        if self.precision is not None:
            return self.pad(prefix + digits.rjust(self.precision, "0"))
        if self.zero and not self.left:
            return prefix + digits.rjust(self.width - len(prefix), "0")
        return self.pad(prefix + digits)


def quoted(text: str) -> str:
    """%q: the text as bash would have to read it, each special character behind a backslash."""
    return re.sub(r"([^A-Za-z0-9_./:@%+,=-])", r"\\\1", text) if text else "''"


def printf(process: Process, style: Style = BUSYBOX) -> Steps:
    if len(process.argv) < 2:
        style.refuse(process, "missing operand" if style.gnu else "")
    formatter = Formatter("bash" if style.gnu else "ash").run(process.argv[1], process.argv[2:])
    process.write(encode(formatter.text))
    for error in formatter.errors:
        style.complain(process, error)
    return int(bool(formatter.errors))
    yield


def gnu_printf(process: Process) -> Steps:
    return printf(process, GNU)
