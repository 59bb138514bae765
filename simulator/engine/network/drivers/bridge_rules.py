"""The iptables rules of bridge networks, as text in iptables-save spelling, in the order in which Docker makes them.

Mirrors libnetwork's drivers/bridge/setup_ip_tables.go, iptables/iptables.go and firewall_linux.go. Most rules are put
in front of what is there, so a newer network's come before an older one's; those of ports are appended. A rule that is
there already is not added again, and one that is not there is not missed when it is to go. Left out: ip6tables (off by
default in this version), firewalld, hairpin mode (docker-proxy is used), the checksum rule for SCTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.engine.network.ports import PortBinding
from simulator.kernel.netfilter.skb import Verdict

if TYPE_CHECKING:
    from simulator.kernel.netfilter.hooks import Netfilter

DOCKER, USER = "DOCKER", "DOCKER-USER"
STAGE_1, STAGE_2 = "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"
LOOPBACK = "127.0.0.0/8"
ANY_ADDRESS = "0.0.0.0"


class Rule(Struct, frozen=True):
    """One rule. It is put first in its chain, or last."""

    table: str
    chain: str
    text: str
    last: bool = False


class BridgeSettings(Struct, frozen=True):
    """What of a network its rules depend on. `host_ip`: the address to leave by, in place of masquerading."""

    bridge: str
    subnet: str
    icc: bool = True
    masquerade: bool = True
    internal: bool = False
    host_ip: str = ""


class Firewall:
    """The host's iptables as the engine uses them. `cause` says on whose behalf a rule is made."""

    def __init__(self, netfilter: Netfilter, cause: Callable[[], str]) -> None:
        self._netfilter, self._cause = netfilter, cause

    def set_up(self, *, drop_forwarded: bool) -> None:
        """What the engine does when it starts: its own chains, empty, and the policy of FORWARD."""
        for table, name in (("nat", DOCKER), ("filter", DOCKER), ("filter", STAGE_1), ("filter", STAGE_2)):
            self._empty_chain(table, name)
        for name in (STAGE_1, STAGE_2):
            self.add(Rule("filter", name, "-j RETURN", last=True))
        if drop_forwarded:
            self._netfilter.table("filter").set_policy("FORWARD", Verdict.DROP)

    def _empty_chain(self, table: str, name: str) -> None:
        """Chains of an earlier start keep their place and lose their rules."""
        self._ensure_chain(table, name)
        self._netfilter.table(table).flush(name)

    def _ensure_chain(self, table: str, name: str) -> None:
        if name not in self._netfilter.table(table):
            self._netfilter.table(table).add_chain(name)

    def add(self, rule: Rule) -> None:
        if not self._netfilter.has(rule.table, rule.chain, rule.text):
            position = None if rule.last else 1
            self._netfilter.add(rule.table, rule.chain, rule.text, made_by=self._cause(), position=position)

    def remove(self, rule: Rule) -> None:
        if self._netfilter.has(rule.table, rule.chain, rule.text):
            self._netfilter.delete(rule.table, rule.chain, rule.text)

    def add_network(self, settings: BridgeSettings) -> Callable[[], None]:
        """Makes the rules of a network; calling the result removes them."""
        rules = network_rules(settings)
        for rule in rules:
            self.add(rule)
        if not settings.internal:
            for rule in shared_rules():
                self.add(rule)
            linking = forward_rules(settings.bridge)
            for rule in linking:
                self.add(rule)
            rules += linking
        self._jump_first(STAGE_1)
        if not settings.internal:
            isolating = isolation_rules(settings.bridge)
            for rule in isolating:
                self.add(rule)
            rules += isolating
        return lambda: self._remove_all(rules)

    def _remove_all(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self.remove(rule)

    def arrange_user_chain(self) -> None:
        """After each new network DOCKER-USER is asked first again, and ends in a RETURN."""
        self._ensure_chain("filter", USER)
        self.add(Rule("filter", USER, "-j RETURN", last=True))
        self._jump_first(USER)

    def _jump_first(self, chain: str) -> None:
        jump = Rule("filter", "FORWARD", f"-j {chain}")
        self.remove(jump)
        self.add(jump)

    def add_port(self, bridge: str, binding: PortBinding) -> None:
        for rule in port_rules(bridge, binding):
            self.add(rule)

    def remove_port(self, bridge: str, binding: PortBinding) -> None:
        self._remove_all(port_rules(bridge, binding))


def network_rules(settings: BridgeSettings) -> list[Rule]:
    """The first rules of a network, each put in front of the one before."""
    bridge, subnet = settings.bridge, settings.subnet
    if settings.internal:
        rules = [
            Rule("filter", STAGE_1, f"! -d {subnet} -i {bridge} -j DROP"),
            Rule("filter", STAGE_1, f"! -s {subnet} -o {bridge} -j DROP"),
        ]
        return [*rules, icc_rule(bridge, settings.icc)]
    rules = []
    if settings.masquerade:
        target = f"SNAT --to-source {settings.host_ip}" if settings.host_ip else "MASQUERADE"
        rules.append(Rule("nat", "POSTROUTING", f"-s {subnet} ! -o {bridge} -j {target}"))
        rules.append(Rule("nat", DOCKER, f"-i {bridge} -j RETURN"))
    rules.append(icc_rule(bridge, settings.icc))
    rules.append(Rule("filter", "FORWARD", f"-i {bridge} ! -o {bridge} -j ACCEPT"))
    return rules


def icc_rule(bridge: str, icc: bool) -> Rule:
    """Whether containers of one network may speak to each other. The refusal comes after all that others allow."""
    verdict = "ACCEPT" if icc else "DROP"
    return Rule("filter", "FORWARD", f"-i {bridge} -o {bridge} -j {verdict}", last=not icc)


def shared_rules() -> list[Rule]:
    """What leads to the chain of published ports; made with the first network and kept."""
    local = "-m addrtype --dst-type LOCAL"
    return [
        Rule("nat", "PREROUTING", f"{local} -j {DOCKER}", last=True),
        Rule("nat", "OUTPUT", f"! -d {LOOPBACK} {local} -j {DOCKER}", last=True),
    ]


def forward_rules(bridge: str) -> list[Rule]:
    """Towards the containers: replies are let through, the rest is asked of DOCKER."""
    return [
        Rule("filter", "FORWARD", f"-o {bridge} -j {DOCKER}"),
        Rule("filter", "FORWARD", f"-o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"),
    ]


def isolation_rules(bridge: str) -> list[Rule]:
    """What comes from one bridge and goes to another is dropped, in two stages."""
    return [
        Rule("filter", STAGE_1, f"-i {bridge} ! -o {bridge} -j {STAGE_2}"),
        Rule("filter", STAGE_2, f"-o {bridge} -j DROP"),
    ]


def port_rules(bridge: str, binding: PortBinding) -> list[Rule]:
    """A published port: rewrite it, let it in, and let a container reach itself by it."""
    proto, inside, outside = binding.port.proto, binding.port.number, binding.number
    container, host = binding.container_ip, binding.host_ip
    to_host = "" if host == ANY_ADDRESS else f"-d {host}/32 "
    port = f"-p {proto} -m {proto} --dport"
    return [
        Rule(
            "nat",
            DOCKER,
            f"{to_host}! -i {bridge} {port} {outside} -j DNAT --to-destination {container}:{inside}",
            True,
        ),
        Rule("filter", DOCKER, f"-d {container}/32 ! -i {bridge} -o {bridge} {port} {inside} -j ACCEPT", True),
        Rule("nat", "POSTROUTING", f"-s {container}/32 -d {container}/32 {port} {inside} -j MASQUERADE", True),
    ]
