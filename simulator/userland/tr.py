"""tr: characters replaced, deleted or squeezed (POSIX.1-2017, tr). It works on bytes."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, CHUNK, GNU, Style, encode

LONG = {"delete": "d", "squeeze-repeats": "s", "complement": "c", "truncate-set1": "t"}
ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
CLASSES: dict[str, Callable[[int], bool]] = {
    "alpha": lambda c: chr(c).isalpha(), "digit": lambda c: chr(c).isdigit(), "alnum": lambda c: chr(c).isalnum(),
    "upper": lambda c: chr(c).isupper(), "lower": lambda c: chr(c).islower(), "space": lambda c: c in b" \t\n\v\f\r",
    "blank": lambda c: c in b" \t", "punct": lambda c: 33 <= c < 127 and not chr(c).isalnum(),
    "cntrl": lambda c: c < 32 or c == 127, "print": lambda c: 32 <= c < 127, "graph": lambda c: 33 <= c < 127,
    "xdigit": lambda c: c in b"0123456789abcdefABCDEF",
}  # fmt: skip
TOKEN = re.compile(rb"\\([0-7]{1,3})|\\(.)|\[:([a-z]+):\]|\[=(.)=\]|\[(.)\*(\d*)\]|(.)", re.DOTALL)


def tr(process: Process) -> Steps:
    return (yield from _tr(process, BUSYBOX))


def gnu_tr(process: Process) -> Steps:
    return (yield from _tr(process, GNU))


def _tr(process: Process, style: Style) -> Steps:
    given = style.options(process, "cCdst", long=LONG, permute=False)
    sets = given.operands
    _check(process, style, sets, deleting="d" in given, squeezing="s" in given)
    first = _set(encode(sets[0]))
    if "c" in given or "C" in given:
        first = [code for code in range(256) if code not in first]
    second = _set(encode(sets[1]), len(first)) if len(sets) > 1 else []
    table, deleted = bytes(range(256)), b""
    if "d" in given:
        deleted = bytes(sorted(set(first)))
    elif second:
        mapping = dict(enumerate(range(256)))
        for index, code in enumerate(first):
            mapping[code] = second[min(index, len(second) - 1)]
        table = bytes(mapping[code] for code in range(256))
    squeezed = bytes(sorted(set(second or first))) if "s" in given else b""
    last = -1
    while chunk := (yield process.stdin.read(CHUNK)):
        data = chunk.translate(table, deleted)
        if squeezed:
            data, last = _squeeze(data, squeezed, last)
        process.write(data)
        yield process.stdout.drain()
    return 0


def _check(process: Process, style: Style, sets: list[str], *, deleting: bool, squeezing: bool) -> None:
    least = 1 if deleting or squeezing else 2
    if len(sets) >= least and not (deleting and not squeezing and len(sets) > 1):
        return
    if not style.gnu:
        style.refuse(process)
    if not sets:
        style.refuse(process, "missing operand")
    if len(sets) < least:
        text = f"missing operand after ‘{sets[-1]}’\nTwo strings must be given when translating."
    else:
        text = f"extra operand ‘{sets[1]}’\nOnly one string may be given when deleting without squeezing repeats."
    style.refuse(process, text)


def _set(text: bytes, length: int = 0) -> list[int]:
    """The codes that a set names; [x*] fills up to length."""
    codes: list[int] = []
    position = 0
    while position < len(text):
        found = TOKEN.match(text, position)
        assert found is not None
        octal, escaped, name, equal, repeated, count, plain = found.groups()
        position = found.end()
        if name and name.decode() in CLASSES:
            codes += [code for code in range(256) if code < 128 and CLASSES[name.decode()](code)]
            continue
        if repeated:
            codes += [repeated[0]] * (int(count) if count else max(0, length - len(codes)))
            continue
        code = int(octal, 8) & 255 if octal else (equal or plain or b" ")[0]
        if escaped:
            code = ESCAPES.get(escaped.decode("latin-1"), escaped[0])
        ending = TOKEN.match(text, position + 1) if text[position : position + 1] == b"-" else None
        if ending and ending.group(7) or ending and ending.group(2):
            last = (ending.group(7) or bytes([ESCAPES.get(ending.group(2).decode("latin-1"), ending.group(2)[0])]))[0]
            codes += range(code, last + 1)
            position = ending.end()
        else:
            codes.append(code)
    return codes


def _squeeze(data: bytes, squeezed: bytes, last: int) -> tuple[bytes, int]:
    kept = bytearray()
    for code in data:
        if code != last or code not in squeezed:
            kept.append(code)
        last = code
    return bytes(kept), last
