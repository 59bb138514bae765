"""What a mount must hold to before anything is mounted. Mirrors the linux parser of moby's volume/mounts."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from simulator.engine.errors import InvalidParameter, System
from simulator.kernel.disk import Disk

# The words of `-v source:target:WORDS`, of which each family may have one.
_MODES = {
    "access": ("ro", "rw"),
    "label": ("z", "Z"),
    "propagation": ("private", "rprivate", "shared", "rshared", "slave", "rslave"),
    "copy": ("nocopy",),
    "consistency": ("consistent", "cached", "delegated"),
}
_FAMILY_OF = {word: family for family, words in _MODES.items() for word in words}

# What `--tmpfs path:WORDS` may say: flags of mount(8), and settings of tmpfs(5) with a value.
_FLAGS = frozenset(
    {
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "mand", "noatime", "nodev",
        "nodiratime", "noexec", "nomand", "norelatime", "nostrictatime", "nosuid", "rbind", "relatime", "remount", "ro",
        "runbindable", "rw", "strictatime", "suid", "sync", "unbindable", *_MODES["propagation"],
    }
)  # fmt: skip
_SETTINGS = frozenset({"", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol", "size"})


def is_mode(mode: str) -> bool:
    """Whether the third part of `-v` says something that goes together."""
    families = [_FAMILY_OF.get(word) for word in mode.split(",")] if mode else []
    return None not in families and all(count == 1 for count in Counter(families).values())


def propagation(words: Iterable[str]) -> str:
    """Which mounts below a bind mount are seen on its other side. The host's root is shared, as systemd makes it."""
    return next((word for word in words if word in _MODES["propagation"]), "rprivate")


def wrong_target(path: str) -> str:
    """Why nothing can be mounted at a path of a container; nothing if it can."""
    if posixpath.normpath(path) == "/":
        return "invalid specification: destination can't be '/'"
    return wrong_path(path)


def wrong_path(path: str) -> str:
    return "" if path.startswith("/") else f"invalid mount path: '{path}' mount path must be absolute"


def check_mount(host: Disk, entry: Mapping[str, Any]) -> None:
    """One entry of Mounts, what `--mount` says. Raises InvalidParameter."""
    wrong = _wrong(host, entry)
    if wrong:
        raise InvalidParameter(f'invalid mount config for type "{entry.get("Type", "")}": {wrong}')


def _wrong(host: Disk, entry: Mapping[str, Any]) -> str:
    kind, target, source = (entry.get(key) or "" for key in ("Type", "Target", "Source"))
    if not target:
        return "field Target must not be empty"
    if wrong_target(target):
        return wrong_target(target)
    if kind == "bind":
        return _wrong_bind(host, entry, source)
    if kind in ("volume", "tmpfs") and entry.get("BindOptions"):
        return "field BindOptions must not be specified"
    if kind == "volume":
        nameless = not source and entry.get("ReadOnly")
        return "must not set ReadOnly mode when using anonymous volumes" if nameless else ""
    if kind == "tmpfs":
        return "field Source must not be specified" if source else ""
    return "mount type unknown"


def _wrong_bind(host: Disk, entry: Mapping[str, Any], source: str) -> str:
    if not source:
        return "field Source must not be empty"
    propagation = (entry.get("BindOptions") or {}).get("Propagation", "")
    if propagation and propagation not in _MODES["propagation"]:
        return f"invalid propagation mode: {propagation}"
    if entry.get("VolumeOptions"):
        return "field VolumeOptions must not be specified"
    return wrong_path(source) or ("" if host.exists(source) else f"bind source path does not exist: {source}")


def check_tmpfs_options(text: str) -> None:
    """The words of `--tmpfs path:WORDS`, the last first. Raises System, as this is seen at starting."""
    for word in reversed(text.split(",") if text else []):
        name, equals, value = word.partition("=")
        if word not in _FLAGS and not (equals and name in _SETTINGS):
            given = f'"{name}" "{value}"' if equals else f'"{name}"'
            raise System(f"invalid tmpfs option [{given}]")
