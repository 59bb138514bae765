"""The ifconfig of busybox (networking/ifconfig.c, interface.c)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.ifconfig.interfaces import Interface, existing, interfaces
from simulator.userland.ifconfig.settings import BadAddress, BadHardware, Refused, Settings
from simulator.userland.netdevice import Iff, flags, netmask
from simulator.userland.program import BUSYBOX

_SCOPES = {"global": "Global", "link": "Link", "host": "Host"}


def ifconfig(process: Process) -> Steps:
    """Shows interfaces, or changes one."""
    yield from ()
    words = process.argv[1:]
    if "--help" in words:
        BUSYBOX.refuse(process)
    every = words[:1] == ["-a"]
    if every:
        words = words[1:]
    if len(words) > 1:
        return _change(process, words)
    if not words:
        for each in interfaces(process.netns, every=every):
            process.print(stanza(each))
        return 0
    found = existing(process.netns, words[0])
    if found is None:
        process.error(f"ifconfig: {words[0]}: error fetching interface information: Device not found")
        return 1
    process.print(stanza(found))
    return 0


def _change(process: Process, words: list[str]) -> int:
    settings = Settings(process, words[0], masks=False)
    try:
        settings.apply(words[1:])
    except BadAddress as bad:
        process.error(f"ifconfig: bad address '{bad}'")
        return 1
    except BadHardware as bad:
        process.error(f"ifconfig: invalid hw-addr {bad}")
        return 1
    except Refused as refused:
        process.error(f"ifconfig: {refused}")
        return 1
    return 0


def stanza(shown: Interface) -> str:
    """What is shown of one interface; an empty line ends it."""
    device = shown.device
    lines = [f"{shown.name:<9} {_link(shown)}"]
    if shown.address:
        lines.append(_inet(shown))
    lines += [f"inet6 addr: {own} Scope:{_SCOPES[own.scope]}" for own in shown.ipv6]
    names = " ".join(flag.name or "" for flag in flags(device)) or "[NO FLAGS]"
    lines.append(f"{names}  MTU:{device.mtu}  Metric:1")
    if not shown.is_label:
        lines += _counters(shown)
    return "\n          ".join(lines) + "\n"


def _link(shown: Interface) -> str:
    if shown.device.kind == "loopback":
        return "Link encap:Local Loopback  "
    return f"Link encap:Ethernet  HWaddr {shown.device.mac.upper()}  "


def _inet(shown: Interface) -> str:
    address = shown.address
    assert address is not None
    text = f"inet addr:{address.ip}"
    if address.peer:
        text += f"  P-t-P:{address.peer}"
    if Iff.BROADCAST in flags(shown.device):
        text += f"  Bcast:{address.broadcast or '0.0.0.0'}"
    return f"{text}  Mask:{netmask(address.prefix)}"


def _counters(shown: Interface) -> list[str]:
    own = shown.device.counters
    return [
        (
            f"RX packets:{own.rx_packets} errors:{own.rx_errors} dropped:{own.rx_dropped}"
            f" overruns:{own.rx_overruns} frame:{own.rx_frame}"
        ),
        (
            f"TX packets:{own.tx_packets} errors:{own.tx_errors} dropped:{own.tx_dropped}"
            f" overruns:{own.tx_overruns} carrier:{own.tx_carrier}"
        ),
        f"collisions:{own.collisions} txqueuelen:{shown.device.qlen} ",
        f"RX bytes:{own.rx_bytes} ({scaled(own.rx_bytes)})  TX bytes:{own.tx_bytes} ({scaled(own.tx_bytes)})",
    ]


def scaled(size: int) -> str:
    """1042 as 1.0 KiB: the rest is cut off, not rounded."""
    tenth, unit = 0, 0
    while size >= 1024 and unit < 4:
        tenth, size, unit = size % 1024 * 10 // 1024, size // 1024, unit + 1
    return f"{size}.{tenth} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[unit]}"
