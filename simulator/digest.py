"""A lab's whole state as plain data, and its hash: two labs with the same digest will do the same from now on.

`state(lab)` has everything: the clock and chance, machines' processes, files and network namespaces, the engines'
documents. `lasting(lab)` leaves out what passes by itself (time, counters, neighbours, connections, process numbers): a
command that does not change it changed nothing. `differences` tells two such states apart, for people.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from simulator.kernel import sysctl
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.disk import Disk, Node
from simulator.kernel.netns import NetNamespace
from simulator.kernel.route import LOCAL, MAIN

if TYPE_CHECKING:
    from simulator.clock import Clock
    from simulator.engine.api import Engine
    from simulator.engine.container import Container
    from simulator.kernel.machine import Machine
    from simulator.kernel.netfilter.hooks import Netfilter
    from simulator.kernel.process import Process
    from simulator.lab import Lab

State = dict[str, Any]


def digest(lab: Lab) -> str:
    """The hash of all state, 64 hex digits."""
    return _hash(state(lab))


def lasting_digest(lab: Lab) -> str:
    """The hash of what stays until somebody changes it."""
    return _hash(lasting(lab))


def state(lab: Lab) -> State:
    """Everything, as plain data."""
    machines = {name: _machine(machine, _namespaces(lab, machine)) for name, machine in lab.machines.items()}
    engines = {name: _engine(engine) for name, engine in lab.engines.items()}
    return {"clock": _clock(lab.clock), "machines": machines, "engines": engines}


def lasting(lab: Lab) -> State:
    """What stays until somebody changes it, one text or list of texts for each thing by its path."""
    found: State = {}
    for machine in lab.machines.values():
        for netns in _namespaces(lab, machine):
            where = netns.name or machine.name
            found |= {f"{where}: {key}": value for key, value in _lasting_netns(netns)}
        found |= {f"{machine.name}: {path}": text for path, text in _files(machine.disk) if not _passing(path)}
        services = sorted(" ".join(process.argv) for process in machine.processes.values() if process.tty is None)
        found[f"{machine.name}: processes"] = services
    for name, engine in lab.engines.items():
        found |= {f"{name}: {key}": value for key, value in _lasting_engine(engine)}
    return found


def differences(before: State, after: State) -> list[str]:
    """What differs between two lasting states, a line each: '+' came, '-' went."""
    lines: list[str] = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        olds, news = _as_lines(old), _as_lines(new)
        lines += [f"- {key}: {line}".rstrip() for line in olds if line not in news]
        lines += [f"+ {key}: {line}".rstrip() for line in news if line not in olds]
        if olds and sorted(olds) == sorted(news):
            lines.append(f"~ {key}: in another order")
    return lines


def _as_lines(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(line) for line in value] if isinstance(value, list) else str(value).split("\n")


def _hash(document: State) -> str:
    text = json.dumps(document, ensure_ascii=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# -- everything -------------------------------------------------------------------------------------------------------


def _clock(clock: Clock) -> State:
    chance = {kind: _short(repr(state)) for kind, state in clock.chance.state()}
    return {"now": int(clock.now), "start": clock.start, "chance": [clock.chance.seed, chance], **clock.state()}


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _namespaces(lab: Lab, machine: Machine) -> list[NetNamespace]:
    """The namespaces that somebody can still reach: the host's, those of containers and processes, those with names."""
    found = [machine.netns]
    engine = lab.engines.get(machine.name)
    containers = list(engine.daemon.containers) if engine else []
    found += [container.netns for container in containers if container.netns]
    found += [process.netns for process in machine.processes.values()]
    named = (node.content for node in machine.disk.changed().values() if node)
    found += [content for content in named if isinstance(content, NetNamespace)]
    return list(dict.fromkeys(found))


def _machine(machine: Machine, namespaces: list[NetNamespace]) -> State:
    return {
        "names": astuple(machine.uts),
        "log": machine.log,
        "files": dict(_files(machine.disk)),
        "processes": [_process(process, namespaces) for process in machine.processes.values()],
        "namespaces": [_netns(netns) for netns in namespaces],
    }


def _process(process: Process, namespaces: list[NetNamespace]) -> list[Any]:
    identity = [process.pid, process.local_pid, process.group, process.parent.pid if process.parent else 0]
    place = [process.cwd, process.uid, astuple(process.uts), namespaces.index(process.netns)]
    return [
        *identity,
        process.argv,
        sorted(process.env.items()),
        *place,
        process.started,
        process.jobctl.stopped_by,
        sorted(process.files),
    ]


def _files(disk: Disk) -> Iterator[tuple[str, str]]:
    for path, node in sorted(disk.changed().items()):
        yield path, "removed" if node is None else _node(node)


def _node(node: Node) -> str:
    """A file's kind, mode and contents; its time is left to those who count seconds."""
    detail = node.target or (_text(node.data) if node.kind == "file" else "")
    return f"{node.kind} {node.mode:o} {detail}"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace") if len(data) <= 4096 else _short(data.hex())


def _netns(netns: NetNamespace) -> State:
    return {
        "name": netns.name,
        "devices": [_device(device) for device in netns.listed()],
        "routes": [
            str(route) for table in (LOCAL, MAIN) for version in (4, 6) for route in netns.fib.routes(table, version)
        ],
        "neighbours": [
            [entry.device.name, entry.address, entry.mac, entry.state.value, entry.updated, entry.expires, entry.asked]
            for entry in netns.neighbours.entries.values()
        ],
        "sysctl": dict(sorted(netns.sysctl.all().items())),
        "iptables": _iptables(netns.netfilter),
        "ip6tables": _iptables(netns.netfilter.ip6),
        "conntrack": [
            [str(entry), str(entry.reply), int(entry.status), entry.tcp.value, entry.deadline, entry.mark]
            for entry in netns.netfilter.conntrack.entries()
        ],
        "sockets": [list(astuple(row)) for row in netns.sockets.list()],
    }


def _device(device: Device) -> list[Any]:
    fault = astuple(device.fault) if device.fault else None
    facts = [device.ifindex, device.name, device.kind, device.mac, device.mtu, device.up, device.carrier, fault]
    facts += [astuple(device.counters), [astuple(address) for address in device.addresses], device.alias]
    facts.append(device.master.name if device.master else None)
    if isinstance(device, Bridge):
        facts.append([[mac, entry.port.name, entry.updated, entry.local] for mac, entry in device.fdb.items()])
    return facts


def _iptables(netfilter: Netfilter) -> list[Any]:
    return [
        [table.name, chain.name, str(chain.policy), chain.packets, chain.bytes, [_rule(rule) for rule in chain.rules]]
        for table in netfilter.tables()
        for chain in table.chains()
    ]


def _rule(rule: Any) -> list[Any]:
    return [rule.text, rule.packets, rule.bytes]


def _engine(engine: Engine) -> State:
    daemon = engine.daemon
    return {
        "containers": [_container(engine, container) for container in daemon.containers],
        "networks": [engine.network_inspect(network.id) for network in daemon.networks.list()],
        "images": engine.image_list(all=True),
        "volumes": engine.volume_list(),
        "execs": sorted(daemon.execs),
    }


def _container(engine: Engine, container: Container) -> list[Any]:
    disk = container.disk
    return [engine.container_inspect(container.id), dict(_files(disk)) if disk else None]


# -- what stays -------------------------------------------------------------------------------------------------------


def _passing(path: str) -> bool:
    """Files that only note what happens: logs and caches."""
    return path.startswith(("/var/log/", "/var/lib/docker/", "/proc/", "/sys/"))


def _lasting_netns(netns: NetNamespace) -> Iterator[tuple[str, Any]]:
    for device in netns.listed():
        master = f" master {device.master.name}" if device.master else ""
        addresses = " ".join(str(address) for address in device.addresses if not _is_link_local(address.ip))
        up = "up" if device.up else "down"
        yield f"device {device.name}", f"{device.mac} mtu {device.mtu} {up}{master} {addresses}".rstrip()
    routes = [route for version in (4, 6) for route in netns.fib.routes(MAIN, version)]
    lasting_routes = [route for route in routes if not _is_link_local(str(route.destination))]
    yield "routes", [str(route).removesuffix(" linkdown") for route in lasting_routes]
    set_here = {key: value for key, value in sorted(netns.sysctl.items()) if sysctl.DEFAULTS.get(key) != value}
    yield "sysctl", [f"{key} = {value}" for key, value in set_here.items()]
    permanent = [entry for entry in netns.neighbours.entries.values() if entry.state.value == "PERMANENT"]
    yield "neighbours", [f"{entry.address} {entry.mac} on {entry.device.name}" for entry in permanent]
    for program, netfilter in (("iptables", netns.netfilter), ("ip6tables", netns.netfilter.ip6)):
        for table in netfilter.tables():
            for chain in table.chains():
                policy = [f"policy {chain.policy.value}"] if chain.policy else []
                yield f"{program} {table.name} {chain.name}", policy + [rule.text for rule in chain.rules]


def _is_link_local(text: str) -> bool:
    """Link-local addresses and groups come by themselves, some time after their device."""
    return text.startswith(("fe80:", "ff"))


def _lasting_engine(engine: Engine) -> Iterator[tuple[str, Any]]:
    daemon = engine.daemon
    for container in daemon.containers:
        yield f"container {container.name}", f"{container.id[:12]} {container.status.value} {container.config['Image']}"
        disk = container.disk
        if disk:
            for path, text in _files(disk):
                yield f"container {container.name} {path}", text
    for network in daemon.networks.list():
        document = engine.network_inspect(network.id)
        members = " ".join(sorted(member["Name"] for member in document["Containers"].values()))
        yield f"network {network.name}", f"{document['Id'][:12]} {document['Driver']} {members}".rstrip()
    yield "images", [f"{' '.join(image['RepoTags'] or [])} {image['Id'][7:19]}" for image in engine.image_list()]
    yield "volumes", [volume["Name"] for volume in engine.volume_list()["Volumes"] or []]
