"""tail: the last lines or bytes of files, and (-f) what is appended to them (tail(1))."""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.head import COUNT, SCALE, cannot_open, old_count
from simulator.userland.program import BUSYBOX, GNU, Style, duration_from_text, open_input, read_all, rows, strerror

LONG = {
    "lines=": "n", "bytes=": "c", "quiet": "q", "silent": "q", "verbose": "v", "follow=?": "f", "sleep-interval=": "s",
    "retry": "R", "pid=": "P",
}  # fmt: skip


class _Followed(Struct):
    """A file that is followed, and how many bytes of it have been shown."""

    path: str
    seen: int


def tail(process: Process) -> Steps:
    return (yield from _tail(process, BUSYBOX))


def gnu_tail(process: Process) -> Steps:
    return (yield from _tail(process, GNU))


def _tail(process: Process, style: Style) -> Steps:
    argv = [process.argv[0], *old_count(process.argv[1:], "n")]
    given = style.options(process, "n:c:fFqvs:", long=LONG, argv=argv)
    unit = given.last_of("nc") or "n"
    count, from_start = _count(process, style, given.get(unit, "10"), unit)
    named = "v" in given or (len(given.operands) > 1 and "q" not in given)
    status, shown, followed = 0, "", []
    for path in given.operands or ["-"]:
        try:
            file = open_input(process, path)
            data = yield from read_all(file)
        except OSError as failure:
            status = style.complain(process, _refusal(style, path, failure))
            continue
        if named:
            process.print(("\n" if shown else "") + f"==> {'standard input' if path == '-' else path} <==")
        shown = path
        process.write(_last(data, count, from_start, lines=unit == "n"))
        if path != "-":
            followed.append(_Followed(path, len(data)))
    if not shown and not style.gnu:
        return style.complain(process, "no files")
    if followed and ("f" in given or "F" in given):
        yield from _follow(process, followed, duration_from_text(given.get("s", "1")) or S, shown if named else "")
    return status


def _refusal(style: Style, path: str, failure: OSError) -> str:
    return cannot_open(style, path, failure) if style.gnu else f"can't open '{path}': {strerror(failure)}"


def _count(process: Process, style: Style, text: str, unit: str) -> tuple[int, bool]:
    """How many, and whether they are counted from the beginning (+5)."""
    found = COUNT.fullmatch(text)
    if found is None:
        kind = "lines" if unit == "n" else "bytes"
        style.complain(process, f"invalid number of {kind}: ‘{text}’" if style.gnu else f"invalid number '{text}'")
        process.exit(1)
    return int(found.group(2)) * SCALE[found.group(3)], found.group(1) == "+"


def _last(data: bytes, count: int, from_start: bool, *, lines: bool) -> bytes:
    if not lines:
        return data[max(0, count - 1) :] if from_start else data[len(data) - count :] if count < len(data) else data
    found = rows(data)
    if from_start:
        return b"".join(found[max(0, count - 1) :])
    return b"".join(found[max(0, len(found) - count) :])


def _follow(process: Process, followed: list[_Followed], interval: int, shown: str) -> Steps:
    """Looks for more every interval, for ever."""
    while True:
        yield process.sleep(interval)
        for file in followed:
            try:
                data = process.disk.read(process.path(file.path), process)
            except OSError:
                continue
            if len(data) < file.seen:
                file.seen = 0
            more, file.seen = data[file.seen :], len(data)
            if more and shown and shown != file.path:
                process.print(f"\n==> {file.path} <==")
                shown = file.path
            process.write(more)
