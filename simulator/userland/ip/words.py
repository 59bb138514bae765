"""The words of an ip(8) command line, read one by one, and what ip says of those it cannot use (lib/utils.c)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from msgspec import Struct, field

from simulator.kernel.device import Device
from simulator.kernel.errors import strerror
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.userland.resolver import inet_aton

ERROR, USAGE, KERNEL = 1, 255, 2  # the exit statuses of ip: exit(1), exit(-1), what the kernel refused


class Complaint(Exception):
    """Ends the command with a line on standard error ("" for none) and an exit status."""

    def __init__(self, text: str, status: int = ERROR) -> None:
        super().__init__(text)
        self.text, self.status = text, status


class Flags(Struct):
    """The options before the object."""

    family: int = 0  # 4, 6, or 0 for both
    brief: bool = False
    oneline: bool = False
    details: bool = False
    statistics: int = 0
    resolve: bool = False
    json: bool = False
    pretty: bool = False
    color: bool = False
    netns: str = ""
    every: bool = False
    terse: bool = False  # no warnings


class Words:
    """What is left of the command line."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)

    def __bool__(self) -> bool:
        return bool(self._words)

    def peek(self) -> str:
        return self._words[0] if self._words else ""

    def take(self) -> str:
        """The next word, which must be there (NEXT_ARG)."""
        if not self._words:
            raise Complaint('Command line is not complete. Try option "help"', USAGE)
        return self._words.pop(0)

    def rest(self) -> list[str]:
        rest, self._words = self._words, []
        return rest


def matches(word: str, name: str) -> bool:
    """Whether a word is the beginning of a name, as ip lets one write them."""
    return bool(word) and name.startswith(word)


def wrong(word: str, why: str) -> Complaint:
    return Complaint(f'Error: argument "{word}" is wrong: {why}', USAGE)


def twice(key: str, word: str) -> Complaint:
    return Complaint(f'Error: either "{key}" is duplicate, or "{word}" is a garbage.', USAGE)


def no_device(name: str) -> Complaint:
    return Complaint(f'Cannot find device "{name}"')


def refused(refusal: OSError) -> Complaint:
    """What the kernel said: its own sentence if it has one, else the errno's."""
    own = refusal.strerror or ""
    if own.endswith("."):
        return Complaint(f"Error: {own}", KERNEL)
    return Complaint(f"RTNETLINK answers: {strerror(refusal.errno or 0)}", KERNEL)


def device(netns: NetNamespace, name: str) -> Device:
    """The device of this name. Raises Complaint as commands that change something word it."""
    try:
        return netns.device(name)
    except OSError:
        raise no_device(name) from None


def prefix(text: str, family: int = 0) -> IPv4Interface | IPv6Interface:
    """An address with or without a length; 1.2.3 and default are ones too. Raises Complaint."""
    if text in ("default", "any", "all"):
        return ip_interface("::/0" if family == 6 else "0.0.0.0/0")
    ip, slash, length = text.partition("/")
    own = ip if ":" in ip else _padded(ip) if slash else inet_aton(ip)
    try:
        found = ip_interface(f"{own}/{length}" if slash else str(own))
    except ValueError:
        found = None
    if found is None or (family and found.version != family):
        kind = {4: "inet", 6: "inet6"}.get(family, "any valid")
        raise Complaint(f'Error: {kind} prefix is expected rather than "{text}".')
    return found


def _padded(ip: str) -> str:
    """10/8 and 172.16/12 leave the last octets out."""
    return ip + ".0" * (3 - ip.count("."))


def address(text: str, family: int = 0) -> str:
    """An address without a length. Raises Complaint."""
    own = text if ":" in text else inet_aton(text)
    try:
        found = ip_interface(str(own))
    except ValueError:
        found = None
    if found is None or (family and found.version != family):
        kind = {4: "inet", 6: "inet6"}.get(family, "any valid")
        raise Complaint(f'Error: {kind} address is expected rather than "{text}".')
    return str(found.ip)


class Output(Struct):
    """Where a command writes: lines, and colours if it shall."""

    process: Process
    flags: Flags
    lines: list[str] = field(default_factory=list)

    def paint(self, kind: str, text: str) -> str:
        """The text, coloured by what it is (lib/color.c)."""
        code = _COLORS.get(kind)
        return f"\033[{code}m{text}\033[0m" if self.flags.color and code else text

    def print(self, text: str) -> None:
        self.process.print(text)

    def state(self, state: str, text: str) -> str:
        return self.paint({"UP": "up", "DOWN": "down"}.get(state, ""), text)

    def address(self, text: str, shown: str = "") -> str:
        return self.paint("inet6" if ":" in text else "inet", shown or text)


_COLORS = {"name": 36, "mac": 33, "inet": 35, "inet6": 34, "up": 32, "down": 31}
