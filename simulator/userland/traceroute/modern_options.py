"""The options of the traceroute for Linux, and its complaints about them (libsupp/clif.c)."""

from __future__ import annotations

import re

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.process import Process
from simulator.userland.netdevice import not_simulated
from simulator.userland.resolver import numeric
from simulator.userland.usage_host import HOST

VERSION = (
    "Modern traceroute for Linux, version 2.1.2\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later"
)
MAX_HOPS, MAX_PROBES, MAX_LENGTH = 255, 10, 65000
_WITH_ARGUMENT = "fgimNptlwqszMOP"
_PLAIN = "46dFITnreAUDV"
_LONG = {"dont-fragment": "F", "icmp": "I", "tcp": "T", "udp": "U", "version": "V", "debug": "d", "first": "f"}
_LONG |= {"interface": "i", "max-hops": "m", "sim-queries": "N", "port": "p", "tos": "t", "wait": "w", "queries": "q"}
_LONG |= {"source": "s", "sendwait": "z", "module": "M"}
_UNSIMULATED = {"g": "gateways (-g)", "A": "AS path lookups (-A)", "D": "DCCP probes (-D)", "e": "ICMP extensions (-e)"}
_UNSIMULATED |= {"P": "probes of any protocol (-P)", "r": "sending past the routing table (-r)", "O": "options (-O)"}


class Bad(Exception):
    """Ends traceroute with a line on standard error ("" for none) and a status."""

    def __init__(self, text: str, status: int = 2) -> None:
        super().__init__(text)
        self.status = status


class Settings(Struct):
    """What the options say. Durations in ns."""

    host: str = ""
    position: int = 1
    argument: int = 1
    family: str = "any"
    method: str = "default"
    first: int = 1
    hops: int = 30
    probes: int = 3
    at_once: int = 16
    wait: int = 5 * S
    here: float = 3.0
    near: float = 10.0
    port: int = 0
    tos: int = 0
    length: int | None = None
    numeric: bool = False
    whole: bool = False
    device: str = ""
    source: str = ""


def read_settings(process: Process, family: str) -> Settings:
    """The settings from argv. Raises Bad."""
    words = process.argv[1:]
    if not words or "--help" in words:
        process.print(HOST["traceroute"])
        raise Bad("", 0)
    settings = Settings(family=family or "any")
    operands: list[tuple[int, str]] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.startswith("--"):
            at = _long(process, settings, words, at)
        elif word.startswith("-") and len(word) > 1:
            at = _short(process, settings, words, at)
        else:
            operands.append((at, word))
    _operands(settings, operands)
    return settings


def _long(process: Process, settings: Settings, words: list[str], at: int) -> int:
    name, equals, value = words[at - 1][2:].partition("=")
    letter = _LONG.get(name)
    if letter is None:
        raise Bad(f"Bad option `--{name}' (argc {at})")
    if letter in _WITH_ARGUMENT and not equals:
        value, at = _argument(words, at, f"--{name}")
    _apply(process, settings, letter, value, at)
    return at


def _short(process: Process, settings: Settings, words: list[str], at: int) -> int:
    """A cluster of letters; one with an argument takes the rest of the word, or the next."""
    cluster, argument = words[at - 1][1:], at
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        if letter in _WITH_ARGUMENT:
            value = cluster
            if not cluster:
                value, at = _argument(words, at, f"-{letter}")
            _apply(process, settings, letter, value, argument + 1 if at > argument else argument)
            return at
        if letter not in _PLAIN:
            raise Bad(f"Bad option `-{letter}' (argc {argument})")
        _apply(process, settings, letter, "", argument)
    return at


def _argument(words: list[str], at: int, option: str) -> tuple[str, int]:
    if at >= len(words):
        raise Bad(f"Option `{option}' (argc {at}) requires an argument: `{option} {option.lstrip('-')}'")
    return words[at], at + 1


_METHODS = {"I": "icmp", "T": "tcp", "U": "udp"}
_NUMBERS = {"f": "first", "m": "hops", "N": "at_once", "p": "port", "t": "tos", "q": "probes"}


def _apply(process: Process, settings: Settings, letter: str, value: str, argument: int) -> None:
    if letter in _UNSIMULATED:
        raise Bad("", not_simulated(process, f"traceroute's {_UNSIMULATED[letter]}"))
    if letter == "V":
        process.print(VERSION)
        raise Bad("", 0)
    if letter in "46":
        settings.family = "inet" if letter == "4" else "inet6"
    elif letter in _METHODS:
        settings.method = _METHODS[letter]
    elif letter in _NUMBERS:
        if not value.isdigit():
            raise Bad(f"Cannot handle `-{letter}' option with arg `{value}' (argc {argument - 1})")
        setattr(settings, _NUMBERS[letter], int(value))
    elif letter == "n":
        settings.numeric = True
    elif letter == "F":
        settings.whole = True
    else:
        _apply_text(settings, letter, value, argument)


def _apply_text(settings: Settings, letter: str, value: str, argument: int) -> None:
    if letter == "i":
        settings.device = value
    elif letter == "s":
        settings.source = numeric(value) or value
    elif letter == "M":
        settings.method = value if value in ("default", "udp", "icmp", "tcp") else "default"
    elif letter == "w":
        _waits(settings, value, argument)
    elif letter == "z" and not re.fullmatch(r"\d+(\.\d+)?", value):
        raise Bad(f"Cannot handle `-z' option with arg `{value}' (argc {argument})")


def _waits(settings: Settings, value: str, argument: int) -> None:
    """MAX,HERE,NEAR."""
    parts = value.split(",")
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts):
        raise Bad(f"Cannot handle `-w' option with arg `{value}' (argc {argument})")
    settings.wait = int(float(parts[0]) * S)
    if len(parts) > 1:
        settings.here = float(parts[1])
    if len(parts) > 2:
        settings.near = float(parts[2])


def _operands(settings: Settings, operands: list[tuple[int, str]]) -> None:
    if not operands:
        raise Bad('Specify "host" missing argument.')
    settings.argument, settings.host = operands[0]
    if len(operands) > 2:
        raise Bad(f"Extra arg `{operands[2][1]}' (position 3, argc {operands[2][0]})")
    if len(operands) == 2:
        at, text = operands[1]
        if not text.isdigit():
            raise Bad(f'Cannot handle "packetlen" cmdline arg `{text}\' on position 2 (argc {at})')
        settings.length = int(text)
    _check(settings)


def _check(settings: Settings) -> None:
    if not 1 <= settings.first <= settings.hops:
        raise Bad("first hop out of range")
    if settings.hops > MAX_HOPS:
        raise Bad(f"max hops cannot be more than {MAX_HOPS}")
    if not 1 <= settings.probes <= MAX_PROBES:
        raise Bad(f"no more than {MAX_PROBES} probes per hop")
    if settings.length is not None and settings.length > MAX_LENGTH:
        raise Bad(f"too big packetlen {settings.length} specified")
