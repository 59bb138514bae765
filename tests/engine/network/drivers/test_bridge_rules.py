"""Docker's iptables rules come in its order; the expected listings are the real engine's."""

from __future__ import annotations

from simulator.clock import Clock
from simulator.engine.network.drivers.bridge_rules import BridgeSettings, Firewall
from simulator.engine.network.ports import ContainerPort, PortBinding
from simulator.kernel.machine import Machine
from simulator.kernel.netfilter.skb import Verdict
from simulator.trace import Trace
from simulator.versions import version


class Tables:
    """The tables of a namespace as text: what a chain holds, in order."""

    def __init__(self) -> None:
        machine = Machine("host", Clock(), Trace(), version=version("20.10"))
        self.netfilter = machine.netns.netfilter

    def chain(self, table: str, chain: str) -> list[str]:
        return [entry.text for entry in self.netfilter.table(table).chain(chain).rules]

    def save(self, table: str) -> list[str]:
        return [f"{chain.name} {entry.text}" for chain in self.netfilter.table(table).chains() for entry in chain.rules]

    def policy(self, table: str, chain: str) -> str:
        policy = self.netfilter.table(table).chain(chain).policy
        return policy.value if policy else ""


DOCKER0 = BridgeSettings("docker0", "172.17.0.0/16")
BR0 = BridgeSettings("br0", "172.18.0.0/16")

FRESH_FILTER = [
    "FORWARD -j DOCKER-USER",
    "FORWARD -j DOCKER-ISOLATION-STAGE-1",
    "FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "FORWARD -o docker0 -j DOCKER",
    "FORWARD -i docker0 ! -o docker0 -j ACCEPT",
    "FORWARD -i docker0 -o docker0 -j ACCEPT",
    "DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
    "DOCKER-ISOLATION-STAGE-1 -j RETURN",
    "DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
    "DOCKER-ISOLATION-STAGE-2 -j RETURN",
    "DOCKER-USER -j RETURN",
]
FRESH_NAT = [
    "PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "DOCKER -i docker0 -j RETURN",
]


def started() -> tuple[Tables, Firewall]:
    tables = Tables()
    firewall = Firewall(tables.netfilter, lambda: "docker daemon start")
    firewall.set_up(drop_forwarded=True)
    firewall.add_network(DOCKER0)
    firewall.arrange_user_chain()
    return tables, firewall


def test_a_fresh_host_has_the_rules_of_docker0() -> None:
    tables, _ = started()
    assert tables.save("filter") == FRESH_FILTER
    assert tables.save("nat") == FRESH_NAT
    assert tables.policy("filter", "FORWARD") == "DROP"


def test_a_networks_rules_come_before_those_that_are_there_and_go_with_it() -> None:
    tables, firewall = started()
    remove = firewall.add_network(BR0)
    firewall.arrange_user_chain()
    assert tables.save("filter") == [
        "FORWARD -j DOCKER-USER",
        "FORWARD -j DOCKER-ISOLATION-STAGE-1",
        "FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "FORWARD -o br0 -j DOCKER",
        "FORWARD -i br0 ! -o br0 -j ACCEPT",
        "FORWARD -i br0 -o br0 -j ACCEPT",
        *FRESH_FILTER[2:6],
        "DOCKER-ISOLATION-STAGE-1 -i br0 ! -o br0 -j DOCKER-ISOLATION-STAGE-2",
        *FRESH_FILTER[6:8],
        "DOCKER-ISOLATION-STAGE-2 -o br0 -j DROP",
        *FRESH_FILTER[8:],
    ]
    assert tables.save("nat") == [
        *FRESH_NAT[:2],
        "POSTROUTING -s 172.18.0.0/16 ! -o br0 -j MASQUERADE",
        FRESH_NAT[2],
        "DOCKER -i br0 -j RETURN",
        FRESH_NAT[3],
    ]
    remove()
    assert (tables.save("filter"), tables.save("nat")) == (FRESH_FILTER, FRESH_NAT)


def test_without_icc_and_masquerading_there_is_a_drop_at_the_end_and_no_nat() -> None:
    tables, firewall = started()
    firewall.add_network(BridgeSettings("br0", "172.18.0.0/16", icc=False, masquerade=False))
    assert tables.chain("filter", "FORWARD")[-1] == "-i br0 -o br0 -j DROP"
    assert "-i br0 -o br0 -j ACCEPT" not in tables.chain("filter", "FORWARD")
    assert tables.save("nat") == FRESH_NAT


def test_an_internal_network_is_cut_off_in_the_first_stage() -> None:
    tables, firewall = started()
    remove = firewall.add_network(BridgeSettings("br1", "172.19.0.0/16", internal=True))
    assert tables.chain("filter", "DOCKER-ISOLATION-STAGE-1")[:2] == [
        "! -s 172.19.0.0/16 -o br1 -j DROP",
        "! -d 172.19.0.0/16 -i br1 -j DROP",
    ]
    assert tables.chain("filter", "FORWARD")[:3] == [
        "-j DOCKER-ISOLATION-STAGE-1",
        "-i br1 -o br1 -j ACCEPT",
        "-j DOCKER-USER",
    ]
    assert tables.save("nat") == FRESH_NAT
    remove()
    firewall.arrange_user_chain()
    assert tables.save("filter") == FRESH_FILTER


def test_a_host_address_takes_the_place_of_masquerading() -> None:
    tables, firewall = started()
    firewall.add_network(BridgeSettings("br0", "172.20.0.0/16", host_ip="10.0.2.15"))
    assert tables.chain("nat", "POSTROUTING")[0] == "-s 172.20.0.0/16 ! -o br0 -j SNAT --to-source 10.0.2.15"


def test_the_user_chain_gets_its_return_back_and_keeps_what_the_user_put_there() -> None:
    tables, firewall = started()
    tables.netfilter.table("filter").flush("DOCKER-USER")
    tables.netfilter.add("filter", "DOCKER-USER", "-i eth0 -j DROP", made_by="test")
    firewall.arrange_user_chain()
    assert tables.chain("filter", "DOCKER-USER") == ["-i eth0 -j DROP", "-j RETURN"]


def test_a_published_port_appends_three_rules_and_takes_them_away() -> None:
    tables, firewall = started()
    web = PortBinding(ContainerPort(80, "tcp"), "0.0.0.0", 8080, 8080, "172.17.0.2")
    dns = PortBinding(ContainerPort(53, "udp"), "127.0.0.1", 5353, 5353, "172.17.0.2")
    firewall.add_port("docker0", web)
    firewall.add_port("docker0", dns)
    assert tables.save("nat") == [
        *FRESH_NAT[:3],
        "POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
        "POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p udp -m udp --dport 53 -j MASQUERADE",
        FRESH_NAT[3],
        "DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
        "DOCKER -d 127.0.0.1/32 ! -i docker0 -p udp -m udp --dport 5353 -j DNAT --to-destination 172.17.0.2:53",
    ]
    assert tables.chain("filter", "DOCKER") == [
        "-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
        "-d 172.17.0.2/32 ! -i docker0 -o docker0 -p udp -m udp --dport 53 -j ACCEPT",
    ]
    firewall.remove_port("docker0", web)
    firewall.remove_port("docker0", dns)
    assert (tables.save("filter"), tables.save("nat")) == (FRESH_FILTER, FRESH_NAT)


def test_a_second_start_empties_the_chains_and_leaves_the_policy() -> None:
    tables, firewall = started()
    tables.netfilter.table("filter").set_policy("FORWARD", Verdict.ACCEPT)
    firewall.set_up(drop_forwarded=False)
    assert tables.chain("filter", "DOCKER-ISOLATION-STAGE-1") == ["-j RETURN"]
    assert tables.chain("nat", "DOCKER") == []
    assert tables.policy("filter", "FORWARD") == "ACCEPT"
