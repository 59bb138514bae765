"""The matches and the target of a rule while it is read, and which options they bring (libxtables)."""

from __future__ import annotations

from simulator.kernel.netfilter import matches, targets
from simulator.kernel.netfilter.matches import Match, match_named
from simulator.kernel.netfilter.options import Given, Names, NotSimulatedError, Option, RuleError
from simulator.kernel.netfilter.protocols import protocol_name
from simulator.kernel.netfilter.targets import Target, target_named

NO_IPV6 = ("DNAT", "SNAT", "NETMAP")  # targets that ip6tables has, and this one has not


class Extensions:
    """What has been loaded by -m, -j and -p."""

    def __init__(self, names: Names, version: int) -> None:
        self.warnings: list[str] = []
        self._names, self._version = names, version
        self._matches: list[Given] = []
        self._target: Given | None = None

    def add_match(self, name: str) -> None:
        """-m NAME. Raises RuleError."""
        if name in matches.NOT_SIMULATED:
            raise NotSimulatedError(f"the match `{name}'")
        kind = match_named(name, self._version)
        if kind is None:
            raise RuleError(f"Couldn't load match `{name}':No such file or directory\n")
        self._matches.append(Given(kind, self._names, self.warnings))

    def set_target(self, name: str) -> bool:
        """-j NAME. False if there is no such target: it may be a chain. Raises RuleError."""
        kind = target_named(name, self._version)
        if name in targets.NOT_SIMULATED or (kind is None and name in NO_IPV6):
            raise NotSimulatedError(f"the target `{name}'")
        if kind is None:
            return False
        self._target = Given(kind, self._names, self.warnings)
        return True

    def load_protocol(self, proto: int) -> bool:
        """Loads the match of the rule's protocol, once: `-p tcp --dport 80` is `-p tcp -m tcp --dport 80`."""
        kind = match_named(protocol_name(proto), self._version)
        if not proto or kind is None or any(given.kind is kind for given in self._matches):
            return False
        self._matches.append(Given(kind, self._names, self.warnings))
        return True

    def lookup(self, name: str, core: dict[str, str]) -> str | tuple[Given, Option] | None:
        """A long option: the letter of a core one, or what brought it; None if it is unknown.

        By its exact name, the extension loaded last first; else by an abbreviation that only one option has.
        """
        if name in core:
            return core[name]
        spelt = [
            (text, given, option)
            for given in self._all()
            for option in given.kind.options
            for text in (option.name, *option.aliases)
        ]
        for text, given, option in spelt:
            if text == name:
                return given, option
        letters = {letter for text, letter in core.items() if text.startswith(name)}
        options = {id(option): (given, option) for text, given, option in spelt if text.startswith(name)}
        if len(letters) + len(options) != 1:
            return None
        return letters.pop() if letters else next(iter(options.values()))

    def tell_protocol(self, proto: int, inverted: bool) -> None:
        """Tells all what -p says: several ask for it."""
        for given in self._all():
            given.proto, given.proto_inverted = proto, inverted

    def build(self) -> tuple[tuple[Match, ...], Target | None]:
        """The matches and the target. Raises RuleError."""
        found = []
        for given in self._matches:
            given.check()
            match = given.kind.build(given)
            assert isinstance(match, Match)
            found.append(match)
        return tuple(found), self._build_target()

    def _build_target(self) -> Target | None:
        if self._target is None:
            return None
        self._target.check()
        target = self._target.kind.build(self._target)
        assert isinstance(target, Target)
        return target

    def _all(self) -> list[Given]:
        return [*([] if self._target is None else [self._target]), *reversed(self._matches)]
