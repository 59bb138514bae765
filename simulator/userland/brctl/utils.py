"""The brctl of bridge-utils (brctl/brctl_cmd.c, brctl_disp.c)."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from functools import partial

from simulator.clock import S, Steps
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.netdevice import new_bridge, not_simulated, require_admin
from simulator.userland.usage_host import HOST

MAX_NAME = 15
PRIORITY = "8000"
_UNSIMULATED = ("setageing", "setbridgeprio", "setfd", "sethello", "setmaxage", "setpathcost", "setportprio", "stp")


class Failed(Exception):
    """Ends the command with a line on standard error and status 1."""


def brctl(process: Process) -> Steps:
    yield from ()
    words = process.argv[1:]
    if words[:1] in (["--help"], ["-h"]):
        process.print(HOST["brctl"])
        return 0
    if words[:1] in (["--version"], ["-V"]):
        process.print("bridge-utils, 1.7")
        return 0
    if not words or words[0] not in _USAGES:
        process.error((f"never heard of command [{words[0]}]\n" if words else "") + HOST["brctl"])
        return 1
    name, arguments = words[0], words[1:]
    if len(arguments) < _ARGUMENTS.get(name, 1):
        process.error(f"Incorrect number of arguments for command\nUsage: brctl {_USAGES[name]}")
        return 1
    if name in _UNSIMULATED:
        return not_simulated(process, f"`brctl {name}`: the bridges here have no spanning tree to set")
    try:
        _COMMANDS[name](process, arguments)
    except Failed as failed:
        process.error(str(failed))
        return 1
    return 0


def _usages() -> dict[str, str]:
    """The lines of the help text by command."""
    lines = HOST["brctl"].splitlines()[2:]
    return {line.split()[0]: re.sub(r" +\t", " ", line.strip(), count=1) for line in lines}


_USAGES = _usages()
_ARGUMENTS = {"addif": 2, "delif": 2, "hairpin": 3, "setpathcost": 3, "setportprio": 3, "show": 0, "stp": 2}


# -- showing -----------------------------------------------------------------------------------------------------------


def _show(process: Process, arguments: list[str]) -> None:
    bridges = sorted(_bridges(process), key=lambda bridge: bridge.name)
    if arguments:
        bridges = [_existing_bridge(process, name) for name in arguments]
    process.print("bridge name\tbridge id\t\tSTP enabled\tinterfaces")
    for bridge in bridges:
        ports = sorted(port.name for port in bridge.ports)
        head = f"{bridge.name}\t\t{bridge_id(bridge)}\tno\t\t"
        process.print(head + ("\n" + "\t" * 7).join(ports))


def _existing_bridge(process: Process, name: str) -> Bridge:
    device = _find(process, name)
    if device is None:
        raise Failed(f"bridge {name} does not exist!")
    if not isinstance(device, Bridge):
        raise Failed(f"device {name} is not a bridge!")
    return device


def _bridges(process: Process) -> list[Bridge]:
    return [device for device in process.netns.listed() if isinstance(device, Bridge)]


def bridge_id(bridge: Bridge) -> str:
    """8000.0242d9d1a124; a bridge without ports that nobody gave an address has none."""
    mac = "0" * 12 if bridge.follows_ports and not bridge.ports else bridge.mac.replace(":", "")
    return f"{PRIORITY}.{mac}"


def _show_macs(process: Process, arguments: list[str]) -> None:
    bridge = _find(process, arguments[0])
    if not isinstance(bridge, Bridge):
        raise Failed(f"read of forward table failed: {strerror(errno.ENODEV if bridge is None else errno.EOPNOTSUPP)}")
    now = int(process.clock.now)
    process.print("port no\tmac addr\t\tis local?\tageing timer")
    for mac in sorted(bridge.fdb):
        entry = bridge.fdb[mac]
        if bridge.lookup(mac) in (None, bridge):
            continue
        number = bridge.ports.index(entry.port) + 1
        age = 0 if entry.local else now - entry.updated
        process.print(f"{number:3d}\t{mac}\t{'yes' if entry.local else 'no'}\t\t{_time(age)}")


def _time(duration: int) -> str:
    hundredths = duration // (S // 100)
    return f"{hundredths // 100:4d}.{hundredths % 100:02d}"


def _show_stp(process: Process, arguments: list[str]) -> None:
    bridge = _find(process, arguments[0])
    if not isinstance(bridge, Bridge):
        raise Failed(f"{arguments[0]}: can't get info {strerror(errno.EOPNOTSUPP if bridge else errno.ENODEV)}")
    own, zero = bridge_id(bridge), _time(0)
    process.print(
        f"{bridge.name}\n bridge id\t\t{own}\n designated root\t{own}\n root port\t\t   0\t\t\tpath cost\t\t   0\n"
        " max age\t\t  20.00\t\t\tbridge max age\t\t  20.00\n"
        " hello time\t\t   2.00\t\t\tbridge hello time\t   2.00\n"
        " forward delay\t\t  15.00\t\t\tbridge forward delay\t  15.00\n ageing time\t\t 300.00\n"
        f" hello timer\t\t{zero}\t\t\ttcn timer\t\t{zero}\n topology change timer\t{zero}\t\t\tgc timer\t\t{zero}\n"
        " flags\t\t\t\n\n"
    )
    for number, port in enumerate(bridge.ports, 1):
        state = "forwarding" if port.running else "  disabled"
        place = f"{0x8000 + number:04x}"
        process.print(
            f"{port.name} ({number})\n port id\t\t{place}\t\t\tstate\t\t     {state}\n"
            f" designated root\t{own}\tpath cost\t\t   2\n designated bridge\t{own}\tmessage age timer\t{zero}\n"
            f" designated port\t{place}\t\t\tforward delay timer\t{zero}\n"
            f" designated cost\t   0\t\t\thold timer\t\t{zero}\n"
            " flags\t\t\t\n"
        )


# -- changing ----------------------------------------------------------------------------------------------------------


def _add_bridge(process: Process, arguments: list[str]) -> None:
    name = arguments[0][:MAX_NAME]
    _attempt(
        partial(new_bridge, process, name),
        process,
        {errno.EEXIST: f"device {name} already exists; can't create bridge with the same name"},
        "add bridge failed: {}",
    )


def _delete_bridge(process: Process, arguments: list[str]) -> None:
    name = arguments[0]
    device = _find(process, name)
    if device is None:
        raise Failed(f"bridge {name} doesn't exist; can't delete it")
    if device.up and isinstance(device, Bridge):
        raise Failed(f"bridge {name} is still up; can't delete it")
    if not isinstance(device, Bridge):
        raise Failed(f"can't delete bridge {name}: {strerror(errno.EPERM)}")
    _attempt(device.delete, process, {}, f"can't delete bridge {name}: {{}}")


def _add_port(process: Process, arguments: list[str]) -> None:
    bridge = _existing_bridge(process, arguments[0])
    for name in arguments[1:]:
        device = _find(process, name)
        if device is None:
            raise Failed(f"interface {name} does not exist!")
        known = {
            errno.EBUSY: f"device {name} is already a member of a bridge; can't add it to bridge {bridge.name}.",
            errno.ELOOP: f"device {name} is a bridge device itself; can't add a bridge device to a bridge device.",
        }
        _attempt(partial(bridge.attach, device), process, known, f"can't add {name} to bridge {bridge.name}: {{}}")


def _delete_port(process: Process, arguments: list[str]) -> None:
    bridge = _existing_bridge(process, arguments[0])
    for name in arguments[1:]:
        device = _find(process, name)
        if device is None:
            raise Failed(f"interface {name} does not exist!")
        known = {errno.EINVAL: f"device {name} is not a port of {bridge.name}"}
        _attempt(partial(bridge.detach, device), process, known, f"can't delete {name} from {bridge.name}: {{}}")


def _hairpin(process: Process, arguments: list[str]) -> None:
    name, port, word = arguments[:3]
    bridge, device = _find(process, name), _find(process, port)
    if word not in ("on", "off"):
        raise Failed("expect on/off for argument")
    if not isinstance(bridge, Bridge) or device not in bridge.ports:
        raise Failed(f"can't set {port} to hairpin on bridge {name}: {strerror(errno.ENOENT)}")
    assert device is not None
    change = bridge.hairpin.add if word == "on" else bridge.hairpin.discard
    whole = f"can't set {port} to hairpin on bridge {name}: {{}}"
    _attempt(partial(change, device.ifindex), process, {}, whole)


def _find(process: Process, name: str) -> Device | None:
    return next((device for device in process.netns.listed() if device.name == name), None)


def _attempt(change: Callable[[], object], process: Process, known: dict[int, str], otherwise: str) -> None:
    """Makes the change. Raises Failed in the words for the errno."""
    try:
        require_admin(process)
        change()
    except OSError as refusal:
        number = refusal.errno or 0
        raise Failed(known.get(number, otherwise.format(strerror(number)))) from None


_COMMANDS: dict[str, Callable[[Process, list[str]], None]] = {
    "show": _show,
    "showmacs": _show_macs,
    "showstp": _show_stp,
    "addbr": _add_bridge,
    "delbr": _delete_bridge,
    "addif": _add_port,
    "delif": _delete_port,
    "hairpin": _hairpin,
}
