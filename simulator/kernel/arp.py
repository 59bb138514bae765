"""ARP: asking for the MAC address of an IPv4 address, and answering. RFC 826, net/ipv4/arp.c.

Left out: proxy ARP, arp_ignore and arp_announce other than 0, gratuitous ARP (Linux sends none by default).
"""

from __future__ import annotations

from simulator.kernel.device import Device
from simulator.kernel.neighbour import Neighbour, Nud
from simulator.kernel.packet import (
    ARP_REPLY,
    ARP_REQUEST,
    BROADCAST_MAC,
    NO_MAC,
    Arp,
    Frame,
    arp,
    frame,
)
from simulator.kernel.route import source_on


def solicit(entry: Neighbour) -> None:
    """Asks who has an address: everybody, or the one who had it (arp_solicit)."""
    device = entry.device
    source = _source(entry)
    request = arp(ARP_REQUEST, hwsrc=device.mac, psrc=source, hwdst=NO_MAC, pdst=entry.address)
    known = entry.mac if entry.state is Nud.PROBE else ""
    device.transmit(frame(request, src=device.mac, dst=known or BROADCAST_MAC))


def _source(entry: Neighbour) -> str:
    """The waiting packet's own source if it is ours, else an address of the device (arp_announce 0)."""
    netns = entry.device.netns
    if entry.waiting and netns.is_local(entry.waiting[-1][0].src):
        return entry.waiting[-1][0].src
    return source_on(entry.device, entry.address) or "0.0.0.0"


def receive(device: Device, received: Frame) -> None:
    """Takes an ARP frame (arp_process)."""
    message = received.payload
    assert isinstance(message, Arp)
    netns = device.netns
    if not device.arp or message.psrc.startswith("127."):
        return
    if message.op == ARP_REQUEST:
        ours = netns.is_local(message.pdst) and not message.pdst.startswith("127.")
        if message.psrc != "0.0.0.0":
            netns.neighbours.heard(device, message.psrc, message.hwsrc, solicit, create=ours)
        if ours:
            _reply(device, message)
    elif received.dst == device.mac:
        netns.neighbours.answered(device, message.psrc, message.hwsrc)
    else:
        netns.neighbours.heard(device, message.psrc, message.hwsrc, solicit, create=False)


def _reply(device: Device, request: Arp) -> None:
    answer = arp(ARP_REPLY, hwsrc=device.mac, psrc=request.pdst, hwdst=request.hwsrc, pdst=request.psrc)
    device.transmit(frame(answer, src=device.mac, dst=request.hwsrc))
