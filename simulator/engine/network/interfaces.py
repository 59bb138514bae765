"""Devices and routes inside a sandbox's namespace. Mirrors libnetwork's osl (interface_linux.go, route_linux.go).

IPv6 is off in a new namespace, for lo as well; a device with an IPv6 address turns it on for itself and for lo.
"""

from __future__ import annotations

from ipaddress import ip_interface
from typing import TYPE_CHECKING

from simulator.engine.errors import System
from simulator.engine.network.addresses import overlap
from simulator.engine.network.drivers.bridge import broadcast_of
from simulator.kernel.route import EVERYWHERE, Route

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.kernel.device import Device
    from simulator.kernel.machine import Machine
    from simulator.kernel.netns import NetNamespace

LOOPBACK6 = "::1/128"


def new_namespace(machine: Machine, label: str) -> NetNamespace:
    """A namespace with lo up and without IPv6."""
    netns = machine.new_netns(label)
    for scope in ("all", "default", "lo"):
        netns.sysctl[f"net.ipv6.conf.{scope}.disable_ipv6"] = "1"
    netns.loopback.set_up()
    return netns


def add(netns: NetNamespace, endpoint: Endpoint, name: str) -> None:
    """Brings an endpoint's device in from the host, under its new name, with its addresses. Raises System."""
    device = endpoint.device
    assert device is not None
    for text in (endpoint.ipv4, endpoint.ipv6):
        if text:
            _check_routes(netns, device, text, name)
    source = device.netns
    if netns is not source:
        source.move_device(device, netns, name=name)
    device.mac = endpoint.mac or device.mac
    if endpoint.ipv4:
        device.add_address(endpoint.ipv4, broadcast=broadcast_of(endpoint.ipv4))
    if endpoint.ipv6:
        netns.sysctl[f"net.ipv6.conf.{name}.disable_ipv6"] = "0"
        device.add_address(endpoint.ipv6, nodad=True)
    for text in endpoint.link_local:
        device.add_address(text, broadcast=broadcast_of(text))
    device.set_up()
    _set_loopback6(netns)


def remove(netns: NetNamespace, endpoint: Endpoint) -> None:
    """Takes an endpoint's device out again; it goes back to the host, where its driver removes it."""
    device = endpoint.device
    assert device is not None
    if device in netns.devices.values() and endpoint.host_device is not None:
        name = device.name
        netns.move_device(device, endpoint.host_device.netns, name=f"{endpoint.host_device.name}-peer"[:15])
        netns.sysctl.pop(f"net.ipv6.conf.{name}.disable_ipv6", None)
    elif device in netns.devices.values():
        device.delete()
    _set_loopback6(netns)


def _check_routes(netns: NetNamespace, device: Device, text: str, name: str) -> None:
    network = ip_interface(text).network
    version = network.version
    for route in netns.fib.routes(version=version):
        if route.destination.prefixlen and overlap(network, route.destination):
            what = f"error setting interface {_quoted(device.name)} IP{'v6' if version == 6 else ''} to {text}"
            why = f"cannot program address {text} in sandbox interface because it conflicts with existing route"
            index = route.device.ifindex if route.device else 0
            shown = f"{{Ifindex: {index} Dst: {route.destination} Src: {route.source} Gw: <nil> Flags: [] Table: 254}}"
            raise System(f"failed to add interface {device.name} to sandbox: {what}: {why} {shown}")


def _quoted(text: str) -> str:
    return f'"{text}"'


def _set_loopback6(netns: NetNamespace) -> None:
    """lo has ::1 while a device has an IPv6 address: checkLoV6."""
    wanted = any(
        address.version == 6 and address.scope == "global"
        for device in netns.devices.values()
        for address in device.addresses
        if device is not netns.loopback
    )
    has = LOOPBACK6 in [str(address) for address in netns.loopback.addresses]
    if wanted == has:
        return
    netns.sysctl["net.ipv6.conf.lo.disable_ipv6"] = "0" if wanted else "1"
    if wanted:
        netns.loopback.add_address(LOOPBACK6, scope="host")
    else:
        netns.loopback.remove_address(LOOPBACK6)


def add_default_route(netns: NetNamespace, version: int, gateway: str) -> None:
    """Raises System if the gateway cannot be reached directly."""
    try:
        device = netns.fib.lookup(gateway).device
    except OSError:
        device = None
    if device is None:
        raise System(
            f"failed to set gateway while updating gateway: route for the gateway {gateway} could not be found: "
            "network is unreachable"
        )
    metric = 1024 if version == 6 else 0
    netns.fib.add(Route(EVERYWHERE[version], device, gateway, metric=metric), replace_old=True)


def remove_default_route(netns: NetNamespace, version: int, gateway: str) -> None:
    """Removes the default route by this gateway, if it is there still."""
    for route in netns.fib.routes(version=version):
        if gateway and route.destination == EVERYWHERE[version] and route.gateway == gateway:
            netns.fib.delete(route)
