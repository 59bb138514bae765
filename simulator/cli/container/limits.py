"""Limits of containers on a command line: --ulimit, --device-read-bps and its kin, --blkio-weight-device, --gpus.

Each check gives the API's document of one value or raises ValueError. See docker/cli/opts, docker/go-units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.cli.keyvalues import pairs
from simulator.cli.units import bytes_from_text
from simulator.cli.values import csv_fields
from simulator.golang.numbers import atoi, int_from_text, uint_from_text
from simulator.golang.quote import quote

if TYPE_CHECKING:
    from simulator.kernel.process import Process

ULIMITS = (
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
    "rttime", "sigpending", "stack",
)  # fmt: skip
_POSITIVE = "Number must be a positive integer"
_UNLIMITED = -1


def ulimit(text: str, process: Process) -> dict[str, Any]:
    """nofile=1024:2048"""
    name, equals, limits = text.partition("=")
    if not equals:
        raise ValueError(f"invalid ulimit argument: {text}")
    if name not in ULIMITS:
        raise ValueError(f"invalid ulimit type: {name}")
    parts = limits.split(":")
    if len(parts) > 2:
        raise ValueError(f"too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`")
    hard = int_from_text(parts[-1], base=10)
    soft = int_from_text(parts[0], base=10)
    _check_order(soft, hard)
    return {"Name": name, "Hard": hard, "Soft": soft}


def _check_order(soft: int, hard: int) -> None:
    rule = "ulimit soft limit must be less than or equal to hard limit"
    if hard != _UNLIMITED and soft == _UNLIMITED:
        raise ValueError(f"{rule}: soft: -1 (unlimited), hard: {hard}")
    if hard != _UNLIMITED and soft > hard:
        raise ValueError(f"{rule}: {soft} > {hard}")


def _device(text: str) -> tuple[str, str]:
    path, colon, value = text.partition(":")
    if not colon:
        raise ValueError(f"bad format: {text}")
    if not path.startswith("/dev/"):
        raise ValueError(f"bad format for device path: {text}")
    return path, value


def bytes_rate(text: str, process: Process) -> dict[str, Any]:
    """/dev/sda:1mb"""
    path, value = _device(text)
    try:
        return {"Path": path, "Rate": bytes_from_text(value)}
    except ValueError:
        raise ValueError(
            f"invalid rate for device: {text}. The correct format is <device-path>:<number>[<unit>]. "
            f"{_POSITIVE}. Unit is optional and can be kb, mb, or gb"
        ) from None


def operations_rate(text: str, process: Process) -> dict[str, Any]:
    """/dev/sda:1000"""
    path, value = _device(text)
    try:
        return {"Path": path, "Rate": uint_from_text(value, bits=64, base=10)}
    except ValueError:
        raise ValueError(
            f"invalid rate for device: {text}. The correct format is <device-path>:<number>. {_POSITIVE}"
        ) from None


def weight_device(text: str, process: Process) -> dict[str, Any]:
    """/dev/sda:100"""
    path, value = _device(text)
    try:
        weight = uint_from_text(value, bits=16, base=10)
    except ValueError:
        weight = 1
    if weight and not 10 <= weight <= 1000:
        raise ValueError(f"invalid weight for device: {text}")
    return {"Path": path, "Weight": weight}


def gpu_request(text: str, process: Process) -> dict[str, Any]:
    """all, 2, device=0"""
    made: dict[str, Any] = {"Driver": "", "Count": 0, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": {}}
    seen: set[str] = set()
    for field in csv_fields(text):
        key, equals, value = field.partition("=")
        if key in seen:
            raise ValueError(f"gpu request key '{key}' can be specified only once")
        seen.add(key if equals else "count")
        _set_gpu(made, key if equals else "count", value if equals else key, field)
    if "count" not in seen and made["DeviceIDs"] is None:
        made["Count"] = 1
    return made


def _set_gpu(made: dict[str, Any], key: str, value: str, field: str) -> None:
    if key == "driver":
        made["Driver"] = value
    elif key == "count":
        made["Count"] = _UNLIMITED if value == "all" else _count(value)
    elif key == "device":
        made["DeviceIDs"] = value.split(",")
    elif key == "capabilities":
        made["Capabilities"] = [[*value.split(","), "gpu"]]
    elif key == "options":
        made["Options"] = pairs(csv_fields(value))
    else:
        raise ValueError(f"unexpected key '{key}' in '{field}'")


def _count(text: str) -> int:
    try:
        return atoi(text)
    except ValueError:
        raise ValueError(f"count must be an integer: strconv.Atoi: parsing {quote(text)}: invalid syntax") from None
