"""`docker builder build`: build an image from a Dockerfile."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] PATH | URL | -",
    options=(
        Option("add-host", "list", "Add a custom host-to-IP mapping (host:ip)"),
        Option("build-arg", "list", "Set build-time variables"),
        Option("cache-from", "strings", "Images to consider as cache sources"),
        Option("cgroup-parent", "string", "Optional parent cgroup for the container"),
        Option("compress", "bool", "Compress the build context using gzip"),
        Option("cpu-period", "int", "Limit the CPU CFS (Completely Fair Scheduler) period"),
        Option("cpu-quota", "int", "Limit the CPU CFS (Completely Fair Scheduler) quota"),
        Option("cpu-shares", "int", "CPU shares (relative weight)", short="c"),
        Option("cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)"),
        Option("cpuset-mems", "string", "MEMs in which to allow execution (0-3, 0,1)"),
        Option("disable-content-trust", "bool", "Skip image verification", default="true"),
        Option("file", "string", "Name of the Dockerfile (Default is 'PATH/Dockerfile')", short="f"),
        Option("force-rm", "bool", "Always remove intermediate containers"),
        Option("iidfile", "string", "Write the image ID to the file"),
        Option("isolation", "string", "Container isolation technology"),
        Option("label", "list", "Set metadata for an image"),
        Option("memory", "bytes", "Memory limit", short="m"),
        Option("memory-swap", "bytes", "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
        Option("network", "string", "Set the networking mode for the RUN instructions during build", default="default"),
        Option("no-cache", "bool", "Do not use cache when building the image"),
        Option("pull", "bool", "Always attempt to pull a newer version of the image"),
        Option("quiet", "bool", "Suppress the build output and print image ID on success", short="q"),
        Option("rm", "bool", "Remove intermediate containers after a successful build", default="true"),
        Option("security-opt", "strings", "Security options"),
        Option("shm-size", "bytes", "Size of /dev/shm"),
        Option("tag", "list", "Name and optionally a tag in the 'name:tag' format", short="t"),
        Option("target", "string", "Set the target build stage to build."),
        Option("ulimit", "ulimit", "Ulimit options", default="[]"),
    ),
    least=1,
    most=1,
)
