"""The options of iputils' ping and its complaints about them."""

from __future__ import annotations

import re

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.process import Process
from simulator.userland.getopt import BadOption, Options, options
from simulator.userland.netdevice import not_simulated
from simulator.userland.ping.echo import DEFAULT_SIZE
from simulator.userland.usage_host import HOST

LINGER = 10 * S  # MAXWAIT
_LETTERS = "h?4bRT:6F:N:aABc:CdDe:fHi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:"
VERSION = (
    "ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes"
)


class Bad(Exception):
    """Ends ping with a line on standard error ("" for none) and a status."""

    def __init__(self, text: str, status: int = 2) -> None:
        super().__init__(text)
        self.status = status


class Settings(Struct):
    """What the options say. Durations in ns."""

    host: str
    family: str = "any"
    count: int = 0
    size: int = DEFAULT_SIZE
    interval: int = S
    deadline: int = 0
    linger: int = LINGER
    ttl: int | None = None
    tos: int = 0
    mark: int = 0
    ident: int = 0
    preload: int = 1
    source: str = ""
    discover: str = ""
    pattern: bytes = b""
    quiet: bool = False
    numeric: bool = False
    broadcast: bool = False
    flood: bool = False
    adaptive: bool = False
    stamps: bool = False
    outstanding: bool = False
    verbose: bool = False
    audible: bool = False
    sticky: bool = False
    too_long: str = "message too long"
    connect: str = "ping: connect"

    @property
    def is_adaptive(self) -> bool:
        return self.adaptive or self.flood or not self.interval

    @property
    def is_flooding(self) -> bool:
        """Whether the gap between packets is worth a word."""
        return self.is_adaptive


def read_settings(process: Process, family: str) -> Settings:
    """The settings from argv. Raises Bad."""
    try:
        given = options(process.argv, _LETTERS)
    except BadOption as bad:
        process.error(f"ping: {bad}")
        raise Bad(HOST["ping"]) from None
    if "h" in given or "?" in given or "H" in given:
        if "H" in given:
            process.error("ping: invalid option -- 'H'")
        raise Bad(HOST["ping"])
    if "V" in given:
        process.print(VERSION)
        raise Bad("", 0)
    for letter, what in (("R", "the record route option (ping -R)"), ("T", "the timestamp option (ping -T)")):
        if letter in given:
            raise Bad("", not_simulated(process, what))
    if "N" in given:
        raise Bad("", not_simulated(process, "node information queries (ping -N)"))
    settings = _settings(process, given)
    if family:
        settings.family = family
    version = process.machine.version
    settings.too_long, settings.connect = version.ping_too_long, version.ping_connect
    return settings


def _settings(process: Process, given: Options) -> Settings:
    families = {"4": "inet", "6": "inet6"}
    interval = _seconds(process, given.get("i")) if "i" in given else 0 if "f" in given else S
    return Settings(
        family=families.get(given.last_of("46"), "any"),
        count=_number(given.get("c"), 1, 2**63 - 1),
        size=_number(given.get("s"), 0, 2**31 - 1, DEFAULT_SIZE),
        interval=interval,
        deadline=_number(given.get("w"), 0, 2**31 - 1) * S,
        linger=_seconds(process, given.get("W")) if "W" in given else LINGER,
        ttl=_number(given.get("t"), 0, 255) if "t" in given else None,
        tos=_number(given.get("Q"), 0, 255),
        mark=_number(given.get("m"), 0, 2**31 - 1),
        ident=_number(given.get("e"), 0, 65535),
        preload=_number(given.get("l"), 1, 65536, 1),
        source=given.get("I"),
        pattern=_pattern(process, given.get("p")),
        quiet="q" in given,
        numeric="n" in given,
        broadcast="b" in given,
        flood="f" in given,
        adaptive="A" in given,
        stamps="D" in given,
        outstanding="O" in given,
        verbose="v" in given,
        audible="a" in given,
        discover=_discover(given.get("M")),
        host=_host(given.operands),
        sticky="B" in given,
    )


def _discover(text: str) -> str:
    if text not in ("", "do", "dont", "want"):
        raise Bad(f"ping: invalid -M argument: {text}")
    return text


def _host(operands: list[str]) -> str:
    if not operands:
        raise Bad("ping: usage error: Destination address required", 1)
    if len(operands) > 1:
        raise Bad("ping: record route: Operation not permitted")
    return operands[0]


def _number(text: str, low: int, high: int, default: int = 0) -> int:
    if not text:
        return default
    if not re.fullmatch(r"[+-]?(0[xX][0-9a-fA-F]+|\d+)", text):
        raise Bad(f"ping: invalid argument: '{text}'", 1)
    value = int(text, 16 if "x" in text.lower() else 10)
    if not low <= value <= high:
        raise Bad(f"ping: invalid argument: '{text}': out of range: {low} <= value <= {high}", 1)
    return value


def _seconds(process: Process, text: str) -> int:
    """A duration; what is no number is said to be garbage, and counts as nothing."""
    found = re.match(r"\s*\d*\.?\d*", text)
    number = found.group() if found else ""
    if not text or len(number) < len(text):
        process.error(f"ping: option argument contains garbage: {text[len(number) :]}")
        process.error("ping: this will become fatal error in the future")
    return int(float(number) * S) if number.strip(" .") else 0


def _pattern(process: Process, text: str) -> bytes:
    if not text:
        return b""
    if not re.fullmatch(r"[0-9a-fA-F]+", text):
        raise Bad(f"ping: patterns must be specified as hex digits: {text}")
    pattern = bytes.fromhex(text if len(text) % 2 == 0 else text[:-1] + "0" + text[-1])[:16]
    process.print(f"PATTERN: 0x{pattern.hex()}")
    return pattern
