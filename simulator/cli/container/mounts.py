"""Mounts on a command line: --mount in full, -v in short. See docker/cli/opts/mount.go and compose/loader/volume.go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from simulator.cli.keyvalues import pairs
from simulator.cli.units import bytes_from_text
from simulator.cli.values import csv_fields
from simulator.golang.numbers import bool_from_text, uint_from_text

if TYPE_CHECKING:
    from simulator.kernel.process import Process

T = TypeVar("T")
_SPELLINGS = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}
_FLAGS = ("readonly", "ro", "volume-nocopy", "bind-nonrecursive")
_FAMILIES = (("volume", "VolumeOptions"), ("bind", "BindOptions"), ("tmpfs", "TmpfsOptions"))


def mount(text: str, process: Process) -> dict[str, Any]:
    """One --mount as the API's Mount. Raises ValueError."""
    if not text:
        raise ValueError("EOF")
    made: dict[str, Any] = {"Type": "volume"}
    for field in csv_fields(text):
        key, equals, value = field.partition("=")
        key = key.lower()
        if not equals and key not in _FLAGS:
            raise ValueError(f"invalid field '{field}' must be a key=value pair")
        _set(made, key, value if equals else "true", field)
    if not made["Type"]:
        raise ValueError("type is required")
    if not made.get("Target"):
        raise ValueError("target is required")
    for family, options in _FAMILIES:
        if options in made and made["Type"] != family:
            raise ValueError(f"cannot mix '{family}-*' options with mount type '{made['Type']}'")
    order = ("Type", "Source", "Target", "ReadOnly", "Consistency", "BindOptions", "VolumeOptions", "TmpfsOptions")
    return {name: made[name] for name in order if made.get(name)}


def _set(made: dict[str, Any], key: str, value: str, field: str) -> None:
    setter = _SETTERS.get(_SPELLINGS.get(key, key))
    if setter is None:
        raise ValueError(f"unexpected key '{key}' in '{field}'")
    setter(made, key, value)


def _bind(made: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = made.setdefault("BindOptions", {})
    return options


def _volume(made: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = made.setdefault("VolumeOptions", {"DriverConfig": {}})
    return options


def _driver(made: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = _volume(made)["DriverConfig"]
    return options


def _tmpfs(made: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = made.setdefault("TmpfsOptions", {})
    return options


def _boolean(key: str, value: str) -> bool:
    return _read(bool_from_text, key, value)


def _read(read: Callable[[str], T], key: str, value: str) -> T:
    try:
        return read(value)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


# (the mount, the key as it was typed, its value)
_SETTERS: dict[str, Callable[[dict[str, Any], str, str], None]] = {
    "type": lambda made, key, value: made.update(Type=value.lower()),
    "source": lambda made, key, value: made.update(Source=value),
    "target": lambda made, key, value: made.update(Target=value),
    "readonly": lambda made, key, value: made.update(ReadOnly=_boolean(key, value)),
    "consistency": lambda made, key, value: made.update(Consistency=value.lower()),
    "bind-propagation": lambda made, key, value: _bind(made).update(Propagation=value.lower()),
    "bind-nonrecursive": lambda made, key, value: _bind(made).update(NonRecursive=_boolean(key, value)),
    "volume-nocopy": lambda made, key, value: _volume(made).update(NoCopy=_boolean(key, value)),
    "volume-label": lambda made, key, value: _volume(made).setdefault("Labels", {}).update(pairs([value])),
    "volume-driver": lambda made, key, value: _driver(made).update(Name=value),
    "volume-opt": lambda made, key, value: _driver(made).setdefault("Options", {}).update(pairs([value])),
    "tmpfs-size": lambda made, key, value: _tmpfs(made).update(SizeBytes=_read(bytes_from_text, key, value)),
    "tmpfs-mode": lambda made, key, value: _tmpfs(made).update(Mode=_read(_octal, key, value)),
}


def _octal(text: str) -> int:
    return uint_from_text(text, bits=32, base=8)


def binds_and_volumes(specs: Iterable[str]) -> tuple[list[str] | None, dict[str, dict[str, str]]]:
    """What -v options say: mounts with a source, and the paths that get a volume of their own."""
    binds: list[str] = []
    volumes: dict[str, dict[str, str]] = {}
    for spec in dict.fromkeys(specs):
        if _has_source(spec):
            binds.append(spec)
        else:
            volumes[spec] = {}
    return binds or None, volumes


def _has_source(spec: str) -> bool:
    """Whether something stands before the path in the container; one letter and a colon are a drive of Windows."""
    source, colon, _ = spec.partition(":")
    if colon and len(source) == 1 and source.isalpha():
        source, colon, _ = spec[2:].partition(":")
    return bool(colon and source) and len(spec) > 2
