"""`docker container update`: update configuration of one or more containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

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
        Option("memory-swap", "bytes", "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
        Option("pids-limit", "int", "Tune container pids limit (set -1 for unlimited)"),
        Option("restart", "string", "Restart policy to apply when a container exits"),
    ),
    least=1,
    most=None,
)
