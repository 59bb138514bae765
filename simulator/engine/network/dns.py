"""The embedded DNS: the name server at 127.0.0.11 of every container on a user-defined network.

Mirrors libnetwork's resolver.go, resolver_unix.go and sandbox.ResolveName. It listens on ports of the container's own
namespace that the kernel picks; rules of the container's nat table bring port 53 there. What it knows by the
container's networks it answers itself; the rest it asks of the host's name servers, from the container's namespace and
so under the container's address. A server that is the host's own loopback is asked from the host. Left out: SRV (names
of services).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import simpy
from msgspec.structs import replace

from simulator.clock import S, Steps
from simulator.engine.network.lookup import name_of, resolve
from simulator.engine.network.resolv_conf import EMBEDDED_SERVER
from simulator.kernel.dns_message import Message, Question, Rcode, Record, Type, from_bytes

if TYPE_CHECKING:
    from simulator.engine.network.sandbox import Sandbox
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

PORT = 53
TTL = 600  # seconds: respTTL
MAX_SERVERS = 3  # maxExtDNS
TIMEOUT = 4 * S  # extIOTimeout
LIMITS = {"dgram": (512, True), "stream": (65534, False)}  # bytes of an answer, and whether a cut one says so
OUTPUT_CHAIN, POSTROUTING_CHAIN = "DOCKER_OUTPUT", "DOCKER_POSTROUTING"
ADDRESS_TYPES = {Type.A: 4, Type.AAAA: 6}
REVERSE_DOMAINS = (".in-addr.arpa", ".ip6.arpa")


class Resolver:
    """The name server of one sandbox. Its steps are the engine's, its sockets are in the container's namespace."""

    def __init__(self, sandbox: Sandbox, netns: NetNamespace, daemon: Process) -> None:
        self._sandbox, self._netns, self._daemon = sandbox, netns, daemon
        self._clock = netns.clock
        self._sockets: list[Any] = []

    def start(self) -> None:
        """Opens the sockets, makes the rules, serves."""
        datagrams = self._open("dgram")
        stream = self._open("stream")
        stream.listen(4096)
        add_rules(self._netns, datagrams.local[1], stream.local[1])
        simpy.Process(self._clock, self._serve_datagrams(datagrams))
        simpy.Process(self._clock, self._serve_connections(stream))

    def stop(self) -> None:
        for socket in self._sockets:
            socket.close()
        self._sockets = []

    def _open(self, kind: str, netns: NetNamespace | None = None) -> Any:
        socket = (netns or self._netns).sockets.create("inet", kind, owner=self._daemon)
        if netns is None:
            socket.bind(EMBEDDED_SERVER, 0)
            self._sockets.append(socket)
        return socket

    # -- serving ----------------------------------------------------------------------------------------------------

    def _serve_datagrams(self, socket: Any) -> Steps:
        """Every question is answered by itself, so that a slow server holds up no other."""
        while True:
            try:
                data, ip, port = yield socket.receive()
            except OSError:
                return
            simpy.Process(self._clock, self._answer_datagram(socket, data, ip, port))

    def _answer_datagram(self, socket: Any, data: bytes, ip: str, port: int) -> Steps:
        answer = yield from self._answer(data, "dgram")
        if answer and not socket.closed:
            try:
                socket.send_to(answer, ip, port)
            except OSError:
                return  # the client cannot be reached any more

    def _serve_connections(self, listener: Any) -> Steps:
        while True:
            try:
                client = yield listener.accept()
            except OSError:
                return
            simpy.Process(self._clock, self._serve_client(client))

    def _serve_client(self, client: Any) -> Steps:
        """Questions over TCP have their length in front, two bytes: RFC 1035 4.2.2."""
        try:
            while data := (yield from _receive_framed(client)):
                answer = yield from self._answer(data, "stream")
                if answer:
                    _send_framed(client, answer)
        except OSError:
            pass  # the client has gone
        client.close()

    # -- answering --------------------------------------------------------------------------------------------------

    def _answer(self, data: bytes, kind: str) -> Steps:
        """The answer to a question, in bytes both; nothing if there is none to give."""
        try:
            query = from_bytes(data)
        except ValueError:
            return b""
        if not query.questions or _is_no_address(query.questions[0]):
            return b""
        own = self.own_answer(query)
        if own is not None:
            return _fitting(own, *LIMITS[kind])
        return (yield from self._ask_outside(data, kind))

    def own_answer(self, query: Message) -> Message | None:
        """What the container's networks say; None if they do not know the name."""
        question = query.questions[0]
        if question.type in ADDRESS_TYPES:
            return self._addresses(query, question)
        if question.type == Type.PTR:
            return self._name(query, question)
        if question.type == Type.MX and any(resolve(self._sandbox, question.name, version)[0] for version in (4, 6)):
            return _reply(query, ())
        return None

    def _addresses(self, query: Message, question: Question) -> Message | None:
        found, known = resolve(self._sandbox, question.name, ADDRESS_TYPES[Type(question.type)])
        if found:
            chosen = self._shuffled(found) if len(found) > 1 else found
            return _reply(query, tuple(Record(question.name, question.type, TTL, address) for address in chosen))
        if known or (self._sandbox.own_ndots and "." not in question.name.rstrip(".")):
            return _reply(query, ())
        return None

    def _shuffled(self, addresses: list[str]) -> list[str]:
        """Fisher and Yates: each order is as likely."""
        order, chance = list(addresses), self._clock.chance
        for last in range(len(order) - 1, 0, -1):
            other = chance.integer("dns order", 0, last)
            order[last], order[other] = order[other], order[last]
        return order

    def _name(self, query: Message, question: Question) -> Message | None:
        name = question.name.rstrip(".")
        labels = next((name.removesuffix(end) for end in REVERSE_DOMAINS if name.endswith(end)), None)
        found = name_of(self._sandbox, labels) if labels else ""
        return _reply(query, (Record(question.name, Type.PTR, TTL, found),)) if found else None

    # -- asking further ---------------------------------------------------------------------------------------------

    def _ask_outside(self, data: bytes, kind: str) -> Steps:
        """Asks the servers in turn, each with a socket of its own, until one knows; else what the last one said."""
        last = b""
        for server, from_host in self._sandbox.external_servers[:MAX_SERVERS]:
            socket = self._open(kind, self._sandbox.machine.netns if from_host else self._netns)
            try:
                last = yield from self._exchange(socket, server, data, kind)
            except OSError:
                continue
            finally:
                socket.close()
            if _is_final(last):
                break
        return last

    def _exchange(self, socket: Any, server: str, data: bytes, kind: str) -> Steps:
        """One question to one server: its answer, or nothing when the time is up. Raises OSError."""
        connected = socket.connect(server, PORT)
        if kind == "stream":
            yield connected
            _send_framed(socket, data)
        else:
            socket.send(data)
        if not (yield from self._readable(socket)):
            return b""
        if kind == "stream":
            return (yield from _receive_framed(socket))
        received, _, _ = yield socket.receive()
        return received

    def _readable(self, socket: Any) -> Steps:
        yield simpy.AnyOf(self._clock, [socket.wait_readable(), self._clock.sleep(TIMEOUT)])
        return socket.readable


# -- messages ----------------------------------------------------------------------------------------------------------


def _is_no_address(question: Question) -> bool:
    """Whether the name of what should be an address is none: such a question stays unanswered (handlePTRQuery)."""
    return question.type == Type.PTR and not question.name.rstrip(".").endswith(REVERSE_DOMAINS)


def _reply(query: Message, answers: tuple[Record, ...]) -> Message:
    return Message(
        query.ident,
        query.questions,
        answers,
        response=True,
        opcode=query.opcode,
        recursion_desired=query.recursion_desired,
        recursion_available=True,
    )


def _is_final(data: bytes) -> bool:
    """Whether no other server need be asked: an answer, or a name that the server in charge says does not exist."""
    try:
        answer = from_bytes(data)
    except ValueError:
        return False
    return answer.rcode == Rcode.NOERROR or (answer.rcode == Rcode.NXDOMAIN and answer.authoritative)


def _fitting(answer: Message, size: int, truncate: bool) -> bytes:
    """The answer's bytes, without the last records if all do not fit."""
    data = answer.to_bytes()
    while len(data) > size and answer.answers:
        answer = replace(answer, answers=answer.answers[:-1], truncated=truncate)
        data = answer.to_bytes()
    return data


# -- TCP --------------------------------------------------------------------------------------------------------------


def _receive_framed(stream: Any) -> Steps:
    """One message with its length in front; b"" at the end."""
    length = yield from _receive_exactly(stream, 2)
    return (yield from _receive_exactly(stream, int.from_bytes(length))) if length else b""


def _receive_exactly(stream: Any, size: int) -> Steps:
    data = b""
    while len(data) < size:
        part = yield stream.recv(size - len(data))
        if not part:
            return b""
        data += part
    return data


def _send_framed(stream: Any, data: bytes) -> None:
    stream.send(len(data).to_bytes(2) + data)


# -- rules ------------------------------------------------------------------------------------------------------------


def add_rules(netns: NetNamespace, datagram_port: int, stream_port: int) -> None:
    """The container's nat rules that bring 127.0.0.11:53 to the resolver and give its answers that address."""
    server = f"{EMBEDDED_SERVER}/32"
    netfilter, made_by = netns.netfilter, "docker embedded DNS"
    for chain, name in (("OUTPUT", OUTPUT_CHAIN), ("POSTROUTING", POSTROUTING_CHAIN)):
        netfilter.table("nat").add_chain(name)
        netfilter.add("nat", chain, f"-d {server} -j {name}", made_by=made_by, position=1)
    for proto, port in (("tcp", stream_port), ("udp", datagram_port)):
        match = f"-p {proto} -m {proto}"
        target = f"DNAT --to-destination {EMBEDDED_SERVER}:{port}"
        netfilter.add("nat", OUTPUT_CHAIN, f"-d {server} {match} --dport {PORT} -j {target}", made_by=made_by)
        target = f"SNAT --to-source :{PORT}"
        netfilter.add("nat", POSTROUTING_CHAIN, f"-s {server} {match} --sport {port} -j {target}", made_by=made_by)
