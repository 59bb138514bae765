"""The API's documents of containers: what `docker inspect` shows. Keys stand in the engine's own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine import links
from simulator.engine.container import Container, Status
from simulator.engine.fields import CONFIG, HOST_CONFIG, Document, written
from simulator.engine.layer import GRAPH
from simulator.engine.moments import utc
from simulator.engine.networking import network_settings

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon


_OF_THE_BRIDGE = {
    "EndpointID": "",
    "Gateway": "",
    "GlobalIPv6Address": "",
    "GlobalIPv6PrefixLen": 0,
    "IPAddress": "",
    "IPPrefixLen": 0,
    "IPv6Gateway": "",
    "MacAddress": "",
}


def inspected(daemon: Daemon, container: Container, *, size: bool = False) -> Document:
    """Everything about a container; its sizes only if asked for, because they cost time."""
    sizes = {"SizeRw": container.size, "SizeRootFs": container.size + container.image.size} if size else {}
    running = [identity for identity, made in container.execs.items() if made.running]
    return {
        "Id": container.id,
        "Created": utc(container.created),
        "Path": container.path,
        "Args": list(container.args),
        "State": state(container),
        "Image": container.image.id,
        "ResolvConfPath": container.resolv_path,
        "HostnamePath": container.hostname_path,
        "HostsPath": container.hosts_path,
        "LogPath": container.log_path,
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": "overlay2",
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "",
        "ExecIDs": running or None,
        "HostConfig": written({**container.host, "Links": links.shown(container)}, HOST_CONFIG),
        "GraphDriver": _graph(container),
        **sizes,
        "Mounts": [mount.document() for mount in container.mounts],
        "Config": written(container.config, CONFIG),
        "NetworkSettings": _network_settings(container),
    }


def state(container: Container) -> Document:
    document: Document = {
        "Status": container.status.value,
        "Running": container.running,
        "Paused": container.paused,
        "Restarting": container.status is Status.RESTARTING,
        "OOMKilled": False,
        "Dead": container.status is Status.DEAD,
        "Pid": container.process.pid if container.process else 0,
        "ExitCode": container.exit_code,
        "Error": container.error,
        "StartedAt": utc(container.started_at),
        "FinishedAt": utc(container.finished_at),
    }
    if container.health is not None:
        document["Health"] = container.health.document()
    return document


def _graph(container: Container) -> Document:
    own = f"{GRAPH}/{container.graph_id}"
    below = [f"{own}-init", *container.image.rootfs.folders]
    return {
        "Data": {
            "LowerDir": ":".join(f"{folder}/diff" for folder in below),
            "MergedDir": f"{own}/merged",
            "UpperDir": f"{own}/diff",
            "WorkDir": f"{own}/work",
        },
        "Name": "overlay2",
    }


def _network_settings(container: Container) -> Document:
    """The older fields repeat what the default bridge's endpoint has."""
    networks = network_settings(container)
    bridge = networks.get("bridge", _OF_THE_BRIDGE)
    return {
        "Bridge": "",
        "SandboxID": container.sandbox_id,
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "Ports": container.ports,
        "SandboxKey": container.sandbox_key,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        **{key: bridge[key] for key in _OF_THE_BRIDGE},
        "Networks": networks,
    }
