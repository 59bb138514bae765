"""Names and ids of containers: what a name may be, who has it, and which container a text means.

Mirrors moby's daemon/names and the container view's lookup: a full id, else an exact name, else a unique beginning of
an id. Names of links (`/web/db`) live in the same registry. The generated names are of the well-known form, from word
lists of docklab's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from simulator.clock import Chance
from simulator.engine.errors import Conflict, InvalidParameter, NotFound, System

_RESTRICTED = "[a-zA-Z0-9][a-zA-Z0-9_.-]"
_VALID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+", re.ASCII)

ADJECTIVES = (
    "amber", "bold", "brave", "bright", "calm", "clever", "curious", "daring", "eager", "early", "fair", "fluent",
    "fond", "frank", "gentle", "glad", "golden", "happy", "hardy", "humble", "jolly", "keen", "kind", "lively", "lucid",
    "merry", "mild", "modest", "nimble", "noble", "patient", "plucky", "polite", "proud", "quick", "quiet", "serene",
    "sharp", "silent", "steady", "swift", "tidy", "upbeat", "vivid", "warm", "wise", "witty", "zesty",
)  # fmt: skip
SURNAMES = (
    "abbate", "baran", "bellovin", "bosack", "boyce", "cerf", "cheriton", "clark", "cohen", "crocker", "davies",
    "deering", "estrin", "feinler", "floyd", "hamming", "hopper", "jacobson", "kahn", "karn", "kleinrock", "lamarr",
    "lampson", "lerner", "licklider", "lynch", "metcalfe", "mills", "mockapetris", "nagle", "nyquist", "partridge",
    "perlman", "postel", "pouzin", "rekhter", "reynolds", "roberts", "saltzer", "shannon", "taylor", "thacker",
    "tomlinson", "torvalds", "vixie", "wing", "xie", "zhang",
)  # fmt: skip
PAIRS = tuple(f"{adjective}_{surname}" for adjective in ADJECTIVES for surname in SURNAMES)


class Named(Protocol):
    """What the registry holds."""

    id: str


T = TypeVar("T", bound=Named)


def generate_name(chance: Chance, taken: Callable[[str], object], *, tries: int = 6) -> str:
    """adjective_surname; a digit is added when the first draw is taken, and then more of them."""
    name = str(chance.choice("container name", PAIRS))
    for attempt in range(tries):
        if not taken(name):
            return name
        name = f"{chance.choice('container name', PAIRS)}{attempt}"
    return name + chance.hex("container name suffix", 4)


def check_name(name: str) -> None:
    """Raises InvalidParameter for a name that a container may not have; a slash in front is not part of it."""
    if not _VALID.fullmatch(name.removeprefix("/")):
        raise InvalidParameter(f"Invalid container name ({name}), only {_RESTRICTED} are allowed")


class ContainerNames(Generic[T]):
    """All containers by id and by name. Names have no slash in front; those of links have one inside."""

    def __init__(self) -> None:
        self._by_id: dict[str, T] = {}
        self._sorted: list[str] = []
        self._names: dict[str, T] = {}
        self._names_of: defaultdict[str, list[str]] = defaultdict(list)

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._by_id.values()))

    def __contains__(self, identity: str) -> bool:
        return identity in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, item: T) -> None:
        self._by_id[item.id] = item
        insort(self._sorted, item.id)

    def remove(self, item: T) -> None:
        """Takes out the container and all names that mean it."""
        del self._by_id[item.id]
        del self._sorted[bisect_left(self._sorted, item.id)]
        for name in self._names_of.pop(item.id, []):
            del self._names[name]

    def names(self, item: T) -> list[str]:
        """All names of a container, sorted: its own and those that links gave it."""
        return sorted(self._names_of.get(item.id, []))

    def taken(self, name: str) -> T | None:
        """Who has this very name."""
        return self._names.get(name)

    def reserve(self, name: str, item: T) -> None:
        """Raises Conflict if another container has the name."""
        owner = self._names.get(name)
        if owner is not None and owner is not item:
            raise Conflict(
                f'Conflict. The container name "/{name}" is already in use by container "{owner.id}". '
                "You have to remove (or rename) that container to be able to reuse that name."
            )
        if owner is None:
            self._names[name] = item
            self._names_of[item.id].append(name)

    def release(self, name: str) -> None:
        """Gives a name back, if somebody has it."""
        owner = self._names.pop(name, None)
        if owner is not None:
            self._names_of[owner.id].remove(name)

    def find(self, text: str) -> T:
        """The container that a text means. Raises NotFound, or System if several ids begin so."""
        if not text:
            raise InvalidParameter('invalid name or ID supplied: ""')
        found = self._by_id.get(text) or self._names.get(text.removeprefix("/"))
        if found is not None:
            return found
        start = bisect_left(self._sorted, text)
        matches = [full for full in self._sorted[start : start + 2] if full.startswith(text)]
        if not matches:
            raise NotFound(f"No such container: {text}")
        if len(matches) > 1:
            raise System(f"Multiple IDs found with provided prefix: {text}")
        return self._by_id[matches[0]]
