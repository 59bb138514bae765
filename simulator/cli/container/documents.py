"""The documents that `docker run` and `docker create` send: Config, HostConfig and NetworkingConfig of the API.

Mirrors `parse` of docker/cli/cli/command/container/opts.go; what is wrong is told in the order in which it looks.
"""

from __future__ import annotations

from typing import Any

from simulator.cli.container import attachment, health, mounts, security
from simulator.cli.errors import CommandError
from simulator.cli.keyvalues import in_order, pairs, read_files
from simulator.cli.options import Parsed
from simulator.cli.ports import Bindings, port_from_text, published, range_from_text, split_protocol
from simulator.kernel.process import Process

Document = dict[str, Any]
Ports = dict[str, dict[str, str]]

_MAC_LENGTHS = (6, 8, 20)


def create_document(process: Process, options: Parsed) -> Document:
    """The body of POST /containers/create. Raises CommandError."""
    _check_mac(options["mac-address"])
    swappiness = options["memory-swappiness"]
    if not -1 <= swappiness <= 100:
        raise CommandError(f"invalid value: {swappiness}. Valid memory swappiness range is 0-100")
    binds, volumes = mounts.binds_and_volumes(options["volume"])
    ports, bindings = _ports(options)
    devices = security.devices(options["device"])
    env = read_files(process, options["env-file"], process.env) + options["env"]
    labels = pairs(read_files(process, options["label-file"]) + options["label"])
    security.check_modes(options)
    host = _host_config(process, options, binds=binds, bindings=bindings, devices=devices)
    config = _config(options, ports=ports, volumes=volumes, env=env, labels=labels)
    if options["rm"] and host["RestartPolicy"]["Name"] not in ("", "no"):
        raise CommandError("Conflicting options: --restart and --rm")
    return {
        **config,
        "HostConfig": host,
        "NetworkingConfig": {"EndpointsConfig": attachment.endpoints(options)},
    }


def _check_mac(text: str) -> None:
    """net.ParseMAC: 6, 8 or 20 octets with colons or hyphens, or groups of four digits with dots."""
    if not text:
        return
    stripped = text.strip()
    separator, width = (".", 4) if "." in stripped else (stripped[2:3], 2)
    parts = stripped.split(separator) if separator in tuple(".:-") else []
    digits = all(len(part) == width and all(char in "0123456789abcdefABCDEF" for char in part) for part in parts)
    if not (digits and len(parts) * width // 2 in _MAC_LENGTHS):
        raise CommandError(f"{text} is not a valid mac address")


def _ports(options: Parsed) -> tuple[Ports, Bindings]:
    """Exposed ports and bindings of -p and --expose."""
    try:
        ports, bindings = published(_standard(options["publish"]))
    except ValueError as error:
        raise CommandError(str(error)) from None
    for spec in options["expose"]:
        ports.update({port: {} for port in _exposed(spec)})
    return in_order(ports), in_order(bindings)


def _standard(specs: list[str]) -> list[str]:
    """-p published=8080,target=80,protocol=tcp in the usual notation."""
    made = []
    for spec in specs:
        if "=" not in spec:
            made.append(spec)
            continue
        fields = {"protocol": "tcp"}
        for field in spec.split(","):
            parts = field.split("=")
            if len(parts) < 2:
                raise CommandError(f"invalid publish opts format (should be name=value but got '{field}')")
            fields[parts[0]] = parts[1]
        made.append(f"{fields.get('published', '')}:{fields.get('target', '')}/{fields['protocol']}")
    return made


def _exposed(spec: str) -> list[str]:
    if ":" in spec:
        raise CommandError(f"invalid port format for --expose: {spec}")
    protocol, number = split_protocol(spec)
    try:
        first, last = range_from_text(number)
    except ValueError as error:
        raise CommandError(f"invalid range format for --expose: {spec}, error: {error}") from None
    return [port_from_text(protocol, str(port)) for port in range(first, last + 1)]


def _config(options: Parsed, *, ports: Ports, volumes: Ports, env: list[str], labels: dict[str, str]) -> Document:
    attached = _attached(options)
    health_config = health.health_config(options)
    image, *command = options.arguments
    entrypoint = [options["entrypoint"]] if options.changed("entrypoint") else None
    return {
        "Hostname": options["hostname"],
        "Domainname": options.get("domainname", ""),
        "User": options["user"],
        **attached,
        **({"ExposedPorts": ports} if ports else {}),
        "Tty": options["tty"],
        "OpenStdin": options["interactive"],
        "StdinOnce": options["interactive"] and attached["AttachStdin"],
        "Env": env or None,
        "Cmd": command or None,
        **({"Healthcheck": health_config} if health_config else {}),
        "Image": image,
        "Volumes": in_order(volumes),
        "WorkingDir": options["workdir"],
        "Entrypoint": entrypoint,
        **({"MacAddress": options["mac-address"]} if options["mac-address"] else {}),
        "OnBuild": None,
        "Labels": labels,
        **({"StopSignal": options["stop-signal"]} if options.changed("stop-signal") else {}),
        **({"StopTimeout": options["stop-timeout"]} if options.changed("stop-timeout") else {}),
    }


def _attached(options: Parsed) -> dict[str, bool]:
    """Which streams the client attaches to: those of -a, or else output and errors, and input with -i."""
    asked = options["attach"]
    return {
        "AttachStdin": "stdin" in asked or options["interactive"],
        "AttachStdout": "stdout" in asked or not asked,
        "AttachStderr": "stderr" in asked or not asked,
    }


def _host_config(
    process: Process, options: Parsed, *, binds: list[str] | None, bindings: Bindings, devices: list[dict[str, str]]
) -> Document:
    restart = security.restart_policy(options["restart"])
    logging = security.logging_options(options["log-driver"], options["log-opt"])
    secured = security.security_options(process, options["security-opt"])
    open_paths = security.UNCONFINED_PATHS in secured
    secured = [option for option in secured if option != security.UNCONFINED_PATHS]
    storage = security.storage_options(options["storage-opt"])
    tmpfs = {path: flags for path, _, flags in (spec.partition(":") for spec in options["tmpfs"])}
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
        "ReadonlyRootfs": options["read-only"],
        "SecurityOpt": secured if options["security-opt"] else None,
        **({"StorageOpt": in_order(storage)} if storage else {}),
        **({"Tmpfs": in_order(tmpfs)} if tmpfs else {}),
        "UTSMode": options["uts"],
        "UsernsMode": options["userns"],
        "ShmSize": options["shm-size"],
        **({"Sysctls": in_order(options["sysctl"])} if options["sysctl"] else {}),
        **({"Runtime": options["runtime"]} if options["runtime"] else {}),
        "ConsoleSize": [0, 0],
        "Isolation": options["isolation"],
        **_resources(options, devices),
        **({"Mounts": options["mount"]} if options["mount"] else {}),
        "MaskedPaths": [] if open_paths else None,
        "ReadonlyPaths": [] if open_paths else None,
        **({"Init": options["init"]} if options.changed("init") else {}),
    }


def _resources(options: Parsed, devices: list[dict[str, str]]) -> Document:
    ulimits = {limit["Name"]: limit for limit in options["ulimit"]}
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
        "Ulimits": [ulimits[name] for name in sorted(ulimits)] or None,
        "CpuCount": 0,
        "CpuPercent": 0,
        "IOMaximumIOps": 0,
        "IOMaximumBandwidth": 0,
    }
