"""Variables and quotes in a Dockerfile's words: `$NAME`, `${NAME:-word}`, `"..."`, `'...'`, escapes.

Mirrors github.com/moby/buildkit/frontend/dockerfile/shell as Docker Engine 20.10 has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

SPECIAL = "@*#?-$!0"


def environment(entries: Iterable[str]) -> dict[str, str]:
    """`NAME=value` entries by name; the last of a name counts."""
    return {name: value for name, _, value in (entry.partition("=") for entry in entries)}


def expanded(word: str, env: Mapping[str, str], escape: str = "\\") -> str:
    """One word. Raises ValueError."""
    return _Expansion(word, env, escape).whole()[0]


def expanded_words(text: str, env: Mapping[str, str], escape: str = "\\") -> list[str]:
    """The words that a text comes to: what a variable holds may be several. Raises ValueError."""
    return _Expansion(text, env, escape).whole()[1]


class _Expansion:
    def __init__(self, source: str, env: Mapping[str, str], escape: str) -> None:
        self._source, self._env, self._escape = source, env, escape
        self._at = 0

    def whole(self) -> tuple[str, list[str]]:
        try:
            return self._until("")
        except ValueError as failure:
            raise ValueError(f"failed to process {json.dumps(self._source, ensure_ascii=False)}: {failure}") from None

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _next(self) -> str:
        letter = self._peek()
        self._at += 1
        return letter

    def _until(self, stop: str) -> tuple[str, list[str]]:
        """Up to a letter, or to the end: as one text, and split at unquoted spaces."""
        result, found = "", _Words()
        while letter := self._peek():
            if stop and letter == stop:
                self._at += 1
                return result, found.done()
            text, quoted = self._piece(letter)
            result += text
            found.add(text, quoted=quoted)
        if stop:
            raise ValueError(f"unexpected end of statement while looking for matching {stop}")
        return result, found.done()

    def _piece(self, letter: str) -> tuple[str, bool]:
        """What comes next, and whether spaces in it are part of a word."""
        if letter == "$":
            return self._dollar(), False
        if letter == "'":
            return self._single(), True
        if letter == '"':
            return self._double(), True
        self._at += 1
        return (self._next(), True) if letter == self._escape else (letter, False)

    def _single(self) -> str:
        end = self._source.find("'", self._at + 1)
        if end < 0:
            raise ValueError("unexpected end of statement while looking for matching single-quote")
        inside, self._at = self._source[self._at + 1 : end], end + 1
        return inside

    def _double(self) -> str:
        result, self._at = "", self._at + 1
        while letter := self._peek():
            if letter == '"':
                self._at += 1
                return result
            if letter == "$":
                result += self._dollar()
                continue
            self._at += 1
            if letter == self._escape and self._peek() and self._peek() in f'"${self._escape}':
                letter = self._next()
            result += letter
        raise ValueError("unexpected end of statement while looking for matching double-quote")

    def _dollar(self) -> str:
        self._at += 1
        if self._peek() != "{":
            name = self._name()
            return self._env.get(name, "") if name else "$"
        self._at += 1
        if not self._peek():
            raise ValueError("syntax error: missing '}'")
        if self._peek() in "{}:":
            raise ValueError("syntax error: bad substitution")
        return self._substitution(self._name())

    def _substitution(self, name: str) -> str:
        value, mark = self._env.get(name), self._next()
        if mark == "}":
            return value or ""
        if mark == "?":
            return self._required(name, value, self._word(), empty=True)
        if mark != ":":
            raise ValueError("missing ':' in substitution")
        modifier, word = self._next(), self._word()
        if modifier == "+":
            return word if value else value or ""
        if modifier == "-":
            return value or word
        if modifier == "?":
            return self._required(name, value, word, empty=False)
        raise ValueError(f"unsupported modifier ({modifier}) in substitution")

    def _word(self) -> str:
        try:
            return self._until("}")[0]
        except ValueError:
            if not self._peek():
                raise ValueError("syntax error: missing '}'") from None
            raise

    @staticmethod
    def _required(name: str, value: str | None, word: str, *, empty: bool) -> str:
        if value is None or (not value and not empty):
            why = "is not allowed to be unset" if value is None else "is not allowed to be empty"
            raise ValueError(f"{name}: {word or why}")
        return value

    def _name(self) -> str:
        """Digits, one special letter, or letters, digits and underscores."""
        begin, letter = self._at, self._peek()
        if letter.isdigit():
            while self._peek().isdigit():
                self._at += 1
        elif letter and letter in SPECIAL:
            self._at += 1
        else:
            while self._peek().isalnum() or self._peek() == "_":
                self._at += 1
        return self._source[begin : self._at]


class _Words:
    """Words that grow letter by letter."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._word = ""

    def add(self, text: str, *, quoted: bool) -> None:
        for letter in text:
            if letter.isspace() and not quoted:
                self.done()
            else:
                self._word += letter

    def done(self) -> list[str]:
        if self._word:
            self._found.append(self._word)
            self._word = ""
        return self._found
