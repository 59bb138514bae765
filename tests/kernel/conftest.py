"""Machines, wires and watchers for the kernel's tests; all of it real."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.clock import Clock
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device, Direction
from simulator.kernel.machine import Machine
from simulator.kernel.netns import NetNamespace
from simulator.kernel.packet import Frame, Icmp, icmp
from simulator.kernel.veth import Veth, veth_pair
from simulator.trace import Dropped, Trace
from simulator.versions import version


@pytest.fixture
def clock() -> Clock:
    return Clock(seed=1)


@pytest.fixture
def trace() -> Trace:
    return Trace()


@pytest.fixture
def machine(clock: Clock, trace: Trace) -> Machine:
    """A machine without IPv6, so that a wire carries only what a test sends."""
    made = Machine("host", clock, trace, version=version("20.10"))
    made.netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
    made.netns.loopback.set_up()
    return made


@pytest.fixture
def drops(trace: Trace) -> list[str]:
    """The codes of all packets that died, in order."""
    codes: list[str] = []
    trace.subscribe(lambda record: codes.append(record.code), Dropped)
    return codes


def quiet_netns(machine: Machine, name: str) -> NetNamespace:
    netns = machine.new_netns(name)
    netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
    netns.loopback.set_up()
    return netns


def mac(number: int) -> str:
    return f"02:00:00:00:00:{number:02x}"


def join(
    one: NetNamespace, one_address: str, other: NetNamespace, other_address: str, number: int = 1
) -> tuple[Veth, Veth]:
    """A veth pair between two namespaces, up and with these addresses."""
    left, right = veth_pair(one, f"v{number}a", f"v{number}b", mac=mac(2 * number), peer_mac=mac(2 * number + 1))
    if other is not one:
        one.move_device(right, other)
    for device, address in ((left, one_address), (right, other_address)):
        device.set_up()
        if address:
            device.add_address(address)
    return left, right


def plug(bridge: Bridge, netns: NetNamespace, address: str, number: int) -> Veth:
    """Joins a namespace to a bridge as Docker does; the namespace's device is called eth0."""
    inner, outer = veth_pair(
        bridge.netns, f"c{number}", f"veth{number}", mac=mac(2 * number), peer_mac=mac(2 * number + 1)
    )
    bridge.attach(outer)
    bridge.netns.move_device(inner, netns, name="eth0")
    outer.set_up()
    inner.set_up()
    inner.add_address(address)
    return inner


def ping(netns: NetNamespace, source: str, destination: str, *, seq: int = 0, size: int = 56, ttl: int = 64) -> None:
    """Sends one echo request."""
    message = Icmp(8, 0, 7, seq, bytes(size))
    netns.send(icmp(source, destination, message, number=netns.number(), ttl=ttl))


def watch(device: Device) -> list[str]:
    """What crosses a device, as 'in ...' and 'out ...' lines."""
    lines: list[str] = []

    def tap(_device: Device, direction: Direction, frame: Frame) -> None:
        lines.append(f"{direction} {frame.payload}")

    device.taps.append(tap)
    return lines


Watch = Callable[[Device], list[str]]
