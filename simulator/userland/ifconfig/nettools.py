"""The ifconfig of net-tools (ifconfig.c, lib/interface.c)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.ifconfig.interfaces import Interface, existing, interfaces
from simulator.userland.ifconfig.settings import BadAddress, BadHardware, Refused, Settings
from simulator.userland.netdevice import Iff, flags, netmask
from simulator.userland.usage_host import HOST

_SCOPES = {"global": "0x0<global>", "link": "0x20<link>", "host": "0x10<host>"}
_OPTIONS = {"-a": "every", "-s": "short", "-v": "verbose"}
_HINT = "ifconfig: `--help' gives usage information."
_UNITS = ((1 << 50, "PiB"), (1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
# The letters of `ifconfig -s` and `netstat -i`, in their order.
_LETTERS = (
    (Iff.ALLMULTI, "A"),
    (Iff.BROADCAST, "B"),
    (Iff.LOOPBACK, "L"),
    (Iff.MULTICAST, "M"),
    (Iff.PROMISC, "P"),
    (Iff.NOARP, "O"),
    (Iff.RUNNING, "R"),
    (Iff.UP, "U"),
)


def ifconfig(process: Process) -> Steps:
    """Shows interfaces, or changes one."""
    yield from ()
    words, given = process.argv[1:], set()
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("--help", "-h", "-?"):
            process.print(HOST["ifconfig"])
            return 0
        if word not in _OPTIONS:
            process.error(f"ifconfig: option `{word}' not recognised.\n{_HINT}")
            return 1
        given.add(_OPTIONS[word])
    if len(words) > 1:
        return _change(process, words)
    return _show(process, words, given)


def _show(process: Process, words: list[str], given: set[str]) -> int:
    if words:
        found = existing(process.netns, words[0])
        if found is None:
            process.error(f"{words[0]}: error fetching interface information: Device not found")
            return 1
        shown = [found]
    else:
        shown = interfaces(process.netns, every="every" in given)
    if "short" in given:
        process.print("Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg")
    for each in shown:
        process.print(row(each) if "short" in given else stanza(each))
    return 0


def _change(process: Process, words: list[str]) -> int:
    settings = Settings(process, words[0], masks=True)
    try:
        settings.apply(words[1:])
    except BadAddress as bad:
        process.error(f"{bad}: Unknown host" + ("" if bad.argument else f"\n{_HINT}"))
        return 1
    except BadHardware as bad:
        process.error(f"{bad}: invalid ether address.")
        return 1
    except Refused as refused:
        if refused.request == "SIOCGIFFLAGS":
            process.error(f"{words[0]}: ERROR while getting interface flags: {refused.reason}")
            return 255
        process.error(str(refused))
        return 255 if refused.request == "SIOCSIFFLAGS" else 1
    return 0


def stanza(shown: Interface) -> str:
    """What is shown of one interface; an empty line ends it."""
    device, own = shown.device, flags(shown.device)
    names = ",".join(flag.name or "" for flag in own)
    lines = [f"{shown.name}: flags={int(own)}<{names}>  mtu {device.mtu}"]
    if shown.address:
        lines.append(_inet(shown))
    lines += [f"inet6 {each.ip}  prefixlen {each.prefix}  scopeid {_SCOPES[each.scope]}" for each in shown.ipv6]
    kind = "loop" if device.kind == "loopback" else f"ether {device.mac}"
    title = "Local Loopback" if device.kind == "loopback" else "Ethernet"
    lines.append(f"{kind}  txqueuelen {device.qlen}  ({title})")
    if not shown.is_label:
        lines += _counters(shown)
    return "\n        ".join(lines) + "\n"


def _inet(shown: Interface) -> str:
    address = shown.address
    assert address is not None
    text = f"inet {address.ip}  netmask {netmask(address.prefix)}"
    if Iff.BROADCAST in flags(shown.device):
        text += f"  broadcast {address.broadcast or '0.0.0.0'}"
    return text + (f"  destination {address.peer}" if address.peer else "")


def _counters(shown: Interface) -> list[str]:
    own = shown.device.counters
    return [
        f"RX packets {own.rx_packets}  bytes {own.rx_bytes} ({scaled(own.rx_bytes)})",
        f"RX errors {own.rx_errors}  dropped {own.rx_dropped}  overruns {own.rx_overruns}  frame {own.rx_frame}",
        f"TX packets {own.tx_packets}  bytes {own.tx_bytes} ({scaled(own.tx_bytes)})",
        (
            f"TX errors {own.tx_errors}  dropped {own.tx_dropped} overruns {own.tx_overruns}"
            f"  carrier {own.tx_carrier}  collisions {own.collisions}"
        ),
    ]


def scaled(size: int) -> str:
    """1434 as 1.4 KiB: the rest is cut off, not rounded; 1024 itself still is 1024.0 B."""
    for unit, name in _UNITS:
        if size > unit:
            return f"{size * 10 // unit // 10}.{size * 10 // unit % 10} {name}"
    return f"{size}.0 B"


def row(shown: Interface) -> str:
    """A line of `ifconfig -s` and `netstat -i`."""
    name, mtu, own = shown.name, shown.device.mtu, shown.device.counters
    letters = "".join(letter for flag, letter in _LETTERS if flag in flags(shown.device))
    if shown.is_label:
        return f"{name:<15.15} {mtu:5d}       - no statistics available -{'':36}{letters}"
    return (
        f"{name:<15.15} {mtu:5d} {own.rx_packets:8d} {own.rx_errors:6d} {own.rx_dropped:6d} {own.rx_overruns:<6d}"
        f" {own.tx_packets:8d} {own.tx_errors:6d} {own.tx_dropped:6d} {own.tx_overruns:6d} {letters}"
    )
