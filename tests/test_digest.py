"""The digest sees every change, and nothing that is no change."""

from __future__ import annotations

import pytest

from simulator.clock import S
from simulator.digest import differences, lasting, lasting_digest
from simulator.lab import Lab

CHANGES = [
    "docker network create n1",
    "docker create --name c1 alpine",
    "docker run -d --name web -p 8080:80 httpd",
    "ip addr add 10.9.0.1/24 dev eth0",
    "ip route add 10.9.0.0/24 via 10.0.2.2",
    "ip link set eth0 down",
    "ip neigh replace 10.0.2.9 lladdr 02:00:00:00:00:09 dev eth0",
    "iptables -I DOCKER-USER -p tcp --dport 80 -j DROP",
    "iptables -P INPUT DROP",
    "ip netns add blue",
    "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
    "touch /tmp/new",
    "sleep 1000 &",
]
READS = [
    "docker ps -a",
    "ip addr",
    "iptables -L -v",
    "ping -c 1 10.0.2.2",
    "docker network inspect bridge",
    "cat /etc/hosts",
]


def test_the_same_commands_give_the_same_digest() -> None:
    labs = [Lab(seed=7), Lab(seed=7)]
    for lab in labs:
        for command in CHANGES[:3] + READS:
            lab.run(command)
    assert labs[0].digest() == labs[1].digest()


def test_asking_for_the_digest_changes_nothing() -> None:
    lab = Lab()
    assert lab.digest() == lab.digest()


def test_another_seed_is_another_world() -> None:
    assert Lab(seed=1).digest() != Lab(seed=2).digest()


def test_time_alone_changes_the_digest_and_nothing_that_lasts() -> None:
    lab = Lab()
    before, lasted = lab.digest(), lasting_digest(lab)
    lab.advance(1 * S)
    assert lab.digest() != before
    assert lasting_digest(lab) == lasted


@pytest.mark.parametrize("command", CHANGES)
def test_every_change_is_seen_and_told(command: str) -> None:
    lab = Lab()
    before = lasting(lab)
    result = lab.run(command)
    assert result.status == 0, result.output
    assert differences(before, lasting(lab)) != []


@pytest.mark.parametrize("command", READS)
def test_looking_changes_nothing_that_lasts(command: str) -> None:
    lab = Lab()
    before = lasting(lab)
    lab.run(command)
    assert differences(before, lasting(lab)) == []


def test_a_packet_is_a_change_of_the_digest() -> None:
    one, other = Lab(), Lab()
    one.run("ping -c 1 10.0.2.2")
    other.run("ping -c 1 -s 57 10.0.2.2")
    assert one.digest() != other.digest()


def test_differences_tell_what_came_and_what_went() -> None:
    told = differences({"a": ["x", "y"], "b": "1"}, {"a": ["y", "z"], "c": "2"})
    assert told == ["- a: x", "+ a: z", "- b: 1", "+ c: 2"]
