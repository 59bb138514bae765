"""Sizes, ages, numbers, names, ports, moments and columns: what the Go functions that docker uses give for the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.cli.listing import ellipsis, natural_key
from simulator.cli.rows.ports import ports_text
from simulator.cli.table import aligned
from simulator.cli.units import binary_size, bytes_from_text, human_duration, human_size
from simulator.clock import Clock, Zone
from simulator.golang.duration import go_duration
from simulator.golang.nat import mappings
from simulator.golang.numbers import atoi, bool_from_text, duration_from_text, int_from_text, uint_from_text
from simulator.golang.quote import quote
from simulator.golang.reference import reference_from_text
from simulator.golang.timestamps import timestamp_from_text
from tests.cli.bare import recorded

GO = recorded("functions.json")


def outcome(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> tuple[Any, str]:
    """A result and no error, or none and the error as it was recorded."""
    try:
        return function(*arguments, **keywords), ""
    except ValueError as error:
        return None, f"!!{error}"


@pytest.mark.parametrize(("size", "decimal", "three_digits", "binary"), GO["sizes"])
def test_sizes(size: float, decimal: str, three_digits: str, binary: str) -> None:
    assert (human_size(size), human_size(size, 3), binary_size(size)) == (decimal, three_digits, binary)


@pytest.mark.parametrize(("duration", "words"), GO["durations"])
def test_ages(duration: int, words: str) -> None:
    assert human_duration(duration) == words


@pytest.mark.parametrize(("text", "value", "error"), GO["bytes"])
def test_sizes_that_are_typed(text: str, value: int, error: str) -> None:
    assert outcome(bytes_from_text, text) == (None if error else value, error)


@pytest.mark.parametrize(("text", "value", "error", "written"), GO["parsed_durations"])
def test_durations(text: str, value: int, error: str, written: str) -> None:
    assert outcome(duration_from_text, text) == (None if error else value, error)
    if not error:
        assert go_duration(value) == written


@pytest.mark.parametrize(
    ("text", "signed", "error", "unsigned", "unsigned_error", "decimal", "decimal_error"), GO["integers"]
)
def test_integers(
    text: str, signed: int, error: str, unsigned: int, unsigned_error: str, decimal: int, decimal_error: str
) -> None:
    assert outcome(int_from_text, text) == (None if error else signed, error)
    assert outcome(uint_from_text, text, bits=16) == (None if unsigned_error else unsigned, unsigned_error)
    assert outcome(atoi, text) == (None if decimal_error else decimal, decimal_error)


@pytest.mark.parametrize(("text", "value", "error"), GO["booleans"])
def test_booleans(text: str, value: bool, error: str) -> None:
    assert outcome(bool_from_text, text) == (None if error else value, error)


@pytest.mark.parametrize(("text", "quoted"), GO["quotes"])
def test_quotes(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@pytest.mark.parametrize(("text", "whole", "familiar", "error"), GO["references"])
def test_names_of_images(text: str, whole: str, familiar: str, error: str) -> None:
    reference, failure = outcome(reference_from_text, text)
    assert failure == error
    if not error:
        assert (reference.full, str(reference.with_latest())) == (whole, familiar)


@pytest.mark.parametrize(("text", "ports", "error"), GO["ports"])
def test_ports_that_are_published(text: str, ports: list[list[str]] | None, error: str) -> None:
    made, failure = outcome(mappings, text)
    assert failure == error
    assert [[port, binding["HostIp"], binding["HostPort"]] for port, binding in made or []] == (ports or [])


@pytest.mark.parametrize(("text", "value", "error"), GO["timestamps"])
def test_moments_that_are_typed(text: str, value: str, error: str) -> None:
    clock = Clock(start=1_677_661_200_000_000_000, zone=Zone("KST", 9 * 3600))
    assert outcome(timestamp_from_text, text, clock) == (None if error else value, error)


@pytest.mark.parametrize(("ports", "shown"), GO["displayed_ports"])
def test_ports_in_one_line(ports: list[list[Any]] | None, shown: str) -> None:
    names = ("IP", "PublicPort", "PrivatePort", "Type")
    assert ports_text([dict(zip(names, port, strict=True)) for port in ports or []]) == shown


@pytest.mark.parametrize(("text", "width", "cut"), GO["ellipses"])
def test_texts_cut_to_columns(text: str, width: int, cut: str) -> None:
    assert ellipsis(text, width) == cut


@pytest.mark.parametrize(("text", "minimum", "shown"), GO["tables"])
def test_columns(text: str, minimum: int, shown: str) -> None:
    assert aligned(text, minimum=minimum) == shown


def test_names_sort_as_people_count() -> None:
    assert sorted(sorted(GO["natural"], key=len), key=natural_key) == GO["natural"]
