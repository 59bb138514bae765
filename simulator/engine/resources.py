"""Limits on what a container may use of its host: what is refused, and what is only warned of.

Mirrors verifyPlatformContainerResources of moby's daemon/daemon_unix.go, on a host with cgroups of version 1.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import Document
from simulator.engine.stats import PROCESSORS

MINIMUM_MEMORY = 6 * 1024 * 1024  # bytes: what runc needs to start a process
_SHORTEST, _LONGEST = 1_000, 1_000_000  # us: the period of the CPU scheduler
_BILLION = 10**9

_Rows = tuple[tuple[Callable[[Document], bool], str], ...]

_REFUSED: _Rows = (
    (lambda host: 0 != host["Memory"] < MINIMUM_MEMORY, "Minimum memory limit allowed is 6MB"),
    (
        lambda host: 0 < host["MemorySwap"] < host["Memory"],
        "Minimum memoryswap limit should be larger than memory limit, see usage",
    ),
    (
        lambda host: 0 < host["MemoryReservation"] < MINIMUM_MEMORY,
        "Minimum memory reservation allowed is 6MB",
    ),
    (
        lambda host: 0 < host["Memory"] < host["MemoryReservation"],
        "Minimum memory limit can not be less than memory reservation limit, see usage",
    ),
    (lambda host: 0 < host["KernelMemory"] < MINIMUM_MEMORY, "Minimum kernel memory limit allowed is 4MB"),
    (
        lambda host: host["NanoCpus"] > 0 and host["CpuPeriod"] > 0,
        "Conflicting options: Nano CPUs and CPU Period cannot both be set",
    ),
    (
        lambda host: host["NanoCpus"] > 0 and host["CpuQuota"] > 0,
        "Conflicting options: Nano CPUs and CPU Quota cannot both be set",
    ),
    (
        lambda host: not 0 <= host["NanoCpus"] <= PROCESSORS * _BILLION,
        f"Range of CPUs is from 0.01 to {PROCESSORS}.00, as there are only {PROCESSORS} CPUs available",
    ),
    (
        lambda host: host["CpuPeriod"] != 0 and not _SHORTEST <= host["CpuPeriod"] <= _LONGEST,
        "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    ),
    (lambda host: 0 < host["CpuQuota"] < _SHORTEST, "CPU cfs quota can not be less than 1ms (i.e. 1000)"),
)

_WARNED: _Rows = (
    (
        lambda host: host["KernelMemory"] > 0,
        "Specifying a kernel memory limit is deprecated and will be removed in a future release.",
    ),
    (
        lambda host: bool(host["OomKillDisable"]) and not host["Memory"],
        (
            "OOM killer is disabled for the container, but no memory limit is set, this can result in the system "
            "running out of resources."
        ),
    ),
    (
        lambda host: host["BlkioWeight"] > 0,
        "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.",
    ),
)


def check_resources(host: Document, *, update: bool = False) -> list[str]:
    """The warnings about a HostConfig's limits; what the kernel lacks is taken out of it. Raises InvalidParameter."""
    swappiness = host.get("MemorySwappiness")
    if swappiness is not None and not -1 <= swappiness <= 100:
        raise InvalidParameter(f"Invalid value: {swappiness}, valid memory swappiness range is 0-100")
    if host["MemorySwap"] > 0 and not host["Memory"] and not update:
        raise InvalidParameter("You should always set the Memory limit when using Memoryswap limit, see usage")
    for wrong, text in _REFUSED:
        if wrong(host):
            raise InvalidParameter(text)
    _check_set(host["CpusetCpus"], "CPUs", "cpuset cpus", PROCESSORS)
    _check_set(host["CpusetMems"], "memory nodes", "cpuset mems", 1)
    warnings = [text for dubious, text in _WARNED if dubious(host)]
    host["BlkioWeight"] = 0
    return warnings


def _check_set(text: str, kind: str, name: str, count: int) -> None:
    """A list as `0-2,5`, of which the host must have all."""
    try:
        wanted = _numbers(text)
    except ValueError:
        raise InvalidParameter(f"Invalid value {text} for {name}: invalid format: {text}") from None
    available = f"0-{count - 1}" if count > 1 else "0"
    if any(number >= count for number in wanted):
        raise InvalidParameter(f"Requested {kind} are not available - requested {text}, available: {available}")


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(",") if text else ():
        first, dash, last = part.partition("-")
        ends = (int(first), int(last if dash else first))
        if ends[0] > ends[1]:
            raise ValueError(text)
        found += ends
    return found
