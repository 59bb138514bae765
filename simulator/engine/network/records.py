"""The names of a network: which addresses a name has and which name an address. The embedded DNS answers from them.

Mirrors libnetwork's svcRecords: every endpoint brings its name, its aliases and, for one of them, the way back from the
address. A name may belong to several endpoints. Names of services and swarm are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.engine.network.addresses import reverse_name

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint

Owner = tuple[str, str]  # an address, or a name, and the id of the endpoint that brought it


class Records(Struct):
    """What the endpoints of one network are called. Names are kept in lower case."""

    _addresses: dict[int, dict[str, list[Owner]]] = field(default_factory=lambda: {4: {}, 6: {}})
    _names: dict[str, list[Owner]] = field(default_factory=dict)

    def add(self, endpoint: Endpoint) -> None:
        """Takes an endpoint's names; again changes nothing."""
        if endpoint.ipv4 is None:
            return
        for name, is_main in _names_of(endpoint):
            for address in endpoint.addresses:
                version = 6 if ":" in address else 4
                _insert(self._addresses[version], name.lower(), (address, endpoint.id))
                if is_main:
                    _insert(self._names, reverse_name(address), (name, endpoint.id))

    def remove(self, endpoint: Endpoint) -> None:
        if endpoint.ipv4 is None:
            return
        for name, is_main in _names_of(endpoint):
            for address in endpoint.addresses:
                version = 6 if ":" in address else 4
                _remove(self._addresses[version], name.lower(), (address, endpoint.id))
                if is_main:
                    _remove(self._names, reverse_name(address), (name, endpoint.id))

    def addresses(self, name: str, version: int = 4) -> list[str]:
        """The addresses of a name, each once."""
        owners = self._addresses[version].get(name.removesuffix(".").lower(), [])
        return list(dict.fromkeys(address for address, _ in owners))

    def name_of(self, reversed_address: str) -> str:
        """The name of an address given as its PTR labels ("2.0.17.172"), or nothing."""
        owners = self._names.get(reversed_address)
        return owners[0][0] if owners else ""

    def names(self, *, without: str) -> OtherNames:
        """All names that have an IPv4 address, without those whose first label is this one."""
        return OtherNames(self._addresses[4], without)


class OtherNames(Struct, frozen=True):
    """Some of a network's names, not copied: there may be many, and few are asked for."""

    _all: dict[str, list[Owner]]
    _without: str

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._all if name.partition(".")[0] != self._without)

    def __contains__(self, name: object) -> bool:
        return name in self._all and str(name).partition(".")[0] != self._without

    def __bool__(self) -> bool:
        return any(True for _ in self)


def _names_of(endpoint: Endpoint) -> Iterable[tuple[str, bool]]:
    """Name and whether the address leads back to it. A container that was not named has its first alias for that."""
    if not endpoint.anonymous:
        yield endpoint.name, True
    elif endpoint.aliases:
        yield endpoint.aliases[0], True
    for alias in endpoint.aliases:
        yield alias, False


def _insert(table: dict[str, list[Owner]], key: str, owner: Owner) -> None:
    owners = table.setdefault(key, [])
    if owner not in owners:
        owners.append(owner)


def _remove(table: dict[str, list[Owner]], key: str, owner: Owner) -> None:
    owners = table.get(key, [])
    if owner in owners:
        owners.remove(owner)
        if not owners:
            del table[key]
