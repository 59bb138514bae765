"""The HostConfig of a new container: what `docker run` says of the host's side of it."""

from __future__ import annotations

from typing import Any

from simulator.cli.container import attachment, security
from simulator.cli.keyvalues import in_order
from simulator.cli.options import Parsed
from simulator.golang.nat import Bindings
from simulator.kernel.process import Process

Document = dict[str, Any]


def host_config(
    process: Process, options: Parsed, *, binds: list[str] | None, bindings: Bindings, devices: list[dict[str, str]]
) -> Document:
    """The keys in the order of the API. Raises CommandError."""
    restart = security.restart_policy(options["restart"])
    logging = security.logging_options(options["log-driver"], options["log-opt"])
    secured = security.security_options(process, options["security-opt"])
    storage = in_order(security.storage_options(options["storage-opt"]))
    return {
        "Binds": binds,
        "ContainerIDFile": options["cidfile"],
        "LogConfig": {"Type": options["log-driver"], "Config": logging},
        "NetworkMode": attachment.network_mode(options),
        "PortBindings": bindings,
        "RestartPolicy": restart,
        "AutoRemove": options["rm"],
        "VolumeDriver": options["volume-driver"],
        "VolumesFrom": options["volumes-from"] or None,
        "CapAdd": options["cap-add"] or None,
        "CapDrop": options["cap-drop"] or None,
        "CgroupnsMode": options.get("cgroupns", ""),
        **_names_and_modes(options),
        **_file_systems(options, secured, storage),
        "ConsoleSize": [0, 0],
        "Isolation": options["isolation"],
        **_resources(options),
        **_devices(options, devices),
        **_paths(options, secured),
    }


def _names_and_modes(options: Parsed) -> Document:
    return {
        "Dns": options["dns"],
        "DnsOptions": options["dns-option"],
        "DnsSearch": options["dns-search"],
        "ExtraHosts": options["add-host"] or None,
        "GroupAdd": options["group-add"] or None,
        "IpcMode": options["ipc"],
        "Cgroup": "",
        "Links": options["link"] or None,
        "OomScoreAdj": options["oom-score-adj"],
        "PidMode": options["pid"],
        "Privileged": options["privileged"],
        "PublishAllPorts": options["publish-all"],
    }


def _file_systems(options: Parsed, secured: list[str], storage: dict[str, str]) -> Document:
    tmpfs = in_order({path: flags for path, _, flags in (spec.partition(":") for spec in options["tmpfs"])})
    kept = [option for option in secured if option != security.UNCONFINED_PATHS]
    return {
        "ReadonlyRootfs": options["read-only"],
        "SecurityOpt": kept if options["security-opt"] else None,
        **({"StorageOpt": storage} if storage else {}),
        **({"Tmpfs": tmpfs} if tmpfs else {}),
        "UTSMode": options["uts"],
        "UsernsMode": options["userns"],
        "ShmSize": options["shm-size"],
        **({"Sysctls": in_order(options["sysctl"])} if options["sysctl"] else {}),
        **({"Runtime": options["runtime"]} if options["runtime"] else {}),
    }


def _resources(options: Parsed) -> Document:
    return {
        "CpuShares": options["cpu-shares"],
        "Memory": options["memory"],
        "NanoCpus": options["cpus"],
        "CgroupParent": options["cgroup-parent"],
        "BlkioWeight": options["blkio-weight"],
        "BlkioWeightDevice": options["blkio-weight-device"],
        "BlkioDeviceReadBps": options["device-read-bps"] or None,
        "BlkioDeviceWriteBps": options["device-write-bps"] or None,
        "BlkioDeviceReadIOps": options["device-read-iops"] or None,
        "BlkioDeviceWriteIOps": options["device-write-iops"] or None,
        "CpuPeriod": options["cpu-period"],
        "CpuQuota": options["cpu-quota"],
        "CpuRealtimePeriod": options["cpu-rt-period"],
        "CpuRealtimeRuntime": options["cpu-rt-runtime"],
        "CpusetCpus": options["cpuset-cpus"],
        "CpusetMems": options["cpuset-mems"],
    }


def _devices(options: Parsed, devices: list[dict[str, str]]) -> Document:
    ulimits = {limit["Name"]: limit for limit in options["ulimit"]}
    return {
        "Devices": devices,
        "DeviceCgroupRules": options["device-cgroup-rule"] or None,
        "DeviceRequests": options.get("gpus", []) or None,
        "KernelMemory": options["kernel-memory"],
        "KernelMemoryTCP": 0,
        "MemoryReservation": options["memory-reservation"],
        "MemorySwap": options["memory-swap"],
        "MemorySwappiness": options["memory-swappiness"],
        "OomKillDisable": options["oom-kill-disable"],
        "PidsLimit": options["pids-limit"],
        "Ulimits": list(in_order(ulimits).values()) or None,
        "CpuCount": 0,
        "CpuPercent": 0,
        "IOMaximumIOps": 0,
        "IOMaximumBandwidth": 0,
    }


def _paths(options: Parsed, secured: list[str]) -> Document:
    """Mounts, and which paths of /proc and /sys are hidden: None leaves that to the engine."""
    hidden: list[str] | None = [] if security.UNCONFINED_PATHS in secured else None
    return {
        **({"Mounts": options["mount"]} if options["mount"] else {}),
        "MaskedPaths": hidden,
        "ReadonlyPaths": hidden,
        **({"Init": options["init"]} if options.changed("init") else {}),
    }
