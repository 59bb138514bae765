"""sort: lines in order (POSIX.1-2017, sort), by bytes or by keys, numbers, months, versions, human sizes."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines
from simulator.userland.program import BUSYBOX, GNU, Style, encode, strerror

LONG = {
    "numeric-sort": "n", "reverse": "r", "unique": "u", "key=": "k", "field-separator=": "t", "human-numeric-sort": "h",
    "version-sort": "V", "ignore-case": "f", "ignore-leading-blanks": "b", "check": "c", "output=": "o", "stable": "s",
    "month-sort": "M", "general-numeric-sort": "g", "zero-terminated": "z", "dictionary-order": "d",
}  # fmt: skip
KEY = re.compile(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?")
NUMBER = re.compile(r"\s*(-?)(\d*(?:\.\d*)?)")
HUMAN = re.compile(r"\s*(-?)(\d*(?:\.\d*)?)([KMGTPE]?)", re.IGNORECASE)
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
ORDERINGS = "bdfghiMnrV"
TROUBLE = 2


class _Key(Struct, frozen=True):
    """-k: fields and characters from..to, and how to compare them."""

    start: int
    start_char: int
    end: int
    end_char: int
    flags: str

    def text(self, line: str, separator: str) -> str:
        if separator:
            fields = line.split(separator)
        else:
            fields = re.findall(r"[ \t]*[^ \t]+|[ \t]+$", line)
        taken = fields[self.start - 1 : self.end or None]
        if not taken:
            return ""
        if self.end and self.end_char and len(fields) >= self.end:
            taken[-1] = taken[-1][: self.end_char + _blanks(taken[-1], separator)]
        text = (separator or "").join(taken)
        skip = _blanks(text, separator) if "b" in self.flags else 0
        return text[skip + self.start_char - 1 :]


def sort(process: Process) -> Steps:
    return (yield from _sort(process, BUSYBOX))


def gnu_sort(process: Process) -> Steps:
    return (yield from _sort(process, GNU))


def _sort(process: Process, style: Style) -> Steps:
    given = style.options(process, "bcCdfghik:mMno:rst:uVzT:S:", long=LONG, status=TROUBLE)

    def refusal(path: str, failure: OSError) -> str:
        return f"{'cannot read: ' if style.gnu else ''}{path}: {strerror(failure)}"

    source = InputLines(process, given.operands, style, refusal=refusal, failed=TROUBLE)
    lines: list[str] = []
    while (line := (yield from source.next())) is not None:
        lines.append(line)
    if source.status:
        return source.status
    compare = _comparison(process, style, given)
    if "c" in given or "C" in given:
        return _check(process, style, lines, compare)
    lines.sort(key=functools.cmp_to_key(compare))
    if "u" in given:
        lines = _unique(lines, _keys_only(process, style, given))
    data = encode("".join(line + "\n" for line in lines))
    if "o" in given:
        process.open(given.get("o"), "w").write(data)
    else:
        process.write(data)
    return 0


def _comparison(process: Process, style: Style, given: Options) -> Any:
    keys_only = _keys_only(process, style, given)
    last_resort = "s" not in given and "u" not in given
    backwards = -1 if "r" in given else 1

    def compare(one: str, other: str) -> int:
        by_keys: int = keys_only(one, other)
        if by_keys or not last_resort:
            return by_keys
        return backwards * _order(encode(one), encode(other))

    return compare


def _keys_only(process: Process, style: Style, given: Options) -> Any:
    overall = "".join(letter for letter, _ in given.given if letter in ORDERINGS)
    keys = [_key(process, style, text, overall) for text in given.all("k")] or [_Key(1, 1, 0, 0, overall)]
    whole = not given.all("k")
    separator = given.get("t").replace("\\t", "\t")

    def compare(one: str, other: str) -> int:
        for key in keys:
            pair = [line if whole else key.text(line, separator) for line in (one, other)]
            order = _order(*(_worth(text, key.flags) for text in pair))
            if order:
                return -order if "r" in key.flags else order
        return 0

    return compare


def _key(process: Process, style: Style, text: str, overall: str) -> _Key:
    found = KEY.fullmatch(text)
    if found is None or int(found.group(1)) == 0:
        told = (
            f"invalid number at field start: invalid count at start of ‘{text}’"
            if style.gnu
            else f"bad field specification '{text}'"
        )
        style.complain(process, told)
        process.exit(TROUBLE)
    flags = (found.group(3) or "") + (found.group(6) or "")
    return _Key(
        int(found.group(1)),
        int(found.group(2) or 1),
        int(found.group(4) or 0),
        int(found.group(5) or 0),
        flags or overall,
    )


def _worth(text: str, flags: str) -> Any:
    """What a text is compared by."""
    if "n" in flags or "g" in flags:
        return _number(text)
    if "h" in flags:
        found = HUMAN.match(text)
        assert found is not None
        power = " KMGTPE".index(found.group(3).upper() or " ")
        sign = -1 if found.group(1) else 1
        return (sign * power if float(found.group(2).strip(".") or 0) else 0, _number(text))
    if "M" in flags:
        name = text.strip()[:3].upper()
        return MONTHS.index(name) + 1 if name in MONTHS else 0
    if "V" in flags:
        return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]
    text = text.lstrip(" \t") if "b" in flags else text
    if "d" in flags:
        text = re.sub(r"[^A-Za-z0-9 \t]", "", text)
    return encode(text.upper() if "f" in flags else text)


def _number(text: str) -> float:
    found = NUMBER.match(text)
    assert found is not None
    value = float(found.group(2)) if found.group(2) not in ("", ".") else 0.0
    return -value if found.group(1) else value


def _order(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _blanks(text: str, separator: str) -> int:
    return 0 if separator else len(text) - len(text.lstrip(" \t"))


def _unique(lines: list[str], compare: Any) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if not kept or compare(kept[-1], line):
            kept.append(line)
    return kept


def _check(process: Process, style: Style, lines: list[str], compare: Any) -> int:
    for number, (one, other) in enumerate(itertools.pairwise(lines), 2):
        if compare(one, other) > 0:
            return style.complain(process, f"-:{number}: disorder: {other}" if style.gnu else f"Check line {number}")
    return 0
