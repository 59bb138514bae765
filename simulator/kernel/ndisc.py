"""Neighbour discovery: ARP's part for IPv6, and duplicate address detection. RFC 4861, 4862, net/ipv6/ndisc.c.

Left out: router advertisements (no router here sends any), redirects, proxies.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address

from simulator.kernel.device import Device
from simulator.kernel.neighbour import Neighbour, Nud
from simulator.kernel.packet import (
    NEIGHBOUR_ADVERTISEMENT,
    NEIGHBOUR_SOLICITATION,
    ROUTER_SOLICITATION,
    Discovery,
    Packet,
    discovery,
    frame,
)
from simulator.kernel.route import source_on

ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"


def link_local(mac: str) -> str:
    """The address that a device makes of its MAC address: fe80::/64 and the modified EUI-64 (RFC 4291 A)."""
    octets = [int(octet, 16) for octet in mac.split(":")]
    packed = bytes([0xFE, 0x80, *[0] * 6, octets[0] ^ 2, *octets[1:3], 0xFF, 0xFE, *octets[3:]])
    return str(IPv6Address(packed))


@lru_cache(maxsize=1024)
def solicited_node(address: str) -> str:
    """The group that an address is asked for in (RFC 4291 2.7.1)."""
    low = IPv6Address(address).packed[13:]
    return str(IPv6Address(bytes.fromhex("ff0200000000000000000001ff") + low))


@lru_cache(maxsize=1024)
def group_mac(group: str) -> str:
    """The MAC address of an IPv6 group: 33:33 and its last four octets (RFC 2464 7)."""
    return "33:33:" + ":".join(f"{octet:02x}" for octet in IPv6Address(group).packed[12:])


def to_group(device: Device, source: str, group: str, message: Discovery) -> None:
    """Sends a discovery message to a group."""
    packet = discovery(source, group, message, number=device.netns.number())
    device.transmit(frame(packet, src=device.mac, dst=group_mac(group)))


def solicit(entry: Neighbour) -> None:
    """Asks for a neighbour's MAC address (ndisc_solicit)."""
    device = entry.device
    source = source_on(device, entry.address) or "::"
    question = Discovery(NEIGHBOUR_SOLICITATION, entry.address, mac=device.mac)
    if entry.state is Nud.PROBE and entry.mac:
        packet = discovery(source, entry.address, question, number=device.netns.number())
        device.transmit(frame(packet, src=device.mac, dst=entry.mac))
        return
    to_group(device, source, solicited_node(entry.address), question)


def detect_duplicate(device: Device, address: str) -> None:
    """Asks whether somebody else has the address we want (addrconf_dad_work)."""
    nonce = int(device.netns.clock.chance.hex("nonce", 12), 16).to_bytes(6, "big")
    enhanced = device.netns.machine.version.enhanced_dad
    question = Discovery(NEIGHBOUR_SOLICITATION, address, nonce=nonce if enhanced else b"")
    to_group(device, "::", solicited_node(address), question)


def solicit_routers(device: Device, source: str) -> None:
    to_group(device, source, ALL_ROUTERS, Discovery(ROUTER_SOLICITATION, mac=device.mac))


def receive(device: Device, packet: Packet) -> None:
    """A discovery message came in (ndisc_rcv)."""
    message = packet.l4
    assert isinstance(message, Discovery)
    own = any(address.ip == message.target and not address.tentative for address in device.addresses)
    neighbours = device.netns.neighbours
    if message.type == NEIGHBOUR_SOLICITATION and own:
        if packet.src != "::" and message.mac:
            neighbours.heard(device, packet.src, message.mac, solicit, create=True)
        _advertise(device, packet.src, message)
    elif message.type == NEIGHBOUR_ADVERTISEMENT and message.mac:
        if message.solicited:
            neighbours.answered(device, message.target, message.mac)
        else:
            neighbours.heard(device, message.target, message.mac, solicit, create=False)


def _advertise(device: Device, asker: str, question: Discovery) -> None:
    solicited = asker != "::"
    answer = Discovery(NEIGHBOUR_ADVERTISEMENT, question.target, device.mac, solicited=solicited, override=True)
    if not solicited:
        to_group(device, question.target, ALL_NODES, answer)
        return
    packet = discovery(question.target, asker, answer, number=device.netns.number())
    device.transmit(frame(packet, src=device.mac, dst=question.mac or group_mac(ALL_NODES)))
