"""Options as getopt_long(3) reads them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class BadOption(Exception):
    """An option the program does not know, or one without its argument; the text is getopt's."""


class Options(Struct):
    """Options in the order given, by their letter (or long name, for one without a letter), and the operands."""

    given: list[tuple[str, str]] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return any(given == name for given, _ in self.given)

    def get(self, name: str, default: str = "") -> str:
        """The last argument given to an option."""
        return next((value for given, value in reversed(self.given) if given == name), default)

    def all(self, name: str) -> list[str]:
        return [value for given, value in self.given if given == name]

    def last_of(self, names: str) -> str:
        """Which of these letters was given last; "" if none."""
        return next((given for given, _ in reversed(self.given) if given in names), "")


def options(argv: list[str], letters: str, *, long: Mapping[str, str] | None = None, permute: bool = True) -> Options:
    """Reads argv[1:] as getopt_long(3) does.

    `letters` is getopt's ("c:i:q": c and i take an argument, "x::" an optional one that sticks to it). `long` maps a
    long name, with "=" behind it if it takes an argument ("=?" an optional one), to its letter. Without permute the
    first operand ends the options. Raises BadOption.
    """
    found = Options()
    words = list(argv[1:])
    while words:
        word = words.pop(0)
        if word == "--":
            found.operands += words
            break
        if word.startswith("--"):
            _long_option(found, word[2:], words, long or {})
        elif word.startswith("-") and len(word) > 1:
            _short_options(found, word[1:], words, letters)
        elif permute:
            found.operands.append(word)
        else:
            found.operands += [word, *words]
            break
    return found


def _short_options(found: Options, cluster: str, words: list[str], letters: str) -> None:
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        at = letters.find(letter)
        if at < 0 or letter == ":":
            raise BadOption(f"invalid option -- '{letter}'")
        if letters[at + 1 : at + 3] == "::":
            found.given.append((letter, cluster))
            return
        if letters[at + 1 : at + 2] == ":":
            if not cluster and not words:
                raise BadOption(f"option requires an argument -- '{letter}'")
            found.given.append((letter, cluster or words.pop(0)))
            return
        found.given.append((letter, ""))


def _long_option(found: Options, word: str, words: list[str], long: Mapping[str, str]) -> None:
    name, equals, value = word.partition("=")
    names = {spelled.rstrip("=?"): spelled for spelled in long}
    matching = [full for full in names if full == name] or sorted(full for full in names if full.startswith(name))
    if not matching:
        raise BadOption(f"unrecognized option '--{name}{equals}{value}'")
    if len(matching) > 1:
        choices = " ".join(f"'--{full}'" for full in matching)
        raise BadOption(f"option '--{name}' is ambiguous; possibilities: {choices}")
    spelled = names[matching[0]]
    if equals and not spelled.endswith(("=", "?")):
        raise BadOption(f"option '--{matching[0]}' doesn't allow an argument")
    if spelled.endswith("=") and not equals:
        if not words:
            raise BadOption(f"option '--{matching[0]}' requires an argument")
        value = words.pop(0)
    found.given.append((long[spelled], value))
