"""`-m string`: bytes in the packet. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

STRING_LIMIT = 65535
SEARCH_ALGORITHMS = ("bm", "kmp")  # both find the same


class String(Match, frozen=True):
    """`-m string`: bytes anywhere in the packet, its IP header included."""

    name: ClassVar[str] = "string"
    options: ClassVar[tuple[Option, ...]] = (
        Option("from"),
        Option("to"),
        Option("algo", mandatory=True),
        Option("string", invertible=True, excludes=("hex-string",)),
        Option("hex-string", invertible=True, excludes=("string",)),
        Option("icase", 0),
    )

    pattern: bytes
    algorithm: str
    start: int = 0
    stop: int = STRING_LIMIT
    ignore_case: bool = False
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("string", "hex-string")
        if not option:
            raise RuleError("STRING match: You must specify `--string' or `--hex-string'")
        text = given.text(option)
        pattern = text.encode("utf-8", "surrogateescape") if option == "string" else _hex_pattern(text)
        start, stop = given.integer("from", 0, STRING_LIMIT), given.integer("to", 0, STRING_LIMIT, STRING_LIMIT)
        return cls(pattern, given.text("algo"), start, stop, "icase" in given, given.inverted(option))

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        if self.algorithm not in SEARCH_ALGORITHMS:
            return f"xt_string: no algorithm {self.algorithm}"
        return "" if self.pattern else "xt_string: the pattern is empty"

    def _spelling(self) -> tuple[str, str]:
        if all(0x20 <= octet < 0x7F for octet in self.pattern):
            return "string", quoted_always(self.pattern.decode("ascii"))
        return "hex-string", f'"|{self.pattern.hex()}|"'

    def __str__(self) -> str:
        option, spelt = self._spelling()
        parts = [f"{bang(self.inverted)}--{option} {spelt}", f"--algo {self.algorithm}"]
        parts += [f"--from {self.start}"] if self.start else []
        parts += [f"--to {self.stop}"] if self.stop != STRING_LIMIT else []
        return " ".join([*parts, "--icase"] if self.ignore_case else parts)

    def listing(self, names: Names) -> str:
        text = f" STRING match {'!' if self.inverted else ''} {self._spelling()[1]} ALGO name {self.algorithm}"
        text += f" FROM {self.start}" if self.start else ""
        text += f" TO {self.stop}" if self.stop != STRING_LIMIT else ""
        return text + (" ICASE" if self.ignore_case else "")

    def test(self, netns: NetNamespace) -> Test:
        wanted = self.pattern.lower() if self.ignore_case else self.pattern

        def test(skb: Skb) -> bool:
            data = skb.packet.bytes()[self.start : self.stop + len(wanted)]
            return (wanted in (data.lower() if self.ignore_case else data)) is not self.inverted

        return test


def quoted_always(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _hex_pattern(text: str) -> bytes:
    """ "GET|0d0a|" : hexadecimal between bars, as it is elsewhere."""
    pattern = bytearray()
    for index, part in enumerate(text.split("|")):
        if index % 2 == 0:
            pattern += part.encode("utf-8", "surrogateescape")
            continue
        digits = part.replace(" ", "")
        for digit in digits:
            if digit not in "0123456789abcdefABCDEF":
                raise RuleError(f"Invalid hex char '{digit}'")
        if len(digits) % 2:
            raise RuleError("hex block must contain an even number of digits")
        pattern += bytes.fromhex(digits)
    return bytes(pattern)
