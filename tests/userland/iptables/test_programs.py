"""Laws of iptables, iptables-save, iptables-restore and conntrack beyond what the recorded sessions show."""

from __future__ import annotations

import pytest

from simulator.kernel.machine import Machine
from simulator.kernel.netfilter.hooks import Hook, Skb
from simulator.kernel.packet import Flag, Tcp, Udp, tcp, udp
from simulator.kernel.tty import Tty
from simulator.versions import VERSIONS

from .conftest import Run, host, run

MUST_BE_ROOT = "Could not fetch rule set generation id: Permission denied (you must be root)\n"


def test_a_table_that_is_asked_for_is_saved_and_not_made(shell: Run) -> None:
    assert shell("iptables-save -t raw")[0].splitlines()[1:3] == ["*raw", ":PREROUTING ACCEPT [0:0]"]
    assert shell("iptables-save") == ("", 0)


@pytest.mark.parametrize("command", ["iptables -L", "iptables-save", "iptables-restore"])
def test_only_root_may_look_or_touch(machine: Machine, command: str) -> None:
    program = command.split()[0]
    assert run(machine, command, uid=1000) == (f"{program} v1.8.9 (nf_tables): {MUST_BE_ROOT}", 4)


def test_the_older_iptables_says_so_in_its_own_way() -> None:
    machine = host(VERSIONS["18.09"])
    text, status = run(machine, "iptables -t nat -L", uid=1000)
    assert text.startswith("iptables v1.4.21: can't initialize iptables table `nat': Permission denied")
    assert status == 3


def test_the_older_iptables_names_protocols_even_with_n() -> None:
    machine = host(VERSIONS["18.09"])
    run(machine, "iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables -A INPUT -p 47")
    lines = run(machine, "iptables -nL INPUT")[0].splitlines()
    assert lines[2] == "ACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22"
    assert lines[3].startswith("           47   --")


def test_a_rule_remembers_the_command_that_made_it(machine: Machine, shell: Run) -> None:
    shell("iptables -A INPUT -m comment --comment 'a b'; printf '*nat\\n-A INPUT\\nCOMMIT\\n' | iptables-restore -n")
    netfilter = machine.netns.netfilter
    assert netfilter.table("filter").chain("INPUT").rules[0].made_by == ("iptables -A INPUT -m comment --comment 'a b'")
    assert netfilter.table("nat").chain("INPUT").rules[0].made_by == "iptables-restore: -A INPUT"


def test_what_is_not_simulated_is_said_to_be_so(shell: Run) -> None:
    assert shell("iptables -A INPUT -m u32 --u32 0=0") == ("docklab does not simulate the match `u32'\n", 1)
    assert shell("iptables -A INPUT -j NFQUEUE") == ("docklab does not simulate the target `NFQUEUE'\n", 1)
    assert shell("conntrack -E") == ("docklab does not simulate conntrack -E\n", 1)


def test_save_and_restore_bring_back_the_very_same_tables(shell: Run) -> None:
    shell("iptables -P FORWARD DROP; iptables -N DOCKER; iptables -A FORWARD -o docker0 -j DOCKER")
    shell("iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE; iptables -A DOCKER -c 5 300")
    saved = shell("iptables-save -c")
    shell("iptables-save -c > /root/saved; iptables -F; iptables -X; iptables -P FORWARD ACCEPT; iptables -t nat -F")
    assert shell("iptables-save -c") != saved
    assert shell("iptables-restore -c /root/saved; iptables-save -c") == saved


def test_rules_of_the_commands_filter_packets(machine: Machine, shell: Run) -> None:
    shell("iptables -A INPUT -p udp --dport 53 -j ACCEPT; iptables -P INPUT DROP")
    netns = machine.netns
    for port in (53, 54):
        packet = udp("10.0.0.2", "10.0.0.1", Udp(1024, port), number=netns.number())
        netns.netfilter.run(Hook.INPUT, Skb(packet, netns))
    assert shell("iptables -nvL INPUT | head -3 | cut -c1-54")[0].splitlines() == [
        "Chain INPUT (policy DROP 1 packets, 28 bytes)",
        " pkts bytes target     prot opt in     out     source ",
        "    1    28 ACCEPT     17   --  *      *       0.0.0.0",
    ]


def track(machine: Machine) -> None:
    """A connection that masquerades and one that does not."""
    netns = machine.netns
    netns.netfilter.add("nat", "POSTROUTING", "-p tcp -j SNAT --to-source 10.0.2.15", made_by="test")
    for packet in (
        tcp("172.17.0.2", "10.0.2.2", Tcp(40000, 80, 1, 0, Flag.SYN, 1000), number=netns.number()),
        udp("10.0.2.15", "10.0.2.3", Udp(5000, 53), number=netns.number()),
    ):
        skb = Skb(packet, netns)
        for hook in (Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING):
            netns.netfilter.run(hook, skb)


TCP_LINE = (
    "tcp      6 120 SYN_SENT src=172.17.0.2 dst=10.0.2.2 sport=40000 dport=80 [UNREPLIED] "
    "src=10.0.2.2 dst=10.0.2.15 sport=80 dport=40000 mark=0 use=1\n"
)
UDP_LINE = (
    "udp      17 30 src=10.0.2.15 dst=10.0.2.3 sport=5000 dport=53 [UNREPLIED] "
    "src=10.0.2.3 dst=10.0.2.15 sport=53 dport=5000 mark=0 use=1\n"
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", TCP_LINE + UDP_LINE),
        ("-p tcp", TCP_LINE),
        ("-p 17", UDP_LINE),
        ("-s 172.17.0.2", TCP_LINE),
        ("--dst 10.0.2.3", UDP_LINE),
        ("-q 10.0.2.15 -p udp", UDP_LINE),
        ("--src-nat 10.0.2.15", TCP_LINE),
        ("--dport 53", UDP_LINE),
        ("--state SYN_SENT", TCP_LINE),
        ("-o extended -p udp", "ipv4     2 " + UDP_LINE),
        ("-f ipv6", ""),
    ],
)
def test_conntrack_lists_the_entries_asked_for(machine: Machine, options: str, expected: str) -> None:
    track(machine)
    text, status = run(machine, ["conntrack", "-L", *options.split()])
    banner, *shown = text.splitlines(keepends=True)
    assert ("".join(shown), status) == (expected, 0)
    assert banner == f"conntrack v1.4.7 (conntrack-tools): {len(shown)} flow entries have been shown.\n"


def test_conntracks_summary_is_last_on_a_terminal(machine: Machine) -> None:
    track(machine)
    tty = Tty(machine.clock)
    machine.clock.run(until=machine.spawn(["conntrack", "-L"], env={"PATH": "/usr/sbin"}, tty=tty).exited)
    last = tty.output().decode().splitlines()[-1]
    assert last == "conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown."


def test_conntrack_counts_deletes_and_flushes(machine: Machine, shell: Run) -> None:
    track(machine)
    banner = "conntrack v1.4.7 (conntrack-tools): "
    assert run(machine, ["conntrack", "-C"]) == ("2\n", 0)
    assert run(machine, ["conntrack", "-D", "-p", "udp"]) == (
        f"{banner}1 flow entries have been deleted.\n{UDP_LINE}",
        0,
    )
    assert shell("conntrack -D -p udp") == (f"{banner}0 flow entries have been deleted.\n", 1)
    assert shell("conntrack -F") == (f"{banner}connection tracking table has been emptied.\n", 0)
    assert shell("conntrack -L") == (f"{banner}0 flow entries have been shown.\n", 0)


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("conntrack -L -x", "unknown option `-x'"),
        ("conntrack -L foo", "unknown type `foo'"),
        ("conntrack -L -p foo", "`foo' unsupported protocol"),
        ("conntrack -L -s foo", "Invalid IP address `foo'"),
        ("conntrack -C -p tcp", "Illegal option `--protonum' with this command"),
        ("conntrack -L -F", "Invalid commands combination"),
    ],
)
def test_conntrack_refuses_what_the_real_one_refuses(shell: Run, command: str, complaint: str) -> None:
    hint = "Try `conntrack -h' or 'conntrack --help' for more information.\n"
    assert shell(command) == (f"conntrack v1.4.7 (conntrack-tools): {complaint}\n{hint}", 2)
