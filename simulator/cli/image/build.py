"""`docker builder build`: build an image from a Dockerfile."""

from __future__ import annotations

from typing import Any

from simulator.cli import checks
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container import limits
from simulator.cli.errors import CommandError
from simulator.cli.image.context import Context, context_from_directory, context_from_stdin
from simulator.cli.image.progress import follow
from simulator.cli.options import Parsed
from simulator.cli.units import human_size
from simulator.clock import Clock, Steps
from simulator.engine.errors import EngineError
from simulator.golang.quote import quote
from simulator.kernel.files import OpenFile
from simulator.userland.program import read_all

COMMAND = Command(
    usage="[OPTIONS] PATH | URL | -",
    options=(
        Option("add-host", "list", "Add a custom host-to-IP mapping (host:ip)", check=checks.extra_host),
        Option("build-arg", "list", "Set build-time variables", check=checks.environment),
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
        Option("label", "list", "Set metadata for an image", check=checks.label),
        Option("memory", "bytes", "Memory limit", short="m"),
        Option("memory-swap", "bytes", "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
        Option("network", "string", "Set the networking mode for the RUN instructions during build", default="default"),
        Option("no-cache", "bool", "Do not use cache when building the image"),
        Option("pull", "bool", "Always attempt to pull a newer version of the image"),
        Option("quiet", "bool", "Suppress the build output and print image ID on success", short="q"),
        Option("rm", "bool", "Remove intermediate containers after a successful build", default="true"),
        Option("security-opt", "strings", "Security options"),
        Option("shm-size", "bytes", "Size of /dev/shm"),
        Option("tag", "list", "Name and optionally a tag in the 'name:tag' format", short="t", check=checks.image_name),
        Option("target", "string", "Set the target build stage to build."),
        Option("ulimit", "ulimit", "Ulimit options", default="[]", value="parsed", check=limits.ulimit),
        Option("platform", "string", "", hidden=True),
        Option("squash", "bool", "", hidden=True, only="with experimental features enabled"),
        Option("stream", "bool", "", hidden=True),
        *(Option(name, "list", "", hidden=True) for name in ("progress", "secret", "ssh")),  # BuildKit's
        Option("output", "list", "", short="o", hidden=True),
    ),
    least=1,
    most=1,
)

STDIN = "-"
SENDING = "Sending build context to Docker daemon"
BUILDKIT = "docklab does not simulate BuildKit; DOCKER_BUILDKIT=0 chooses the classic builder"
# What the options of resources are called in the API's HostConfig.
RESOURCES = {
    "add-host": "ExtraHosts", "cgroup-parent": "CgroupParent", "cpu-period": "CpuPeriod", "cpu-quota": "CpuQuota",
    "cpu-shares": "CpuShares", "cpuset-cpus": "CpusetCpus", "cpuset-mems": "CpusetMems", "memory": "Memory",
    "memory-swap": "MemorySwap", "shm-size": "ShmSize", "ulimit": "Ulimits",
}  # fmt: skip


class Kept(OpenFile):
    """What a quiet build says: shown if it goes wrong."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def run(client: Client, options: Parsed) -> Steps:
    """The classic builder's client."""
    process = client.process
    if process.env.get("DOCKER_BUILDKIT", "0").lower() in ("1", "t", "true"):
        raise CommandError(BUILDKIT)
    id_file = process.path(options["iidfile"]) if options["iidfile"] else ""
    if id_file and process.disk.exists(id_file):
        process.disk.remove(id_file)
    context = yield from _context(client, options)
    identity = yield from _build(client, options, context)
    if id_file:
        process.disk.write(id_file, identity)


def _context(client: Client, options: Parsed) -> Steps:
    """What is sent. Raises CommandError."""
    given, dockerfile = options.arguments[0], options["file"]
    if dockerfile == STDIN == given:
        raise CommandError("invalid argument: can't use stdin for both build context and dockerfile")
    typed = (yield from read_all(client.stdin)) if STDIN in (dockerfile, given) else None
    if given == STDIN:
        return context_from_stdin(typed or b"", dockerfile)
    if client.process.disk.exists(client.process.path(given)):
        return context_from_directory(client.process, given, dockerfile, typed)
    if given.startswith(("http://", "https://", "git://", "git@", "github.com/")):
        raise CommandError(f"docklab does not simulate building from '{given}'")
    raise CommandError(f"unable to prepare context: path {quote(given)} not found")


def _build(client: Client, options: Parsed, context: Context) -> Steps:
    """Has the engine build, and shows how it goes; the id of the image."""
    kept = Kept(client.clock) if options["quiet"] else None
    shown = kept or client.process.stdout
    shown.write(f"{SENDING} {human_size(context.sent):>8}\r\r\n".encode())
    made: list[str] = [""]
    try:
        feed = client.engine.image_build(context.data, context.dockerfile, **_request(options))
        yield from follow(client, feed, shown, lambda aux: made.append(aux["ID"]))
    except (CommandError, EngineError):
        if kept is not None:
            client.process.stderr.write(kept.data)
        raise
    if kept is None:
        return made[-1]
    said = kept.data.partition(b"\n")[2]
    client.process.write(said)
    return said.decode()


def _request(options: Parsed) -> dict[str, Any]:
    given = [entry.partition("=") for entry in options["build-arg"]]
    return {
        "tags": options["tag"],
        "arguments": {name: value if equals else None for name, equals, value in given},
        "labels": {name: value for name, _, value in (entry.partition("=") for entry in options["label"])},
        "target": options["target"],
        "no_cache": options["no-cache"],
        "cache_from": options["cache-from"],
        "pull": options["pull"],
        "quiet": options["quiet"],
        "remove": options["rm"],
        "force_remove": options["force-rm"],
        "network": options["network"],
        "host": {key: options[name] for name, key in RESOURCES.items() if options.changed(name)},
    }
