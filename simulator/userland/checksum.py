"""md5sum, sha1sum, sha256sum, sha512sum: prints or checks the digests of files."""

from __future__ import annotations

import hashlib
import posixpath
import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines, each_file
from simulator.userland.program import BUSYBOX, GNU, Style, open_input, read_all

LONG = {"check": "c", "status": "s", "warn": "w", "binary": "b", "text": "t", "quiet": "q", "tag": "tag"}
LINE = re.compile(r"([0-9a-fA-F]+) [ *](.+)")


def checksum(process: Process) -> Steps:
    return (yield from _checksum(process, BUSYBOX, BUSYBOX.options(process, "scwbt")))


def gnu_checksum(process: Process) -> Steps:
    return (yield from _checksum(process, GNU, GNU.options(process, "cwbtz", long=LONG)))


def _checksum(process: Process, style: Style, given: Options) -> Steps:
    if "c" in given:
        status = 0
        for path in given.operands or ["-"]:
            status = (yield from _check(process, style, given, path)) or status
        return status

    def show(data: bytes, path: str) -> None:
        mark = "*" if "b" in given and style.gnu else " "
        process.print(f"{_digest(process, data)} {mark}{path}")

    return (yield from each_file(process, given.operands, style, show, refusal=style.refusal))


def _digest(process: Process, data: bytes) -> str:
    name = posixpath.basename(process.argv[0]).removesuffix("sum")
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _check(process: Process, style: Style, given: Options, path: str) -> Steps:
    """Compares what a list says with what the files are now."""
    source = InputLines(process, [path], style, refusal=style.refusal)
    checked = failed = missing = 0
    while (line := (yield from source.next())) is not None:
        found = LINE.fullmatch(line)
        if found is None:
            failed += not style.gnu
            checked += not style.gnu
            continue
        checked += 1
        name = found.group(2)
        try:
            data = yield from read_all(open_input(process, name))
        except OSError as failure:
            style.complain(process, style.refusal(name, failure))
            verdict, missing = "FAILED open or read" if style.gnu else "FAILED", missing + 1
        else:
            good = _digest(process, data) == found.group(1).lower()
            verdict, failed = "OK" if good else "FAILED", failed + (not good)
        if "s" not in given and not (verdict == "OK" and "q" in given):
            process.print(f"{name}: {verdict}")
    if source.status:
        return source.status
    if not checked:
        shown = "'standard input'" if path == "-" else path
        return style.complain(process, f"{shown}: no properly formatted checksum lines found") if style.gnu else 0
    _sum_up(process, style, given, (checked, failed, missing))
    return int(bool(failed or missing))


def _sum_up(process: Process, style: Style, given: Options, counts: tuple[int, int, int]) -> None:
    checked, failed, missing = counts
    if "s" in given or not failed + missing:
        return
    if not style.gnu:
        style.complain(process, f"WARNING: {failed + missing} of {checked} computed checksums did NOT match")
        return
    if missing:
        style.complain(process, f"WARNING: {missing} listed file{'s'[: missing > 1]} could not be read")
    if failed:
        style.complain(process, f"WARNING: {failed} computed checksum{'s'[: failed > 1]} did NOT match")
