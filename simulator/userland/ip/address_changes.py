"""ip address add, replace, change, del and flush (ip/ipaddress.c)."""

from __future__ import annotations

import errno
from ipaddress import ip_address, ip_interface

from msgspec import Struct

from simulator.kernel.device import Address, Device
from simulator.kernel.process import Process
from simulator.userland.ip.addresses import check_device, read_filter
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, device, matches, prefix, refused, twice, wrong
from simulator.userland.netdevice import broadcast_of, is_secondary, require_admin
from simulator.userland.usage_iproute import IPROUTE


class Wanted(Struct):
    """The address that a command is about."""

    local: str = ""
    has_length: bool = False
    device: str = ""
    broadcast: str = ""
    label: str = ""
    scope: str = ""
    peer: str = ""
    nodad: bool = False


def modify(process: Process, words: Words, out: Output, *, action: str) -> int:
    """ip address add, replace, change, del."""
    wanted = _read_wanted(words, out.flags.family)
    if not wanted.device:
        raise Complaint('Not enough information: "dev" argument is required.')
    if out.flags.terse and not wanted.label.startswith(wanted.device) and wanted.label:
        raise Complaint(f'"dev" ({wanted.device}) must match "label" ({wanted.label}).')
    own = device(process.netns, wanted.device)
    try:
        require_admin(process)
        if not wanted.local:
            raise OSError(errno.EOPNOTSUPP, "")
        if action == "del":
            _remove(out, own, wanted)
        else:
            _add(own, wanted, action)
    except OSError as refusal:
        raise refused(refusal) from None
    return 0


def _read_wanted(words: Words, family: int) -> Wanted:
    wanted = Wanted()
    options = {"broadcast": "broadcast", "brd": "broadcast", "label": "label", "scope": "scope", "dev": "device"}
    while words:
        word = words.take()
        if word in ("peer", "remote"):
            wanted.peer = str(prefix(words.take(), family))
        elif word in options:
            setattr(wanted, options[word], words.take())
        elif word in ("valid_lft", "preferred_lft", "metric"):
            words.take()
        elif word == "nodad":
            wanted.nodad = True
        elif word in ("home", "noprefixroute", "mngtmpaddr", "autojoin"):
            continue
        elif matches(word, "help"):
            raise Complaint(IPROUTE["address"], USAGE)
        else:
            word = words.take() if word == "local" else word
            if wanted.local:
                raise twice("local", word)
            wanted.local, wanted.has_length = str(prefix(word, family)), "/" in word
    return wanted


def _add(own: Device, wanted: Wanted, action: str) -> None:
    address = ip_interface(wanted.local)
    peer = ip_interface(wanted.peer) if wanted.peer else None
    ip, length = str(address.ip), (peer or address).network.prefixlen
    if any(each.ip == ip and each.prefix == length for each in own.addresses):
        if action == "add":
            raise OSError(errno.EEXIST, _worded(address.version, "already assigned"))
        return
    if address.version == 6 and own.netns.conf("ipv6", own.name, "disable_ipv6") == "1":
        raise OSError(errno.EACCES, "ipv6: IPv6 is disabled on this device.")
    broadcast = _broadcast(wanted, ip, length)
    if wanted.scope not in ("", "global", "link", "host"):
        raise wrong(wanted.scope, "invalid scope value.")
    own.add_address(
        f"{ip}/{length}",
        broadcast=broadcast,
        scope=wanted.scope,
        label=wanted.label,
        peer=str(peer.ip) if peer else None,
        nodad=wanted.nodad and address.version == 6,
    )


def _worded(version: int, what: str) -> str:
    """The kernel's own words, which differ in a letter."""
    return f"ipv4: Address {what}." if version == 4 else f"ipv6: address {what}."


def _broadcast(wanted: Wanted, ip: str, length: int) -> str | None:
    return broadcast_of(ip, length) if wanted.broadcast == "+" else wanted.broadcast or None


_WILDCARD = """\
Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length ({}) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!"""


def _remove(out: Output, own: Device, wanted: Wanted) -> None:
    address = ip_interface(wanted.local)
    for each in own.addresses:
        if each.ip == str(address.ip) and (each.prefix == address.network.prefixlen or not wanted.has_length):
            if each.prefix != address.network.prefixlen and not out.flags.terse:
                out.process.error(_WILDCARD.format(wanted.local))
            remove_address(own, each)
            return
    raise OSError(errno.EADDRNOTAVAIL, _worded(address.version, "not found"))


def remove_address(own: Device, address: Address) -> None:
    """Removes an address; the secondary ones of its subnet go with it (promote_secondaries is 0)."""
    primary = address.version == 4 and not is_secondary(own, address)
    network = ip_interface(str(address)).network
    own.remove_address(str(address))
    if primary:
        for other in [each for each in own.addresses if each.version == 4 and each.prefix == address.prefix]:
            if ip_address(other.ip) in network:
                own.remove_address(str(other))


def flush(process: Process, words: Words, out: Output) -> int:
    """ip address flush."""
    if not words:
        raise Complaint("Flush requires arguments.")
    asked = read_filter(words, "address")
    asked.family = asked.family or out.flags.family
    check_device(process, asked)
    try:
        require_admin(process)
    except OSError as refusal:
        raise refused(refusal) from None
    for own in process.netns.listed():
        if asked.takes(own):
            for address in [each for each in own.addresses if asked.takes_address(own, each)]:
                if address in own.addresses:
                    remove_address(own, address)
    return 0
