"""Port ranges as tcp, udp, sctp and multiport have them."""

from __future__ import annotations

from msgspec import Struct

from simulator.kernel.netfilter.options import Names, RuleError, Value, integer_from_text

HIGHEST_PORT = 65535


class Ports(Struct, frozen=True):
    """The ports from low to high, or all but those."""

    low: int = 0
    high: int = HIGHEST_PORT
    inverted: bool = False

    @property
    def is_any(self) -> bool:
        return self.low == 0 and self.high == HIGHEST_PORT and not self.inverted

    def __contains__(self, port: int) -> bool:
        return (self.low <= port <= self.high) is not self.inverted

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}:{self.high}"

    def listing(self, names: Names, proto: str) -> str:
        low, high = names.service(self.low, proto), names.service(self.high, proto)
        return low if self.low == self.high else f"{low}:{high}"


ANY = Ports()


def port_from_text(text: str, names: Names, proto: str) -> int:
    """A port by number or service name. Raises RuleError."""
    number = integer_from_text(text)
    if number is None:
        number = names.port(text, proto)
    if number is None or number > HIGHEST_PORT:
        raise RuleError(f"invalid port/service `{text}' specified")
    return number


def ports_from_value(value: Value | None, names: Names, proto: str) -> Ports:
    """ "80", "80:90", ":80" or "80:"; None is any. Raises RuleError."""
    if value is None:
        return ANY
    first, colon, last = value.text.partition(":")
    if not colon:
        port = port_from_text(first, names, proto)
        return Ports(port, port, value.inverted)
    low = port_from_text(first, names, proto) if first else 0
    high = port_from_text(last, names, proto) if last else HIGHEST_PORT
    if low > high:
        raise RuleError("invalid portrange (min > max)")
    return Ports(low, high, value.inverted)
