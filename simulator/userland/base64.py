"""base64: bytes as text and back (RFC 4648, base64(1))."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, open_input, read_all, strerror

LONG = {"decode": "d", "wrap=": "w", "ignore-garbage": "i"}
WIDTH = "76"
NOT_IN_ALPHABET = re.compile(rb"[^A-Za-z0-9+/=]")


def base64(process: Process) -> Steps:
    return (yield from _base64(process, BUSYBOX, BUSYBOX.options(process, "dw:")))


def gnu_base64(process: Process) -> Steps:
    return (yield from _base64(process, GNU, GNU.options(process, "diw:", long=LONG)))


def _base64(process: Process, style: Style, given: Options) -> Steps:
    if len(given.operands) > 1:
        style.refuse(process, f"extra operand ‘{given.operands[1]}’" if style.gnu else "")
    width = given.get("w", WIDTH)
    if not width.isdigit():
        return style.complain(process, f"invalid wrap size: ‘{width}’" if style.gnu else f"invalid number '{width}'")
    path = (given.operands or ["-"])[0]
    try:
        data = yield from read_all(open_input(process, path))
    except OSError as failure:
        return style.complain(process, f"{path}: {strerror(failure)}")
    if "d" in given:
        return _decode(process, style, data, ignore="i" in given)
    text = b64encode(data).decode("ascii")
    size = int(width)
    rows = [text[at : at + size] for at in range(0, len(text), size)] if size else [text]
    process.print("\n".join(rows), end="\n" if size and text else "")
    return 0


def _decode(process: Process, style: Style, data: bytes, *, ignore: bool) -> int:
    """Decodes up to the first byte that is no base64."""
    kept = data.translate(None, b" \t\r\n") if not ignore else NOT_IN_ALPHABET.sub(b"", data)
    wrong = NOT_IN_ALPHABET.search(kept)
    good = kept[: wrong.start()] if wrong else kept
    whole = len(good) // 4 * 4
    process.write(b64decode(good[:whole]))
    if (wrong or whole < len(good)) and style.gnu:
        return style.complain(process, "invalid input")
    return 0
