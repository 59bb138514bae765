"""What containers use, in a table. See docker/cli/cli/command/container/formatter_stats.go and stats_helpers.go."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from simulator.cli.listing import TABLE, Noun, short_id
from simulator.cli.units import binary_size, human_size

_TABLE = "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}"


class StatsRow(Struct, frozen=True):
    """What a container uses, as `docker stats` shows it."""

    container: str  # as it was asked for
    document: dict[str, Any]
    short: bool


def default_format(form: str) -> str:
    return _TABLE if form in ("", TABLE) else form


def _name(row: StatsRow) -> str:
    name: str = row.document.get("name", "")
    return name[1:] if len(name) > 1 else "--"


def _id(row: StatsRow) -> str:
    identifier: str = row.document.get("id", "")
    return short_id(identifier) if row.short else identifier


def _cpu(row: StatsRow) -> str:
    now, before = row.document.get("cpu_stats", {}), row.document.get("precpu_stats", {})
    used = _total(now) - _total(before)
    system = now.get("system_cpu_usage", 0) - before.get("system_cpu_usage", 0)
    cpus = now.get("online_cpus") or len(now.get("cpu_usage", {}).get("percpu_usage") or [])
    share = used / system * cpus * 100 if system > 0 and used > 0 else 0.0
    return f"{share:.2f}%"


def _total(reading: dict[str, Any]) -> int:
    return int(reading.get("cpu_usage", {}).get("total_usage", 0))


def _memory(row: StatsRow) -> tuple[int, int]:
    """What is used without the page cache, and the limit."""
    memory = row.document.get("memory_stats", {})
    usage, details = memory.get("usage", 0), memory.get("stats") or {}
    cache = details.get("total_inactive_file", details.get("inactive_file", 0))
    return (usage - cache if cache < usage else usage), memory.get("limit", 0)


def _memory_usage(row: StatsRow) -> str:
    used, limit = _memory(row)
    return f"{binary_size(used)} / {binary_size(limit)}"


def _memory_share(row: StatsRow) -> str:
    used, limit = _memory(row)
    return f"{used / limit * 100 if limit else 0:.2f}%"


def _network(row: StatsRow) -> str:
    devices = (row.document.get("networks") or {}).values()
    received, sent = sum(device["rx_bytes"] for device in devices), sum(device["tx_bytes"] for device in devices)
    return f"{human_size(received, 3)} / {human_size(sent, 3)}"


def _blocks(row: StatsRow) -> str:
    entries = (row.document.get("blkio_stats") or {}).get("io_service_bytes_recursive") or []
    amounts = {"r": 0, "w": 0}
    for entry in entries:
        letter = entry.get("op", "")[:1].lower()
        if letter in amounts:
            amounts[letter] += entry["value"]
    return f"{human_size(amounts['r'], 3)} / {human_size(amounts['w'], 3)}"


NOUN = Noun(
    "*container.statsContext",
    {
        "Container": ("CONTAINER", lambda row: row.container),
        "Name": ("NAME", _name),
        "ID": ("CONTAINER ID", _id),
        "CPUPerc": ("CPU %", _cpu),
        "MemUsage": ("MEM USAGE / LIMIT", _memory_usage),
        "MemPerc": ("MEM %", _memory_share),
        "NetIO": ("NET I/O", _network),
        "BlockIO": ("BLOCK I/O", _blocks),
        "PIDs": ("PIDS", lambda row: str((row.document.get("pids_stats") or {}).get("current", 0))),
    },
)
