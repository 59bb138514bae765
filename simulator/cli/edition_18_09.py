"""The docker client 18.09: what its texts, options and commands are where 20.10's are others.

`docker network inspect --help` is as the tutorial shows it.
"""

from __future__ import annotations

from simulator.cli.command import Option
from simulator.cli.container.attachment import plain_attachment
from simulator.cli.editions import Changes, Edition

_NO_PLATFORM: dict[str, Option | None] = {"platform": None}
_CREATE: dict[str, Option | None] = {
    "cgroupns": None,
    "domainname": None,
    "gpus": None,
    "network": Option(
        "network",
        "string",
        "Connect a container to a network",
        default="default",
        value="parsed",
        check=plain_attachment,
    ),
    "net": Option("net", "network", "", hidden=True, same_as="network", value="parsed", check=plain_attachment),
    "platform": None,
    "pull": None,
}
_QUIET = Option("quiet", "bool", "Only show numeric IDs", short="q")
_SINCE = "Show logs since timestamp (e.g. 2013-01-02T13:23:37) or relative (e.g. 42m for 42 minutes)"
_UNTIL = "Show logs before a timestamp (e.g. 2013-01-02T13:23:37) or relative (e.g. 42m for 42 minutes)"
_TAIL = Option("tail", "string", "Number of lines to show from the end of the logs", default="all")
_LOGS: dict[str, Option | None] = {"since": Option("since", "string", _SINCE), "tail": _TAIL}
_SERVICE: dict[str, Option | None] = dict.fromkeys(
    ("cap-add", "cap-drop", "limit-pids", "max-concurrent", "replicas-max-per-node")
)
_MODE = Option("mode", "string", "Service mode (replicated or global)", default="replicated")
_BUNDLE = Option("bundle-file", "string", "Path to a Distributed Application Bundle file")

EDITION = Edition(
    gap="\t",
    footer="",
    nouns={
        "engine": (
            "Manage the docker engine",
            {
                "activate": "Activate Enterprise Edition",
                "check": "Check for available engine updates",
                "update": "Update a local engine",
            },
        ),
    },
    absent=frozenset({"builder build", "completion", "context", "manifest"}),
    shorts={"volume rm": "Remove one or more volumes"},
    aliases={"image ls": ("images", "list")},
    root_without=frozenset({"context"}),
    names_pulled=False,
    has_contexts=False,
    changes={
        "container.cp": Changes(long=""),
        "container.create": Changes(_CREATE),
        "container.exec": Changes({"env-file": None}),
        "container.logs": Changes({**_LOGS, "until": Option("until", "string", _UNTIL)}),
        "container.ls": Changes({"quiet": Option("quiet", "bool", "Only display numeric IDs", short="q")}),
        "container.rm": Changes(
            {"volumes": Option("volumes", "bool", "Remove the volumes associated with the container", short="v")}
        ),
        "container.run": Changes(_CREATE),
        "container.update": Changes({"pids-limit": None}),
        "image.history": Changes({"quiet": _QUIET}),
        "image.import_": Changes(_NO_PLATFORM),
        "image.ls": Changes({"quiet": _QUIET}),
        "image.pull": Changes({"platform": None, "quiet": None}),
        "image.push": Changes({"all-tags": None, "quiet": None}),
        "network.connect": Changes({"driver-opt": None}),
        "network.create": Changes(
            {"config-from": Option("config-from", "string", "The network from which copying the configuration")}
        ),
        "network.inspect": Changes(
            {
                "verbose": None,
                "size": Option("size", "bool", "Display total file sizes if the type is container", short="s"),
                "type": Option("type", "string", "Return JSON for specified type"),
            },
            usage="[OPTIONS] NAME|ID [NAME|ID...]",
            long="Return low-level information on Docker objects",
        ),
        "builder.prune": Changes(
            {
                "all": Option("all", "bool", "Remove all unused images, not just dangling ones", short="a"),
                "filter": Option("filter", "filter", "Provide filter values (e.g. 'unused-for=24h')"),
            }
        ),
        "unsimulated.registry:LOGIN": Changes(long=""),
        "unsimulated.registry:LOGOUT": Changes(long=""),
        "unsimulated.service:LOGS": Changes(_LOGS),
        "unsimulated.service_create": Changes({**_SERVICE, "mode": _MODE, "sysctl": None, "ulimit": None}),
        "unsimulated.service_update": Changes(
            {**_SERVICE, "sysctl-add": None, "sysctl-rm": None, "ulimit-add": None, "ulimit-rm": None}
        ),
        "unsimulated.stack:DEPLOY": Changes({"bundle-file": _BUNDLE}),
        "unsimulated.swarm:INIT": Changes({"data-path-port": None}),
        "volume.rm": Changes(long=""),
    },
)
