"""ip address show (ip/ipaddress.c)."""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_interface
from typing import Any

from msgspec import Struct

from simulator.kernel.device import Address, Device
from simulator.kernel.process import Process
from simulator.userland.ip import links
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, matches, prefix, twice, wrong
from simulator.userland.netdevice import is_secondary
from simulator.userland.usage_iproute import IPROUTE

_SCOPES = ("host", "link", "global")
FOREVER = 4294967295
# Words of a selector: those with an argument, and those without, by the field that they set.
_TAKING = {"scope": "scope", "label": "label", "master": "master", "type": "kind"}
_SWITCHES = {"up": "up", "nomaster": "no_master"}
_WORDS = frozenset(
    {"dynamic", "permanent", "secondary", "primary", "tentative", "-tentative", "deprecated", "temporary"}
)


class Filter(Struct):
    """What of all devices and addresses is to be shown."""

    device: str = ""
    up: bool = False
    scope: str = ""
    label: str = ""
    to: str = ""
    master: str | None = None
    no_master: bool = False
    kind: str = ""
    word: str = ""
    family: int = 0

    def takes(self, own: Device) -> bool:
        """Whether the device itself is one of those asked for."""
        return (
            self.device in ("", own.name)
            and (own.up or not self.up)
            and (self.master is None or (own.master is not None and own.master.name == self.master))
            and not (self.no_master and own.master)
            and self.kind in ("", own.kind)
        )

    def takes_address(self, own: Device, address: Address) -> bool:
        return (
            self.family in (0, address.version)
            and self.scope in ("", address.scope)
            and self.label in ("", address.label if address.version == 4 else own.name)
            and (not self.to or _inside(address, self.to))
            and self._state(own, address)
        )

    def _state(self, own: Device, address: Address) -> bool:
        known = {
            "dynamic": address.dynamic,
            "permanent": not address.dynamic,
            "tentative": address.tentative,
            "-tentative": not address.tentative,
            "secondary": is_secondary(own, address),
            "primary": not is_secondary(own, address),
        }
        return known.get(self.word, not self.word)

    @property
    def by_address(self) -> bool:
        """Whether only devices with a fitting address are shown."""
        return bool(self.family or self.scope or self.to or self.label or self.word)


def _inside(address: Address, network: str) -> bool:
    whole = ip_interface(network).network
    return whole.version == address.version and ip_address(address.ip) in whole


# -- showing -----------------------------------------------------------------------------------------------------------


def show(process: Process, words: Words, out: Output) -> int:
    """ip address show, and the same filter for ip link show."""
    asked = read_filter(words, "address")
    asked.family = asked.family or out.flags.family
    check_device(process, asked)
    found: list[dict[str, Any]] = []
    for own in process.netns.listed():
        addresses = [each for each in listed(own) if asked.takes_address(own, each)]
        if not asked.takes(own) or (asked.by_address and not addresses):
            continue
        if out.flags.json:
            found.append(links.document(own, out, link=False) | {"addr_info": [_document(own, a) for a in addresses]})
        else:
            _show_one(own, addresses, asked, out)
    if out.flags.json:
        print_json(found, out)
    return 0


def read_filter(words: Words, topic: str) -> Filter:
    """The selector of a show or flush command. Raises Complaint."""
    asked = Filter()
    while words:
        word = words.take()
        if word == "to":
            asked.to = str(prefix(words.take()))
            asked.family = ip_interface(asked.to).version
        elif word in _TAKING:
            setattr(asked, _TAKING[word], words.take())
        elif word in _SWITCHES:
            setattr(asked, _SWITCHES[word], True)
        elif word in _WORDS:
            asked.word = word
        elif word == "group":
            words.take()
        else:
            _read_device(asked, word, words, topic)
    return asked


def _read_device(asked: Filter, word: str, words: Words, topic: str) -> None:
    if word == "dev":
        word = words.take()
    elif matches(word, "help"):
        raise Complaint(IPROUTE[topic], USAGE)
    if asked.device:
        raise twice("dev", word)
    asked.device = word


def check_device(process: Process, asked: Filter) -> None:
    names = {own.name for own in process.netns.devices.values()}
    if asked.device and asked.device not in names:
        raise Complaint(f'Device "{asked.device}" does not exist.')
    if asked.master is not None and asked.master not in names:
        raise wrong(asked.master, "Device does not exist\n")


def listed(own: Device) -> list[Address]:
    """The addresses in the kernel's order: primary before secondary, IPv6 by scope and the newest first."""
    four = [address for address in own.addresses if address.version == 4]
    ordered = sorted(four, key=lambda address: (is_secondary(own, address), _SCOPES.index(address.scope)))
    six = [address for address in reversed(own.addresses) if address.version == 6]
    return ordered + sorted(six, key=lambda address: -_SCOPES.index(address.scope))


def _show_one(own: Device, addresses: list[Address], asked: Filter, out: Output) -> None:
    if out.flags.brief:
        out.print(links.brief(own, out) + "".join(f"{_brief(address, out)} " for address in addresses))
        return
    if out.flags.oneline:
        for address in addresses:
            name = out.paint("name", own.name)
            out.print(f"{own.ifindex}: {name}    " + "\\".join(lines(own, address, out)).lstrip())
        return
    head = 0 if asked.device else asked.family
    shown = [] if asked.label else links.show(own, out, family=head, body=not asked.family)
    for address in addresses:
        shown += lines(own, address, out)
    out.print("\n".join(shown))


def _brief(address: Address, out: Output) -> str:
    if address.peer:
        return f"{out.address(address.ip)} peer {out.address(address.peer)}/{address.prefix}"
    return f"{out.address(address.ip)}/{address.prefix}"


def lines(own: Device, address: Address, out: Output, *, nodad: str = "nodad ") -> list[str]:
    """The two lines about an address; `nodad` is how that flag is spelled."""
    kind = "inet" if address.version == 4 else "inet6"
    text = f"    {kind} {_brief(address, out)} "
    if address.broadcast and address.version == 4:
        text += f"brd {out.address(address.broadcast, address.broadcast + ' ')}"
    text += f"scope {address.scope} "
    text += "secondary " if is_secondary(own, address) else ""
    text += "dynamic " if address.dynamic else ""
    text += nodad if address.nodad else ""
    text += "tentative " if address.tentative else ""
    if address.version == 4:
        text += address.label or own.name
    return [text, "       valid_lft forever preferred_lft forever"]


def _document(own: Device, address: Address) -> dict[str, Any]:
    found: dict[str, Any] = {"family": "inet" if address.version == 4 else "inet6", "local": address.ip}
    if address.peer:
        found["address"] = address.peer
    found["prefixlen"] = address.prefix
    if address.broadcast and address.version == 4:
        found["broadcast"] = address.broadcast
    found["scope"] = address.scope
    if is_secondary(own, address):
        found["secondary"] = True
    if address.tentative:
        found["tentative"] = True
    if address.version == 4:
        found["label"] = address.label or own.name
    return found | {"valid_life_time": FOREVER, "preferred_life_time": FOREVER}


def print_json(found: Any, out: Output) -> None:
    """A document as ip's own JSON writer lays it out."""
    if out.flags.pretty:
        out.print(pretty(found))
    else:
        out.print(json.dumps(found, separators=(",", ":")))


def pretty(value: Any, depth: int = 0) -> str:
    """`ip -p -j`: eight spaces a level for objects, arrays of words on one line."""
    pad = "    " * (2 * depth + 2)
    if isinstance(value, dict):
        members = ",\n".join(f'{pad}"{key}": {pretty(each, depth + 1)}' for key, each in value.items())
        return "{\n" + members + "\n" + "    " * (2 * depth + 1) + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[ " + ",".join(pretty(each, depth) for each in value) + " ]"
    if isinstance(value, list):
        return "[ " + "".join(f"{each} " for each in [",".join(json.dumps(each) for each in value)] if value) + "]"
    return json.dumps(value)
