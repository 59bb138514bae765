"""The functions built into awk, and the formats of printf."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulator.userland.awk.expressions import Node
from simulator.userland.awk.lexer import unescape
from simulator.userland.awk.record import split
from simulator.userland.awk.values import Text, Value, number, text
from simulator.userland.posix_regex import compile_posix

if TYPE_CHECKING:
    from simulator.userland.awk.interpreter import Interpreter

Function = Callable[["Interpreter", list[Node]], Value]

_CONVERSION = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([diouxXeEfFgGcs%])")


def formatted(form: str, values: Sequence[Value]) -> str:
    """What printf writes: missing values are empty, those left over are dropped."""
    left = list(values)

    def one(match: re.Match[str]) -> str:
        flags, width, precision, kind = match.groups()
        if kind == "%":
            return "%"
        width = str(int(number(left.pop(0)))) if width == "*" and left else width or ""
        precision = str(int(number(left.pop(0)))) if precision == "*" and left else precision
        spec = "%" + flags + _bounded(width) + (f".{_bounded(precision)}" if precision is not None else "")
        return _convert(spec, kind, left.pop(0) if left else "")

    return _CONVERSION.sub(one, unescape(form))


def _bounded(width: str) -> str:
    """A width that a line of text can have."""
    return width if len(width.lstrip("-")) < 7 else "1000000"


def _convert(spec: str, kind: str, value: Value) -> str:
    if kind in "diouxX":
        whole = number(value)
        return (spec + ("d" if kind in "iu" else kind)) % int(whole) if math.isfinite(whole) else text(whole)
    if kind in "eEfFgG":
        return (spec + kind) % number(value)
    if kind == "c":
        return (spec + "s") % (_letter(value) if isinstance(value, float) else value[:1])
    return (spec + "s") % text(value)


def _letter(value: float) -> str:
    return chr(int(value)) if 0 <= value < 0xD800 else ""


def _arguments(awk: Interpreter, nodes: list[Node]) -> list[str]:
    return [text(awk.value(node)) for node in nodes]


def _length(awk: Interpreter, nodes: list[Node]) -> Value:
    if nodes and nodes[0][0] == "name" and awk.array(nodes[0][1]):
        return float(len(awk.array(nodes[0][1])))
    return float(len(_arguments(awk, nodes)[0] if nodes else awk.record.line))


def _substr(awk: Interpreter, nodes: list[Node]) -> Value:
    source = text(awk.value(nodes[0]))
    begin = round(number(awk.value(nodes[1])))
    end = len(source) + 1 if len(nodes) < 3 else begin + round(number(awk.value(nodes[2])))
    return source[max(begin, 1) - 1 : max(end, 1) - 1]


def _index(awk: Interpreter, nodes: list[Node]) -> Value:
    source, wanted = _arguments(awk, nodes)
    return float(source.find(wanted) + 1)


def _expression(awk: Interpreter, node: Node) -> re.Pattern[str]:
    return compile_posix(node[1] if node[0] == "regex" else text(awk.value(node)), extended=True)


def _split(awk: Interpreter, nodes: list[Node]) -> Value:
    source = text(awk.value(nodes[0]))
    if len(nodes) < 3:
        parts = split(source, text(awk.variables["FS"]))
    elif nodes[2][0] == "regex":
        parts = re.split(_expression(awk, nodes[2]), source) if source else []
    else:
        parts = split(source, text(awk.value(nodes[2])))
    array = awk.array(nodes[1][1])
    array.clear()
    array.update({str(place): Text(part) for place, part in enumerate(parts, 1)})
    return float(len(parts))


def _substitute(awk: Interpreter, nodes: list[Node], *, every: bool) -> Value:
    target = nodes[2] if len(nodes) > 2 else ("field", ("number", 0.0))
    replacement = text(awk.value(nodes[1]))

    def put(match: re.Match[str]) -> str:
        return re.sub(r"\\&|&", lambda mark: "&" if mark[0] == "\\&" else match[0], replacement)

    changed, count = _expression(awk, nodes[0]).subn(put, text(awk.value(target)), count=0 if every else 1)
    if count:
        awk.assign(target, changed)
    return float(count)


def _match(awk: Interpreter, nodes: list[Node]) -> Value:
    found = _expression(awk, nodes[1]).search(text(awk.value(nodes[0])))
    awk.variables["RSTART"] = float(found.start() + 1 if found else 0)
    awk.variables["RLENGTH"] = float(len(found[0]) if found else -1)
    return awk.variables["RSTART"]


def _close(awk: Interpreter, nodes: list[Node]) -> Value:
    return 0.0 if awk.files and awk.files.close(text(awk.value(nodes[0]))) else -1.0


def _sprintf(awk: Interpreter, nodes: list[Node]) -> Value:
    values = [awk.value(node) for node in nodes]
    return formatted(text(values[0]), values[1:])


def _of_number(function: Callable[[float], float]) -> Function:
    return lambda awk, nodes: float(function(number(awk.value(nodes[0]))))


FUNCTIONS: dict[str, Function] = {
    "length": _length,
    "substr": _substr,
    "index": _index,
    "split": _split,
    "sub": lambda awk, nodes: _substitute(awk, nodes, every=False),
    "gsub": lambda awk, nodes: _substitute(awk, nodes, every=True),
    "match": _match,
    "sprintf": _sprintf,
    "close": _close,
    "toupper": lambda awk, nodes: _arguments(awk, nodes)[0].upper(),
    "tolower": lambda awk, nodes: _arguments(awk, nodes)[0].lower(),
    "int": _of_number(math.trunc),
    "sqrt": _of_number(math.sqrt),
    "exp": _of_number(math.exp),
    "log": _of_number(math.log),
    "sin": _of_number(math.sin),
    "cos": _of_number(math.cos),
}
