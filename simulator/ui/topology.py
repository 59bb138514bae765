"""The network as it is now, drawn as a tree: machines, bridges, cables to containers, addresses, published ports."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text
from rich.tree import Tree

from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Card, Device
from simulator.kernel.veth import Veth
from simulator.lab import Lab


def topology(lab: Lab) -> Tree:
    """A tree for a terminal. Only what the kernel's tables and the engine's documents say is in it."""
    root = Tree("network", hide_root=True)
    for machine in lab.machines.values():
        branch = root.add(Text(machine.name, style="bold"))
        published = _published(lab, machine.name)
        for device in machine.netns.listed():
            if device.master is None and device.kind != "loopback":
                _add(branch, device, published)
    return root


def _add(branch: Tree, device: Device, published: dict[str, str]) -> None:
    if isinstance(device, Bridge):
        bridge = branch.add(_label(device, "cyan"))
        for port in device.ports:
            bridge.add(_port(port, published))
    elif isinstance(device, Card):
        other = f"  <-- cable --> {device.other.netns.machine.name}/{device.other.name}" if device.other else ""
        branch.add(_label(device, "green").append(other, style="dim"))
    else:
        branch.add(_label(device, "green"))


def _label(device: Device, style: str) -> Text:
    state = "" if device.running else "  (down)" if not device.up else "  (nothing connected)"
    return Text(device.name, style=style).append(f"  {_addresses(device)}", style="default").append(state, style="dim")


def _addresses(device: Device) -> str:
    return " ".join(str(address) for address in device.addresses if address.version == 4)


def _port(port: Device, published: dict[str, str]) -> Text:
    text = Text(port.name, style="dim")
    if not isinstance(port, Veth) or port.peer is None:
        return text
    inner = port.peer
    name = inner.netns.name
    text.append(" <-- veth --> ").append(inner.name, style="green")
    text.append(f"  {_addresses(inner)}  ").append(name, style="bold")
    return text.append(f"  {published[name]}", style="magenta") if published.get(name) else text


def _published(lab: Lab, machine: str) -> dict[str, str]:
    """Container name to its published ports, from the documents of `docker ps`."""
    engine = lab.engines.get(machine)
    documents = engine.container_list() if engine else []
    return {document["Names"][0].lstrip("/"): " ".join(_bindings(document["Ports"])) for document in documents}


def _bindings(ports: list[dict[str, object]]) -> Iterator[str]:
    for port in ports:
        if "PublicPort" in port and ":" not in str(port.get("IP", "")):
            address = "" if port["IP"] == "0.0.0.0" else f"{port['IP']}:"
            yield f"{address}{port['PublicPort']}->{port['PrivatePort']}/{port['Type']}"


def plain_topology(lab: Lab) -> str:
    """The same in sentences, for screen readers."""
    lines: list[str] = []
    for machine in lab.machines.values():
        published = _published(lab, machine.name)
        lines.append(f"Machine {machine.name}.")
        for device in machine.netns.listed():
            if device.master is None and device.kind != "loopback":
                lines += _sentences(device, published)
    return "\n".join(lines)


def _sentences(device: Device, published: dict[str, str]) -> Iterator[str]:
    state = "running" if device.running else "down" if not device.up else "up, nothing connected"
    kind = "Bridge" if isinstance(device, Bridge) else "Device"
    yield f"  {kind} {device.name}, {_addresses(device) or 'no address'}, {state}."
    for port in device.ports if isinstance(device, Bridge) else []:
        inner = port.peer if isinstance(port, Veth) else None
        if inner is None:
            yield f"    Port {port.name}."
            continue
        ports = f", published {published[inner.netns.name]}" if published.get(inner.netns.name) else ""
        yield f"    Port {port.name} leads to {inner.name} of {inner.netns.name}, {_addresses(inner)}{ports}."
