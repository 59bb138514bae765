"""Parameter expansion (POSIX.1-2017, chapter 2.6.2) with the substring, replacement and array forms of bash and ash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.shell import expand as words
from simulator.userland.shell import pattern, quoting
from simulator.userland.shell.chunks import Chunk, Chunks, Pieces
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.syntax import Literal, Parameter, Word

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

UNBOUND = 127  # bash, under set -u, unless it reads from a terminal
TESTS = frozenset({":-", ":=", ":?", ":+", "-", "=", "?", "+"})
ELEMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[(.*)\]", re.DOTALL)


def is_list(part: Parameter, *, star: bool = True) -> bool:
    """Whether this stands for several values: $@, ${a[@]} and (star) $*, ${a[*]}."""
    names = ("@", "*") if star else ("@",)
    if part.length:
        return False
    return part.name in names or (part.subscript is not None and part.subscript.literal in names)


def expand(shell: Shell, part: Parameter, quoted: bool) -> Steps:
    """The chunks of $name or ${name...}."""
    if part.indirect and is_list(part):
        return _as_chunks(shell, part, [str(key) for key in shell.variables.array(part.name) or {}], quoted)
    if part.indirect:
        part = yield from _indirect(shell, part)
    values = yield from values_of(shell, part)
    if part.length:
        return [Chunk(str(_length(part, values)), quoted, split=not quoted)]
    test = part.operator.lstrip(":") if part.operator in TESTS else ""
    if test:
        chosen: Chunks | None = yield from _tested(shell, part, values, quoted)
        if chosen is not None:
            return chosen
    elif part.operator and values is not None:
        values = yield from _changed(shell, part, values)
    if values is None:
        if "nounset" in shell.options and part.name not in "@*!":
            status = UNBOUND if shell.dialect.name == "bash" else 2
            raise ShellError(shell.texts.unbound.format(_shown(shell, part)), status, fatal=True)
        return [Chunk("", quoted=False, split=True)]
    return _as_chunks(shell, part, values, quoted)


def values_of(shell: Shell, part: Parameter) -> Steps:
    """The values a parameter stands for: one, or those of a list; None if it is unset."""
    if part.subscript is None:
        if part.name in ("@", "*"):
            return list(shell.positional)
        value = shell.get(part.name)
        return None if value is None else [value]
    array = shell.variables.array(part.name)
    if part.subscript.literal in ("@", "*"):
        return [] if array is None else list(array.values())
    key = yield from subscript(shell, part.name, part.subscript)
    if array is not None and isinstance(key, int) and key < 0:
        key += max((index for index in array if isinstance(index, int)), default=-1) + 1
    return None if array is None or key not in array else [array[key]]


def subscript(shell: Shell, name: str, word: Word) -> Steps:
    """The key that a subscript means: text in an associative array, else a number."""
    if shell.variables.find(name).associative:
        return (yield from words.text(shell, word))
    return (yield from words.number(shell, word))


def element_text(shell: Shell, name: str) -> str:
    """The text of a variable, or of an element a[1], for arithmetic."""
    found = ELEMENT.fullmatch(name)
    if found is None:
        value = shell.get(name)
        if value is None and "nounset" in shell.options:
            raise ShellError(shell.texts.unbound.format(name), UNBOUND, fatal=True)
        return value or ""
    array = shell.variables.array(found.group(1)) or {}
    return array.get(_key(shell, found.group(1), found.group(2)), "")


def set_element(shell: Shell, name: str, value: str) -> None:
    found = ELEMENT.fullmatch(name)
    if found is None:
        shell.set(name, value)
    else:
        shell.variables.set_element(found.group(1), _key(shell, found.group(1), found.group(2)), value)


def _key(shell: Shell, name: str, text: str) -> int | str:
    return text if shell.variables.find(name).associative else words.calculate(shell, text)


def _indirect(shell: Shell, part: Parameter) -> Steps:
    """${!name} is the parameter whose name is the value of name."""
    values = yield from values_of(shell, part)
    target = values[0] if values else ""
    found = ELEMENT.fullmatch(target)
    inner = Word((Literal(found.group(2)),)) if found else None
    name = found.group(1) if found else target
    return Parameter(name, part.operator, part.argument, part.second, subscript=inner, braces=True)


def _length(part: Parameter, values: list[str] | None) -> int:
    listed = part.name in ("@", "*") or (part.subscript is not None and part.subscript.literal in ("@", "*"))
    return len(values or []) if listed else len(values[0]) if values else 0


def _tested(shell: Shell, part: Parameter, values: list[str] | None, quoted: bool) -> Steps:
    """The chunks that ${x:-word} and its kin give instead of the value; None to take the value."""
    assert part.argument is not None
    empty = values is None or (part.operator.startswith(":") and not "".join(values)) or values == []
    kind = part.operator[-1]
    if kind == "+":
        if empty:
            return []
        return (yield from words.chunks_of(shell, part.argument.parts, quoted=quoted, argument=True))
    if not empty:
        return None
    if kind == "-":
        return (yield from words.chunks_of(shell, part.argument.parts, quoted=quoted, argument=True))
    value = yield from words.text(shell, part.argument)
    if kind == "=":
        if part.subscript is not None:
            key = yield from subscript(shell, part.name, part.subscript)
            shell.variables.set_element(part.name, key, value)
        else:
            shell.set(part.name, value)
        return [Chunk(value, quoted, split=not quoted)]
    default = shell.texts.null_or_unset if part.operator == ":?" else shell.texts.unset
    if shell.dialect.name == "bash":
        default = "{0}: parameter null or not set" if part.operator == ":?" else "{0}: parameter not set"
    told = f"{part.name}: {value}" if value else default.format(part.name)
    raise ShellError(told, 127 if shell.dialect.name == "bash" else 2, fatal=True)


def _changed(shell: Shell, part: Parameter, values: list[str]) -> Steps:
    """The values after ${x%...}, ${x/...}, ${x:...} and the like."""
    assert part.argument is not None
    operator = part.operator
    if operator == ":":
        return (yield from _sliced(shell, part, values))
    if operator == "@":
        letter = yield from words.text(shell, part.argument)
        return [_transformed(letter, value) for value in values]
    wanted: Pieces = yield from words.pieces(shell, part.argument)
    if operator in ("#", "##", "%", "%%"):
        return [trimmed(value, wanted, operator) for value in values]
    if operator in ("^", "^^", ",", ",,"):
        return [_recased(value, wanted, operator) for value in values]
    replacement = (yield from words.text(shell, part.second)) if part.second is not None else ""
    return [_replaced(value, wanted, operator, replacement) for value in values]


def trimmed(value: str, wanted: Pieces, operator: str) -> str:
    """The value without the shortest or longest match at its beginning (#, ##) or end (%, %%)."""
    expression = re.compile(pattern.regex(wanted), re.DOTALL)
    lengths = range(len(value) + 1) if len(operator) == 1 else range(len(value), -1, -1)
    for length in lengths:
        cut = value[:length] if operator[0] == "#" else value[len(value) - length :]
        if expression.fullmatch(cut):
            return value[length:] if operator[0] == "#" else value[: len(value) - length]
    return value


def _replaced(value: str, wanted: Pieces, operator: str, replacement: str) -> str:
    expression = pattern.regex(wanted)
    if operator == "/#":
        expression = r"\A" + expression
    elif operator == "/%":
        expression += r"\Z"
    elif not expression:
        return value
    return re.sub(expression, lambda _: replacement, value, count=0 if operator == "//" else 1, flags=re.DOTALL)


def _recased(value: str, wanted: Pieces, operator: str) -> str:
    expression = re.compile(pattern.regex(wanted) or ".", re.DOTALL)
    change = str.upper if operator[0] == "^" else str.lower
    last = len(value) if len(operator) == 2 else 1
    return "".join(change(c) if i < last and expression.fullmatch(c) else c for i, c in enumerate(value))


def _transformed(letter: str, value: str) -> str:
    changes = {"Q": quoting.escaped_single, "U": str.upper, "L": str.lower, "E": quoting.unescape}
    if letter == "u":
        return value[:1].upper() + value[1:]
    return changes[letter](value) if letter in changes else value


def _sliced(shell: Shell, part: Parameter, values: list[str]) -> Steps:
    assert part.argument is not None
    offset = yield from words.number(shell, part.argument)
    count = None if part.second is None else (yield from words.number(shell, part.second))
    if not is_list(part):
        return [_slice_text(shell, values[0], offset, count)]
    if part.name in ("@", "*"):
        values = [shell.name, *values]
        if offset == 0 and count is not None:
            return values[:count]
        offset = offset or 0
    start = offset if offset >= 0 else max(0, len(values) + offset)
    return values[start:] if count is None else values[start : start + max(0, count)]


def _slice_text(shell: Shell, value: str, offset: int, count: int | None) -> str:
    start = offset if offset >= 0 else len(value) + offset
    if start < 0 or start > len(value):
        return ""
    if count is None:
        return value[start:]
    end = start + count if count >= 0 else len(value) + count
    if end < start and shell.dialect.name == "bash":
        raise ShellError(f"{count}: substring expression < 0", 1)
    return value[start : max(start, end)]


def _as_chunks(shell: Shell, part: Parameter, values: list[str], quoted: bool) -> Chunks:
    if not is_list(part):
        return [Chunk(values[0], quoted, split=not quoted)]
    star = part.name == "*" or (part.subscript is not None and part.subscript.literal == "*")
    if quoted and star:
        ifs = shell.variables.get("IFS")
        return [Chunk((" " if ifs is None else ifs[:1]).join(values), quoted=True)]
    result: Chunks = []
    for value in values:
        result += [None, Chunk(value, quoted, split=not quoted)]
    return result[1:]


def _shown(shell: Shell, part: Parameter) -> str:
    """How an unset parameter is called in an error."""
    if part.subscript is not None:
        return f"{part.name}[{part.subscript.literal or ''}]"
    return f"${part.name}" if part.name.isdigit() and shell.dialect.name == "bash" else part.name
