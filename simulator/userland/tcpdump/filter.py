"""Filter expressions: pcap-filter(7) from text to a function that says of a frame whether it is wanted.

    expression = term { ("or" | "||") term }      term = factor { ("and" | "&&") factor }
    factor = [ "not" | "!" ] ( "(" expression ")" | primitive )

A bare name or number takes the qualifiers of the primitive before it: `port 80 or 443`. Left out: vlan, mpls, gateway,
inbound and the protocols that docklab has not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from simulator.userland.tcpdump import accessors as access
from simulator.userland.tcpdump.accessors import Test
from simulator.userland.tcpdump.arithmetic import PROTOCOLS, RELATIONS, SYNTAX, Arithmetic, BadFilter, tokens_of

_MAC = re.compile(r"[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$")

DIRECTIONS = ("src", "dst")
TYPES = ("host", "net", "port", "portrange", "proto")
UNSIMULATED = (
    "vlan",
    "mpls",
    "pppoed",
    "pppoes",
    "gateway",
    "inbound",
    "outbound",
    "ifname",
    "wlan",
    "geneve",
    "vxlan",
)


class NeedsName(Exception):
    """A host name whose addresses have to be found first."""


class Qualifiers(Struct, frozen=True):
    """What stands before a name or number: protocol, direction, type."""

    protocol: str = ""
    direction: str = ""
    type: str = ""


class Names(Struct, frozen=True):
    """What names stand for: hosts (filled in as they are asked for) and services. `dry`: only the form matters."""

    hosts: Mapping[str, Sequence[str]]
    services: Mapping[str, int]
    dry: bool = False


def compile_filter(text: str, names: Names) -> Test:
    """The test that an expression means. Raises BadFilter, or NeedsName for a host that is not in `names`."""
    if not text.strip():
        return lambda frame: True
    parser = _Parser(tokens_of(text), names)
    test = parser.expression()
    if parser.peek():
        raise BadFilter(SYNTAX)
    return test


class _Parser(Arithmetic):
    def __init__(self, tokens: list[str], names: Names) -> None:
        super().__init__(tokens)
        self._names = names
        self._last = Qualifiers()

    # -- structure --------------------------------------------------------------------------------------------------

    def expression(self) -> Test:
        """Left to right: `and` and `or` bind alike in pcap-filter."""
        test = self._factor()
        while self.peek() in ("&&", "||"):
            operator, right = self.take(), self._factor()
            test = _both(test, right) if operator == "&&" else _either(test, right)
        return test

    def _factor(self) -> Test:
        if self.peek() == "!":
            self.take()
            return _negated(self._factor())
        if self.peek() == "(" and not self._is_arithmetic():
            self.take()
            test = self.expression()
            self.expect(")")
            return test
        return self._primitive()

    def _is_arithmetic(self) -> bool:
        """Whether a parenthesis begins a number rather than a test: a relation follows its end."""
        depth = 0
        for index in range(self._at, len(self._tokens)):
            depth += {"(": 1, ")": -1}.get(self._tokens[index], 0)
            if depth == 0:
                return index + 1 < len(self._tokens) and self._tokens[index + 1] in (*RELATIONS, "&", "|", "+", "-")
        return False

    # -- primitives -------------------------------------------------------------------------------------------------

    def _primitive(self) -> Test:
        word = self.peek()
        if word in UNSIMULATED:
            raise BadFilter(f"docklab does not simulate the filter '{word}'")
        if word in ("less", "greater"):
            self.take()
            size = self.number(self.take())
            return (lambda frame: frame.length <= size) if word == "less" else (lambda frame: frame.length >= size)
        if self.peek(1) == "[" or word == "len" or word == "(" or (word[:1].isdigit() and self.peek(1) in RELATIONS):
            return self.relation()
        return self._qualified()

    def _qualified(self) -> Test:
        given = self._qualifiers()
        if given is None:
            return self._identifier(self._last, self.take())
        if given.type or given.direction:
            self._last = given if given.type else replace(given, type="host")
            return self._identifier(self._last, self.take())
        following = self.peek()
        if following in ("broadcast", "multicast"):
            self.take()
            return access.group(given.protocol or "ether", following)
        if following and following not in ("&&", "||", ")", "!"):
            raise BadFilter(SYNTAX)
        return access.protocol(given.protocol)

    def _qualifiers(self) -> Qualifiers | None:
        """The qualifiers that stand here; None if there are none."""
        found = Qualifiers()
        if self.peek() in ("broadcast", "multicast"):
            return found
        if self.peek() in PROTOCOLS:
            found = replace(found, protocol=self.take())
        if self.peek() in DIRECTIONS:
            found = replace(found, direction=self.take())
            if self.peek() in ("&&", "||") and self.peek(1) in DIRECTIONS:
                both = self.take() == "&&"
                self.take()
                found = replace(found, direction="src and dst" if both else "")
        if self.peek() in TYPES:
            found = replace(found, type=self.take())
        return None if found == Qualifiers() else found

    def _identifier(self, given: Qualifiers, word: str) -> Test:
        """A name or number with its qualifiers."""
        if word in RELATIONS or word in ("(", ")", "&&", "||", "!", "[", "]"):
            raise BadFilter(SYNTAX)
        if given.type == "port":
            return access.port(given, self._port(word))
        if given.type == "portrange":
            first, _, last = word.partition("-")
            return access.port(given, self._port(first), self._port(last or first))
        if given.type == "net":
            return access.net(given, self._net(word))
        if given.type == "proto":
            return access.proto(given, word, self.number_or_none(word))
        if given.protocol == "ether" or _MAC.match(word):
            if not _MAC.match(word):
                raise BadFilter(f"unknown ether host '{word}'")
            return access.mac(given, ":".join(f"{int(part, 16):02x}" for part in word.split(":")))
        return access.host(given, self._addresses(word))

    def _addresses(self, word: str) -> Sequence[str]:
        if self._names.dry:
            return ()
        if word not in self._names.hosts:
            raise NeedsName(word)
        found = self._names.hosts[word]
        if not found:
            raise BadFilter(f"unknown host '{word}'")
        return found

    def _net(self, word: str) -> str:
        """A network: 172.17, 10.0.0.0/8, 192.168.0.0 mask 255.255.0.0."""
        if self.peek() == "mask":
            self.take()
            word = f"{word}/{self.take()}"
        network = access.network_from_text(word)
        if network is None:
            raise BadFilter(f"unknown network '{word}'")
        return network

    def _port(self, word: str) -> int:
        number = self.number_or_none(word)
        if number is None:
            number = self._names.services.get(word)
        if number is None:
            raise BadFilter(f"unknown port '{word}'")
        if number > 65535:
            raise BadFilter(f"illegal port number {number} > 65535")
        return number


def _both(left: Test, right: Test) -> Test:
    return lambda frame: left(frame) and right(frame)


def _either(left: Test, right: Test) -> Test:
    return lambda frame: left(frame) or right(frame)


def _negated(test: Test) -> Test:
    return lambda frame: not test(frame)
