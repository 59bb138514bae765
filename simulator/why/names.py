"""Names that nobody knew: a question to a name server whose answer was NXDOMAIN, and what may help.

Not a drop: the packets arrive, what they ask for is not there. On Docker's default bridge containers are not in any name
server; on a network of one's own the embedded one knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.engine.container import Container
from simulator.kernel.dns_message import Message, Rcode, from_bytes
from simulator.kernel.packet import Udp
from simulator.lab import Lab
from simulator.why.case import Advice
from simulator.why.road import Road
from simulator.why.story import is_about_names

BUILT_IN = ("bridge", "host", "none")
FRESH = "net1"  # the network that is made where there is none


def unresolved(found: Iterable[Road]) -> str:
    """The name asked for last that did not resolve; nothing if all did."""
    answers = [message for road in found if is_about_names(road) for message in _messages(road) if message.response]
    known = {message.questions[0].name for message in answers if message.answers and message.questions}
    unknown = [m.questions[0].name for m in answers if m.rcode == Rcode.NXDOMAIN and m.questions]
    return next((name for name in reversed(unknown) if name not in known), "")


def _messages(road: Road) -> Iterator[Message]:
    for sent in road.frames[:1]:
        datagram = getattr(sent.frame.payload, "l4", None)
        if isinstance(datagram, Udp):
            try:
                yield from_bytes(datagram.data)
            except ValueError:
                return


def candidates(lab: Lab, road: Road, name: str, line: str) -> list[Advice]:
    """What may let the sender of a question know the name, the likeliest first."""
    containers = {each.name: each for engine in lab.engines.values() for each in engine.daemon.containers}
    owner, sender = containers.get(name), containers.get(road.phases[0].netns)
    if owner is None:
        return []
    first = [] if owner.running else [f"docker start {name}"]
    commands = [" && ".join([*first, *command]) for command in _joining(owner, sender)] if sender else []
    options = [*(f"--network {network}" for network in _own(owner)), f"--link {name}"]
    others = [line.replace("docker run ", f"docker run {option} ", 1) for option in options]
    host = lab.layout.first
    found = [Advice(host, command) for command in commands]
    return found + [Advice(host, instead=other) for other in others if other != line]


def _joining(owner: Container, sender: Container) -> Iterator[list[str]]:
    """Commands that put both on one network of the user's."""
    for network in _own(owner):
        yield [f"docker network connect {network} {sender.name}"]
    for network in _own(sender):
        yield [f"docker network connect {network} {owner.name}"]
    joins = [f"docker network connect {FRESH} {each.name}" for each in (sender, owner)]
    yield [f"docker network create {FRESH}", *joins]


def _own(container: Container) -> list[str]:
    return [network for network in container.attachments if network not in BUILT_IN]
