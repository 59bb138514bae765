"""The filter of ss: states, and an expression over addresses and ports (misc/ssfilter.y)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from msgspec import Struct

from simulator.kernel.socket import Row
from simulator.userland.resolver import inet_aton

Test = Callable[[Row], bool]

# How ss spells the states of netstat, in the order of the kernel's numbers.
STATES = {
    "ESTABLISHED": "ESTAB",
    "SYN_SENT": "SYN-SENT",
    "SYN_RECV": "SYN-RECV",
    "FIN_WAIT1": "FIN-WAIT-1",
    "FIN_WAIT2": "FIN-WAIT-2",
    "TIME_WAIT": "TIME-WAIT",
    "CLOSE": "UNCONN",
    "": "UNCONN",
    "CLOSE_WAIT": "CLOSE-WAIT",
    "LAST_ACK": "LAST-ACK",
    "LISTEN": "LISTEN",
    "CLOSING": "CLOSING",
}
ALL = frozenset(STATES.values())
CONNECTED = ALL - {"LISTEN", "UNCONN"}
DEFAULT = ALL - {"LISTEN", "UNCONN", "TIME-WAIT", "SYN-RECV"}
_NAMES = {
    "established": frozenset({"ESTAB"}),
    "syn-sent": frozenset({"SYN-SENT"}),
    "syn-recv": frozenset({"SYN-RECV"}),
    "fin-wait-1": frozenset({"FIN-WAIT-1"}),
    "fin-wait-2": frozenset({"FIN-WAIT-2"}),
    "time-wait": frozenset({"TIME-WAIT"}),
    "closed": frozenset({"UNCONN"}),
    "close-wait": frozenset({"CLOSE-WAIT"}),
    "last-ack": frozenset({"LAST-ACK"}),
    "listening": frozenset({"LISTEN"}),
    "listen": frozenset({"LISTEN"}),
    "closing": frozenset({"CLOSING"}),
    "all": ALL,
    "connected": CONNECTED,
    "synchronized": CONNECTED - {"SYN-SENT"},
    "bucket": frozenset({"SYN-RECV", "TIME-WAIT"}),
    "big": ALL - {"SYN-RECV", "TIME-WAIT"},
}
_COMPARISONS = {"=": "=", "==": "=", "eq": "=", "!=": "!", "ne": "!", "neq": "!", ">": ">", "gt": ">", "<": "<"}
_COMPARISONS |= {"lt": "<", ">=": "}", "ge": "}", "geq": "}", "<=": "{", "le": "{", "leq": "{"}


class BadFilter(Exception):
    """What ss says of a filter that it cannot read; of broken syntax it shows its usage too."""

    def __init__(self, text: str, *, syntax: bool = False, status: int = 1) -> None:
        super().__init__(text)
        self.syntax, self.status = syntax, status


class Filter(Struct):
    """States (None: the default of the options) and a test."""

    states: frozenset[str] | None = None
    test: Test = lambda row: True


def read_filter(words: list[str], ports: dict[str, int]) -> Filter:
    """The filter at the end of the command line; `ports` are the names of services. Raises BadFilter."""
    found = Filter()
    rest = " ".join(words).replace("(", " ( ").replace(")", " ) ").split()
    while rest and rest[0] in ("state", "exclude", "excl"):
        word = rest.pop(0)
        name = rest.pop(0) if rest else ""
        if name not in _NAMES:
            text = f"ss: wrong state name: {name}" if name else 'Command line is not complete. Try option "help"'
            raise BadFilter(text, status=255)
        chosen = _NAMES[name]
        if word == "state":
            found.states = chosen | (found.states or frozenset())
        else:
            found.states = (ALL if found.states is None else found.states) - chosen
    if rest:
        expression = _Expression(rest, ports)
        found.test = expression.either()
        if expression.rest:
            raise _broken()
    return found


def _broken() -> BadFilter:
    return BadFilter('ss: bison bellows (while parsing filter): "syntax error!" Sorry.', syntax=True, status=255)


class _Expression:
    """A recursive descent over the words that are left."""

    def __init__(self, words: list[str], ports: dict[str, int]) -> None:
        self.rest, self.ports = words, ports

    def either(self) -> Test:
        tests = [self.both()]
        while self.rest[:1] in (["or"], ["||"], ["|"]):
            self.rest.pop(0)
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.rest and self.rest[0] not in ("or", "||", "|", ")"):
            if self.rest[0] in ("and", "&&", "&"):
                self.rest.pop(0)
            tests.append(self.single())
        return lambda row: all(test(row) for test in tests)

    def single(self) -> Test:
        word = self._take()
        if word in ("not", "!"):
            inner = self.single()
            return lambda row: not inner(row)
        if word == "(":
            inner = self.either()
            if self._take() != ")":
                raise _broken()
            return inner
        if word in ("sport", "dport"):
            return self._port(local=word == "sport")
        if word in ("src", "dst"):
            return self._address(local=word == "src")
        self.rest.insert(0, word)
        return self._address(local=False)

    def _take(self) -> str:
        if not self.rest:
            raise _broken()
        return self.rest.pop(0)

    def _comparison(self) -> str:
        return _COMPARISONS[self.rest.pop(0)] if self.rest and self.rest[0] in _COMPARISONS else "="

    def _port(self, *, local: bool) -> Test:
        how, text = self._comparison(), self._take()
        port = self._number(text.rpartition(":")[2])
        return lambda row: _compare((row.local if local else row.peer)[1], how, port)

    def _address(self, *, local: bool) -> Test:
        how, text = self._comparison(), self._take()
        host, port = _split(text)
        network = None
        if host not in ("", "*"):
            try:
                network = ip_network(host if ":" in host or "/" in host else inet_aton(host) or host, strict=False)
            except ValueError:
                text = f'Error: an inet prefix is expected rather than "{host}".'
                raise BadFilter(f"{text}\nCannot parse dst/src address.") from None
        number = self._number(port) if port not in ("", "*") else None

        def matches(row: Row) -> bool:
            address, own = row.local if local else row.peer
            bare = ip_address(address.removeprefix("::ffff:"))
            inside = network is None or (bare.version == network.version and bare in network)
            return (inside and number in (None, own)) == (how == "=")

        return matches

    def _number(self, text: str) -> int:
        if text.isdigit():
            return int(text)
        if text not in self.ports:
            raise BadFilter(f'Error: "{text}" does not look like a port.\nCannot parse dst/src address.')
        return self.ports[text]


def _split(text: str) -> tuple[str, str]:
    """Address and port of 10.0.0.1:80, [::1]:80, :80, 10.0.0.0/8."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":")
    if text.count(":") > 1:
        return text, ""
    host, _, port = text.partition(":")
    return host, port


def _compare(value: int, how: str, other: int) -> bool:
    tests = {"=": value == other, "!": value != other, ">": value > other, "<": value < other}
    return {**tests, "}": value >= other, "{": value <= other}[how]
