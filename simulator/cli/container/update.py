"""`docker container update`: update configuration of one or more containers."""

from __future__ import annotations

from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.security import restart_policy
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option(
            "blkio-weight", "uint16", "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)"
        ),
        Option("cpu-period", "int", "Limit CPU CFS (Completely Fair Scheduler) period"),
        Option("cpu-quota", "int", "Limit CPU CFS (Completely Fair Scheduler) quota"),
        Option("cpu-rt-period", "int", "Limit the CPU real-time period in microseconds"),
        Option("cpu-rt-runtime", "int", "Limit the CPU real-time runtime in microseconds"),
        Option("cpu-shares", "int", "CPU shares (relative weight)", short="c"),
        Option("cpus", "decimal", "Number of CPUs"),
        Option("cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)"),
        Option("cpuset-mems", "string", "MEMs in which to allow execution (0-3, 0,1)"),
        Option("kernel-memory", "bytes", "Kernel memory limit"),
        Option("memory", "bytes", "Memory limit", short="m"),
        Option("memory-reservation", "bytes", "Memory soft limit"),
        Option(
            "memory-swap",
            "bytes",
            "Swap limit equal to memory plus swap: '-1' to enable unlimited swap",
            value="swap",
        ),
        Option("pids-limit", "int", "Tune container pids limit (set -1 for unlimited)"),
        Option("restart", "string", "Restart policy to apply when a container exits"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    if not options.given:
        raise CommandError("you must provide one or more flags when using this command")
    document = _document(options)
    warnings: list[str] = []
    wrong: list[str] = []
    for name in options.arguments:
        try:
            warnings += client.engine.container_update(name, document).get("Warnings") or []
            client.print(name)
        except EngineError as error:
            wrong.append(text_of(error))
    if warnings:
        client.print("\n".join(warnings))
    if wrong:
        raise CommandError("\n".join(wrong))
    yield from ()


_UNTOUCHED = (
    "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps",
)  # fmt: skip


def _document(options: Parsed) -> dict[str, Any]:
    """The UpdateConfig of the request."""
    policy = restart_policy(options["restart"]) if options["restart"] else {"Name": "", "MaximumRetryCount": 0}
    return {
        "CpuShares": options["cpu-shares"],
        "Memory": options["memory"],
        "NanoCpus": options["cpus"],
        "CgroupParent": "",
        "BlkioWeight": options["blkio-weight"],
        **dict.fromkeys(_UNTOUCHED),
        "CpuPeriod": options["cpu-period"],
        "CpuQuota": options["cpu-quota"],
        "CpuRealtimePeriod": options["cpu-rt-period"],
        "CpuRealtimeRuntime": options["cpu-rt-runtime"],
        "CpusetCpus": options["cpuset-cpus"],
        "CpusetMems": options["cpuset-mems"],
        **dict.fromkeys(("Devices", "DeviceCgroupRules", "DeviceRequests")),
        "KernelMemory": options["kernel-memory"],
        "KernelMemoryTCP": 0,
        "MemoryReservation": options["memory-reservation"],
        "MemorySwap": options["memory-swap"],
        **dict.fromkeys(("MemorySwappiness", "OomKillDisable")),
        "PidsLimit": options.get("pids-limit", 0) or None,
        "Ulimits": None,
        **dict.fromkeys(("CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth"), 0),
        "RestartPolicy": policy,
    }
