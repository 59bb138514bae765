"""Looking up names on a container's networks: sandbox.ResolveName and ResolveIP of libnetwork.

A name is asked of each network in the order in which the sandbox prefers them; with a dot in it, it may also be a name
and the network that it is to be looked for on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.engine.network.sandbox import Sandbox


def readings(name: str) -> Iterator[tuple[str, str]]:
    """How a name can be read: as it is, or as name and network at each of its dots, from the last to the first."""
    name = name.removesuffix(".")
    yield name, ""
    place = name.rfind(".")
    while place >= 0:
        yield name[:place], name[place + 1 :]
        place = name.rfind(".", 0, place)


def resolve(sandbox: Sandbox, name: str, version: int) -> tuple[list[str], bool]:
    """The addresses of a name on the container's networks, and whether it is known there without one of this kind.

    The container's own links come first; a name that is one of them is not looked up otherwise.
    """
    for text, network in readings(name):
        for links in (True, False):
            found, known = _look(sandbox, text, network, version, links=links)
            if found or known:
                return found, known
    return [], False


def _look(sandbox: Sandbox, text: str, network_name: str, version: int, *, links: bool) -> tuple[list[str], bool]:
    known = False
    for endpoint in sandbox.endpoints:
        network = endpoint.network
        if network_name not in ("", network.name) or links != (text in endpoint.links):
            continue
        wanted = endpoint.links[text] if links else text
        found = network.records.addresses(wanted, version)
        if found:
            return found, False
        if version == 6 and not network.enable_ipv6 and network.records.addresses(wanted, 4):
            known = True
    return [], known


def name_of(sandbox: Sandbox, labels: str) -> str:
    """The name of an address on the container's networks: NAME.NETWORK."""
    for endpoint in sandbox.endpoints:
        name = endpoint.network.records.name_of(labels)
        if name:
            return f"{name}.{endpoint.network.name}"
    return ""
