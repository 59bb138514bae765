"""awk's functions of texts and numbers. Those that change variables or run commands are the interpreter's own."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from simulator.userland.awk.values import Value, number, text
from simulator.userland.posix_regex import BadExpression, compile_posix

WORD = 0xFFFFFFFFFFFFFFFF


def expression(pattern: str) -> re.Pattern[str]:
    """A dynamic expression compiled; one that is none matches as plain text."""
    try:
        return compile_posix(pattern, extended=True)
    except BadExpression:
        return re.compile(re.escape(pattern))


def substr(line: str, start: float, length: float | None) -> str:
    """The characters from start on, which may lie before the text; positions are rounded."""
    if math.isnan(start):
        return ""
    first = _rounded(start)
    last = math.inf if length is None else first + _rounded(length)
    low, high = max(first, 1), min(last, len(line) + 1)
    return line[int(low) - 1 : int(high) - 1] if high > low else ""


def _rounded(value: float) -> float:
    return value if math.isinf(value) else float(round(value))


def replaced(pattern: re.Pattern[str], replacement: str, line: str, *, every: bool) -> tuple[str, int]:
    """sub and gsub: the new text, and how often it was changed."""
    made, at, count = "", 0, 0
    for found in pattern.finditer(line):
        if found.start() == found.end() == at and count:
            continue
        made += line[at : found.start()] + _filled(replacement, found.group())
        at, count = found.end(), count + 1
        if not every:
            break
    return made + line[at:], count


def _filled(replacement: str, matched: str) -> str:
    return re.sub(r"\\\\|\\&|&", lambda found: {"&": matched, "\\&": "&"}.get(found.group(), "\\"), replacement)


def fields(line: str, separator: str) -> list[str]:
    """A line cut by FS: a blank means runs of blanks, one character itself, anything longer an expression."""
    if separator == " ":
        return line.split()
    if not line:
        return []
    if separator == "":
        return list(line)
    if len(separator) == 1 and separator not in "\\|+*?.[({^$":
        return line.split(separator)
    if len(separator) == 1 and separator != "\\":
        return line.split(separator)
    made, at = [], 0
    for found in expression(separator).finditer(line):
        if found.end() > found.start():
            made.append(line[at : found.start()])
            at = found.end()
    return [*made, line[at:]]


def _logarithm(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.log(value) if value > 0 else math.nan


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


NUMERIC: dict[str, Callable[[list[float]], float]] = {
    "int": lambda given: float(math.trunc(given[0])),
    "sqrt": lambda given: math.sqrt(given[0]) if given[0] >= 0 else math.nan,
    "exp": lambda given: _exponential(given[0]),
    "log": lambda given: _logarithm(given[0]),
    "sin": lambda given: math.sin(given[0]),
    "cos": lambda given: math.cos(given[0]),
    "atan2": lambda given: math.atan2(given[0], given[1]),
    "and": lambda given: float(int(given[0]) & int(given[1])),
    "or": lambda given: float(int(given[0]) | int(given[1])),
    "xor": lambda given: float(int(given[0]) ^ int(given[1])),
    "lshift": lambda given: float(int(given[0]) << int(given[1]) & WORD),
    "rshift": lambda given: float(int(given[0]) >> int(given[1])),
    "compl": lambda given: float(~int(given[0]) & WORD),
}
TEXTUAL: dict[str, Callable[[list[str]], Value]] = {
    "tolower": lambda given: given[0].lower(),
    "toupper": lambda given: given[0].upper(),
    "index": lambda given: float(given[0].find(given[1]) + 1),
}
ARITY = {"atan2": 2, "and": 2, "or": 2, "xor": 2, "lshift": 2, "rshift": 2, "index": 2}


def plain(name: str, given: list[Value], form: str) -> Value:
    """A function that only depends on its arguments."""
    count = ARITY.get(name, 1)
    padded = [*given, *[None] * (count - len(given))]
    if name in NUMERIC:
        return NUMERIC[name]([number(value) for value in padded])
    return TEXTUAL[name]([text(value, form) for value in padded])
