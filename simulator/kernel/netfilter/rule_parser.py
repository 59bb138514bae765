"""Reading rules, option by option, as iptables does (do_parse in iptables/xshared.c).

The long options that exist grow while reading: each -m or -j brings its own, and `-p tcp` makes --dport load `-m tcp`
without being asked. `RuleParser` is fed by whoever reads the line (the iptables program has further options).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product

from msgspec.structs import replace

from simulator.kernel.netfilter.addresses import Net, nets_from_text
from simulator.kernel.netfilter.extensions import Extensions
from simulator.kernel.netfilter.matches import Match
from simulator.kernel.netfilter.options import (
    NUMBERS,
    Given,
    Names,
    Option,
    RuleError,
    integer_from_text,
)
from simulator.kernel.netfilter.protocols import protocol_from_text
from simulator.kernel.netfilter.rule import Header, Rule
from simulator.kernel.netfilter.targets import Jump, Target
from simulator.kernel.netfilter.words import Word, Words, split_line

# The short options of a rule: "" without a value, ":" with one.
LETTERS = {
    "s": ":",
    "d": ":",
    "p": ":",
    "i": ":",
    "o": ":",
    "j": ":",
    "g": ":",
    "m": ":",
    "c": ":",
    "f": "",
    "4": "",
    "6": "",
}
LONG_NAMES = {
    "source": "s",
    "src": "s",
    "destination": "d",
    "dst": "d",
    "protocol": "p",
    "in-interface": "i",
    "out-interface": "o",
    "jump": "j",
    "goto": "g",
    "match": "m",
    "set-counters": "c",
    "fragments": "f",
    "ipv4": "4",
    "ipv6": "6",
}
NAME_LIMIT = 28  # characters of a chain's or target's name (XT_EXTENSION_MAXNAMELEN - 1)
DEVICE_NAME_LIMIT = 15  # IFNAMSIZ - 1


class RuleParser:
    """What has been read of one rule."""

    letters: dict[str, str] = LETTERS
    long_names: dict[str, str] = LONG_NAMES

    def __init__(self, names: Names = NUMBERS, *, version: int = 4) -> None:
        self.names, self.version = names, version
        self.seen: list[str] = []  # letters of the options read, in order
        self.inverted = False  # a ! has been read
        self.counters = (0, 0)
        self._header = Header(version=version)
        self._source_text: str | None = None
        self._destination_text: str | None = None
        self.extensions = Extensions(names, version)
        self.warnings = self.extensions.warnings
        self.jump: Jump | None = None  # to a chain, if the rule has no target of another kind

    # -- which options there are ------------------------------------------------------------------------------------

    def kind_of(self, name: str) -> str | None:
        """Whether a long option has a value (":"), may have one ("?") or not (""); None if nobody here knows it."""
        found = self._find(name)
        if found is None:
            return None
        if isinstance(found, str):
            return self.letters.get(found, "")
        return ":" if found[1].arguments else ""

    def letter(self, word: Word) -> str:
        """The short letter of a core option however it was spelt; "" for an option of a match or target."""
        if not word.spelling.startswith("--"):
            return word.name
        found = self._find(word.name)
        return found if isinstance(found, str) else ""

    def _find(self, name: str) -> str | tuple[Given, Option] | None:
        found = self.extensions.lookup(name, self.long_names)
        if found is None and self.extensions.load_protocol(self._header.proto):
            found = self.extensions.lookup(name, self.long_names)
        return found

    # -- reading ----------------------------------------------------------------------------------------------------

    def take(self, word: Word, words: Words) -> None:
        """Takes one word of the rule. Raises RuleError."""
        if not word.name:
            self._argument(word.value)
            return
        letter = self.letter(word)
        if letter:
            self.core(letter, word, words)
        else:
            self._extension(word, words)
        self.inverted = False

    def core(self, letter: str, word: Word, words: Words) -> None:
        """Takes an option that is no match's or target's."""
        _TAKE[letter](self, word, words)

    def _argument(self, text: str) -> None:
        if text != "!":
            raise RuleError(f"Bad argument `{text}'", prefixed=False)
        if self.inverted:
            raise RuleError("multiple consecutive ! not allowed")
        self.inverted = True

    def once(self, letter: str, *, invertible: bool = False) -> None:
        """Notes a core option. Raises RuleError if it was there before, or behind a ! that it does not take."""
        if letter in self.seen:
            raise RuleError(f"multiple -{letter} flags not allowed")
        if self.inverted and not invertible:
            raise RuleError(f"cannot have ! before -{letter}")
        self.seen.append(letter)

    def _extension(self, word: Word, words: Words) -> None:
        found = self._find(word.name)
        assert isinstance(found, tuple)
        given, option = found
        self.extensions.tell_protocol(self._header.proto, self._header.not_proto)
        texts = [word.value] if option.arguments else []
        while len(texts) < option.arguments:
            following = words.take()
            if following is None:
                raise RuleError(f"--{option.name} requires two args.")
            texts.append(following)
        given.add(option, tuple(texts), inverted=self.inverted)

    def _source(self, word: Word, words: Words) -> None:
        self.once("s", invertible=True)
        self._change(not_source=self.inverted)
        self._source_text = word.value

    def _destination(self, word: Word, words: Words) -> None:
        self.once("d", invertible=True)
        self._change(not_destination=self.inverted)
        self._destination_text = word.value

    def _protocol(self, word: Word, words: Words) -> None:
        self.once("p", invertible=True)
        proto = protocol_from_text(f"-p{word.value}" if word.is_glued and len(word.spelling) == 2 else word.value)
        if proto == 0 and self.inverted:
            raise RuleError("rule would never match protocol")
        self._change(proto=proto, not_proto=self.inverted)

    def _device_in(self, word: Word, words: Words) -> None:
        self.once("i", invertible=True)
        self._change(device_in=self._device(word.value), not_in=self.inverted)

    def _device_out(self, word: Word, words: Words) -> None:
        self.once("o", invertible=True)
        self._change(device_out=self._device(word.value), not_out=self.inverted)

    def _device(self, name: str) -> str:
        if not name:
            raise RuleError("Empty interface is likely to be undesired")
        if len(name) > DEVICE_NAME_LIMIT:
            raise RuleError(f"interface name `{name}' must be shorter than IFNAMSIZ ({DEVICE_NAME_LIMIT})")
        if "/" in name or " " in name:
            self.warnings.append(
                f"Warning: weird character in interface `{name}' ('/' and ' ' are not allowed by the kernel)."
            )
        return "" if name == "+" and not self.inverted else name

    def _fragments(self, word: Word, words: Words) -> None:
        self.once("f", invertible=True)
        self._change(fragment=not self.inverted)

    def _match(self, word: Word, words: Words) -> None:
        if self.inverted:
            raise RuleError("unexpected ! flag before --match")
        self.extensions.add_match(word.value)

    def _jump_to(self, word: Word, words: Words) -> None:
        self.once("j")
        name = word.value
        if len(name) > NAME_LIMIT:
            raise RuleError(f"Invalid target name `{name}' ({NAME_LIMIT} chars max)")
        if not self.extensions.set_target(name):
            self.jump = Jump(name)

    def _goto(self, word: Word, words: Words) -> None:
        self.once("j")
        self.jump = Jump(word.value, goto=True)

    def _counters(self, word: Word, words: Words) -> None:
        self.once("c")
        packets, octets = integer_from_text(word.value), integer_from_text(words.take() or "x")
        if packets is None or octets is None:
            raise RuleError("-c requires packet and byte counter")
        self.counters = packets, octets

    def _ipv4(self, word: Word, words: Words) -> None:
        if self.version != 4:
            raise RuleError("", prefixed=False)

    def _ipv6(self, word: Word, words: Words) -> None:
        if self.version != 6:
            raise RuleError("", prefixed=False)

    def _change(self, **fields: object) -> None:
        self._header = replace(self._header, **fields)

    def hosts(self) -> list[str]:
        """What stands where addresses may: names among them must be looked up before `rules` is asked."""
        texts = [text for text in (self._source_text, self._destination_text) if text is not None]
        return [part.strip().partition("/")[0] for text in texts for part in text.split(",")]

    # -- what came out ----------------------------------------------------------------------------------------------

    def rules(self) -> list[Rule]:
        """The rules read: one for each pair of a source and a destination. Raises RuleError."""
        if self.inverted:
            raise RuleError("nothing appropriate following !")
        matches, target = self._build()
        pairs = list(product(self._nets(self._source_text), self._nets(self._destination_text)))
        if len(pairs) > 1 and (self._header.not_source or self._header.not_destination):
            raise RuleError("! not allowed with multiple source or destination IP addresses")
        return [Rule(self._with_addresses(*pair), matches, target) for pair in pairs]

    def _nets(self, text: str | None) -> list[Net | None]:
        return [None] if text is None else [*nets_from_text(text, self.names, self.version)]

    def _with_addresses(self, source: Net | None, destination: Net | None) -> Header:
        header = self._header
        if source and source.is_everything and not header.not_source:
            source = None
        if destination and destination.is_everything and not header.not_destination:
            destination = None
        return _shared(replace(header, source=source, destination=destination))

    def _build(self) -> tuple[tuple[Match, ...], Target | None]:
        self.extensions.tell_protocol(self._header.proto, self._header.not_proto)
        matches, target = self.extensions.build()
        return matches, self.jump if target is None else target


_TAKE: dict[str, Callable[[RuleParser, Word, Words], None]] = {
    "s": RuleParser._source,
    "d": RuleParser._destination,
    "p": RuleParser._protocol,
    "i": RuleParser._device_in,
    "o": RuleParser._device_out,
    "j": RuleParser._jump_to,
    "g": RuleParser._goto,
    "m": RuleParser._match,
    "c": RuleParser._counters,
    "f": RuleParser._fragments,
    "4": RuleParser._ipv4,
    "6": RuleParser._ipv6,
}


@lru_cache(maxsize=256)
def _shared(header: Header) -> Header:
    """One for all rules that ask for the same: each container's embedded DNS has its own six rules."""
    return header


def parse(text: str, names: Names = NUMBERS, *, version: int = 4) -> Rule:
    """One rule from text. Raises RuleError."""
    parser = RuleParser(names, version=version)
    words = Words(split_line(text))
    while words:
        parser.take(words.next(LETTERS, parser.kind_of), words)
    rules = parser.rules()
    if len(rules) != 1:
        raise RuleError("the rule does not specify a unique address")
    return rules[0]
