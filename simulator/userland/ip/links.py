"""How ip(8) shows a device (ip/ipaddress.c, print_linkinfo)."""

from __future__ import annotations

from typing import Any

from simulator.kernel.device import Device
from simulator.userland.ip.details import with_details
from simulator.userland.ip.words import Flags, Output
from simulator.userland.netdevice import Iff, flags, namespaces

# In the order in which ip writes them.
_FLAGS = ("LOOPBACK", "BROADCAST", "POINTOPOINT", "MULTICAST", "NOARP", "ALLMULTI", "PROMISC")
BROADCAST = {"loopback": "00:00:00:00:00:00"}
EVERYBODY = "ff:ff:ff:ff:ff:ff"


def flag_names(device: Device) -> list[str]:
    """BROADCAST, MULTICAST, UP, LOWER_UP ..."""
    own = flags(device)
    found = ["NO-CARRIER"] if device.up and not device.carrier else []
    found += [name for name in _FLAGS if Iff[name] in own]
    found += ["UP"] if device.up else []
    found += ["LOWER_UP"] if device.running else []
    peer = neighbour(device)
    return [*found, "M-DOWN"] if peer and not peer.up else found


def neighbour(device: Device) -> Device | None:
    """The other end of a veth, if it is in the same namespace."""
    if device.peer_ifindex is None or device.link_netnsid is not None:
        return None
    return device.netns.devices.get(device.peer_ifindex)


def full_name(device: Device) -> str:
    """eth0@if5, v1@v2, docker0."""
    if device.peer_ifindex is None:
        return device.name
    peer = neighbour(device)
    return f"{device.name}@{peer.name if peer else f'if{device.peer_ifindex}'}"


def operational_state(device: Device) -> str:
    """RFC 2863's operational status (default_operstate in net/core/link_watch.c)."""
    if device.kind == "loopback":
        return "UNKNOWN" if device.up else "DOWN"
    if device.running:
        return "UP"
    peer = neighbour(device)
    lower = device.up and peer is not None and not peer.carrier
    return "LOWERLAYERDOWN" if lower else "DOWN"


def queueing(device: Device) -> str:
    """The queueing discipline: cards have a queue, what is made of software has none; noop before it was ever up."""
    if not device.configured:
        return "noop"
    return "pfifo_fast" if device.kind == "ether" else "noqueue"


def head(device: Device, out: Output, *, family: int = 0, link: bool = False) -> str:
    """The first line: "3: docker0: <...> mtu 1500 qdisc noqueue state UP group default "."""
    parts = [f"{device.ifindex}: {out.paint('name', full_name(device) + ': ')}<{','.join(flag_names(device))}>"]
    parts.append(f"mtu {device.mtu}")
    if family != 6:
        parts.append(f"qdisc {queueing(device)}")
        if device.master:
            parts.append(f"master {out.paint('name', device.master.name)}")
    state = operational_state(device)
    text = " ".join(parts) + " state " + out.state(state, state + " ")
    if link:
        text += "mode DEFAULT "
    if family != 6:
        text += "group default "
    return text + (f"qlen {device.qlen}" if device.qlen else "")


def link_line(device: Device, out: Output) -> str:
    """The second line: "    link/ether 02:42:... brd ff:ff:ff:ff:ff:ff link-netnsid 0"."""
    kind = "loopback" if device.kind == "loopback" else "ether"
    everybody = BROADCAST.get(kind, EVERYBODY)
    text = f"    link/{kind} {out.paint('mac', device.mac)} brd {out.paint('mac', everybody)}"
    return text + _other_namespace(device, out)


def _other_namespace(device: Device, out: Output) -> str:
    if device.link_netnsid is None:
        return ""
    peer = getattr(device, "peer", None)
    for name, netns in namespaces(out.process).items():
        if peer is not None and peer.netns is netns:
            return f" link-netns {name}"
    return f" link-netnsid {device.link_netnsid}"


def brief(device: Device, out: Output) -> str:
    """The beginning of a line of `ip -br`."""
    state = operational_state(device)
    return out.paint("name", f"{full_name(device):<16} ") + out.state(state, f"{state:<14} ")


def brief_link(device: Device, out: Output) -> str:
    return f"{brief(device, out)}{out.paint('mac', device.mac + ' ')}<{','.join(flag_names(device))}> "


_NOTHING = " " * 11  # where a count of compressed packets would stand


def statistics(device: Device) -> list[str]:
    """The counters of `ip -s link`; the columns are as wide as their longest number."""
    own = device.counters
    received = [own.rx_bytes, own.rx_packets, own.rx_errors, own.rx_dropped, own.rx_overruns, own.multicast]
    sent = [own.tx_bytes, own.tx_packets, own.tx_errors, own.tx_dropped, own.tx_carrier, own.collisions]
    widths = [10, 7, 6, 7, 7, 7]
    for row in (received, sent):
        widths = [max(width, len(str(value))) for width, value in zip(widths, row, strict=True)]
    return [
        *_counted("RX", ["bytes", "packets", "errors", "dropped", "missed", "mcast"], received, widths),
        *_counted("TX", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"], sent, widths),
    ]


def _counted(title: str, names: list[str], values: list[int], widths: list[int]) -> list[str]:
    first = f"    {title}: {names[0]:>{widths[0] - 4}}"
    header = first + "".join(f" {name:>{width}}" for name, width in zip(names[1:], widths[1:], strict=True))
    numbers = " ".join(f"{value:>{width}}" for value, width in zip(values, widths, strict=True))
    return [header + _NOTHING, f"    {numbers} "]


def show(device: Device, out: Output, *, family: int = 0, link: bool = False, body: bool = True) -> list[str]:
    """All lines about a device itself."""
    if not body:
        return [head(device, out, family=family, link=link) + _other_namespace(device, out)]
    lines = [head(device, out, family=family, link=link)]
    second = link_line(device, out)
    lines += with_details(second, device) if out.flags.details else [second]
    lines += [f"    alias {device.alias}"] if device.alias else []
    lines += statistics(device) if out.flags.statistics else []
    return lines


def joined(lines: list[str], options: Flags) -> str:
    """Lines under each other, or on one line with -o."""
    return ("\\" if options.oneline else "\n").join(lines)


def document(device: Device, out: Output, *, link: bool) -> dict[str, Any]:
    """A device as `ip -j` writes it."""
    found: dict[str, Any] = {"ifindex": device.ifindex}
    if device.peer_ifindex is not None:
        peer = neighbour(device)
        found |= {"link": peer.name} if peer else {"link_index": device.peer_ifindex}
    found |= {"ifname": device.name, "flags": flag_names(device), "mtu": device.mtu, "qdisc": queueing(device)}
    if device.master:
        found["master"] = device.master.name
    found["operstate"] = operational_state(device)
    if link:
        found["linkmode"] = "DEFAULT"
    found["group"] = "default"
    if device.qlen:
        found["txqlen"] = device.qlen
    kind = "loopback" if device.kind == "loopback" else "ether"
    found |= {"link_type": kind, "address": device.mac, "broadcast": BROADCAST.get(kind, EVERYBODY)}
    if device.link_netnsid is not None:
        found["link_netnsid"] = device.link_netnsid
    if device.alias:
        found["ifalias"] = device.alias
    if out.flags.statistics:
        found["stats64"] = _statistics_document(device)
    return found


def _statistics_document(device: Device) -> dict[str, Any]:
    own = device.counters
    received = {"bytes": own.rx_bytes, "packets": own.rx_packets, "errors": own.rx_errors, "dropped": own.rx_dropped}
    sent = {"bytes": own.tx_bytes, "packets": own.tx_packets, "errors": own.tx_errors, "dropped": own.tx_dropped}
    return {
        "rx": received | {"over_errors": own.rx_overruns, "multicast": own.multicast},
        "tx": sent | {"carrier_errors": own.tx_carrier, "collisions": own.collisions},
    }
