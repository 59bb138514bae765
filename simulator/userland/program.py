"""What programs share: reading files, styles of complaint, sizes and processes in sight.

A program is a generator function `def cat(process) -> Steps`; its return value is the exit status. Programs exist in
two styles, busybox's and GNU's, which differ in how they complain; `Style` is that difference.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Mapping
from typing import NoReturn

from msgspec import Struct

from simulator.clock import S, Steps
from simulator.kernel import errors
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.kernel.signals import NAMES
from simulator.userland.getopt import BadOption, Options, options

BUSYBOX_BANNER = "BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary."
CHUNK = 65536
MEMORY = 16 << 20  # bytes that a program may hold in one piece, so that endless input ends

_SIGNAL_TEXTS = {
    "HUP": "Hangup", "INT": "Interrupt", "QUIT": "Quit", "ILL": "Illegal instruction", "TRAP": "Trace/breakpoint trap",
    "ABRT": "Aborted", "BUS": "Bus error", "FPE": "Floating point exception", "KILL": "Killed",
    "USR1": "User defined signal 1", "SEGV": "Segmentation fault", "USR2": "User defined signal 2",
    "PIPE": "Broken pipe", "ALRM": "Alarm clock", "TERM": "Terminated", "STOP": "Stopped (signal)",
}  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------------


def read_all(file: OpenFile) -> Steps:
    """Everything up to the end of the file, as bytes. Raises OSError ENOMEM for more than memory holds."""
    chunks = []
    size = 0
    while chunk := (yield file.read(CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
        if size > MEMORY:
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
    return b"".join(chunks)


def lines(file: OpenFile) -> Steps:
    """All lines of the file as text, without their newlines."""
    text = decode((yield from read_all(file)))
    return text.removesuffix("\n").split("\n") if text else []


def rows(data: bytes) -> list[bytes]:
    """Lines with their newlines; a carriage return ends none."""
    return [row + b"\n" for row in data.split(b"\n")[:-1]] + ([last] if (last := data.rpartition(b"\n")[2]) else [])


class LineReader:
    """Reads a file line by line, as it comes."""

    def __init__(self, file: OpenFile, *, end: bytes = b"\n") -> None:
        self.file, self.end = file, end
        self._rest = b""
        self._ended = False

    def line(self) -> Steps:
        """The next line as bytes with its newline (the last may lack one); None at the end."""
        while self.end not in self._rest and not self._ended:
            chunk = yield self.file.read(CHUNK)
            self._ended = not chunk
            self._rest += chunk
        end = self._rest.find(self.end) + 1 or len(self._rest)
        line, self._rest = self._rest[:end], self._rest[end:]
        return line or None


def read_line(file: OpenFile) -> Steps:
    """One line as text without its newline, not a byte more; None at the end of the file."""
    line = b""
    while not line.endswith(b"\n"):
        char = yield file.read(1)
        if not char:
            return decode(line) if line else None
        line += char
    return decode(line[:-1])


def open_input(process: Process, path: str) -> OpenFile:
    """The file of this name to read; "-" is standard input. Raises OSError."""
    if path == "-":
        return process.stdin
    return process.open(path)


def decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# -- complaints --------------------------------------------------------------------------------------------------------


def strerror(failure: OSError) -> str:
    """What Linux says of an error: "Connection refused"."""
    return failure.strerror or errors.strerror(failure.errno or errno.EIO)


class Style(Struct, frozen=True):
    """How a family of programs complains."""

    name: str

    @property
    def gnu(self) -> bool:
        return self.name == "gnu"

    def cannot_open(self, process: Process, path: str, failure: OSError) -> int:
        """cat: can't open 'x': ... / cat: x: ...; gives status 1."""
        return self.complain(process, self.refusal(path, failure))

    def refusal(self, path: str, failure: OSError) -> str:
        shown = path if self.gnu else f"can't open '{path}'"
        return f"{shown}: {strerror(failure)}"

    def complain(self, process: Process, text: str, status: int = 1) -> int:
        process.error(f"{self.program(process)}: {text}")
        return status

    def program(self, process: Process) -> str:
        """How the program calls itself: busybox by the applet's name, GNU as it was called."""
        return process.argv[0] if self.gnu else posixpath.basename(process.argv[0])

    def refuse(self, process: Process, text: str = "", *, status: int = 1) -> NoReturn:
        """Ends the program over its arguments, with the usage text or a pointer to it.

        `NAME --help` alone is no mistake to busybox (appletlib.c, run_applet_no_and_exit).
        """
        name = self.program(process)
        if not self.gnu and process.argv[1:] == ["--help"]:
            text, status = "", 0
        if text:
            process.error(f"{name}: {text}")
        process.error(f"Try '{name} --help' for more information." if self.gnu else _busybox_usage(name))
        process.exit(status)

    def options(
        self,
        process: Process,
        letters: str,
        *,
        long: Mapping[str, str] | None = None,
        permute: bool = True,
        status: int = 1,
        argv: list[str] | None = None,
    ) -> Options:
        """The options of the program, or of what is left of its argv; ends it with this status if it knows one not."""
        try:
            return options(process.argv if argv is None else argv, letters, long=long, permute=permute)
        except BadOption as bad:
            self.refuse(process, str(bad), status=status)


def _busybox_usage(name: str) -> str:
    from simulator.userland.usage import busybox_usage

    return busybox_usage(name)


BUSYBOX = Style("busybox")
GNU = Style("gnu")


def options_or_usage(
    process: Process,
    letters: str,
    *,
    long: Mapping[str, str] | None = None,
    permute: bool = True,
    usage: str,
    status: int,
) -> Options:
    """The program's options; ends it with its usage text if it does not know one, as net-tools and iproute2 do."""
    try:
        return options(process.argv, letters, long=long, permute=permute)
    except BadOption as bad:
        process.error(f"{process.argv[0]}: {bad}\n{usage}")
        process.exit(status)


# -- words -------------------------------------------------------------------------------------------------------------


def signal_text(number: int) -> str:
    """strsignal(3): Terminated, Killed."""
    return _SIGNAL_TEXTS.get(NAMES.get(number, ""), f"Unknown signal {number}")


def human_size(size: int, *, base: int = 1024) -> str:
    """1234567 as 1.2M, the way `ls -h` and `df -h` write it: rounded up."""
    if size < base:
        return str(size)
    amount, unit = size, ""
    for unit in "KMGTPE":
        if amount < base * base:
            break
        amount = -(-amount // base)
    tenths = -(-amount * 10 // base)
    return f"{tenths // 10}.{tenths % 10}{unit}" if tenths < 100 else f"{-(-tenths // 10)}{unit}"


def duration_from_text(text: str) -> int | None:
    """1, 0.5, 2m, 1h, 1d as ns (sleep, timeout); None for anything else."""
    scale = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(text[-1:], 0)
    digits = text[:-1] if scale else text
    whole, _dot, fraction = digits.partition(".")
    if not (whole + fraction).isdigit() or not (whole + fraction).isascii():
        return None
    return (int(whole or "0") * S + int((fraction + "0" * 9)[:9])) * (scale or 1)


def visible_processes(process: Process) -> dict[int, Process]:
    """The processes this one sees, by the number it sees them under."""
    if process.pids is process.machine.pids:
        return dict(sorted(process.machine.processes.items()))
    return dict(sorted(process.pids.members.items()))
