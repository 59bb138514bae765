"""NAME=value texts: as a dict, and from files of --env-file and --label-file. See docker/cli/opts/file.go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from simulator.cli.errors import CommandError
from simulator.kernel.process import Process

T = TypeVar("T")
_BLANKS = " \t"


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """A dict by name, in the order of JSON; a name alone has an empty value."""
    return in_order({name: value for name, _, value in (text.partition("=") for text in texts)})


def in_order(values: Mapping[str, T]) -> dict[str, T]:
    """The same by name, as a map is written in Go's JSON."""
    return dict(sorted(values.items()))


def read_files(process: Process, paths: Iterable[str], environment: Mapping[str, str] | None = None) -> list[str]:
    """The variables of files, in order. Names alone take their value from the environment. Raises CommandError."""
    found: list[str] = []
    for path in paths:
        found += _parse(path, _read(process, path), environment)
    return found


def _read(process: Process, path: str) -> bytes:
    try:
        full = process.path(path)
        if path and process.disk.is_directory(full):
            raise CommandError(f"read {path}: is a directory")
        return process.disk.read(full, process) if path else _missing(path)
    except OSError as error:
        raise CommandError(f"open {path}: {(error.strerror or '').lower()}") from None


def _missing(path: str) -> bytes:
    raise CommandError(f"open {path}: no such file or directory")


def _parse(path: str, content: bytes, environment: Mapping[str, str] | None) -> list[str]:
    found: list[str] = []
    for number, raw in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        line = _decoded(path, raw.removesuffix(b"\r"), number).lstrip()
        if number == 1:
            line = line.removeprefix("\ufeff").lstrip()
        if line and not line.startswith("#"):
            found += _variable(line, environment)
    return found


def _decoded(path: str, raw: bytes, number: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        shown = " ".join(str(byte) for byte in raw)
        raise CommandError(f"env file {path} contains invalid utf8 bytes at line {number}: [{shown}]") from None


def _variable(line: str, environment: Mapping[str, str] | None) -> list[str]:
    name, equals, value = line.partition("=")
    name = name.lstrip(_BLANKS)
    if any(blank in name for blank in _BLANKS):
        raise CommandError(f"poorly formatted environment: variable '{name}' contains whitespaces")
    if not name:
        raise CommandError(f"poorly formatted environment: no variable name on line '{line}'")
    if equals:
        return [f"{name}={value}"]
    if environment is not None and line in environment:
        return [f"{line.strip()}={environment[line]}"]
    return []
