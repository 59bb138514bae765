"""What a device does by itself when it comes up: lo's addresses, an IPv6 link-local address, group reports, router
solicitations. It is the background noise that the receive counters of a quiet container count. RFC 4862, 3810,
7559, net/ipv6/addrconf.c, net/ipv6/mcast.c.

Left out: addresses from router advertisements, privacy addresses, the wait before the first message.
"""

from __future__ import annotations

from ipaddress import IPv6Address

from msgspec.structs import replace

from simulator.clock import MS, S
from simulator.kernel import ndisc
from simulator.kernel.device import Address, Device, DeviceEvent
from simulator.kernel.packet import GroupReport, frame, mld

ROUTER_SOLICITATION_INTERVAL = 4 * S  # the first; each is twice as long as the one before, without end: RFC 7559
ROUTER_SOLICITATION_MAXIMUM = 3600 * S
DAD_TIME = 1 * S
REPORT_REPEAT = 1 * S  # a change of membership is reported twice (robustness 2), the second time within this
MLD_GROUP = "ff02::16"
CHANGE_TO_EXCLUDE = 4  # the record type of joining a group: RFC 3810 5.2.12


def device_changed(device: Device, event: DeviceEvent) -> None:
    """Listens to what happens to devices (addrconf_notify)."""
    if event is DeviceEvent.UP and device.kind == "loopback":
        _configure_loopback(device)
    elif event in (DeviceEvent.UP, DeviceEvent.CARRIER) and device.running:
        _came_up(device)
    elif event is DeviceEvent.DOWN:
        device.addresses[:] = [address for address in device.addresses if address.version == 4]
    elif event is DeviceEvent.IPV6:
        _enabled_or_disabled(device)


def _enabled_or_disabled(device: Device) -> None:
    """Somebody wrote disable_ipv6: the device comes up or goes down for IPv6 alone (dev_disable_change)."""
    if device.netns.conf("ipv6", device.name, "disable_ipv6") == "1":
        for address in [own for own in device.addresses if own.version == 6]:
            device.remove_address(str(address))
    elif device.kind == "loopback" and device.up:
        _configure_loopback(device)
    elif device.running:
        _came_up(device)


def _configure_loopback(device: Device) -> None:
    wanted = ["127.0.0.1/8"] if device.netns.conf("ipv6", "lo", "disable_ipv6") == "1" else ["127.0.0.1/8", "::1/128"]
    for text in wanted:
        if text not in [str(address) for address in device.addresses]:
            device.add_address(text, scope="host")


def _came_up(device: Device) -> None:
    """A new link gets an address; on one that has come back the groups are reported again (addrconf_notify)."""
    own = next((address for address in device.addresses if address.version == 6 and address.scope == "link"), None)
    if own:
        _report_twice(device, own.ip)
    elif _enabled(device):
        _begin(device)


def _enabled(device: Device) -> bool:
    """Whether the device is to have IPv6 at all."""
    return device.arp and device.netns.conf("ipv6", device.name, "disable_ipv6") != "1"


def _begin(device: Device) -> None:
    """The link-local address, tentative until nobody objects (addrconf_add_linklocal)."""
    address = _interface_address(device)
    device.addresses.append(Address(address, 64, scope="link", label=device.name, tentative=True))
    device.netns.notify(device, DeviceEvent.ADDRESS)
    clock = device.netns.clock
    _report_twice(device, address)
    clock.after(clock.chance.integer("dad delay", 0, 900) * MS, _detect, device, address)


def _interface_address(device: Device) -> str:
    """Made of the MAC address, or for the cards of a host with NetworkManager a stable random one (RFC 7217)."""
    netns = device.netns
    if device.kind != "ether" or not netns.machine.version.stable_privacy:
        return ndisc.link_local(device.mac)
    interface = int(netns.clock.chance.hex("interface id", 16), 16)
    return str(IPv6Address((0xFE80 << 112) | interface))


def _detect(device: Device, address: str) -> None:
    if _still(device, address):
        ndisc.detect_duplicate(device, address)
        device.netns.clock.after(DAD_TIME, _assign, device, address)


def _assign(device: Device, address: str) -> None:
    """Nobody objected: the address is ours; reports carry it now, and routers are looked for (addrconf_dad_completed)."""
    if not _still(device, address):
        return
    device.addresses[:] = [replace(own, tentative=False) if own.ip == address else own for own in device.addresses]
    _report_twice(device, address)
    if _accepts_routers(device):
        _solicit_routers(device, address, ROUTER_SOLICITATION_INTERVAL)


def _accepts_routers(device: Device) -> bool:
    """Whether the device would listen to a router: a router itself does only if told so (ipv6_accept_ra)."""
    conf = device.netns.conf
    accepted = conf("ipv6", device.name, "accept_ra")
    return accepted == "2" if conf("ipv6", device.name, "forwarding") != "0" else accepted != "0"


def _solicit_routers(device: Device, address: str, interval: int) -> None:
    """Asks for routers, ever more seldom, as long as none answers."""
    if not _has(device, address):
        return
    ndisc.solicit_routers(device, address)
    clock = device.netns.clock
    wait = interval * clock.chance.integer("router solicitation", 900, 1100) // 1000
    clock.after(wait, _solicit_routers, device, address, min(2 * interval, ROUTER_SOLICITATION_MAXIMUM))


def _report_twice(device: Device, address: str) -> None:
    """Reports the groups now, and once more within a second in case the first report was lost."""
    _report(device, address)
    clock = device.netns.clock
    clock.after(clock.chance.integer("mld repeat", 1, REPORT_REPEAT // MS) * MS, _report, device, address)


def _report(device: Device, address: str) -> None:
    """Reports the groups that the device is in, all-nodes left out (mld_send_cr)."""
    if not _still(device, address):
        return
    own = next(own for own in device.addresses if own.ip == address)
    report = GroupReport(((CHANGE_TO_EXCLUDE, ndisc.solicited_node(address)),))
    packet = mld("::" if own.tentative else address, MLD_GROUP, report, number=device.netns.number())
    device.transmit(frame(packet, src=device.mac, dst=ndisc.group_mac(MLD_GROUP)))


def _has(device: Device, address: str) -> bool:
    return device.up and any(own.ip == address for own in device.addresses)


def _still(device: Device, address: str) -> bool:
    """Whether the link works and the device has the address still: timers outlive devices."""
    return device.running and _has(device, address)
