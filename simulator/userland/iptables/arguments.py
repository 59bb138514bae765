"""iptables' command line: one command, its chain, and a rule (do_parse in iptables/xshared.c)."""

from __future__ import annotations

from simulator.kernel.netfilter import targets
from simulator.kernel.netfilter.options import NUMBERS, Names, RuleError, integer_from_text
from simulator.kernel.netfilter.rule_parser import LETTERS, LONG_NAMES, RuleParser
from simulator.kernel.netfilter.words import Word, Words

COMMANDS = "ACDRILSFZNXEP"
RULE_COMMANDS = "ACDRI"  # those that have a rule
CHAIN_NAME_LIMIT = 29  # must be shorter

LONG_COMMANDS = {
    "append": "A",
    "check": "C",
    "delete": "D",
    "replace": "R",
    "insert": "I",
    "list": "L",
    "list-rules": "S",
    "flush": "F",
    "zero": "Z",
    "new-chain": "N",
    "new": "N",
    "delete-chain": "X",
    "rename-chain": "E",
    "policy": "P",
    "table": "t",
    "verbose": "v",
    "wait": "w",
    "wait-interval": "W",
    "numeric": "n",
    "line-numbers": "0",
    "exact": "x",
    "modprobe": "M",
    "version": "V",
    "help": "h",
}

# Which options go with which command; everything goes with -v, and what is not named here is checked elsewhere.
_WITH_RULE = "sdpjiof"
_ALLOWED = {
    "A": _WITH_RULE + "c",
    "I": _WITH_RULE + "c",
    "R": _WITH_RULE + "c",
    "D": _WITH_RULE,
    "C": _WITH_RULE,
    "L": "nx0",
}
_CHECKED = "nsdpjxio0cf"  # in the order in which they are complained about

# Commands that take no devices of one direction, by built-in chain.
_NO_DEVICE = {"PREROUTING": "o", "INPUT": "o", "OUTPUT": "i", "POSTROUTING": "i"}

NAT_DROP = '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n'


class Arguments(RuleParser):
    """What has been read of one command line."""

    letters = LETTERS | {
        **dict.fromkeys("ACDRINEPtWM", ":"),
        **dict.fromkeys("LSFZXwh", "?"),
        **dict.fromkeys("vnx0V", ""),
    }
    long_names = LONG_NAMES | LONG_COMMANDS

    def __init__(self, names: Names = NUMBERS, *, version: int = 4, table: str | None = None) -> None:
        super().__init__(names, version=version)
        self.table = table or "filter"
        self._table_is_fixed = table is not None  # iptables-restore says it itself
        self.commands: list[str] = []
        self.chain: str | None = None
        self.number: int | None = None
        self.argument = ""  # -P's policy, -E's new name
        self.verbose = 0
        self.wants_help = self.wants_version = self.waits = False

    def read(self, argv: list[str]) -> None:
        """Reads all arguments. Raises RuleError."""
        words = Words(argv)
        while words and not (self.wants_help or self.wants_version):
            self.take(words.next(self.letters, self.kind_of), words)

    @property
    def command(self) -> str:
        return self.commands[0] if self.commands else ""

    def core(self, letter: str, word: Word, words: Words) -> None:
        if letter in COMMANDS:
            self._command(letter, word, words)
        elif letter in LETTERS:
            super().core(letter, word, words)
        else:
            self._option(letter, word, words)

    # -- commands ---------------------------------------------------------------------------------------------------

    def _command(self, letter: str, word: Word, words: Words) -> None:
        if self.inverted:
            raise RuleError("unexpected '!' flag")
        together = {*self.commands, letter}
        if self.commands and not (len(together) == 2 and "Z" in together and together & {"L", "S"}):
            raise RuleError(f"Cannot use -{letter} with -{self.commands[0]}")
        self.commands.append(letter)
        chain = word.value or (words.take() if self.letters[letter] == "?" else None)
        if chain is not None or letter not in "LSFZX":
            self.chain = chain or ""
        _REST.get(letter, Arguments._nothing)(self, words)

    def _nothing(self, words: Words) -> None:
        return

    def _position(self, words: Words) -> None:
        text = words.take()
        if text is not None:
            self.number = integer_from_text(text)
            if not self.number:
                raise RuleError(f"Invalid rule number `{text}'")

    def _replace(self, words: Words) -> None:
        self._position(words)
        if self.number is None:
            raise RuleError("-R requires a rule number")

    def _list(self, words: Words) -> None:
        if self.chain is not None:
            self._position(words)

    def _policy(self, words: Words) -> None:
        policy = words.take()
        if policy is None:
            raise RuleError("-P requires a chain and a policy")
        self.argument = policy

    def _rename(self, words: Words) -> None:
        name = words.take()
        if name is None:
            raise RuleError("-E requires old-chain-name and new-chain-name")
        self.argument = name

    def _new(self, words: Words) -> None:
        name = self.chain or ""
        self._check_length(name)
        if name[:1] in ("-", "!") and name:
            raise RuleError(f"chain name not allowed to start with `{name[0]}'")
        if not name or name in targets.TARGETS[self.version] or name in targets.NOT_SIMULATED:
            raise RuleError("chain name may not clash with target name")
        if any(character.isspace() for character in name):
            raise RuleError(f"Invalid chain name `{name}'")

    def _check_length(self, name: str) -> None:
        if len(name) >= CHAIN_NAME_LIMIT:
            raise RuleError(f"chain name `{name}' too long (must be under {CHAIN_NAME_LIMIT} chars)")

    # -- options ----------------------------------------------------------------------------------------------------

    def _option(self, letter: str, word: Word, words: Words) -> None:
        if letter == "t":
            self._choose_table(word.value)
        elif letter == "v":
            self.verbose += 1
        elif letter == "h":
            self.wants_help = True
        elif letter == "V":
            self.wants_version = True
        elif letter == "w":
            self.waits = True
            self._wait(word.value or words.take() or "0")
        elif letter == "W":
            self.warnings.append("Ignoring deprecated --wait-interval option.")
        elif letter in "nx0":
            self.once(letter)

    def _choose_table(self, name: str) -> None:
        if self.inverted:
            raise RuleError("unexpected ! flag before --table")
        if self._table_is_fixed:
            raise RuleError("The -t option cannot be used in iptables-restore.\n")
        self.table = name

    def _wait(self, seconds: str) -> None:
        """Nobody ever holds the lock here."""
        if not seconds.isascii() or not seconds.isdigit():
            raise RuleError("wait seconds not numeric")

    # -- checks -----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raises RuleError if the parts do not go together."""
        if not self.commands:
            raise RuleError("no command specified")
        if self.version == 6 and "f" in self.seen:
            raise RuleError("`-f' is not supported in IPv6, use -m frag instead")
        if self.warnings and not self.waits and any("wait-interval" in warning for warning in self.warnings):
            raise RuleError("--wait-interval only makes sense with --wait\n")
        allowed = "".join(self._allowed(command) for command in self.commands)
        for letter in _CHECKED:
            if letter in self.seen and letter not in allowed:
                raise RuleError(f"Illegal option `-{letter}' with this command")
        if self.chain is not None:
            self._check_length(self.chain)
        device = _NO_DEVICE.get(self.chain or "")
        if self.command in RULE_COMMANDS and device in self.seen:
            raise RuleError(f"Can't use -{device} with {self.chain}\n")
        if self.table == "nat" and self.command == "P" and self.argument == "DROP":
            raise RuleError(NAT_DROP)

    def _allowed(self, command: str) -> str:
        return "" if command == "D" and self.number is not None else _ALLOWED.get(command, "")


_REST = {
    "D": Arguments._position,
    "I": Arguments._position,
    "R": Arguments._replace,
    "L": Arguments._list,
    "S": Arguments._list,
    "Z": Arguments._list,
    "P": Arguments._policy,
    "E": Arguments._rename,
    "N": Arguments._new,
}
