"""The embedded DNS answers what the container's networks know, and asks the outside for the rest, by packets."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import S, Steps
from simulator.engine.network import dns
from simulator.engine.network.resolv_conf import DnsOptions
from simulator.kernel.device import Card, connect
from simulator.kernel.dns_message import Message, Question, Rcode, Record, Type, from_bytes, query
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process

SERVER = "10.0.2.3"


def ask(host: Any, name: str, question: str, kind: Type = Type.A, *, stream: bool = False) -> Message | None:
    """Asks 127.0.0.11 from inside a container, over UDP or TCP; None if no answer came within ten seconds."""
    answers: list[Message] = []

    def program(process: Process) -> Steps:
        socket = process.socket("inet", "stream" if stream else "dgram")
        connected = socket.connect("127.0.0.11", 53)
        data = query(7, question, kind).to_bytes()
        if stream:
            yield connected
            socket.send(len(data).to_bytes(2) + data)
            received = (yield socket.recv())[2:]
        else:
            socket.send(data)
            received, _, _ = yield socket.receive()
        answers.append(from_bytes(received))

    netns = host.started[name].netns
    host.machine.spawn(["nslookup"], program=program, netns=netns)
    host.clock.run(until=int(host.clock.now) + 10 * S)
    return answers[0] if answers else None


def found(answer: Message | None) -> list[str]:
    return [record.data for record in answer.answers] if answer else ["no answer"]


@pytest.fixture
def outside(host: Any) -> list[tuple[str, str]]:
    """A name server beyond the host that knows outside.test. What it was asked, and from where."""
    asked: list[tuple[str, str]] = []
    machine = Machine("outside", host.clock, host.machine.trace, version=host.machine.version)
    machine.netns.loopback.set_up()
    card = Card(machine.netns, "eth0", mac="52:54:00:12:35:02")
    connect(host.machine.netns.device("eth0"), card)
    for text in ("10.0.2.2/24", f"{SERVER}/24"):
        card.add_address(text, broadcast="10.0.2.255")
    card.set_up()
    host.machine.netns.fib.default("10.0.2.2", host.machine.netns.device("eth0"))

    def program(process: Process) -> Steps:
        socket = process.socket("inet", "dgram")
        socket.bind(SERVER, 53)
        while True:
            data, ip, port = yield socket.receive()
            message = from_bytes(data)
            asked.append((message.questions[0].name, ip))
            socket.send_to(answer_of(message).to_bytes(), ip, port)

    machine.spawn(["named"], program=program)
    return asked


def answer_of(message: Message) -> Message:
    name = message.questions[0].name
    known = name == "outside.test" and message.questions[0].type == Type.A
    records = (Record(name, Type.A, 60, "10.0.2.2"),) if known else ()
    rcode = Rcode.NOERROR if name == "outside.test" else Rcode.NXDOMAIN
    return Message(message.ident, message.questions, records, response=True, rcode=rcode)


@pytest.fixture
def net(host: Any) -> Any:
    """Two containers on n1: web, with an alias, and a1."""
    host.create("n1")
    host.start("web")
    host.connect("web", "n1", aliases=("www",))
    host.start("a1", "n1")
    return host


@pytest.mark.parametrize("question", ["web", "WEB", "www", "000000000001", "web.n1", "www.n1"])
def test_a_container_is_found_by_name_alias_and_short_id_with_and_without_the_network(net: Any, question: str) -> None:
    answer = ask(net, "a1", question)
    assert answer is not None
    assert (answer.response, answer.recursion_available, answer.authoritative) == (True, True, False)
    assert answer.answers == (Record(question, Type.A, 600, "172.18.0.2"),)


def test_over_tcp_the_answer_is_the_same(net: Any) -> None:
    assert found(ask(net, "a1", "web", stream=True)) == ["172.18.0.2"]


def test_a_name_without_an_ipv6_address_gets_an_empty_answer(net: Any, outside: Any) -> None:
    answer = ask(net, "a1", "web", Type.AAAA)
    assert answer is not None
    assert (answer.answers, answer.rcode) == ((), Rcode.NOERROR)
    assert outside == []


def test_mail_for_a_container_goes_to_it(net: Any) -> None:
    assert found(ask(net, "a1", "web", Type.MX)) == []


def test_an_address_leads_back_to_name_and_network(net: Any) -> None:
    assert found(ask(net, "a1", "2.0.18.172.in-addr.arpa", Type.PTR)) == ["web.n1"]


def test_names_are_known_only_on_shared_networks(net: Any, outside: Any) -> None:
    net.create("n2")
    net.start("b1", "n2")
    answer = ask(net, "b1", "web")
    assert answer is not None
    assert answer.rcode == Rcode.NXDOMAIN
    net.connect("web", "n2")
    assert found(ask(net, "b1", "web")) == ["172.19.0.3"]
    net.connect("b1", "n1")
    assert found(ask(net, "b1", "web.n1")) == ["172.18.0.2"]
    assert found(ask(net, "b1", "web.n2")) == ["172.19.0.3"]


def test_a_container_that_stopped_has_no_name(net: Any, outside: Any) -> None:
    net.stop("web")
    answer = ask(net, "a1", "web")
    assert answer is not None
    assert answer.rcode == Rcode.NXDOMAIN


def test_a_link_is_a_name_for_one_container_alone(net: Any, outside: Any) -> None:
    net.start("a2")
    net.connect("a2", "n1", links={"store": "web"})
    assert found(ask(net, "a2", "store")) == ["172.18.0.2"]
    answer = ask(net, "a1", "store")
    assert answer is not None
    assert answer.rcode == Rcode.NXDOMAIN


def test_several_containers_of_one_alias_answer_in_changing_order(net: Any) -> None:
    for name in ("w1", "w2", "w3"):
        net.start(name)
        net.connect(name, "n1", aliases=("many",))
    orders = {tuple(found(ask(net, "a1", "many"))) for _ in range(12)}
    assert {tuple(sorted(order)) for order in orders} == {("172.18.0.4", "172.18.0.5", "172.18.0.6")}
    assert len(orders) > 1


def test_what_is_not_known_is_asked_outside_under_the_containers_address(net: Any, outside: Any) -> None:
    frames: list[str] = []
    bridge = net.machine.netns.listed()[3]
    bridge.taps.append(
        lambda device, direction, frame: frames.append(str(frame.payload)) if frame.ethertype == 0x800 else None
    )
    assert found(ask(net, "a1", "outside.test")) == ["10.0.2.2"]
    assert outside == [("outside.test", "10.0.2.15")]
    assert any("172.18.0.3" in text and SERVER in text for text in frames)


def test_a_name_without_a_dot_is_not_asked_outside_when_ndots_is_the_containers_own(host: Any, outside: Any) -> None:
    host.create("n1")
    host.start("a1", "n1", dns=DnsOptions(options=("ndots:1",)))
    answer = ask(host, "a1", "nosuch")
    assert answer is not None
    assert (answer.answers, answer.rcode, outside) == ((), Rcode.NOERROR, [])


def test_a_server_that_is_the_hosts_own_loopback_is_asked_from_the_host(host: Any, outside: Any) -> None:
    host.machine.disk.write("/etc/resolv.conf", b"nameserver 127.0.0.53\nnameserver 10.0.2.3\n")
    host.create("n1")
    host.start("a1", "n1")
    assert host.started["a1"].external_servers == [("127.0.0.53", True), ("10.0.2.3", False)]
    assert found(ask(host, "a1", "outside.test")) == ["10.0.2.2"]
    asked_locally: list[str] = []

    def stub(process: Process) -> Steps:
        socket = process.socket("inet", "dgram")
        socket.bind("127.0.0.53", 53)
        while True:
            data, ip, port = yield socket.receive()
            asked_locally.append(ip)
            socket.send_to(answer_of(from_bytes(data)).to_bytes(), ip, port)

    host.machine.spawn(["systemd-resolved"], program=stub)
    assert found(ask(host, "a1", "outside.test")) == ["10.0.2.2"]
    assert asked_locally == ["127.0.0.1"]


def test_without_a_way_out_there_is_no_answer(host: Any, outside: Any) -> None:
    host.create("lab", Internal=True)
    host.start("a1", "lab")
    assert ask(host, "a1", "outside.test") is None
    assert outside == []


def test_a_name_that_should_be_an_address_and_is_none_gets_no_answer(net: Any, outside: Any) -> None:
    assert ask(net, "a1", "172.18.0.2", Type.PTR) is None
    assert outside == []


def test_what_is_no_question_gets_no_answer(net: Any) -> None:
    resolver = net.started["a1"].resolver
    for data in (b"", b"nonsense", Message(1).to_bytes()):
        steps = resolver._answer(data, "dgram")
        with pytest.raises(StopIteration) as ended:
            next(steps)
        assert ended.value.value == b""


def test_an_answer_that_is_too_long_is_cut_and_says_so_over_udp(net: Any) -> None:
    records = tuple(Record("many", Type.A, 600, f"172.18.1.{number}") for number in range(60))
    long = Message(1, (Question("many", Type.A),), records, response=True)
    cut = from_bytes(dns._fitting(long, *dns.LIMITS["dgram"]))
    assert cut.truncated
    assert 0 < len(cut.answers) < 60
    assert len(cut.to_bytes()) <= 512
    assert not from_bytes(dns._fitting(long, *dns.LIMITS["stream"])).truncated


def test_the_rules_bring_port_53_to_the_resolver_and_nothing_else(net: Any) -> None:
    netns = net.started["a1"].netns
    table = netns.netfilter.table("nat")
    ports = {row.proto: row.local[1] for row in netns.sockets.list()}
    rules = [f"{chain.name} {entry.text}" for chain in table.chains() for entry in chain.rules]
    assert rules == [
        "OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT",
        "POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING",
        f"DOCKER_OUTPUT -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:{ports['tcp']}",
        f"DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:{ports['udp']}",
        f"DOCKER_POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport {ports['tcp']} -j SNAT --to-source :53",
        f"DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp -m udp --sport {ports['udp']} -j SNAT --to-source :53",
    ]
