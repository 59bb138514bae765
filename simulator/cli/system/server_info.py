"""What `docker info` tells about the engine, line by line. See prettyPrintServerInfo of docker/cli."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.cli.units import binary_size

Info = dict[str, Any]


def server_lines(info: Info, *, old: bool = False) -> Iterator[str]:
    """The lines below "Server:"; `old` is how clients before 19.03 tell it."""
    yield f" Containers: {info['Containers']}"
    yield f"  Running: {info['ContainersRunning']}"
    yield f"  Paused: {info['ContainersPaused']}"
    yield f"  Stopped: {info['ContainersStopped']}"
    yield f" Images: {info['Images']}"
    yield f" Server Version: {info['ServerVersion']}"
    yield f" Storage Driver: {info['Driver']}"
    yield from (f"  {name}: {value}" for name, value in info.get("DriverStatus") or [])
    yield f" Logging Driver: {info['LoggingDriver']}"
    yield f" Cgroup Driver: {info['CgroupDriver']}"
    if info.get("CgroupVersion") and not old:
        yield f" Cgroup Version: {info['CgroupVersion']}"
    yield from _plugins(info["Plugins"])
    yield f" Swarm: {info['Swarm']['LocalNodeState']}"
    yield from _runtimes(info)
    yield from _host(info)
    yield from _debugging(info, old=old)
    yield from _registries(info)
    yield f" Live Restore Enabled: {_boolean(info['LiveRestoreEnabled'])}"
    if info.get("ProductLicense"):
        yield f" Product License: {info['ProductLicense']}"
    yield from _pools(info)
    yield ""


def _boolean(value: Any) -> str:
    return "true" if value else "false"


def _plugins(plugins: dict[str, list[str] | None]) -> Iterator[str]:
    yield " Plugins:"
    yield f"  Volume: {' '.join(plugins['Volume'] or [])}"
    yield f"  Network: {' '.join(plugins['Network'] or [])}"
    if plugins.get("Authorization"):
        yield f"  Authorization: {' '.join(plugins['Authorization'] or [])}"
    yield f"  Log: {' '.join(plugins['Log'] or [])}"


def _runtimes(info: Info) -> Iterator[str]:
    if info.get("Runtimes"):
        yield f" Runtimes: {' '.join(info['Runtimes'])}"
        yield f" Default Runtime: {info['DefaultRuntime']}"
    yield f" Init Binary: {info['InitBinary']}"
    for name, key in (("containerd", "ContainerdCommit"), ("runc", "RuncCommit"), ("init", "InitCommit")):
        commit = info[key]
        expected = f" (expected: {commit['Expected']})" if commit["ID"] != commit["Expected"] else ""
        yield f" {name} version: {commit['ID']}{expected}"
    if info.get("SecurityOptions"):
        yield " Security Options:"
    for option in info.get("SecurityOptions") or []:
        yield from _security(option)


def _security(option: str) -> Iterator[str]:
    """`name=seccomp,profile=default`"""
    fields = dict(field.partition("=")[::2] for field in option.split(","))
    yield f"  {fields.pop('name', option)}"
    if "profile" in fields:
        yield f"   Profile: {fields['profile']}"


def _host(info: Info) -> Iterator[str]:
    yield f" Kernel Version: {info['KernelVersion']}"
    yield f" Operating System: {info['OperatingSystem']}"
    yield f" OSType: {info['OSType']}"
    yield f" Architecture: {info['Architecture']}"
    yield f" CPUs: {info['NCPU']}"
    yield f" Total Memory: {binary_size(info['MemTotal'])}"
    yield f" Name: {info['Name']}"
    yield f" ID: {info['ID']}"
    yield f" Docker Root Dir: {info['DockerRootDir']}"


def _debugging(info: Info, *, old: bool) -> Iterator[str]:
    if old:
        yield " Debug Mode (client): false"
    yield f" Debug Mode{' (server)' if old else ''}: {_boolean(info['Debug'])}"
    for name, key in (("HTTP Proxy", "HttpProxy"), ("HTTPS Proxy", "HttpsProxy"), ("No Proxy", "NoProxy")):
        if info.get(key):
            yield f" {name}: {info[key]}"
    if info.get("IndexServerAddress"):
        yield f" Registry: {info['IndexServerAddress']}"
    if info.get("Labels") is not None:
        yield " Labels:"
    yield from (f"  {label}" for label in info.get("Labels") or [])
    yield f" Experimental: {_boolean(info['ExperimentalBuild'])}"


def _registries(info: Info) -> Iterator[str]:
    config = info.get("RegistryConfig") or {}
    indexes, networks = config.get("IndexConfigs") or {}, config.get("InsecureRegistryCIDRs") or []
    if indexes or networks:
        yield " Insecure Registries:"
    yield from (f"  {index['Name']}" for index in indexes.values() if not index["Secure"])
    yield from (f"  {network}" for network in networks)
    if config.get("Mirrors"):
        yield " Registry Mirrors:"
    yield from (f"  {mirror}" for mirror in config.get("Mirrors") or [])


def _pools(info: Info) -> Iterator[str]:
    if info.get("DefaultAddressPools"):
        yield " Default Address Pools:"
    for pool in info.get("DefaultAddressPools") or []:
        yield f"   Base: {pool['Base']}, Size: {pool['Size']}"
