"""The ss program: options, which sockets, output."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.socket import Row
from simulator.userland.getopt import Options
from simulator.userland.netdevice import namespaces, not_simulated
from simulator.userland.program import options_or_usage
from simulator.userland.services import names
from simulator.userland.ss.columns import columns, layout
from simulator.userland.ss.filter import ALL, DEFAULT, STATES, BadFilter, read_filter
from simulator.userland.ss.rows import Writer, summary
from simulator.userland.usage_iproute import IPROUTE

VERSION = "ss utility, iproute2-6.1.0"
_LONG = {"numeric": "n", "resolve": "r", "all": "a", "listening": "l", "options": "o", "extended": "e", "memory": "m"}
_LONG |= {"processes": "p", "info": "i", "summary": "s", "tcp": "t", "udp": "u", "raw": "w", "unix": "x", "ipv4": "4"}
_LONG |= {"ipv6": "6", "packet": "0", "no-header": "H", "oneline": "O", "family=": "f", "query=": "A", "kill": "K"}
_LONG |= {"version": "V", "help": "h", "events": "E", "context": "Z", "threads": "T", "socket=": "A", "net=": "N"}
_INSIDE = {"e": "extended", "i": "TCP", "m": "memory", "o": "timer"}
_TABLES = frozenset({"all", "inet", "tcp", "udp", "raw", "unix", "packet", "netlink", "mptcp", "dccp", "sctp"})
_PROTOCOLS = {"t": "tcp", "u": "udp", "w": "raw"}
ORDER = ("raw", "udp", "tcp")


def ss(process: Process) -> Steps:
    given = options_or_usage(
        process, "haletuwxnro460spf:A:biKmMSTVEHOZzN:d", long=_LONG, usage=IPROUTE["ss"], status=255
    )
    if "h" in given:
        process.print(IPROUTE["ss"])
        return 0
    if "V" in given:
        process.print(VERSION)
        return 0
    if "Z" in given or "z" in given:
        process.error("ss: SELinux is not enabled.")
        return 1
    if unsimulated := _unsimulated(given):
        return not_simulated(process, unsimulated)
    if wrong := _wrong_word(given):
        process.error(f"ss: {wrong}\n{IPROUTE['ss']}")
        return 255
    return (yield from _list(process, given))


def _unsimulated(given: Options) -> str:
    """What was asked for that docklab does not simulate; "" if nothing was."""
    inside = next(
        (f"the {what} details of sockets (ss -{letter})" for letter, what in _INSIDE.items() if letter in given), ""
    )
    return inside or next((f"ss -{letter}" for letter in "KE" if letter in given), "")


def _list(process: Process, given: Options) -> Steps:
    netns = namespaces(process).get(given.get("N")) if "N" in given else process.netns
    if netns is None:
        process.error(f'Cannot open network namespace "{given.get("N")}": No such file or directory')
        return 1
    rows = netns.sockets.list()
    if "s" in given:
        process.print(summary(rows))
        return 0
    known = names(process)
    try:
        asked = read_filter(given.operands, {name: port for (port, _), name in known.items()})
    except BadFilter as bad:
        process.error(f"{bad}\n{IPROUTE['ss']}" if bad.syntax else str(bad))
        return bad.status
    protocols, families = _protocols(given), _families(given)
    states = asked.states if asked.states is not None else _states(given)
    chosen = [
        row
        for row in rows
        if row.proto in protocols and row.family in families and asked.test(row) and STATES.get(row.state, "") in states
    ]
    ports = {} if "n" in given or "r" in given else known
    writer = Writer(process, ports=ports, resolve="r" in given, owners="p" in given)
    lines = []
    for row in sorted(chosen, key=_place):
        lines.append((yield from writer.fields(row)))
    _print(process, given, lines, one_protocol=len(protocols) == 1, one_state=_one_state(given, protocols, states))
    return 0


def _wrong_word(given: Options) -> str:
    """What is wrong with the argument of -f or -A; "" if nothing is."""
    family, tables = given.get("f", "inet"), given.get("A", "all").split(",")
    if family not in ("inet", "inet6", "link", "unix", "netlink", "vsock", "tipc", "xdp"):
        return f'"{family}" is invalid family'
    unknown = next((table for table in tables if table not in _TABLES), None)
    return "" if unknown is None else f'"{unknown}" is illegal socket table id'


def _place(row: Row) -> tuple[int, bool]:
    return (ORDER.index(row.proto), row.family == "inet6")


def _protocols(given: Options) -> tuple[str, ...]:
    picked = tuple(_PROTOCOLS[letter] for letter in "tuw" if letter in given)
    if "A" in given:
        every = {"inet": ("tcp", "udp", "raw"), "all": ("tcp", "udp", "raw")}
        words = given.get("A").split(",")
        picked += tuple(proto for word in words for proto in every.get(word, (word,)))
    picked += ("unix",) if "x" in given else ()
    picked += ("packet_raw", "packet_dgram") if "0" in given else ()
    return picked or ("tcp", "udp", "raw")


def _families(given: Options) -> tuple[str, ...]:
    four = "4" in given or given.get("f") == "inet"
    six = "6" in given or given.get("f") == "inet6"
    return ("inet",) if four and not six else ("inet6",) if six and not four else ("inet", "inet6")


def _states(given: Options) -> frozenset[str]:
    if "a" in given:
        return ALL
    return frozenset({"LISTEN", "UNCONN"}) if "l" in given else DEFAULT


def _one_state(given: Options, protocols: tuple[str, ...], states: frozenset[str]) -> bool:
    """Whether the column of the state would say the same in every line."""
    by_default = "a" not in given and "l" not in given and states == DEFAULT
    return len(states) == 1 or (by_default and "tcp" not in protocols and "unix" not in protocols)


def _print(process: Process, given: Options, rows: list[list[str]], *, one_protocol: bool, one_state: bool) -> None:
    table = columns()
    table[0].shown, table[1].shown = not one_protocol, not one_state
    tty = process.tty if process.stdout.isatty else None
    screen = tty.columns if tty else None
    for line in layout(table, rows, screen=screen, header="H" not in given):
        process.print(line)
