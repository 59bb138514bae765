"""What the engine says of itself: version, info, disk usage. Mirrors moby's daemon/info.go and disk_usage."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from simulator.engine import image_documents, listing
from simulator.engine.fields import Document
from simulator.engine.stats import MEMORY, PROCESSORS

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

CONTAINERD, RUNC, INIT = "1.6.20~ds1-1+deb12u1", "1.1.5+ds1-1+deb12u1", ""
BUILT = "%a %b %d %H:%M:%S %Y"  # how a version's build time is written
RUNTIMES = ("io.containerd.runc.v2", "io.containerd.runtime.v1.linux", "runc")
NETWORK_DRIVERS = ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")
LOG_DRIVERS = (
    "awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "splunk", "syslog",
)  # fmt: skip

SUPPORTED = (
    "MemoryLimit", "SwapLimit", "KernelMemory", "KernelMemoryTCP", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares", "CPUSet",
    "PidsLimit", "IPv4Forwarding", "BridgeNfIptables", "BridgeNfIp6tables",
)  # fmt: skip


def version(daemon: Daemon) -> Document:
    """`docker version`, the server's half."""
    own = daemon.version
    told = {
        "ApiVersion": own.api,
        "MinAPIVersion": own.minimum_api,
        "GitCommit": own.git_commit,
        "GoVersion": own.go,
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": own.kernel,
        "BuildTime": f"{datetime.strptime(own.built, BUILT):%Y-%m-%dT%H:%M:%S}.000000000+00:00",
    }
    details = dict(sorted({**told, "Experimental": "false"}.items()))
    return {
        "Platform": {"Name": ""},
        "Components": [
            {"Name": "Engine", "Version": own.engine, "Details": details},
            {"Name": "containerd", "Version": "1.6.20~ds1", "Details": {"GitCommit": CONTAINERD}},
            {"Name": "runc", "Version": "1.1.5+ds1", "Details": {"GitCommit": RUNC}},
            {"Name": "docker-init", "Version": "0.19.0", "Details": {"GitCommit": INIT}},
        ],
        "Version": own.engine,
        **told,
    }


def info(daemon: Daemon) -> Document:
    """`docker info`, the server's half; in the order of moby's types.Info."""
    return {
        "ID": daemon.identity,
        **_counts(daemon),
        **_drivers(),
        **dict.fromkeys(SUPPORTED, True),
        **_state(daemon),
        **_host(daemon),
        **_resources(),
        "Name": daemon.machine.uts.hostname,
        "Labels": [],
        "ExperimentalBuild": False,
        "ServerVersion": daemon.version.engine,
        **_runtimes(),
        "SecurityOptions": ["name=seccomp,profile=default"],
        "Warnings": None,
    }


def _counts(daemon: Daemon) -> Document:
    containers = list(daemon.containers)
    paused = sum(container.paused for container in containers)
    running = sum(container.running for container in containers) - paused
    return {
        "Containers": len(containers),
        "ContainersRunning": running,
        "ContainersPaused": paused,
        "ContainersStopped": len(containers) - running - paused,
        "Images": len(daemon.images.all()),
    }


def _drivers() -> Document:
    return {
        "Driver": "overlay2",
        "DriverStatus": [
            ["Backing Filesystem", "extfs"],
            ["Supports d_type", "true"],
            ["Native Overlay Diff", "true"],
            ["userxattr", "false"],
        ],
        "Plugins": {
            "Volume": ["local"],
            "Network": list(NETWORK_DRIVERS),
            "Authorization": None,
            "Log": list(LOG_DRIVERS),
        },
    }


def _state(daemon: Daemon) -> Document:
    """The daemon as a process."""
    return {
        "Debug": False,
        "NFd": 24,
        "OomKillDisable": True,
        "NGoroutines": 36,
        "SystemTime": daemon.local(daemon.clock.wall()),
        "LoggingDriver": "json-file",
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": "1",
        "NEventsListener": 0,
    }


def _host(daemon: Daemon) -> Document:
    own = daemon.version
    return {
        "KernelVersion": own.kernel,
        "OperatingSystem": own.operating_system,
        "OSVersion": "".join(letter for letter in own.operating_system if letter.isdigit()),
        "OSType": "linux",
        "Architecture": "x86_64",
    }


def _resources() -> Document:
    """Registries, resources, proxies."""
    return {
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": _registries(),
        "NCPU": PROCESSORS,
        "MemTotal": MEMORY,
        "GenericResources": None,
        "DockerRootDir": "/var/lib/docker",
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
    }


def _registries() -> Document:
    hub = {"Name": "docker.io", "Mirrors": [], "Secure": True, "Official": True}
    return {
        "AllowNondistributableArtifactsCIDRs": [],
        "AllowNondistributableArtifactsHostnames": [],
        "InsecureRegistryCIDRs": ["127.0.0.0/8"],
        "IndexConfigs": {"docker.io": hub},
        "Mirrors": [],
    }


def _runtimes() -> Document:
    return {
        "Runtimes": {name: {"path": "runc"} for name in RUNTIMES},
        "DefaultRuntime": "runc",
        "Swarm": {
            "NodeID": "",
            "NodeAddr": "",
            "LocalNodeState": "inactive",
            "ControlAvailable": False,
            "Error": "",
            "RemoteManagers": None,
        },
        "LiveRestoreEnabled": False,
        "Isolation": "",
        "InitBinary": "docker-init",
        "ContainerdCommit": {"ID": CONTAINERD, "Expected": CONTAINERD},
        "RuncCommit": {"ID": RUNC, "Expected": RUNC},
        "InitCommit": {"ID": INIT, "Expected": INIT},
    }


def disk_usage(daemon: Daemon) -> Document:
    """`docker system df`."""
    images = image_documents.listed(daemon.images, {})
    chains = {image.id: image.rootfs.chain_ids for image in daemon.images.all()}
    uses = Counter(chain_id for document in images for chain_id in chains[document["Id"]])
    layers = daemon.images.layers()
    for document in images:
        users = [container for container in daemon.containers if container.image.id == document["Id"]]
        shared = sum(layers[chain_id].size for chain_id in chains[document["Id"]] if uses[chain_id] > 1)
        document |= {"Containers": len(users), "SharedSize": shared}
    return {
        "LayersSize": sum(layer.size for layer in layers.values()),
        "Images": images,
        "Containers": listing.listed(daemon, {}, stopped=True, size=True),
        "Volumes": [
            volume.document() | {"UsageData": {"RefCount": len(volume.users), "Size": size}}
            for volume, size in daemon.volumes.sizes()
        ],
        "BuildCache": None,
        "BuilderSize": 0,
    }
