"""Laws of a namespace's settings."""

from __future__ import annotations

import errno

import pytest

from simulator.kernel import sysctl
from simulator.kernel.machine import Machine


def test_a_device_has_what_default_has_until_it_is_written(machine: Machine) -> None:
    netns = machine.netns
    sysctl.write(netns, "net.ipv4.conf.default.rp_filter", "2")
    assert sysctl.read(netns, "net.ipv4.conf.lo.rp_filter") == "2"
    sysctl.write(netns, "net.ipv4.conf.lo.rp_filter", "1")
    assert sysctl.read(netns, "net.ipv4.conf.lo.rp_filter") == "1"


def test_forwarding_is_one_setting_under_several_names(machine: Machine) -> None:
    netns = machine.netns
    sysctl.write(netns, sysctl.FORWARD_ALL, "1")
    assert sysctl.read(netns, sysctl.FORWARD) == "1"
    assert sysctl.read(netns, "net.ipv4.conf.lo.forwarding") == "1"


def test_a_device_has_ipv6_addresses_while_ipv6_is_not_disabled(machine: Machine) -> None:
    netns, lo = machine.netns, machine.netns.loopback
    lo.set_up()
    sysctl.write(netns, "net.ipv6.conf.all.disable_ipv6", "0")
    before = [address.ip for address in lo.addresses]
    sysctl.write(netns, "net.ipv6.conf.all.disable_ipv6", "1")
    assert [address.ip for address in lo.addresses] == ["127.0.0.1"]
    assert sysctl.read(netns, "net.ipv6.conf.lo.disable_ipv6") == "1"
    sysctl.write(netns, "net.ipv6.conf.lo.disable_ipv6", "0")
    assert [address.ip for address in lo.addresses] == before == ["127.0.0.1", "::1"]


@pytest.mark.parametrize(
    ("key", "value", "number"),
    [
        ("net.nosuch", "1", errno.ENOENT),
        (sysctl.FORWARD, "yes", errno.EINVAL),
        (sysctl.FORWARD, "", errno.EINVAL),
        (sysctl.CONNTRACK_COUNT, "1", errno.EACCES),
    ],
)
def test_what_cannot_be_written_is_refused(machine: Machine, key: str, value: str, number: int) -> None:
    with pytest.raises(OSError) as refused:
        sysctl.write(machine.netns, key, value)
    assert refused.value.errno == number
