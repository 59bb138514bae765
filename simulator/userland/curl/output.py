"""Where an answer goes: standard output or a file, with its head if that is wanted."""

from __future__ import annotations

import posixpath

from simulator.clock import Event
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.userland.curl.options import Given
from simulator.userland.curl.words import WRITE_ERROR, Failure, Words
from simulator.userland.http_message import Head
from simulator.userland.program import strerror

BINARY = (
    'Binary output can mess up your terminal. Use "--output -" to tell curl to output it to your terminal anyway, '
    'or consider "--output <FILE>" to save to a file.'
)


class Stdout:
    """Standard output as the C library buffers it: by lines on a terminal, else by blocks; the rest at the end."""

    BLOCK = 4096  # bytes

    def __init__(self, process: Process) -> None:
        self._process = process
        self._waiting = b""

    def write(self, data: bytes) -> None:
        self._waiting += data
        if self._process.stdout.isatty:
            self._pass_on(self._waiting.rfind(b"\n") + 1)
        elif len(self._waiting) >= self.BLOCK:
            self._pass_on(len(self._waiting))

    def drain(self) -> Event:
        return self._process.stdout.drain()

    def flush(self) -> None:
        self._pass_on(len(self._waiting))

    def _pass_on(self, count: int) -> None:
        if count:
            data, self._waiting = self._waiting[:count], self._waiting[count:]
            self._process.stdout.write(data)


def warn(process: Process, text: str) -> None:
    """A warning, broken at 79 columns (src/tool_msgs.c)."""
    room = 79 - len("Warning: ")
    while len(text) > room:
        at = text.rfind(" ", 0, room)
        cut = room if at <= 0 else at + 1
        process.error(f"Warning: {text[:cut]}")
        text = text[cut:]
    process.error(f"Warning: {text}")


class Sink:
    """The place of one answer. A file is made when the first byte comes, or at the end."""

    def __init__(self, process: Process, settings: Given, words: Words, *, path: str | None, stdout: Stdout) -> None:
        self._process, self._settings, self._words, self._stdout = process, settings, words, stdout
        self.path = None if path == "-" else path
        self._anyway = path == "-"
        self._file: OpenFile | Stdout | None = None if self.path else stdout
        self.size = 0

    @property
    def on_terminal(self) -> bool:
        return self.path is None and self._process.stdout.isatty

    def head(self, head: Head) -> None:
        """The head goes before the body with -i and -I, and to the file of -D."""
        settings = self._settings
        if settings.has("include") or settings.has("head"):
            bold = self.on_terminal and self._words.bold_headers
            fields = (f"\x1b[1m{name}\x1b[0m: {value}" if bold else f"{name}: {value}" for name, value in head.fields)
            text = "".join(f"{line}\r\n" for line in (head.start, *fields, ""))
            self._open().write(text.encode("utf-8", "surrogateescape"))
        dump = settings.get("dump-header")
        if dump == "-":
            self._stdout.write(head.to_bytes())
        elif dump:
            self._process.open(dump, "a").write(head.to_bytes())

    def write(self, data: bytes) -> None:
        """Raises Failure if the file cannot be made, or if bytes would harm the terminal."""
        if b"\0" in data and self.on_terminal and not self._anyway:
            warn(self._process, BINARY)
            raise Failure(WRITE_ERROR, "")
        self._open().write(data)
        if self._file is self._stdout and self._settings.has("no-buffer"):
            self._stdout.flush()
        self.size += len(data)

    def drain(self) -> Event:
        return self._open().drain()

    def finish(self) -> None:
        """An answer without a body leaves an empty file."""
        self._open()

    def _open(self) -> OpenFile | Stdout:
        if self._file is None:
            assert self.path is not None
            try:
                folder = posixpath.dirname(self._process.path(self.path))
                if self._settings.has("create-dirs"):
                    self._process.disk.make_directory(folder, parents=True)
                self._file = self._process.open(self.path, "w")
            except OSError as failure:
                warn(self._process, f"Failed to open the file {self.path}: {strerror(failure)}")
                raise Failure(WRITE_ERROR, "Failure writing output to destination") from None
        return self._file
