"""What a lab is built of, as data: machines with their cards, and the cables between them.

A lesson may bring a layout of its own in its header; `layout_from_document` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_interface
from typing import Any

from msgspec import Struct, field


class CardPlan(Struct, frozen=True):
    """An Ethernet card: its name, MAC address and addresses ("10.0.2.15/24")."""

    name: str
    mac: str
    addresses: tuple[str, ...] = ()


class MachinePlan(Struct, frozen=True):
    """A machine. `services` are commands that run from its start; `docker` says whether it has an engine.

    `programs` are further network programs that somebody has installed, by their names in busybox.
    """

    name: str
    cards: tuple[CardPlan, ...]
    docker: bool = False
    gateway: str = ""
    nameserver: str = ""
    forwarding: bool = False
    services: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


class Layout(Struct, frozen=True):
    """The machines of a lab and its cables; a cable joins two cards, written "machine/card"."""

    machines: tuple[MachinePlan, ...]
    cables: tuple[tuple[str, str], ...]

    @property
    def first(self) -> str:
        """The machine where commands are typed unless another one is named."""
        return next((machine.name for machine in self.machines if machine.docker), self.machines[0].name)

    @property
    def beyond(self) -> str:
        """A machine without Docker, from which others reach the Docker host; the host itself if there is none."""
        return next((machine.name for machine in self.machines if not machine.docker), self.first)


# The reference lab's machine beyond has the Docker host's file system, and so its hosts file.
SHARED_HOSTS = "127.0.0.1\tlocalhost\n127.0.1.1\tdocker-host\n::1\t\tlocalhost ip6-localhost ip6-loopback\n"

STANDARD = Layout(
    machines=(
        MachinePlan(
            "docker-host",
            (CardPlan("eth0", "08:00:27:d1:e8:e8", ("10.0.2.15/24",)),),
            docker=True,
            gateway="10.0.2.2",
            nameserver="10.0.2.3",
        ),
        MachinePlan(
            "outside",
            (CardPlan("eth0", "52:54:00:12:35:02", ("10.0.2.2/24", "10.0.2.3/24")),),
            nameserver="10.0.2.3",
            services=("outside-dns 10.0.2.3", "outside-web 10.0.2.2"),
            files={"/etc/hosts": SHARED_HOSTS},
        ),
    ),
    cables=(("docker-host/eth0", "outside/eth0"),),
)


def layout_from_document(document: Mapping[str, Any]) -> Layout:
    """A layout from plain data (a lesson's header).

    Raises ValueError with one clear line for what cannot be: an unknown key, a cable to nowhere, a bad address.
    """
    _only(document, {"machines", "cables"}, "the lab")
    machines = tuple(_machine(name, plan) for name, plan in document.get("machines", {}).items())
    if not machines:
        raise ValueError("the lab has no machines")
    cards = {f"{machine.name}/{card.name}" for machine in machines for card in machine.cards}
    cables = tuple((str(one), str(other)) for one, other in document.get("cables", []))
    for end in (end for cable in cables for end in cable):
        if end not in cards:
            raise ValueError(f"a cable ends at '{end}', which is no card of the lab")
    return Layout(machines, cables)


def _machine(name: str, plan: Mapping[str, Any]) -> MachinePlan:
    known = {"cards", "docker", "gateway", "nameserver", "forwarding", "services", "programs", "files"}
    _only(plan, known, f"machine '{name}'")
    cards = tuple(_card(card, settings) for card, settings in plan.get("cards", {}).items())
    lists: dict[str, Any] = {key: tuple(plan[key]) for key in ("programs", "services") if key in plan}
    rest = {key: plan[key] for key in ("docker", "files", "forwarding", "gateway", "nameserver") if key in plan}
    return MachinePlan(name, cards, **lists, **rest)


def _card(name: str, plan: Mapping[str, Any]) -> CardPlan:
    _only(plan, {"mac", "addresses"}, f"card '{name}'")
    addresses = tuple(plan.get("addresses", ()))
    for address in addresses:
        ip_interface(address)  # raises ValueError and names what is wrong
    return CardPlan(name, plan["mac"], addresses)


def _only(document: Mapping[str, Any], known: set[str], what: str) -> None:
    for key in document:
        if key not in known:
            raise ValueError(f"{what} has no setting '{key}'; it has {', '.join(sorted(known))}")
