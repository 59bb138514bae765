"""Restart policies, security options, devices, modes: what `docker run` checks after all options are read."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from typing import Any

from simulator.cli.errors import CommandError
from simulator.cli.keyvalues import pairs
from simulator.cli.options import Parsed
from simulator.golang.numbers import atoi
from simulator.golang.quote import quote
from simulator.kernel.process import Process

UNCONFINED_PATHS = "systempaths=unconfined"


def check_modes(options: Parsed) -> None:
    """--pid, --uts, --userns, --cgroupns. Raises CommandError."""
    mode, _, container = options["pid"].partition(":")
    if not (options["pid"] in ("", "host") or (mode == "container" and container and ":" not in container)):
        raise CommandError("--pid: invalid PID mode")
    if options["uts"] not in ("", "host"):
        raise CommandError("--uts: invalid UTS mode")
    if options["userns"] not in ("", "host"):
        raise CommandError("--userns: invalid USER mode")
    if options.get("cgroupns", "") not in ("", "host", "private"):
        raise CommandError("--cgroupns: invalid CGROUP mode")


def restart_policy(text: str) -> dict[str, Any]:
    """no, always, on-failure:3. Raises CommandError."""
    name, colon, count = text.partition(":")
    if ":" in count:
        raise CommandError("invalid restart policy format")
    try:
        retries = atoi(count) if colon else 0
    except ValueError:
        raise CommandError("maximum retry count must be an integer") from None
    return {"Name": name, "MaximumRetryCount": retries}


def logging_options(driver: str, options: list[str]) -> dict[str, str]:
    if driver == "none" and options:
        raise CommandError(f"invalid logging opts for driver {driver}")
    return pairs(options)


def security_options(process: Process, options: Iterable[str]) -> list[str]:
    """The --security-opt values; a seccomp profile is read from its file. Raises CommandError."""
    made = []
    for option in options:
        name, equals, value = option.partition("=")
        if not equals and option != "no-new-privileges":
            name, colon, value = option.partition(":")
            if not colon:
                raise CommandError(f"Invalid --security-opt: {quote(option)}")
        if name == "seccomp" and value != "unconfined":
            option = f"seccomp={_profile(process, value)}"
        made.append(option)
    return made


def _profile(process: Process, path: str) -> str:
    try:
        content = process.disk.read(process.path(path), process)
    except OSError as error:
        problem = f"open {path}: {(error.strerror or '').lower()}"
        raise CommandError(f"opening seccomp profile ({path}) failed: {problem}") from None
    try:
        return json.dumps(json.loads(content), separators=(",", ":"))
    except ValueError as error:
        raise CommandError(f"compacting json for seccomp profile ({path}) failed: {error}") from None


def storage_options(options: Iterable[str]) -> dict[str, str]:
    made = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise CommandError("invalid storage option")
        made[name] = value
    return made


def devices(specs: Iterable[str]) -> list[dict[str, str]]:
    """--device: /dev/sda:/dev/xvda:rwm. Raises CommandError."""
    return [_device(spec) for spec in specs]


def _device(spec: str) -> dict[str, str]:
    parts = spec.split(":")
    if len(parts) > 3 or not parts[0]:
        raise CommandError(f"bad format for path: {spec}")
    mode = "rwm"
    if len(parts) == 3:
        if not _is_mode(parts[2]):
            raise CommandError(f"bad mode specified: {parts[2]}")
        mode = parts[2]
    inside = parts[0]
    if len(parts) > 1:
        inside, mode = (inside, parts[1]) if len(parts) == 2 and _is_mode(parts[1]) else (parts[1], mode)
    if not inside.startswith("/"):
        raise CommandError(f"{inside} is not an absolute path")
    clean = posixpath.normpath(inside) if len(parts) < 3 else inside
    outside = clean if len(parts) == 1 or inside == parts[0] else parts[0]
    return {"PathOnHost": outside, "PathInContainer": clean, "CgroupPermissions": mode}


def _is_mode(text: str) -> bool:
    return bool(text) and set(text) <= set("rwm") and len(set(text)) == len(text)
