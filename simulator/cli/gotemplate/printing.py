"""Values as text: fmt.Fprint, Sprint, Sprintln and Sprintf of Go.

Left out: %b of floats, %w, the # flag but for %#v-less verbs, and Go-syntax values (%#v prints as %v).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from simulator.cli.gotemplate.values import STRING, Value, bytes_of, indirect, of_text
from simulator.golang.quote import quote

_VERB = re.compile(r"%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[(\d+)\])?(.?)", re.DOTALL)
_ADDRESS = "0xc000012345"  # what stands for where a pointer points
_LARGEST_PLAIN = 21  # exponent from which %v writes floats with one


def printed(value: Value | None) -> Value | None:
    """What a template prints of a value: what a pointer points to; "<no value>" for an invalid one."""
    if value is not None and value.kind == "ptr":
        value, _ = indirect(value)
    return of_text("<no value>") if value is None else value


def sprint_value(value: Value | None, *, depth: int = 0) -> str:
    """A value as %v prints it."""
    if value is None or (value.is_nil and value.kind in ("ptr", "interface")):
        return "<nil>"
    if value.type.text:
        return value.type.text(value.data)
    if value.kind == "interface":
        return sprint_value(value.data, depth=depth)
    if value.kind == "ptr":
        inner: Value = value.data
        pointed = depth == 0 and inner.kind in ("struct", "map", "slice")
        return "&" + sprint_value(inner, depth=1) if pointed else _ADDRESS
    return _sprint_data(value, depth)


def _sprint_data(value: Value, depth: int) -> str:
    data = value.data
    if value.kind == "slice":
        return "[" + " ".join(sprint_value(item, depth=depth + 1) for item in data or []) + "]"
    if value.kind == "map":
        pairs = (f"{name}:{sprint_value(item, depth=depth + 1)}" for name, item in sorted((data or {}).items()))
        return "map[" + " ".join(pairs) + "]"
    if value.kind == "struct":
        return "{" + " ".join(sprint_value(data[item.name], depth=depth + 1) for item in value.type.fields) + "}"
    if value.kind == "bool":
        return "true" if data else "false"
    if value.kind == "float":
        return float_text(data)
    return str(data) if value.kind != "object" else "&{}"


def float_text(number: float) -> str:
    """%v of a float64: the shortest digits that say the number."""
    if number != number or number in (float("inf"), float("-inf")):
        return "NaN" if number != number else "+Inf" if number > 0 else "-Inf"
    mantissa, _, exponent = f"{number:.17e}".partition("e")
    del mantissa
    if number and not -4 <= int(exponent) < _LARGEST_PLAIN:
        return _exponent_text(repr(number), int(exponent))
    text = repr(number)
    if "e" in text:
        text = f"{number:f}" if abs(number) >= 1 else f"{number:.20f}".rstrip("0")
    return text.removesuffix(".0").partition(".000000")[0] if abs(number) >= 1e15 else text.removesuffix(".0")


def _exponent_text(text: str, exponent: int) -> str:
    digits = text.partition("e")[0].replace("-", "").replace(".", "").strip("0") or "0"
    sign = "-" if text.startswith("-") else ""
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def sprint(values: Sequence[Value | None]) -> str:
    """fmt.Sprint: a space between operands when neither is a string."""
    text = ""
    for at, value in enumerate(values):
        if at and not _is_text(value) and not _is_text(values[at - 1]):
            text += " "
        text += sprint_value(value)
    return text


def sprintln(values: Sequence[Value | None]) -> str:
    return " ".join(sprint_value(value) for value in values) + "\n"


def _is_text(value: Value | None) -> bool:
    return value is not None and value.kind == "string"


def sprintf(form: str, values: Sequence[Value | None]) -> str:
    """fmt.Sprintf."""
    return _Formatter(values).format(form)


class _Spec(Struct):
    """A verb with its flags, width and precision: %-10.3f."""

    flags: str
    width: int
    precision: int | None
    verb: str


class _Formatter:
    def __init__(self, values: Sequence[Value | None]) -> None:
        self.values = values
        self.at = 0
        self.reordered = False

    def format(self, form: str) -> str:
        text = _VERB.sub(self._expand, form)
        if self.at < len(self.values) and not self.reordered:
            rest = self.values[self.at :]
            text += "%!(EXTRA " + ", ".join(_with_type(value) for value in rest) + ")"
        return text

    def _expand(self, match: re.Match[str]) -> str:
        flags, width, precision, position, verb = match.groups()
        if verb == "":
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        number = self._number(width)
        if number < 0:
            flags, number = flags + "-", -number
        limit = None if precision is None else self._number(precision or "0")
        if position:
            self.reordered, self.at = True, int(position) - 1
        if not 0 <= self.at < len(self.values):
            return f"%!{verb}(BADINDEX)" if position else f"%!{verb}(MISSING)"
        value = self.values[self.at]
        self.at += 1
        return _formatted(value, _Spec(flags, number, limit, verb))

    def _number(self, text: str | None) -> int:
        if text != "*":
            return int(text or "0")
        if self.at >= len(self.values):
            return 0
        value = self.values[self.at]
        self.at += 1
        return int(value.data) if value is not None and value.kind == "int" else 0


def _with_type(value: Value | None) -> str:
    return "<nil>" if value is None else f"{value.type.name}={sprint_value(value)}"


def _formatted(value: Value | None, spec: _Spec) -> str:
    if spec.verb == "T":
        return _padded("<nil>" if value is None else value.type.name, value=None, spec=spec)
    if value is None:
        return _padded("<nil>", value=None, spec=spec) if spec.verb == "v" else f"%!{spec.verb}(<nil>)"
    if value.kind in ("slice", "map", "struct", "interface") and not value.type.text:
        return _composite(value, spec)
    text = _by_default(value, spec) if spec.verb == "v" else _scalar(value, spec)
    if text is None:
        return f"%!{spec.verb}({value.type.name}={_padded(_by_default(value, spec), value=value, spec=spec)})"
    return _padded(text, value=value, spec=spec)


def _by_default(value: Value, spec: _Spec) -> str:
    """A value as %v has it, with the flags of another verb."""
    text = sprint_value(value)
    if value.kind == "string":
        return _limited(text, spec)
    if value.kind in ("int", "uint"):
        return text.rjust(spec.precision or 0, "0") if "+" not in spec.flags or value.data < 0 else f"+{text}"
    return f"+{text}" if "+" in spec.flags and value.kind == "float" and value.data >= 0 else text


def _padded(text: str, *, value: Value | None, spec: _Spec) -> str:
    missing = spec.width - len(text)
    if missing <= 0:
        return text
    if "-" in spec.flags:
        return text + " " * missing
    if "0" in spec.flags and value is not None and value.kind in ("int", "uint", "float"):
        sign = text[0] if text[:1] in ("+", "-", " ") else ""
        return sign + "0" * missing + text[len(sign) :]
    return ("0" if "0" in spec.flags else " ") * missing + text


def _composite(value: Value, spec: _Spec) -> str:
    """Lists, maps and structs: each element by the verb, with its width."""
    if value.kind == "interface":
        return "<nil>" if value.is_nil else _formatted(value.data, spec)
    if value.kind == "slice":
        return "[" + " ".join(_formatted(item, spec) for item in value.data or []) + "]"
    if value.kind == "map":
        keys = value.type.key or STRING
        pairs = sorted((value.data or {}).items())
        shown = (f"{_formatted(Value(keys, key), spec)}:{_formatted(item, spec)}" for key, item in pairs)
        return "map[" + " ".join(shown) + "]"
    return "{" + " ".join(_formatted(value.data[field.name], spec) for field in value.type.fields) + "}"


def _limited(text: str, spec: _Spec) -> str:
    return text if spec.precision is None else text[: spec.precision]


def _scalar(value: Value, spec: _Spec) -> str | None:
    """A basic value by its verb; None when the verb is not for its kind."""
    if value.kind == "string":
        return _text(value.data, spec)
    if value.kind == "bool":
        return sprint_value(value) if spec.verb == "t" else None
    if value.kind in ("int", "uint"):
        return _integer(value.data, spec)
    if value.kind == "float":
        return _float(value.data, spec)
    return sprint_value(value) if spec.verb == "p" else None


def _text(text: str, spec: _Spec) -> str | None:
    if spec.verb == "s":
        return _limited(text, spec)
    if spec.verb == "q":
        text = _limited(text, spec)
        return f"`{text}`" if "#" in spec.flags and "`" not in text else quote(text)
    if spec.verb in "xX":
        data = bytes_of(text)[: spec.precision].hex()
        return data.upper() if spec.verb == "X" else data
    return None


def _integer(number: int, spec: _Spec) -> str | None:
    if spec.verb == "c":
        return chr(number)
    if spec.verb == "q":
        return quote(chr(number), "'")
    if spec.verb == "U":
        return f"U+{number:04X}"
    bases = {"d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
    if spec.verb not in bases:
        return None
    digits = format(abs(number), bases[spec.verb]).rjust(spec.precision or 0, "0")
    prefix = {"x": "0x", "X": "0X", "b": "0b", "o": "0"}.get(spec.verb, "") if "#" in spec.flags else ""
    prefix = "0o" if spec.verb == "O" else prefix
    sign = "-" if number < 0 else "+" if "+" in spec.flags else " " if " " in spec.flags else ""
    return sign + prefix + digits


def _float(number: float, spec: _Spec) -> str | None:
    if spec.verb not in "eEfFgG":
        return None
    if spec.verb in "gG" and spec.precision is None:
        return float_text(number)
    precision = 6 if spec.precision is None else spec.precision
    sign = "+" if "+" in spec.flags else " " if " " in spec.flags else ""
    return format(number, f"{sign}.{precision}{spec.verb}")
