"""A command line read word by word, as getopt_long(3) does, where the long options may change while it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from simulator.kernel.netfilter.options import RuleError


class Word(Struct, frozen=True):
    """What was read: an option (its short letter or long name) with its value, or an argument (name "")."""

    name: str
    value: str = ""
    spelling: str = ""  # as it was typed
    is_glued: bool = False  # the value stood in the same word


class Words:
    """The words not yet read."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._at = 0
        self._letters = ""  # what is left of a group of short options
        self._only_arguments = False

    def __bool__(self) -> bool:
        return self._at < len(self._words) or bool(self._letters)

    def peek(self) -> str | None:
        """The next word, if it is a value and no option."""
        following = self._words[self._at] if self._at < len(self._words) and not self._letters else None
        return None if following is None or following.startswith(("-", "!")) else following

    def take(self) -> str | None:
        """The next word if it is a value: the second argument of an option that has two."""
        following = self.peek()
        if following is not None:
            self._at += 1
        return following

    def next(self, letters: dict[str, str], kind_of: Callable[[str], str | None]) -> Word:
        """Reads on. `letters` says of each short option "" (no value), ":" (one), "?" (one, in the same word only).

        `kind_of` says the same of a long option, None if it is unknown; it may complete the name. Raises RuleError.
        """
        if self._letters:
            return self._short(letters)
        word = self._words[self._at]
        self._at += 1
        if self._only_arguments or not word.startswith("-") or word == "-":
            return Word("", word, word)
        if word == "--":
            self._only_arguments = True
            return self.next(letters, kind_of) if self else Word("", "", "--")
        if word.startswith("--"):
            return self._long(word, kind_of)
        self._letters = word[1:]
        return self._short(letters)

    def _short(self, letters: dict[str, str]) -> Word:
        letter, rest = self._letters[0], self._letters[1:]
        kind = letters.get(letter)
        if kind is None:
            raise RuleError(f'unknown option "{self._words[self._at - 1]}"')
        spelling = f"-{letter}"
        if not kind:
            self._letters = rest
            return Word(letter, "", spelling)
        self._letters = ""
        if rest or kind == "?":
            return Word(letter, rest, spelling, bool(rest))
        return Word(letter, self._value(spelling), spelling)

    def _long(self, word: str, kind_of: Callable[[str], str | None]) -> Word:
        name, equals, value = word[2:].partition("=")
        kind = kind_of(name)
        if kind is None or (equals and not kind):
            raise RuleError(f'unknown option "{word}"')
        if equals or kind != ":":
            return Word(name, value, f"--{name}")
        return Word(name, self._value(f"--{name}"), f"--{name}")

    def _value(self, spelling: str) -> str:
        if self._at >= len(self._words):
            raise RuleError(f'option "{spelling}" requires an argument')
        self._at += 1
        return self._words[self._at - 1]


def split_line(line: str) -> list[str]:
    """A line of iptables-save as words. In double quotes a backslash takes the next character as it is."""
    words: list[str] = []
    word: list[str] | None = None
    quoted = escaped = False
    for character in line:
        if quoted and not escaped and character == "\\":
            escaped = True
        elif character == '"' and not escaped:
            quoted = not quoted
            word = word or []
        elif character.isspace() and not quoted:
            words += [] if word is None else ["".join(word)]
            word = None
        else:
            word = [*(word or []), character]
            escaped = False
    return words + ([] if word is None else ["".join(word)])
