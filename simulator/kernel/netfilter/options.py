"""Options of matches and targets: how a rule's text becomes values (libxtables: xtoptions.c).

A match or target declares its options; `Given` checks each as it is read (used once, may be inverted, goes with which
others) and hands the values to `build`. Complaints are worded as iptables words them.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, Self

from msgspec import Struct

MAXIMUM_32 = 0xFFFFFFFF


class RuleError(Exception):
    """A rule that iptables refuses. `prefixed` is False where iptables does not put its own name before the text."""

    def __init__(self, message: str, *, prefixed: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.prefixed = prefixed


class NotSimulatedError(RuleError):
    """Something that the real iptables has and this one has not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"docklab does not simulate {what}", prefixed=False)


class Names(Protocol):
    """What translates between names and numbers, where files or name servers have them. `numeric`: do not."""

    numeric: bool

    def addresses(self, host: str) -> list[str]: ...
    def host(self, address: str) -> str: ...
    def port(self, service: str, proto: str) -> int | None: ...
    def service(self, port: int, proto: str) -> str: ...
    def uid(self, user: str) -> int | None: ...
    def user(self, uid: int) -> str: ...
    def gid(self, group: str) -> int | None: ...
    def group(self, gid: int) -> str: ...


class Numbers:
    """No names at all: addresses, ports and users are their numbers (`iptables -n`)."""

    numeric = True

    def addresses(self, host: str) -> list[str]:
        return []

    def host(self, address: str) -> str:
        return address

    def port(self, service: str, proto: str) -> int | None:
        return None

    def service(self, port: int, proto: str) -> str:
        return str(port)

    def uid(self, user: str) -> int | None:
        return None

    def user(self, uid: int) -> str:
        return str(uid)

    def gid(self, group: str) -> int | None:
        return None

    def group(self, gid: int) -> str:
        return str(gid)


NUMBERS = Numbers()


class Option(Struct, frozen=True):
    """One option of a match or target. `excludes` names others that may not stand beside it, `needs` one that must."""

    name: str
    arguments: int = 1
    invertible: bool = False
    mandatory: bool = False
    aliases: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    needs: str = ""
    again: str = ""  # what is said when it is given twice, if not the usual


class Value(Struct, frozen=True):
    """What was given for one option."""

    texts: tuple[str, ...]
    inverted: bool

    @property
    def text(self) -> str:
        return self.texts[0]


class Extension(Struct, frozen=True):
    """A match or target. `str()` gives its options as iptables-save prints them, `listing` as `iptables -L` does."""

    name: ClassVar[str]
    options: ClassVar[tuple[Option, ...]] = ()
    protocols: ClassVar[tuple[int, ...]] = ()  # the kernel takes it only with one of these (-p); empty: any
    tracks: ClassVar[bool] = False  # whether it needs connection tracking

    @classmethod
    def build(cls, given: Given) -> Self:
        """From the options given. Raises RuleError."""
        return cls()

    @classmethod
    def read(cls, given: Given, option: Option) -> None:
        """Looks at an option as soon as it is read, where a complaint must not wait. Raises RuleError."""

    def listing(self, names: Names) -> str:
        return ""

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        """Why the kernel refuses it in this table, reachable from these hooks: its log's text, "" if it does not."""
        return ""


class Given:
    """The options given so far for one match or target of a rule, which has protocol `proto` (0: any)."""

    def __init__(self, kind: type[Extension], names: Names, warnings: list[str]) -> None:
        self.kind = kind
        self.names = names
        self.warnings = warnings  # of the whole rule
        self.proto = 0
        self.proto_inverted = False
        self._values: dict[str, Value] = {}

    def add(self, option: Option, texts: tuple[str, ...], *, inverted: bool) -> None:
        """Takes an option. Raises RuleError if it may not stand there."""
        if option.name in self._values:
            raise RuleError(option.again or f'{self.kind.name}: option "--{option.name}" can only be used once.\n')
        if inverted and not option.invertible:
            raise RuleError(f'{self.kind.name}: option "--{option.name}" cannot be inverted.\n')
        self._values[option.name] = Value(texts, inverted)
        self.kind.read(self, option)

    def check(self) -> None:
        """Raises RuleError if an option is missing or two do not go together."""
        for option in self.kind.options:
            self._check_option(option)

    def _check_option(self, option: Option) -> None:
        start = f'{self.kind.name}: option "--{option.name}"'
        if option.name not in self._values:
            if option.mandatory:
                raise RuleError(f"{start} must be specified\n")
            return
        for other in option.excludes:
            if other in self._values:
                raise RuleError(f'{start} cannot be used together with "--{other}".\n')
        if option.needs and option.needs not in self._values:
            raise RuleError(f'{start} also requires "--{option.needs}".\n')

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __bool__(self) -> bool:
        return bool(self._values)

    def value(self, name: str) -> Value | None:
        return self._values.get(name)

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name)
        return value.text if value and value.texts else default

    def inverted(self, name: str) -> bool:
        value = self._values.get(name)
        return value is not None and value.inverted

    def first(self, *names: str) -> str:
        """Which of these options was given; "" if none."""
        return next((name for name in names if name in self._values), "")

    # -- kinds of values (xtopt_parse_*) ----------------------------------------------------------------------------

    def integer(self, name: str, low: int, high: int, default: int = 0) -> int:
        if name not in self._values:
            return default
        number = integer_from_text(self.text(name))
        if number is None or not low <= number <= high:
            raise self._bad(name, low, high)
        return number

    def integer_range(self, name: str, low: int, high: int) -> tuple[int, int]:
        """ "5", "5:9", ":9" or "5:" as its ends."""
        text = self.text(name)
        first, colon, last = text.partition(":")
        ends = [integer_from_text(part or str(default)) for part, default in ((first, low), (last, high))]
        if not colon:
            ends[1] = ends[0]
        if not text or any(end is None or not low <= end <= high for end in ends):
            raise RuleError(
                f'{self.kind.name}: bad value for option "--{name}" near "{text}", or out of range ({low}-{high}).\n'
            )
        return ends[0] or 0, ends[1] or 0

    def masked(self, name: str, maximum: int = MAXIMUM_32) -> tuple[int, int]:
        """ "VALUE" or "VALUE/MASK" of an integer field."""
        first, slash, last = self.text(name).partition("/")
        value, mask = integer_from_text(first), integer_from_text(last) if slash else maximum
        if value is None or mask is None or not 0 <= value <= maximum or not 0 <= mask <= maximum:
            raise RuleError(f'{self.kind.name}: bad integer value for option "--{name}", or out of range.\n')
        return value, mask

    def _bad(self, name: str, low: int, high: int) -> RuleError:
        return RuleError(f'{self.kind.name}: bad value for option "--{name}", or out of range ({low}-{high}).\n')


def integer_from_text(text: str) -> int | None:
    """An unsigned number as strtoul reads it: decimal, 0x hexadecimal, 0 octal; None for anything else."""
    lower = text.lower()
    base = 16 if lower.startswith("0x") else 8 if len(lower) > 1 and lower.startswith("0") else 10
    digits = lower[2:] if base == 16 else lower
    if not digits or any(digit not in "0123456789abcdef"[:base] for digit in digits):
        return None
    return int(digits, base)


def quoted(text: str) -> str:
    """A text as iptables-save writes it: in quotes if it needs them (xtables_save_string)."""
    if text and all(character.isascii() and (character.isalnum() or character in "_-") for character in text):
        return text
    return '"' + "".join("\\" + character if character in "\"\\'" else character for character in text) + '"'


def bang(inverted: bool) -> str:
    return "! " if inverted else ""
