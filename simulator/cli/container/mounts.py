"""Mounts on a command line: --mount in full, -v in short. See docker/cli/opts/mount.go and compose/loader/volume.go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulator.cli.keyvalues import pairs
from simulator.cli.units import bytes_from_text
from simulator.cli.values import csv_fields
from simulator.golang.numbers import bool_from_text, uint_from_text

if TYPE_CHECKING:
    from simulator.kernel.process import Process

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
    name = _SPELLINGS.get(key, key)
    if name == "type":
        made["Type"] = value.lower()
    elif name in ("source", "target"):
        made[name.capitalize()] = value
    elif name == "readonly":
        made["ReadOnly"] = _boolean(key, value)
    elif name == "consistency":
        made["Consistency"] = value.lower()
    elif name.startswith("bind-"):
        _set_bind(made, name, value, field)
    elif name.startswith("volume-"):
        _set_volume(made, name, value, field)
    elif name.startswith("tmpfs-"):
        _set_tmpfs(made, name, value, field)
    else:
        raise ValueError(f"unexpected key '{key}' in '{field}'")


def _set_bind(made: dict[str, Any], key: str, value: str, field: str) -> None:
    if key == "bind-propagation":
        made.setdefault("BindOptions", {})["Propagation"] = value.lower()
    elif key == "bind-nonrecursive":
        made.setdefault("BindOptions", {})["NonRecursive"] = _boolean(key, value)
    else:
        raise ValueError(f"unexpected key '{key}' in '{field}'")


def _set_volume(made: dict[str, Any], key: str, value: str, field: str) -> None:
    if key not in ("volume-nocopy", "volume-label", "volume-driver", "volume-opt"):
        raise ValueError(f"unexpected key '{key}' in '{field}'")
    options = made.setdefault("VolumeOptions", {"DriverConfig": {}})
    if key == "volume-nocopy":
        options["NoCopy"] = _boolean(key, value)
    elif key == "volume-label":
        options.setdefault("Labels", {}).update(pairs([value]))
    elif key == "volume-driver":
        options["DriverConfig"]["Name"] = value
    else:
        options["DriverConfig"].setdefault("Options", {}).update(pairs([value]))


def _set_tmpfs(made: dict[str, Any], key: str, value: str, field: str) -> None:
    options = made.setdefault("TmpfsOptions", {})
    try:
        if key == "tmpfs-size":
            options["SizeBytes"] = bytes_from_text(value)
        elif key == "tmpfs-mode":
            options["Mode"] = uint_from_text(value, bits=32, base=8)
        else:
            raise KeyError(key)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None
    except KeyError:
        raise ValueError(f"unexpected key '{key}' in '{field}'") from None


def _boolean(key: str, value: str) -> bool:
    try:
        return bool_from_text(value)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


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
