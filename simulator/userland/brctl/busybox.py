"""The brctl of busybox (networking/brctl.c): making and filling bridges, nothing to look at them."""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.errors import error, strerror
from simulator.kernel.process import Process
from simulator.userland.netdevice import new_bridge, require_admin
from simulator.userland.program import BUSYBOX

_COMMANDS = ("addbr", "delbr", "addif", "delif")


def brctl(process: Process) -> Steps:
    yield from ()
    words = process.argv[1:]
    if not words or "--help" in words:
        BUSYBOX.refuse(process)
    if words[0] not in _COMMANDS:
        process.error(f"brctl: invalid argument '{words[0]}' to 'brctl'")
        return 1
    if len(words) < (2 if words[0].endswith("br") else 3):
        BUSYBOX.refuse(process)
    try:
        _change(process, *words[:3])
    except OSError as refusal:
        kind = "iface" if refusal.filename == "iface" else "bridge"
        name = words[2] if kind == "iface" else words[1]
        process.error(f"brctl: {kind} {name}: {strerror(refusal.errno or 0)}")
        return 1
    return 0


def _change(process: Process, command: str, name: str, port: str = "") -> None:
    """Raises OSError; the file name is "iface" if it is over the port's name."""
    if command == "addbr":
        require_admin(process)
        new_bridge(process, name)
        return
    bridge = _find(process, name)
    if command == "delbr":
        _delete(process, bridge)
        return
    device = _find(process, port)
    if device is None:
        raise error(errno.ENODEV, "iface")
    if bridge is None:
        raise error(errno.ENODEV)
    require_admin(process)
    if not isinstance(bridge, Bridge):
        raise error(errno.EOPNOTSUPP)
    if device.kind == "loopback":
        raise error(errno.EINVAL)
    (bridge.attach if command == "addif" else bridge.detach)(device)


def _delete(process: Process, bridge: Device | None) -> None:
    require_admin(process)
    if bridge is None:
        raise error(errno.ENXIO)
    if not isinstance(bridge, Bridge):
        raise error(errno.EPERM)
    if bridge.up:
        raise error(errno.EBUSY)
    bridge.delete()


def _find(process: Process, name: str) -> Device | None:
    return next((device for device in process.netns.listed() if device.name == name), None)
