"""ip maddress, ip rule and ip tunnel: multicast groups, the rules that choose a routing table, no tunnels at all.

A device is in the groups that it needs: all nodes, and for each IPv6 address the one in which it is asked for
(RFC 4291 2.7.1). A bridge listens to multicast routers' discovery as well (RFC 4286).
"""

from __future__ import annotations

from ipaddress import IPv6Address

from simulator.kernel.device import Device
from simulator.kernel.ndisc import solicited_node
from simulator.kernel.process import Process
from simulator.userland.ip.words import Output, Words, device
from simulator.userland.netdevice import not_simulated

ALL_HOSTS, ALL_SNOOPERS = "224.0.0.1", "224.0.0.106"
ALL_NODES, ALL_NODES_HERE, ALL_SNOOPERS6 = "ff02::1", "ff01::1", "ff02::6a"
_RULES = {4: ((0, "local"), (32766, "main"), (32767, "default")), 6: ((0, "local"), (32766, "main"))}


def inet_groups(own: Device) -> list[str]:
    """The IPv4 groups of a device."""
    if not own.up:
        return []
    return [ALL_HOSTS, ALL_SNOOPERS] if own.kind == "bridge" else [ALL_HOSTS]


def inet6_groups(own: Device) -> list[str]:
    """The IPv6 groups of a device, the newest first."""
    if not own.up:
        return []
    asked = [solicited_node(each.ip) for each in reversed(own.addresses) if each.version == 6 and each.scope != "host"]
    snoopers = [ALL_SNOOPERS6] if own.kind == "bridge" and own.running else []
    return [*dict.fromkeys(asked), *snoopers, ALL_NODES, ALL_NODES_HERE]


def link_groups(own: Device) -> list[str]:
    """The MAC addresses of the groups that a device lets in (bridge fdb calls them `self permanent`)."""
    if own.kind == "loopback":
        return []
    macs = ["33:33:00:00:00:01"]
    if not own.up:
        return macs
    macs += ["01:00:5e:00:00:6a", "33:33:00:00:00:6a"] if own.kind == "bridge" else []
    macs.append("01:00:5e:00:00:01")
    asked = [solicited_node(each.ip) for each in own.addresses if each.version == 6 and each.scope != "host"]
    return macs + list(dict.fromkeys(f"33:33:ff:{_low_octets(group)}" for group in asked))


def _low_octets(group: str) -> str:
    low = IPv6Address(group).packed[-3:]
    return ":".join(f"{octet:02x}" for octet in low)


def memberships(process: Process, words: Words, out: Output) -> int:
    """ip maddress show."""
    name = words.take() if words else ""
    if name == "dev":
        name = words.take()
    if name:
        device(process.netns, name)
    for own in process.netns.listed():
        if name in ("", own.name):
            out.print(f"{own.ifindex}:\t{own.name}")
            rows = [("link ", link_groups(own)), ("inet ", inet_groups(own)), ("inet6", inet6_groups(own))]
            for kind, groups in rows:
                for group in groups:
                    out.print(f"\t{kind} {group}")
    return 0


def rules(process: Process, words: Words, out: Output) -> int:
    """ip rule list: the kernel's own rules, which are all that there are."""
    for priority, table in _RULES[out.flags.family or 4]:
        out.print(f"{priority}:\tfrom all lookup {table}")
    return 0


def no_rules(process: Process, words: Words, out: Output) -> int:
    return not_simulated(process, "policy rules (`ip rule add`)")


def tunnels(process: Process, words: Words, out: Output) -> int:
    """ip tunnel show: there are none."""
    return 0


def no_tunnels(process: Process, words: Words, out: Output) -> int:
    return not_simulated(process, "tunnels (`ip tunnel add`)")
