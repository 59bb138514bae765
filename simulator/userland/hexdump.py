"""hexdump, od, xxd: the bytes of files as numbers and letters (hexdump(1), od(1), xxd(1)).

Left out: hexdump's formats of one's own (-e), od's floating point.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, decode, open_input, read_all, strerror

ROW = 16
NAMED = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
OLD = {"a": "a", "b": "o1", "c": "c", "d": "u2", "x": "x2", "o": "o2", "s": "d2", "i": "d4", "D": "u4", "X": "x4"}
KIND = re.compile(r"([acdoux])([CSIL]|\d*)")
SIZES = {"C": 1, "S": 2, "I": 4, "L": 8, "": 4}
OCTAL_WIDTHS = {1: 3, 2: 6, 4: 11, 8: 22}
DECIMAL_WIDTHS = {1: 3, 2: 5, 4: 10, 8: 20}


class _Kind(Struct, frozen=True):
    """One way to write a row: units of so many bytes, each so many columns wide."""

    size: int
    width: int
    show: Callable[[bytes], str]


def _gather(process: Process, style: Style, paths: Sequence[str], *, cannot: str = "") -> Steps:
    """All files as one; what failed sets the status."""
    data, status = b"", 0
    for path in paths or ["-"]:
        try:
            data += yield from read_all(open_input(process, path))
        except OSError as failure:
            status = style.complain(process, f"{cannot}{path}: {strerror(failure)}")
    return data, status


def _rows(data: bytes, *, every: bool) -> Iterator[tuple[int, bytes | None]]:
    """Rows with their offsets; None stands for rows that are like the one before."""
    starred = False
    for at in range(0, len(data), ROW):
        row = data[at : at + ROW]
        if at and not every and row == data[at - ROW : at] and len(row) == ROW:
            if not starred:
                yield at, None
            starred = True
            continue
        starred = False
        yield at, row


def _units(row: bytes, size: int) -> list[bytes]:
    return [row[at : at + size].ljust(size, b"\0") for at in range(0, len(row), size)]


def _letter(code: int) -> str:
    return NAMED.get(code) or (chr(code) if 32 <= code < 127 else f"{code:03o}")


# -- od ----------------------------------------------------------------------------------------------------------------


def od(process: Process) -> Steps:
    return (yield from _od(process, BUSYBOX))


def gnu_od(process: Process) -> Steps:
    return (yield from _od(process, GNU))


def _od(process: Process, style: Style) -> Steps:
    given = style.options(process, "A:j:N:t:vabcdxosiDXw::", long={"address-radix=": "A", "format=": "t", "skip-bytes=": "j",
        "read-bytes=": "N", "output-duplicates": "v", "width=?": "w"})  # fmt: skip
    texts = [value if letter == "t" else OLD[letter] for letter, value in given.given if letter == "t" or letter in OLD]
    kinds = []
    for text in texts or ["o2"]:
        if not re.fullmatch(rf"({KIND.pattern}z?)+", text):
            return style.complain(
                process, f"invalid type string ‘{text}’" if style.gnu else f"invalid type string '{text}'"
            )
        kinds += [_od_kind(letter, size) for letter, size in KIND.findall(text)]
    data, status = yield from _gather(process, style, given.operands)
    if status and not data:
        return status
    start = int(given.get("j", "0"), 0)
    data = data[start : start + int(given.get("N"), 0) if "N" in given else None]
    radix = {"d": "07d", "x": "06x", "o": "07o"}.get(given.get("A", "o"), "")
    for at, row in _rows(data, every="v" in given):
        if row is None:
            process.print("*")
            continue
        for index, kind in enumerate(kinds):
            address = format(at + start, radix) if radix else ""
            width = max(-(-other.width * kind.size // other.size) for other in kinds)
            cells = "".join(kind.show(unit).rjust(width) for unit in _units(row, kind.size))
            process.print((address if index == 0 else " " * len(address)) + cells)
    if radix:
        process.print(format(len(data) + start, radix))
    return status


def _od_kind(letter: str, size_text: str) -> _Kind:
    """Widths include the blank before a number."""
    if letter in "ac":
        return _Kind(1, 4, lambda unit: _letter(unit[0]))
    size = SIZES.get(size_text) or int(size_text)

    def show(unit: bytes) -> str:
        number = int.from_bytes(unit, "little", signed=letter == "d")
        if letter == "x":
            return f"{number:0{size * 2}x}"
        return f"{number:0{OCTAL_WIDTHS.get(size, 6)}o}" if letter == "o" else str(number)

    widths = {"x": size * 2, "o": OCTAL_WIDTHS.get(size, 6), "u": DECIMAL_WIDTHS.get(size, 10)}
    return _Kind(size, widths.get(letter, DECIMAL_WIDTHS.get(size, 10) + 1) + 1, show)


# -- hexdump -----------------------------------------------------------------------------------------------------------


def hexdump(process: Process) -> Steps:
    return (yield from _hexdump(process, BUSYBOX))


def gnu_hexdump(process: Process) -> Steps:
    return (yield from _hexdump(process, GNU))


def _hexdump(process: Process, style: Style) -> Steps:
    given = style.options(process, "bcCdn:os:vx")
    data, status = yield from _gather(process, style, given.operands)
    start = int(given.get("s", "0"), 0)
    data = data[start : start + int(given.get("n"), 0) if "n" in given else None]
    kind = given.last_of("bcCdox")
    for at, row in _rows(data, every="v" in given):
        process.print("*" if row is None else _hexdump_row(kind, at + start, row))
    if data:
        process.print(format(len(data) + start, "08x" if kind == "C" else "07x"))
    return status


def _hexdump_row(kind: str, at: int, row: bytes) -> str:
    if kind == "C":
        halves = [" ".join(f"{byte:02x}" for byte in half) for half in (row[:8], row[8:])]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        return f"{at:08x}  {halves[0]:<23}  {halves[1]:<23}  |{text}|"
    if kind in ("b", "c"):
        cells = [f"{byte:03o}" if kind == "b" else _letter(byte).rjust(3) for byte in row]
        return f"{at:07x} " + " ".join(cells).ljust(63)
    width, code = {"d": (7, "05d"), "o": (7, "06o"), "x": (7, "04x")}.get(kind, (4, "04x"))
    cells = [format(int.from_bytes(unit, "little"), code).rjust(width) for unit in _units(row, 2)]
    return f"{at:07x} " + " ".join(cells).ljust((width + 1) * 8 - 1)


# -- xxd ---------------------------------------------------------------------------------------------------------------


def xxd(process: Process) -> Steps:
    return (yield from _xxd(process, BUSYBOX, BUSYBOX.options(process, "l:g:c:ps:o:ri")))


def gnu_xxd(process: Process) -> Steps:
    return (yield from _xxd(process, GNU, GNU.options(process, "l:g:c:ps:o:riub")))


def _xxd(process: Process, style: Style, given: Options) -> Steps:
    data, status = yield from _gather(process, style, given.operands[:1])
    if "r" in given:
        process.write(_reverse(decode(data), plain="p" in given))
        return status
    start = int(given.get("s", "0"), 0)
    data = data[start : start + int(given.get("l"), 0) if "l" in given else None]
    width = int(given.get("c", "30" if "p" in given else "16"), 0)
    group = int(given.get("g", "2"), 0) or width
    for at in range(0, len(data), width):
        row = data[at : at + width]
        if "p" in given:
            process.print(row.hex())
            continue
        cells = " ".join(row[i : i + group].hex() for i in range(0, len(row), group))
        cells = cells.upper() if "u" in given else cells
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        process.print(f"{at + start:08x}: {cells:<{width * 2 + -(-width // group) - 1}}  {text}")
    return status


def _reverse(text: str, *, plain: bool) -> bytes:
    """The bytes that a dump shows."""
    if plain:
        digits = re.sub(r"[^0-9a-fA-F]", "", text)
        return bytes.fromhex(digits[: len(digits) // 2 * 2])
    made = bytearray()
    for line in text.split("\n"):
        found = re.match(r"\s*([0-9a-fA-F]+): ?((?:[0-9a-fA-F]{2} ?)+)", line)
        if found:
            at, row = int(found.group(1), 16), bytes.fromhex(found.group(2).split("  ")[0].replace(" ", ""))
            made.extend(bytes(max(0, at - len(made))))
            made[at : at + len(row)] = row
    return bytes(made)
