"""The words of a filter expression, and its arithmetic: `len > 100`, `tcp[13] & 2 != 0`. See pcap-filter(7)."""

from __future__ import annotations

import re

from simulator.userland.tcpdump import accessors as access
from simulator.userland.tcpdump.accessors import Test

_TOKEN = re.compile(r"\s*(?:(?P<word>[\w.:%\\][\w.:%/\\-]*)|(?P<op>\|\||&&|!=|==|>=|<=|<<|>>|[()!=<>\[\]+*/&|^-]))")
PROTOCOLS = ("ether", "ip", "ip6", "arp", "rarp", "tcp", "udp", "icmp", "icmp6", "igmp")
WORDS = {"and": "&&", "or": "||", "not": "!"}
RELATIONS = (">", "<", ">=", "<=", "=", "==", "!=")

SYNTAX = "can't parse filter expression: syntax error"


class BadFilter(Exception):
    """What is no filter; the text is tcpdump's."""


def tokens_of(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise BadFilter(SYNTAX)
        at = found.end()
        token = found["op"] or found["word"].lstrip("\\")
        tokens.append(WORDS.get(token, token))
    return tokens


class Arithmetic:
    """Reads comparisons of numbers from the words of an expression."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    # -- tokens -----------------------------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> str:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise BadFilter(SYNTAX)
        self._at += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise BadFilter(SYNTAX)

    # -- numbers ----------------------------------------------------------------------------------------------------

    def relation(self) -> Test:
        left = self._sum()
        relation = self.take()
        if relation not in RELATIONS:
            raise BadFilter(SYNTAX)
        return access.relation(left, relation, self._sum())

    def _sum(self) -> access.Number:
        value = self._term()
        while self.peek() in access.OPERATORS:
            operator = self.take()
            value = access.arithmetic(value, operator, self._term())
        return value

    def _term(self) -> access.Number:
        word = self.take()
        if word == "(":
            value = self._sum()
            self.expect(")")
            return value
        if word == "len":
            return lambda frame: frame.length
        if self.peek() == "[" and word in PROTOCOLS:
            return self._bytes(word)
        number = access.CONSTANTS.get(word, self.number_or_none(word))
        if number is None:
            raise BadFilter(SYNTAX)
        return access.constant(number)

    def _bytes(self, protocol: str) -> access.Number:
        """protocol[offset:size]"""
        self.expect("[")
        first, colon, width = self.peek().partition(":")
        size = self.number(width) if colon else 1
        if colon:
            self.take()
            offset = access.constant(self.number(first))
        else:
            offset = self._sum()
        self.expect("]")
        if size not in (1, 2, 4):
            raise BadFilter("data size must be 1, 2, or 4")
        return access.field(protocol, offset, size)

    def number(self, word: str) -> int:
        number = self.number_or_none(word)
        if number is None:
            raise BadFilter(SYNTAX)
        return number

    def number_or_none(self, word: str) -> int | None:
        try:
            return int(word, 16 if word.lower().startswith("0x") else 10)
        except ValueError:
            return None
