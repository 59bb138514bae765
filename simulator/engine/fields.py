"""The fields of the API's container documents, in the order and with the zero values that the engine writes them.

Each table is a Go struct of moby's api/types/container and api/types/network: field, zero value, and whether it is left
out when it is zero (`omitempty`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
Table = tuple[tuple[str, Any, bool], ...]

CONFIG: Table = (
    ("Hostname", "", False),
    ("Domainname", "", False),
    ("User", "", False),
    ("AttachStdin", False, False),
    ("AttachStdout", False, False),
    ("AttachStderr", False, False),
    ("ExposedPorts", None, True),
    ("Tty", False, False),
    ("OpenStdin", False, False),
    ("StdinOnce", False, False),
    ("Env", None, False),
    ("Cmd", None, False),
    ("Healthcheck", None, True),
    ("ArgsEscaped", False, True),
    ("Image", "", False),
    ("Volumes", None, False),
    ("WorkingDir", "", False),
    ("Entrypoint", None, False),
    ("NetworkDisabled", False, True),
    ("MacAddress", "", True),
    ("OnBuild", None, False),
    ("Labels", None, False),
    ("StopSignal", "", True),
    ("StopTimeout", None, True),
    ("Shell", None, True),
)

HOST_CONFIG: Table = (
    ("Binds", None, False),
    ("ContainerIDFile", "", False),
    ("LogConfig", {"Type": "json-file", "Config": {}}, False),
    ("NetworkMode", "", False),
    ("PortBindings", None, False),
    ("RestartPolicy", {"Name": "", "MaximumRetryCount": 0}, False),
    ("AutoRemove", False, False),
    ("VolumeDriver", "", False),
    ("VolumesFrom", None, False),
    ("CapAdd", None, False),
    ("CapDrop", None, False),
    ("CgroupnsMode", "host", False),
    ("Dns", None, False),
    ("DnsOptions", None, False),
    ("DnsSearch", None, False),
    ("ExtraHosts", None, False),
    ("GroupAdd", None, False),
    ("IpcMode", "private", False),
    ("Cgroup", "", False),
    ("Links", None, False),
    ("OomScoreAdj", 0, False),
    ("PidMode", "", False),
    ("Privileged", False, False),
    ("PublishAllPorts", False, False),
    ("ReadonlyRootfs", False, False),
    ("SecurityOpt", None, False),
    ("StorageOpt", None, True),
    ("Tmpfs", None, True),
    ("UTSMode", "", False),
    ("UsernsMode", "", False),
    ("ShmSize", 67108864, False),
    ("Sysctls", None, True),
    ("Runtime", "", True),
    ("ConsoleSize", [0, 0], False),
    ("Isolation", "", False),
    ("CpuShares", 0, False),
    ("Memory", 0, False),
    ("NanoCpus", 0, False),
    ("CgroupParent", "", False),
    ("BlkioWeight", 0, False),
    ("BlkioWeightDevice", None, False),
    ("BlkioDeviceReadBps", None, False),
    ("BlkioDeviceWriteBps", None, False),
    ("BlkioDeviceReadIOps", None, False),
    ("BlkioDeviceWriteIOps", None, False),
    ("CpuPeriod", 0, False),
    ("CpuQuota", 0, False),
    ("CpuRealtimePeriod", 0, False),
    ("CpuRealtimeRuntime", 0, False),
    ("CpusetCpus", "", False),
    ("CpusetMems", "", False),
    ("Devices", None, False),
    ("DeviceCgroupRules", None, False),
    ("DeviceRequests", None, False),
    ("KernelMemory", 0, False),
    ("KernelMemoryTCP", 0, False),
    ("MemoryReservation", 0, False),
    ("MemorySwap", 0, False),
    ("MemorySwappiness", None, False),
    ("OomKillDisable", False, False),
    ("PidsLimit", None, False),
    ("Ulimits", None, False),
    ("CpuCount", 0, False),
    ("CpuPercent", 0, False),
    ("IOMaximumIOps", 0, False),
    ("IOMaximumBandwidth", 0, False),
    ("Mounts", None, True),
    ("MaskedPaths", None, False),
    ("ReadonlyPaths", None, False),
    ("Init", None, True),
)

ENDPOINT: Table = (
    ("IPAMConfig", None, False),
    ("Links", None, False),
    ("Aliases", None, False),
    ("NetworkID", "", False),
    ("EndpointID", "", False),
    ("Gateway", "", False),
    ("IPAddress", "", False),
    ("IPPrefixLen", 0, False),
    ("IPv6Gateway", "", False),
    ("GlobalIPv6Address", "", False),
    ("GlobalIPv6PrefixLen", 0, False),
    ("MacAddress", "", False),
    ("DriverOpts", None, False),
)

PORT_BINDING: Table = (("HostIp", "", False), ("HostPort", "", False))

# What the lists of HostConfig hold.
ELEMENTS: dict[str, Table] = {
    "Ulimits": (("Name", "", False), ("Hard", 0, False), ("Soft", 0, False)),
    "Devices": (("PathOnHost", "", False), ("PathInContainer", "", False), ("CgroupPermissions", "", False)),
    "BlkioWeightDevice": (("Path", "", False), ("Weight", 0, False)),
    "DeviceRequests": (
        ("Driver", "", False),
        ("Count", 0, False),
        ("DeviceIDs", None, False),
        ("Capabilities", None, False),
        ("Options", None, False),
    ),
    "Mounts": (
        ("Type", "", True),
        ("Source", "", True),
        ("Target", "", True),
        ("ReadOnly", False, True),
        ("Consistency", "", True),
        ("BindOptions", None, True),
        ("VolumeOptions", None, True),
        ("TmpfsOptions", None, True),
    ),
}
for _device in ("BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps"):
    ELEMENTS[_device] = (("Path", "", False), ("Rate", 0, False))

HEALTH: Table = (
    ("Test", None, True),
    ("Interval", 0, True),
    ("Timeout", 0, True),
    ("StartPeriod", 0, True),
    ("Retries", 0, True),
)

EXEC: Table = (
    ("User", "", False),
    ("Privileged", False, False),
    ("Tty", False, False),
    ("AttachStdin", False, False),
    ("AttachStderr", False, False),
    ("AttachStdout", False, False),
    ("Detach", False, False),
    ("DetachKeys", "", False),
    ("Env", None, False),
    ("WorkingDir", "", False),
    ("Cmd", None, False),
)

# Maps in Go come out of the API sorted by key.
_MAPS = frozenset({"ExposedPorts", "Volumes", "Labels", "PortBindings", "Tmpfs", "Sysctls", "DriverOpts"})

MASKED_PATHS = (
    "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
)  # fmt: skip
READONLY_PATHS = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")


def filled(given: Mapping[str, Any], table: Table) -> Document:
    """All fields of a table: as given, else zero. Fields that the table lacks are dropped, as Go's decoder does.

    The decoder minds no case, and null leaves a field as it is.
    """
    lowered = {name.lower(): value for name, value in given.items() if value is not None}
    return {name: copied(lowered.get(name.lower(), zero)) for name, zero, _ in table}


def normal(given: Mapping[str, Any], table: Table) -> Document:
    """A part of a document as the API shows it again."""
    return written(filled(given, table), table)


def written(document: Mapping[str, Any], table: Table) -> Document:
    """A document as the API writes it: in order, maps sorted, without empty fields that are left out."""
    shown: Document = {}
    for name, zero, omitted in table:
        value = document[name]
        if omitted and (value == zero or value in ({}, [])):
            continue
        shown[name] = dict(sorted(value.items())) if name in _MAPS and value else copied(value)
    return shown


def copied(value: Any) -> Any:
    """A value of a document, and all that is in it, once more."""
    if isinstance(value, dict):
        return {name: copied(inner) for name, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value
