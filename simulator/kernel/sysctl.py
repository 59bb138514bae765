"""The settings of a network namespace: net.* under /proc/sys. See sysctl(8), Documentation/networking/ip-sysctl.rst.

Values are text, as /proc has them. Each device has its own `conf`, which begins as `default`'s. Left out: settings of
the whole machine (net.core.rmem_max ...), and most that have no part in this model.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel.device import DeviceEvent
from simulator.kernel.errors import error
from simulator.kernel.netfilter.conntrack import TIMES

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

FORWARD = "net.ipv4.ip_forward"
FORWARD_ALL = "net.ipv4.conf.all.forwarding"  # the same setting under another name
FORWARD6_ALL = "net.ipv6.conf.all.forwarding"
DISABLE6 = ".disable_ipv6"
CONNTRACK_COUNT = "net.netfilter.nf_conntrack_count"

# What a namespace has until somebody writes it; in a machine's own namespace Docker and hosts set some more.
DEFAULTS: dict[str, str] = {
    "net.bridge.bridge-nf-call-ip6tables": "0",
    "net.bridge.bridge-nf-call-iptables": "0",
    "net.core.somaxconn": "4096",
    "net.ipv4.conf.all.route_localnet": "0",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.forwarding": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.icmp_echo_ignore_all": "0",
    "net.ipv4.icmp_echo_ignore_broadcasts": "1",
    "net.ipv4.icmp_ratelimit": "1000",
    "net.ipv4.icmp_ratemask": "6168",
    "net.ipv4.ip_default_ttl": "64",
    FORWARD: "0",
    "net.ipv4.ip_local_port_range": "32768\t60999",
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.tcp_keepalive_intvl": "75",
    "net.ipv4.tcp_keepalive_probes": "9",
    "net.ipv4.tcp_keepalive_time": "7200",
    "net.ipv4.tcp_max_syn_backlog": "2048",
    "net.ipv4.tcp_retries2": "15",
    "net.ipv4.tcp_sack": "1",
    "net.ipv4.tcp_syn_retries": "6",
    "net.ipv4.tcp_synack_retries": "5",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_timestamps": "1",
    "net.ipv4.tcp_window_scaling": "1",
    "net.ipv6.conf.all.accept_ra": "1",
    "net.ipv6.conf.all.disable_ipv6": "0",
    FORWARD6_ALL: "0",
    "net.ipv6.conf.default.accept_ra": "1",
    "net.ipv6.conf.default.disable_ipv6": "0",
    "net.ipv6.conf.default.forwarding": "0",
} | {name: str(seconds) for name, seconds in TIMES.items()}


class Settings(dict[str, str]):
    """The settings of one namespace: those that were written there, and DEFAULTS for the others."""

    def __missing__(self, key: str) -> str:
        self[key] = DEFAULTS[key]  # which packets ask for again and again
        return self[key]

    def find(self, key: str, default: str) -> str:
        own = self.get(key)
        return DEFAULTS.get(key, default) if own is None else own

    def all(self) -> dict[str, str]:
        return {**DEFAULTS, **self}


def keys(netns: NetNamespace) -> set[str]:
    """All settings of a namespace; each device has those that `default` has."""
    settings = netns.sysctl.all()
    found = {*settings, CONNTRACK_COUNT, FORWARD_ALL}
    for device in netns.listed():
        found.update(key.replace(".default.", f".{device.name}.", 1) for key in settings if ".conf.default." in key)
    return found


def read(netns: NetNamespace, key: str) -> str:
    """Raises OSError ENOENT."""
    if key in netns.sysctl or key in DEFAULTS:
        return netns.sysctl[key]
    if key == FORWARD_ALL:
        return netns.sysctl[FORWARD]
    if key not in keys(netns):
        raise error(errno.ENOENT)
    if key == CONNTRACK_COUNT:
        return str(len(netns.netfilter.conntrack))
    _, family, _, *device, name = key.split(".")
    return netns.conf(family, ".".join(device), name)


def write(netns: NetNamespace, key: str, text: str) -> None:
    """Raises OSError ENOENT, EACCES for what can only be read, EINVAL for what is no number."""
    read(netns, key)
    words = text.split()
    if key == CONNTRACK_COUNT:
        raise error(errno.EACCES)
    if not words or not all(word.removeprefix("-").isdigit() for word in words):
        raise error(errno.EINVAL)
    value = "\t".join(words)
    if key in (FORWARD, FORWARD_ALL):
        _forward(netns, "ipv4", value)
    elif key == FORWARD6_ALL:
        _forward(netns, "ipv6", value)
    elif key.startswith("net.ipv6.conf.") and key.endswith(DISABLE6):
        _disable_ipv6(netns, key.removeprefix("net.ipv6.conf.").removesuffix(DISABLE6), value)
    else:
        netns.sysctl[key] = value


def _forward(netns: NetNamespace, family: str, value: str) -> None:
    """Forwarding for all is forwarding for each device (devinet_sysctl_forward, addrconf_sysctl_forward)."""
    netns.sysctl[FORWARD if family == "ipv4" else FORWARD6_ALL] = value
    for scope in ("default", *(device.name for device in netns.listed())):
        netns.sysctl[f"net.{family}.conf.{scope}.forwarding"] = value


def _disable_ipv6(netns: NetNamespace, scope: str, value: str) -> None:
    """Devices get or lose their IPv6 addresses; `all` means each, and those to come (addrconf_disable_ipv6)."""
    former = {device: netns.conf("ipv6", device.name, "disable_ipv6") for device in netns.listed()}
    for name in (scope, *(["default"] if scope == "all" else [])):
        netns.sysctl[f"net.ipv6.conf.{name}{DISABLE6}"] = value
    for device, before in former.items():
        if scope in ("all", device.name):
            netns.sysctl[f"net.ipv6.conf.{device.name}{DISABLE6}"] = value
            if before != value:
                netns.notify(device, DeviceEvent.IPV6)
