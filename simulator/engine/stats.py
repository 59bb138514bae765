"""`docker stats`: what a container uses, by the counters of its devices and its processes.

Mirrors moby's daemon/stats and the document of cgroup v1. Processor and memory are not simulated; their figures are
those of a container that idles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Event, S
from simulator.engine.container import Container
from simulator.engine.fields import Document
from simulator.engine.moments import NEVER, utc
from simulator.engine.stream import Documents

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

MEMORY = 25_276_510_208  # bytes of the host
IDLE_MEMORY = 987_136  # bytes of a process that sleeps
UNLIMITED = 9_223_372_036_854_771_712  # what a cgroup without a limit says: the most pages
PROCESSORS = 2
_COUNTERS = ("rx_bytes", "rx_packets", "rx_errors", "rx_dropped", "tx_bytes", "tx_packets", "tx_errors", "tx_dropped")


def sample(daemon: Daemon, container: Container, before: Document | None = None) -> Document:
    """One reading; `before` is the one that came before it."""
    processes = len(container.pids.members) if container.process else 0
    document: Document = {
        "read": utc(daemon.clock.wall()) if processes else NEVER,
        "preread": before["read"] if before else NEVER,
        "pids_stats": _pids(container, processes) if processes else {},
        "blkio_stats": dict.fromkeys(_BLKIO, [] if processes else None),
        "num_procs": 0,
        "storage_stats": {},
        "cpu_stats": _processor(daemon, running=bool(processes)),
        "precpu_stats": before["cpu_stats"] if before else _processor(daemon, running=False),
        "memory_stats": _memory(container) if processes else {},
        "name": f"/{container.name}",
        "id": container.id,
    }
    if processes and container.sandbox is not None and container.network_mode != "host":
        document["networks"] = _networks(container)
    return document


_BLKIO = (
    "io_service_bytes_recursive", "io_serviced_recursive", "io_queue_recursive", "io_service_time_recursive",
    "io_wait_time_recursive", "io_merged_recursive", "io_time_recursive", "sectors_recursive",
)  # fmt: skip
_MEMORY = (
    "active_anon", "active_file", "cache", "dirty", "inactive_anon", "inactive_file", "mapped_file", "pgfault",
    "pgmajfault", "pgpgin", "pgpgout", "rss", "rss_huge", "unevictable", "writeback",
)  # fmt: skip


def _pids(container: Container, processes: int) -> Document:
    limit = container.host["PidsLimit"]
    return {"current": processes, "limit": limit} if limit else {"current": processes}


def _processor(daemon: Daemon, *, running: bool) -> Document:
    throttling = {"periods": 0, "throttled_periods": 0, "throttled_time": 0}
    usage: Document = {"total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0}
    if not running:
        return {"cpu_usage": usage, "throttling_data": throttling}
    return {
        "cpu_usage": {"total_usage": 0, "percpu_usage": [0] * PROCESSORS, **usage},
        "system_cpu_usage": int(daemon.clock.now) * PROCESSORS,
        "online_cpus": PROCESSORS,
        "throttling_data": throttling,
    }


def _memory(container: Container) -> Document:
    used = IDLE_MEMORY * len(container.pids.members)
    stats = dict.fromkeys(sorted([*_MEMORY, *(f"total_{name}" for name in _MEMORY)]), 0)
    memory, swap = container.host["Memory"] or UNLIMITED, container.host["MemorySwap"]
    stats |= {"hierarchical_memory_limit": memory, "hierarchical_memsw_limit": swap if swap > 0 else UNLIMITED}
    stats |= {"rss": used, "total_rss": used}
    return {
        "usage": used,
        "max_usage": used,
        "stats": dict(sorted(stats.items())),
        "limit": container.host["Memory"] or MEMORY,
    }


def _networks(container: Container) -> Document:
    assert container.netns is not None
    devices = [device for device in container.netns.listed() if device.name != "lo"]
    return {device.name: {key: getattr(device.counters, key) for key in _COUNTERS} for device in devices}


def second(daemon: Daemon, container: Container) -> Event:
    """The reading after the first, so that there is something to compare it with."""
    before, event = sample(daemon, container), daemon.clock.waiter()
    daemon.clock.after(S, lambda: event.succeed(sample(daemon, container, before)))
    return event


def stream(daemon: Daemon, container: Container) -> Documents:
    """A reading every second, until the client goes away or the container is removed."""
    feed = Documents(daemon.clock)

    def report(before: Document | None) -> None:
        if feed.ended:
            return
        if container.id not in daemon.containers:
            feed.end()
            return
        document = sample(daemon, container, before)
        feed.put(document)
        daemon.clock.after(S, report, document)

    report(None)
    return feed
