"""cmp: where two files first differ (POSIX.1-2017, cmp)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style, open_input, read_all, strerror

LONG = {"silent": "s", "quiet": "s", "verbose": "l", "bytes=": "n", "print-bytes": "b"}
SAME, DIFFERENT, TROUBLE = 0, 1, 2


def cmp(process: Process) -> Steps:
    return (yield from _cmp(process, BUSYBOX))


def gnu_cmp(process: Process) -> Steps:
    return (yield from _cmp(process, GNU))


def _cmp(process: Process, style: Style) -> Steps:
    given = style.options(process, "sln:" + ("bi:" if style.gnu else ""), long=LONG, status=TROUBLE if style.gnu else 1)
    paths = given.operands[:2]
    if not paths:
        if style.gnu:
            process.error("cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.")
            return TROUBLE
        style.refuse(process)
    paths = paths if len(paths) == 2 else [*paths, "-"]
    contents = []
    for path in paths:
        try:
            contents.append((yield from read_all(open_input(process, path))))
        except OSError as failure:
            return style.complain(process, f"{path}: {strerror(failure)}", TROUBLE)
    limit = int(given.get("n")) if given.get("n").isdigit() else None
    one, other = (data[:limit] for data in contents)
    return _compare(process, style, (one, other), paths, quiet="s" in given, every="l" in given)


def _compare(
    process: Process, style: Style, contents: tuple[bytes, bytes], paths: list[str], *, quiet: bool, every: bool
) -> int:
    one, other = contents
    if one == other:
        return SAME
    if quiet:
        return DIFFERENT
    common = min(len(one), len(other))
    differing = [at for at in range(common) if one[at] != other[at]]
    if every:
        wide = len(str(max(len(one), len(other)))) if style.gnu else 0
        for at in differing:
            process.print(
                f"{at + 1:{wide}} {one[at]:3o} {other[at]:3o}" if wide else f"{at + 1} {one[at]:3o} {other[at]:3o}"
            )
    elif differing:
        unit = "byte" if style.gnu else "char"
        line = one[: differing[0]].count(b"\n") + 1
        process.print(f"{paths[0]} {paths[1]} differ: {unit} {differing[0] + 1}, line {line}")
        return DIFFERENT
    if len(one) != len(other):
        _tell_end(process, style, paths[len(one) > len(other)], min(one, other, key=len), every=every)
    return DIFFERENT


def _tell_end(process: Process, style: Style, path: str, shorter: bytes, *, every: bool) -> None:
    """One of the files is the beginning of the other."""
    where = ""
    if style.gnu:
        lines = shorter.count(b"\n")
        line = f", line {lines}" if shorter.endswith(b"\n") else f", in line {lines + 1}"
        where = " which is empty" if not shorter else f" after byte {len(shorter)}{'' if every else line}"
    style.complain(process, f"EOF on {path}{where}")
