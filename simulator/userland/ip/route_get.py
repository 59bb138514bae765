"""ip route get: the road that a packet to an address would take (ip/iproute.c)."""

from __future__ import annotations

import errno

from msgspec import Struct
from msgspec.structs import replace

from simulator.kernel.device import Device
from simulator.kernel.errors import error
from simulator.kernel.process import Process
from simulator.kernel.route import Route, source_on
from simulator.userland.ip.routes import multicast
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, matches, prefix, refused
from simulator.userland.usage_iproute import IPROUTE


class Question(Struct):
    """What `ip route get` asks."""

    goal: str = ""
    source: str = ""
    device_in: str = ""
    device_out: str = ""


def get(process: Process, words: Words, out: Output) -> int:
    """ip route get: the way a packet to an address would take."""
    asked = read_question(words, out.flags.family)
    if not asked.goal:
        raise Complaint("need at least a destination address")
    netns = process.netns
    try:
        way = netns.device(asked.device_out) if asked.device_out else None
        if asked.device_in:
            netns.device(asked.device_in)
    except OSError:
        raise Complaint(f'Cannot find device "{asked.device_out or asked.device_in}"') from None
    try:
        route = road(process, asked.goal, way)
        source = asked.source or source_for(process, route, asked.goal, way)
        if bool(asked.source) == (not asked.device_in) and not netns.is_local(asked.source):
            raise error(errno.EINVAL)
    except OSError as refusal:
        raise refused(refusal) from None
    cached = netns.path_mtus.expires(asked.goal)
    if cached and route.device:
        mtu = netns.path_mtus.limit(asked.goal, route.device.mtu)
        out.print(f"{answer(route, asked, source, out)}expires {cached}sec mtu {mtu} ")
    else:
        out.print(answer(route, asked, source, out))
    return 0


def road(process: Process, goal: str, way: Device | None) -> Route:
    """The route, of groups and the broadcast address too. Raises OSError."""
    fib = process.netns.fib
    kind = fib.kind_of(goal)
    if kind == "multicast" and ":" in goal:
        ways = [route for route in multicast(process) if way in (None, route.device)]
        if ways:
            return ways[0]
    if kind in ("multicast", "broadcast") and ":" not in goal:
        try:
            route = fib.lookup(goal, device=way)
        except OSError:
            route = fib.lookup("0.0.0.0", device=way)
        return replace(route, gateway=None, kind=kind)
    return fib.lookup(goal, device=way)


def source_for(process: Process, route: Route, goal: str, way: Device | None) -> str:
    """The address to speak from on this road. Raises OSError."""
    if route.kind == "multicast" and ":" in goal and route.device:
        return source_on(route.device, "fe80::1") or "::"
    return process.netns.source_for(goal, device=way)


def read_question(words: Words, family: int) -> Question:
    asked = Question()
    while words:
        word = words.take()
        if word == "from":
            asked.source = str(prefix(words.take(), family).ip)
        elif word == "iif":
            asked.device_in = words.take()
        elif word in ("oif", "dev"):
            asked.device_out = words.take()
        elif word in ("tos", "mark", "uid", "ipproto", "sport", "dport"):
            words.take()
        elif matches(word, "help"):
            raise Complaint(IPROUTE["route"], USAGE)
        else:
            asked.goal = str(prefix(words.take() if word == "to" else word, family).ip)
    return asked


def answer(route: Route, asked: Question, source: str, out: Output) -> str:
    """What get prints: the chosen road; a second line for what the kernel caches of it."""
    six, local = ":" in asked.goal, route.kind == "local"
    text = f"{route.kind} " if route.kind != "unicast" else ""
    text += out.address(asked.goal, asked.goal + " ")
    if asked.source or six:
        text += f"from {asked.source or '::'} "
    if route.gateway:
        text += "via " + out.address(route.gateway, route.gateway + " ")
    device = "lo" if local else route.device.name if route.device else "lo"
    text += "dev " + out.paint("name", device + " ")
    if six:
        table = "table local " if route.kind in ("local", "multicast") else ""
        proto = f"proto {route.protocol} " if route.protocol != "boot" else ""
        metric = f"metric {route.metric} pref medium"
        return f"{text}{table}{proto}src {out.address(source, source + ' ')}{metric}"
    if not asked.source:
        text += "src " + out.address(source, source + " ")
    # iproute2 6.1 takes the kernel's mark of a group for this flag.
    text += "rt_offload_failed " if route.kind == "multicast" else ""
    text += "" if asked.device_in else "uid 0 "
    marks = {"local": "<local> ", "broadcast": "<local,brd> ", "multicast": "<local,mc> "}.get(route.kind, "")
    came = f"iif {asked.device_in} " if asked.device_in else ""
    return f"{text}\n    cache {marks}{came}"
