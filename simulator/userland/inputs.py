"""The lines of several files one after another, as filters read them: as they come, so that `ping | grep` is live."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import LineReader, Style, decode, open_input, read_all, strerror

Refusal = Callable[[str, OSError], str]


def plain_refusal(path: str, failure: OSError) -> str:
    """nosuch: No such file or directory"""
    return f"{path}: {strerror(failure)}"


class InputLines:
    """Standard input if no file is named. A file that cannot be opened is told about and sets `status`."""

    def __init__(
        self,
        process: Process,
        paths: Iterable[str],
        style: Style,
        *,
        refusal: Refusal = plain_refusal,
        failed: int = 1,
        end: bytes = b"\n",
    ) -> None:
        self.process, self.style, self.refusal, self.end = process, style, refusal, end
        self.paths = list(paths) or ["-"]
        self.failed = failed
        self.status = 0
        self.path = ""
        self.opened = 0  # how many files have been opened so far
        self.newline = True  # whether the last line ended in one
        self._reader: LineReader | None = None

    def next(self) -> Steps:
        """The next line as text without its newline; None at the end of the last file."""
        while True:
            if self._reader is None and not (yield from self._open()):
                return None
            assert self._reader is not None
            line = yield from self._reader.line()
            if line is not None:
                self.newline = line.endswith(self.end)
                return decode(line[:-1] if self.newline else line)
            self._reader = None

    def _open(self) -> Steps:
        while self.paths:
            self.path = self.paths.pop(0)
            try:
                self._reader = LineReader(open_input(self.process, self.path), end=self.end)
            except OSError as failure:
                self.style.complain(self.process, self.refusal(self.path, failure))
                self.status = self.failed
                continue
            self.opened += 1
            return True
        return False
        yield


def each_line(process: Process, paths: Iterable[str], style: Style, transform: Callable[[str], str | None]) -> Steps:
    """Prints what transform makes of each line (None: nothing); gives the status."""
    source = InputLines(process, paths, style)
    while (line := (yield from source.next())) is not None:
        shown = transform(line)
        if shown is not None:
            process.print(shown)
            yield process.stdout.drain()
    return source.status


def each_file(
    process: Process,
    paths: Iterable[str],
    style: Style,
    handle: Callable[[bytes, str], int | None],
    *,
    refusal: Refusal = plain_refusal,
    failed: int = 1,
) -> Steps:
    """Hands the whole of each file (standard input if none is named) to handle(data, path); gives the status."""
    status = 0
    for path in list(paths) or ["-"]:
        try:
            data = yield from read_all(open_input(process, path))
        except OSError as failure:
            style.complain(process, refusal(path, failure))
            status = failed
            continue
        status = handle(data, path) or status
    return status
