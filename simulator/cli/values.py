"""Kinds of option values: how each is read, what it is when the option is absent, what a wrong one is called.

Mirrors the Value types of spf13/pflag and docker/cli/opts; the texts of errors are those of Go's strconv and time.
Kinds of options that docklab only shows in help are read as strings.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from msgspec import Struct

from simulator.cli.units import bytes_from_text
from simulator.golang.numbers import bool_from_text, duration_from_text, float_from_text, int_from_text, uint_from_text


class Kind(Struct, frozen=True):
    """How values are read. `collect` puts a further value to those there are; without it the last value counts."""

    parse: Callable[[str], Any]
    zero: Callable[[], Any]
    collect: Callable[[Any, Any], None] | None = None


def _append(values: Any, value: Any) -> None:
    values.append(value)


def _extend(values: Any, value: Any) -> None:
    values.extend(value)


def _set_pair(values: Any, value: Any) -> None:
    name, _, text = str(value).partition("=")
    values[name] = text


def _add_filter(filters: Any, value: Any) -> None:
    if value:
        filters.setdefault(value[0], [])
        if value[1] not in filters[value[0]]:
            filters[value[0]].append(value[1])


def csv_fields(text: str) -> list[str]:
    """The fields of one line of CSV. Raises ValueError."""
    if text.count('"') % 2:
        raise ValueError('parse error on line 1, column 1: extraneous or missing " in quoted-field')
    return next(csv.reader([text], strict=True), [])


def _pairs_from_csv(text: str) -> list[str]:
    fields = csv_fields(text) if text.count("=") > 1 else [text]
    for field in fields:
        if "=" not in field:
            raise ValueError(f"{field} must be formatted as key=value")
    return fields


def _set_pairs(values: Any, fields: Any) -> None:
    for field in fields:
        _set_pair(values, field)


def filter_from_text(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    if "=" not in text:
        raise ValueError("bad format of filter (expected name=value)")
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def swap_from_text(text: str) -> int:
    return -1 if text == "-1" else bytes_from_text(text)


def nano_cpus_from_text(text: str) -> int:
    """A number of CPUs in units of 10^-9: docker/cli/opts.ParseCPUs."""
    try:
        nano = Fraction(text) * 1_000_000_000
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"failed to parse {text} as a rational number") from None
    if nano.denominator != 1:
        raise ValueError("value is too precise")
    return int(nano)


KINDS: dict[str, Kind] = {
    "bool": Kind(bool_from_text, bool),
    "string": Kind(str, str),
    "int": Kind(lambda text: int_from_text(text, bits=64), int),
    "uint": Kind(lambda text: uint_from_text(text, bits=64), int),
    "uint16": Kind(lambda text: uint_from_text(text, bits=16), int),
    "uint32": Kind(lambda text: uint_from_text(text, bits=32), int),
    "float": Kind(float_from_text, float),
    "duration": Kind(duration_from_text, int),
    "bytes": Kind(bytes_from_text, int),
    "swap": Kind(swap_from_text, int),
    "decimal": Kind(nano_cpus_from_text, int),
    "list": Kind(str, list, _append),
    "strings": Kind(csv_fields, list, _extend),
    "map": Kind(str, dict, _set_pair),
    "stringToString": Kind(_pairs_from_csv, dict, _set_pairs),
    "filter": Kind(filter_from_text, dict, _add_filter),
    "parsed": Kind(str, list, _append),  # a list whose `check` turns the text into a record
}
STRING = KINDS["string"]


def kind_of(name: str) -> Kind:
    return KINDS.get(name, STRING)
