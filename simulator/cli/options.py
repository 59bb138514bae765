"""Reads a command line: long and short options, bundles, values with and without `=`, `--`, arguments in between.

Mirrors spf13/pflag's FlagSet.Parse with its error texts. A wrong command line raises ValueError with one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from simulator.cli.command import Option
from simulator.cli.values import Kind, kind_of
from simulator.golang.quote import quote

if TYPE_CHECKING:
    from simulator.kernel.process import Process

HELP = Option("help", "bool", "Print usage", hidden=True)
DEPRECATED_HELP = "Flag shorthand -h has been deprecated, please use --help"


class Parsed(Struct):
    """What a command line said: option values by name, the arguments, which options were given at all."""

    values: dict[str, Any]
    arguments: list[str] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    line: str = ""  # the command as it was called: "docker ps"
    process: Process | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any) -> Any:
        """The value of an option that not every version has."""
        return self.values.get(name, default)

    def changed(self, name: str) -> bool:
        return name in self.given


def parse(
    options: Sequence[Option],
    arguments: Iterable[str],
    process: Process | None = None,
    *,
    interspersed: bool = True,
) -> Parsed:
    """Reads the arguments of one command. Raises ValueError."""
    return _Parser(options, list(arguments), process, interspersed).parse()


def kind(option: Option) -> Kind:
    return kind_of(option.value or option.kind)


def initial(option: Option) -> Any:
    """The value of an option that is not given."""
    read = kind(option)
    return read.parse(option.default) if option.default and read.collect is None else read.zero()


class _Parser:
    def __init__(self, options: Sequence[Option], rest: list[str], process: Process | None, interspersed: bool) -> None:
        self.rest, self.interspersed = rest, interspersed
        self.long = {option.name: option for option in options}
        self.long.setdefault("help", HELP)
        self.short = {option.short: option for option in options if option.short}
        values = {option.name: initial(option) for option in self.long.values() if not option.same_as}
        self.parsed = Parsed(values, process=process)

    def parse(self) -> Parsed:
        while self.rest:
            word = self.rest.pop(0)
            if len(word) < 2 or word[0] != "-":
                self.parsed.arguments.append(word)
                if not self.interspersed:
                    break
            elif word == "--":
                break
            elif word.startswith("--"):
                self._long(word)
            else:
                self._bundle(word[1:])
        self.parsed.arguments += self.rest
        return self.parsed

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name[0] == "-":
            raise ValueError(f"bad flag syntax: {word}")
        option = self.long.get(name)
        if option is None:
            raise ValueError(f"unknown flag: --{name}")
        if equals:
            self._set(option, value)
        elif option.kind == "bool":
            self._set(option, "true")
        elif self.rest:
            self._set(option, self.rest.pop(0))
        else:
            raise ValueError(f"flag needs an argument: --{name}")

    def _bundle(self, letters: str) -> None:
        while letters:
            letters = self._letter(letters)

    def _letter(self, letters: str) -> str:
        """Takes one short option off a bundle; gives what is left of it."""
        letter, rest = letters[0], letters[1:]
        option = self.short.get(letter)
        if option is None and letter == "h":
            option = HELP
            self.parsed.notices.append(DEPRECATED_HELP)
        if option is None:
            raise ValueError(f"unknown shorthand flag: {quote(letter, chr(39))} in -{letters}")
        if len(rest) > 1 and rest[0] == "=":
            self._set(option, rest[1:])
            return ""
        if option.kind == "bool":
            self._set(option, "true")
            return rest
        if not rest and not self.rest:
            raise ValueError(f"flag needs an argument: {quote(letter, chr(39))} in -{letters}")
        self._set(option, rest or self.rest.pop(0))
        return ""

    def _set(self, option: Option, text: str) -> None:
        name = option.same_as or option.name
        read = kind(option)
        try:
            value = option.check(text, self.parsed.process) if option.check and self.parsed.process else text
            value = read.parse(value) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(f"invalid argument {quote(text)} for {quote(spelling(option))} flag: {error}") from None
        if read.collect:
            read.collect(self.parsed.values[name], value)
        else:
            self.parsed.values[name] = value
        self.parsed.given.add(name)


def spelling(option: Option) -> str:
    return f"-{option.short}, --{option.name}" if option.short else f"--{option.name}"
