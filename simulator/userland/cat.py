"""cat, tac, rev: files to standard output, their lines reversed, their characters reversed."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.userland.inputs import each_file, each_line
from simulator.userland.program import BUSYBOX, CHUNK, GNU, LineReader, Style, open_input, rows, strerror

CAT_LONG = {
    "show-all": "A", "number-nonblank": "b", "show-ends": "E", "number": "n", "squeeze-blank": "s", "show-tabs": "T",
    "show-nonprinting": "v",
}  # fmt: skip


def cat(process: Process) -> Steps:
    return (yield from _cat(process, BUSYBOX))


def gnu_cat(process: Process) -> Steps:
    return (yield from _cat(process, GNU))


def _cat(process: Process, style: Style) -> Steps:
    given = style.options(process, "nbvteA" if not style.gnu else "AbeEnstTuv", long=CAT_LONG)
    flags = {letter for letter, _ in given.given}
    flags |= {"v", "t", "e"} if "A" in flags else set()
    shown = _Shown(flags) if flags - {"u"} else None
    status = 0
    for path in given.operands or ["-"]:
        try:
            file = open_input(process, path)
        except OSError as failure:
            status = _refuse(process, style, path, failure)
            continue
        try:
            yield from _copy(process, file) if shown is None else shown.copy(process, file)
        except BrokenPipeError:
            raise
        except OSError as failure:
            status = style.complain(process, f"{path if style.gnu else 'read error'}: {strerror(failure)}")
    return status


def _refuse(process: Process, style: Style, path: str, failure: OSError) -> int:
    if isinstance(failure, IsADirectoryError) and not style.gnu:
        return style.complain(process, "read error: Is a directory")
    return style.cannot_open(process, path, failure)


def _copy(process: Process, file: OpenFile) -> Steps:
    while chunk := (yield file.read(CHUNK)):
        process.write(chunk)
        yield process.stdout.drain()


class _Shown:
    """Lines with numbers and visible control characters."""

    def __init__(self, flags: set[str]) -> None:
        self.flags = flags
        self.number = 0
        self.blank = False

    def copy(self, process: Process, file: OpenFile) -> Steps:
        reader = LineReader(file)
        while (line := (yield from reader.line())) is not None:
            body, end = (line[:-1], b"\n") if line.endswith(b"\n") else (line, b"")
            if "s" in self.flags and self.blank and not body:
                continue
            self.blank = not body
            process.write(self._numbered(body) + self._visible(body) + (b"$" if self._ends and end else b"") + end)

    @property
    def _ends(self) -> bool:
        return bool(self.flags & {"e", "E"})

    def _numbered(self, body: bytes) -> bytes:
        if not ("b" in self.flags and body) and not ("n" in self.flags and "b" not in self.flags):
            return b""
        self.number += 1
        return b"%6d\t" % self.number

    def _visible(self, body: bytes) -> bytes:
        if not self.flags & {"v", "t", "e", "T"}:
            return body
        tabs = bool(self.flags & {"t", "T"})
        return b"".join(_spelled(code, tabs=tabs) for code in body)


def _spelled(code: int, *, tabs: bool) -> bytes:
    if code == 9:
        return b"^I" if tabs else b"\t"
    if code >= 128:
        return b"M-" + _spelled(code - 128, tabs=True)
    if code < 32:
        return b"^" + bytes([code + 64])
    return b"^?" if code == 127 else bytes([code])


def tac(process: Process) -> Steps:
    return (yield from _tac(process, BUSYBOX))


def gnu_tac(process: Process) -> Steps:
    return (yield from _tac(process, GNU))


def _tac(process: Process, style: Style) -> Steps:
    def handle(data: bytes, path: str) -> None:
        process.write(b"".join(reversed(rows(data))))

    def refusal(path: str, failure: OSError) -> str:
        shown = f"failed to open '{path}' for reading" if style.gnu else path
        return f"{shown}: {strerror(failure)}"

    given = style.options(process, "")
    return (yield from each_file(process, given.operands, style, handle, refusal=refusal))


def rev(process: Process) -> Steps:
    given = BUSYBOX.options(process, "")
    return (yield from each_line(process, given.operands, BUSYBOX, lambda line: line[::-1]))


def nl(process: Process) -> Steps:
    """Numbers lines: those with text (-b t), or all (-b a)."""
    given = BUSYBOX.options(process, "b:i:l:n:ps:v:w:")
    number, step = int(given.get("v", "1")), int(given.get("i", "1"))
    width, separator = int(given.get("w", "6")), given.get("s", "\t")

    def transform(line: str) -> str:
        nonlocal number
        if not line and given.get("b", "t")[:1] != "a" or given.get("b") == "n":
            return " " * (width + len(separator)) + line if line or given.get("b") == "n" else " " * (width + 1)
        shown = f"{number:>{width}}"
        number += step
        return shown + separator + line

    return (yield from each_line(process, given.operands, BUSYBOX, transform))
