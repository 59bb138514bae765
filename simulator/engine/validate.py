"""What a request to create a container must hold to. Mirrors moby's runconfig and verifyContainerSettings, in their
order.

All refusals are InvalidParameter with the engine's own words.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Any

from simulator.clock import MS
from simulator.engine.capabilities import check_capabilities
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.fields import Document
from simulator.engine.mount_config import check_mount, wrong_target
from simulator.engine.resources import check_resources
from simulator.engine.signals import signal_from_text
from simulator.kernel.disk import Disk

POLICIES = ("always", "unless-stopped", "on-failure", "no", "")
_UNDEFINED = "can't be used with links. This would result in undefined behavior"

_Contradiction = Callable[[Document, Document], Any]
_CONTRADICTIONS: tuple[tuple[_Contradiction, str], ...] = (
    (lambda config, host: _joins(host) and config["Hostname"], "hostname and the network mode"),
    (lambda config, host: _joins(host) and host["Links"], f"container type network {_UNDEFINED}"),
    (lambda config, host: _joins(host) and host["Dns"], "dns and the network mode"),
    (lambda config, host: _joins(host) and host["ExtraHosts"], "custom host-to-IP mapping and the network mode"),
    (
        lambda config, host: (_joins(host) or host["NetworkMode"] == "host") and config["MacAddress"],
        "mac-address and the network mode",
    ),
    (
        lambda config, host: _joins(host) and (host["PortBindings"] or host["PublishAllPorts"]),
        "port publishing and the container type network mode",
    ),
    (
        lambda config, host: _joins(host) and config["ExposedPorts"],
        "port exposing and the container type network mode",
    ),
    (lambda config, host: host["UTSMode"] == "host" and config["Hostname"], "hostname and the UTS mode"),
    (lambda config, host: host["NetworkMode"] == "host" and host["Links"], f"host type networking {_UNDEFINED}"),
)


def _joins(host: Document) -> bool:
    """Whether the container is to have another container's network."""
    return str(host["NetworkMode"]).startswith("container:")


def check_modes(config: Document, host: Document) -> None:
    """Options that contradict each other or the system: all that is looked at while decoding (moby's runconfig)."""
    mode = host["NetworkMode"]
    if mode in ("container", "container:") or mode.startswith("container::"):
        raise InvalidParameter("Invalid network mode: invalid container format container:<name|id>")
    for contradict, what in _CONTRADICTIONS:
        if contradict(config, host):
            raise InvalidParameter(f"conflicting options: {what}")
    if host["Isolation"].lower() not in ("", "default"):
        raise System(f"Invalid isolation: \"{host['Isolation']}\" - linux only supports 'default'")


def check_config(config: Document) -> None:
    directory = config["WorkingDir"]
    if directory and not posixpath.isabs(directory):
        raise InvalidParameter(f"the working directory '{directory}' is invalid, it needs to be an absolute path")
    if config["StopSignal"]:
        signal_from_text(config["StopSignal"])
    for entry in config["Env"] or []:
        if not entry or entry.startswith("="):
            raise InvalidParameter(f"invalid environment variable: {entry}")
    _check_health(config["Healthcheck"])


def _check_health(check: Document | None) -> None:
    for name in ("Interval", "Timeout", "StartPeriod"):
        given = (check or {}).get(name, 0)
        if given and given < MS:
            raise InvalidParameter(f"{name} in Healthcheck cannot be less than 1ms")
    if (check or {}).get("Retries", 0) < 0:
        raise InvalidParameter("Retries in Healthcheck cannot be negative")


def check_host_config(disk: Disk, host: Document) -> None:
    """What holds on every system (validateHostConfig); `disk` is the host's."""
    policy = host["RestartPolicy"]
    if host["AutoRemove"] and policy["Name"] not in ("", "no"):
        raise InvalidParameter("can't create 'AutoRemove' container with restart policy")
    for entry in host["Mounts"] or []:
        check_mount(disk, entry)
    for entry in host["ExtraHosts"] or []:
        _check_extra_host(entry)
    _check_port_bindings(host["PortBindings"])
    check_restart_policy(policy)
    check_capabilities(host)


def check_platform(host: Document) -> list[str]:
    """What depends on the system: its limits and its names for things (verifyPlatformContainerSettings). Warnings."""
    warnings = check_resources(host)
    if host["ShmSize"] < 0:
        raise InvalidParameter("SHM size can not be less than 0")
    score = host["OomScoreAdj"]
    if not -1000 <= score <= 1000:
        raise InvalidParameter(f"Invalid value {score}, range for oom score adj is [-1000, 1000]")
    if host["Runtime"] not in ("", "runc", "io.containerd.runc.v2"):
        raise InvalidParameter(f"Unknown runtime specified {host['Runtime']}")
    for path in host["Tmpfs"] or {}:
        wrong = wrong_target(path)
        if wrong:
            raise InvalidParameter(wrong)
    if host["CgroupnsMode"] not in ("", "host", "private"):
        raise InvalidParameter(f"invalid cgroup namespace mode: {host['CgroupnsMode']}")
    return warnings


def _check_extra_host(entry: str) -> None:
    name, colon, address = entry.partition(":")
    if not colon or not name:
        raise InvalidParameter(f'bad format for add-host: "{entry}"')
    if address != "host-gateway":
        try:
            ip_address(address)
        except ValueError:
            raise InvalidParameter(f'invalid IP address in add-host: "{address}"') from None


def _check_port_bindings(bindings: Mapping[str, Any] | None) -> None:
    for port, entries in (bindings or {}).items():
        if not _is_port_range(port.partition("/")[0]):
            raise InvalidParameter(f'invalid port specification: "{port}"')
        for entry in entries or []:
            number = entry.get("HostPort", "")
            if number and not _is_port_range(number):
                raise InvalidParameter(f'invalid port specification: "{number}"')


def _is_port_range(text: str) -> bool:
    first, dash, last = text.partition("-")
    parts = [first, last] if dash else [first]
    return all(part.isdecimal() and int(part) <= 65535 for part in parts) and int(parts[-1]) >= int(first)


def check_restart_policy(policy: Document) -> None:
    name, count = policy.get("Name", ""), policy.get("MaximumRetryCount", 0)
    if name not in POLICIES:
        raise InvalidParameter(f"invalid restart policy '{name}'")
    if name == "on-failure" and count < 0:
        raise InvalidParameter("maximum retry count cannot be negative")
    if name in ("always", "unless-stopped", "no") and count:
        raise InvalidParameter(f"maximum retry count cannot be used with restart policy '{name}'")


def check_security(options: Iterable[str] | None) -> None:
    """--security-opt (parseSecurityOpt). Raises System."""
    for option in options or ():
        if option in ("no-new-privileges", "disable"):
            continue
        name, separator, value = option.partition("=" if "=" in option else ":")
        if not separator:
            raise System(f'invalid --security-opt 1: "{option}"')
        switch = name == "no-new-privileges" and value.lower() in ("true", "false", "1", "0", "t", "f")
        if not switch and name not in ("label", "apparmor", "seccomp"):
            raise System(f'invalid --security-opt 2: "{option}"')


def check_storage(options: Mapping[str, str] | None) -> None:
    """--storage-opt, of which overlay2 knows one, and that only on xfs. Raises System."""
    for name in options or {}:
        if name.lower() != "size":
            raise System(f"Unknown option {name}")
        raise System("--storage-opt is supported only for overlay over xfs with 'pquota' mount option")


def check_networking(networking: Mapping[str, Any]) -> None:
    """The endpoints of NetworkingConfig: one at most, and its addresses must be some."""
    endpoints = networking.get("EndpointsConfig") or {}
    if len(endpoints) > 1:
        raise InvalidParameter(f"Container cannot be connected to network endpoints: {', '.join(sorted(endpoints))}")
    for name, settings in endpoints.items():
        if settings is None:
            raise InvalidParameter(f"no EndpointSettings for {name}")
        check_addresses(settings.get("IPAMConfig") or {})


def check_addresses(wanted: Mapping[str, Any]) -> None:
    for key, kind, version in (("IPv4Address", IPv4Address, 4), ("IPv6Address", IPv6Address, 6)):
        text = wanted.get(key, "")
        try:
            if text:
                kind(text)
        except AddressValueError:
            raise InvalidParameter(f"invalid IPv{version} address: {text}") from None
