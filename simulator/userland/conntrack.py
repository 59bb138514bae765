"""conntrack(8): lists, counts and deletes what connection tracking knows. Version 1.4.7's wording.

Left out: creating and changing entries, events (-E), expectations.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.netfilter.addresses import ipv4_from_text
from simulator.kernel.netfilter.conntrack import PROTOCOL_NAMES, Conntrack, Entry
from simulator.kernel.netfilter.conntrack_tcp import TcpState
from simulator.kernel.netfilter.options import integer_from_text
from simulator.kernel.process import Process
from simulator.userland.usage_conntrack import HELP

BANNER = "conntrack v1.4.7 (conntrack-tools)"
COMMANDS = {
    "L": "list",
    "D": "delete",
    "F": "flush",
    "C": "count",
    "G": "get",
    "I": "create",
    "U": "update",
    "E": "event",
}
TABLES = ("conntrack", "expect", "dying", "unconfirmed")

# Options with a value: letter -> long names.
VALUED = {
    "p": ("proto", "protonum"),
    "s": ("src", "orig-src"),
    "d": ("dst", "orig-dst"),
    "r": ("reply-src",),
    "q": ("reply-dst",),
    "n": ("src-nat",),
    "g": ("dst-nat",),
    "j": ("any-nat",),
    "f": ("family",),
    "m": ("mark",),
    "o": ("output",),
    "-sport": ("sport", "orig-port-src"),
    "-dport": ("dport", "orig-port-dst"),
    "-state": ("state",),
}
LONG = {name: letter for letter, names in VALUED.items() for name in names}
FILTERS = "psdrqngjm-f"


class Wrong(Exception):
    """Arguments that conntrack refuses; the text is what it says."""


class NotSimulated(Exception):
    """Something that the real conntrack does and this one does not."""


class Arguments(Struct, frozen=True):
    """What was asked."""

    command: str
    given: dict[str, str]


def conntrack(process: Process) -> Steps:
    """conntrack -L | -D | -F | -C."""
    try:
        return _conntrack(process)
    except Wrong as wrong:
        process.error(f"{BANNER}: {wrong}\nTry `conntrack -h' or 'conntrack --help' for more information.")
        return 2
    except NotSimulated as missing:
        process.error(str(missing))
        return 1
    yield


def _conntrack(process: Process) -> int:
    arguments = _arguments(process.argv[1:])
    if arguments.command in ("V", "h", ""):
        process.print(BANNER if arguments.command == "V" else HELP)
        return 0
    if process.uid != 0:
        process.error(f"{BANNER}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this")
        return 1
    netfilter = process.netns.netfilter
    table = netfilter.ip6.conntrack if arguments.given.get("f") == "ipv6" else netfilter.conntrack
    return _RUN[arguments.command](process, table, arguments)


def _list(process: Process, table: Conntrack, arguments: Arguments) -> int:
    shown = _chosen(table, arguments)
    _print(process, shown, arguments, f"{BANNER}: {len(shown)} flow entries have been shown.")
    return 0


def _delete(process: Process, table: Conntrack, arguments: Arguments) -> int:
    gone = _chosen(table, arguments)
    for entry in gone:
        table.delete(entry)
    _print(process, gone, arguments, f"{BANNER}: {len(gone)} flow entries have been deleted.")
    return 0 if gone else 1


def _flush(process: Process, table: Conntrack, arguments: Arguments) -> int:
    table.flush()
    process.error(f"{BANNER}: connection tracking table has been emptied.")
    return 0


def _count(process: Process, table: Conntrack, arguments: Arguments) -> int:
    process.print(str(len(table)))
    return 0


_RUN: dict[str, Callable[[Process, Conntrack, Arguments], int]] = {"L": _list, "D": _delete, "F": _flush, "C": _count}


def _print(process: Process, entries: list[Entry], arguments: Arguments, summary: str) -> None:
    """The entries and, on standard error, the summary: behind them on a terminal, before buffered output."""
    if not process.stdout.isatty:
        process.error(summary)
    for entry in entries:
        process.print(_line(process, entry, arguments))
    if process.stdout.isatty:
        process.error(summary)


def _line(process: Process, entry: Entry, arguments: Arguments) -> str:
    family = f"{entry.family} " if "extended" in arguments.given.get("o", "").split(",") else ""
    return f"{family}{entry.line(int(process.clock.now))} use=1"


# --- arguments -----------------------------------------------------------------------------------------------------


def _arguments(argv: list[str]) -> Arguments:
    command, given = "", {}
    words = list(argv)
    while words:
        name, value, words = _option(words)
        if name in COMMANDS or name in ("V", "h"):
            if command:
                raise Wrong("Invalid commands combination")
            command = name
            if value and value not in TABLES:
                raise Wrong(f"unknown type `{value}'")
        else:
            given[name] = value
    if command not in (*_RUN, "", "V", "h"):
        raise NotSimulated(f"docklab does not simulate conntrack -{command}")
    illegal = next((name for name in given if command in "FC" and name in FILTERS), "")
    if illegal:
        raise Wrong(f"Illegal option `--{VALUED[illegal][-1]}' with this command")
    return Arguments(command, given)


def _option(words: list[str]) -> tuple[str, str, list[str]]:
    """The first option of the words: its letter, its value, the words behind it."""
    word, rest = words[0], words[1:]
    if word.startswith("--"):
        long, equals, value = word[2:].partition("=")
        name = LONG.get(long) or next((letter for letter, text in COMMANDS.items() if text == long), "")
        if long in ("version", "help"):
            name = long[0].upper() if long == "version" else "h"
    else:
        name, value, equals = word[1:2], word[2:], word[2:]
    if not word.startswith("-") or not (name in COMMANDS or name in VALUED or name in ("V", "h")):
        raise Wrong(f"unknown option `{word}'")
    if name in VALUED and not equals:
        if not rest:
            raise Wrong(f"option `{word}' requires an argument")
        value, rest = rest[0], rest[1:]
    elif name in COMMANDS and rest and not rest[0].startswith("-"):
        value, rest = rest[0], rest[1:]
    return name, value, rest


# --- choosing entries ----------------------------------------------------------------------------------------------


def _chosen(table: Conntrack, arguments: Arguments) -> list[Entry]:
    tests = [_test(name, value) for name, value in arguments.given.items() if name not in ("o", "f")]
    return [entry for entry in table.entries() if all(test(entry) for test in tests)]


def _test(name: str, value: str) -> Callable[[Entry], bool]:
    if name == "p":
        number = next((number for number, text in PROTOCOL_NAMES.items() if value.lower() in (text, str(number))), None)
        if number is None:
            raise Wrong(f"`{value}' unsupported protocol")
        return lambda entry: entry.original.proto == number
    if name == "-state":
        if value.upper() not in TcpState.__members__:
            raise Wrong(f"unknown state `{value}'")
        return lambda entry: entry.tcp is TcpState[value.upper()]
    if name in ("m", "-sport", "-dport"):
        wanted = integer_from_text(value)
        field = {"m": lambda entry: entry.mark, "-sport": lambda entry: entry.original.sport}
        return lambda entry: field.get(name, lambda entry: entry.original.dport)(entry) == wanted
    address = value if ":" in value else ipv4_from_text(value)
    if address is None:
        raise Wrong(f"Invalid IP address `{value}'")
    return _ADDRESS_TESTS[name](address)


_ADDRESS_TESTS: dict[str, Callable[[str], Callable[[Entry], bool]]] = {
    "s": lambda address: lambda entry: entry.original.src == address,
    "d": lambda address: lambda entry: entry.original.dst == address,
    "r": lambda address: lambda entry: entry.reply.src == address,
    "q": lambda address: lambda entry: entry.reply.dst == address,
    "n": lambda address: lambda entry: entry.original.src != entry.reply.dst == address,
    "g": lambda address: lambda entry: entry.original.dst != entry.reply.src == address,
    "j": lambda address: (
        lambda entry: (
            entry.original.src != entry.reply.dst == address or entry.original.dst != entry.reply.src == address
        )
    ),
}
