"""The tcpdump command: options, the device, the loop, the summary at its end. tcpdump.c."""

from __future__ import annotations

import struct
from typing import Any

from msgspec import Struct

from simulator.clock import US, S, Steps
from simulator.kernel.device import Device
from simulator.kernel.packet import BROADCAST_MAC, Frame
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGHUP, SIGINT, SIGTERM
from simulator.userland.getopt import Options
from simulator.userland.program import options_or_usage, strerror
from simulator.userland.resolver import Unresolved, numeric, resolve
from simulator.userland.tcpdump import filter as filters
from simulator.userland.tcpdump.accessors import Test
from simulator.userland.tcpdump.arithmetic import BadFilter
from simulator.userland.tcpdump.dump import ascii_dump, hex_dump
from simulator.userland.tcpdump.filter import NeedsName, compile_filter
from simulator.userland.tcpdump.names import Names
from simulator.userland.tcpdump.printer import Printer, Style

VERSION = "tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\nOpenSSL 3.0.11 19 Sep 2023"
USAGE = """\
Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]"""
LETTERS = "AB:c:C:dDeE:fF:G:hi:IjJ:KlLnNOpqQ:r:s:StT:uUvV:w:W:xXy:z:Z:#M:bH"
LONG = {
    "help": "h", "version": "version", "interface=": "i", "list-interfaces": "D", "number": "#", "direction=": "Q",
    "count": "count", "immediate-mode": "U", "snapshot-length=": "s", "no-promiscuous-mode": "p", "print": "print",
    "absolute-tcp-sequence-numbers": "S", "packet-buffered": "U", "buffer-size=": "B", "relinquish-privileges=": "Z",
}  # fmt: skip
UNSIMULATED = "rFdCGEVWzIjJLyTMbH"
SNAPLEN = 262_144
ANY = "any"


def tcpdump(process: Process) -> Steps:
    """tcpdump [-i interface] [-c count] [-AenpqStvxX] [-w file] [expression]"""
    given = options_or_usage(process, LETTERS, long=LONG, permute=False, usage=f"{VERSION}\n{USAGE}", status=1)
    if "h" in given or "version" in given:
        process.print(f"{VERSION}\n{USAGE}" if "h" in given else VERSION)
        return 0
    missing = next((letter for letter, _ in given.given if letter in UNSIMULATED), "")
    if missing:
        process.error(f"tcpdump: docklab does not simulate -{missing}")
        return 1
    if "D" in given:
        process.print("\n".join(_device_list(process)))
        return 0
    return (yield from _start(process, given))


def _start(process: Process, given: Options) -> Steps:
    count = given.get("c", "-1")
    if "c" in given and not (count.isdigit() and int(count) > 0):
        process.error(f"tcpdump: invalid packet count {count}")
        return 1
    name = given.get("i") or _default_device(process)
    name = _by_number(process, name)
    socket: Any = process.socket("packet", "raw")
    try:
        socket.bind(name)
    except OSError:
        process.error(f"tcpdump: {name}: No such device exists\n(No such device exists)")
        return 1
    names = Names(process, numeric="n" in given)
    try:
        test = yield from _filter(process, " ".join(given.operands), names)
    except BadFilter as bad:
        process.error(f"tcpdump: {bad}")
        return 1
    try:
        listening = Listening(process, given, name, socket, names, test)
    except OSError as failure:
        process.error(f"tcpdump: {given.get('w')}: {strerror(failure)}")
        return 1
    return (yield from listening.run(int(count)))


def _filter(process: Process, text: str, names: Names) -> Steps:
    """The test of an expression; host names in it are looked up. Raises BadFilter."""
    hosts: dict[str, list[str]] = {}
    services = {name: number for (name, _), number in names.services.items()}
    compile_filter(text, filters.Names(hosts, services, dry=True))  # no name is asked for before the form is right
    while True:
        try:
            return compile_filter(text, filters.Names(hosts, services))
        except NeedsName as needed:
            host = str(needed)
            own = numeric(host)
            try:
                hosts[host] = [own] if own else (yield from resolve(process, host))
            except Unresolved:
                hosts[host] = []


# -- devices --------------------------------------------------------------------------------------------------------


def _default_device(process: Process) -> str:
    """The first device that is up and not lo."""
    devices = process.netns.listed()
    return next((device.name for device in devices if device.up and device.kind != "loopback"), "lo")


def _by_number(process: Process, name: str) -> str:
    """-i 2 is the second line of -D."""
    if not name.isdigit():
        return name
    lines = _device_list(process)
    return lines[int(name) - 1].partition(".")[2].split()[0] if 0 < int(name) <= len(lines) else name


def _device_list(process: Process) -> list[str]:
    ordered = sorted(process.netns.listed(), key=lambda device: (not device.up, device.kind == "loopback"))
    lines = [f"{device.name} {_flags(device)}" for device in ordered if device.kind != "loopback"]
    lines.append("any (Pseudo-device that captures on all interfaces) [Up, Running]")
    lines += [f"{device.name} {_flags(device)}" for device in ordered if device.kind == "loopback"]
    return [f"{number}.{line}" for number, line in enumerate(lines, 1)]


def _flags(device: Device) -> str:
    words = [word for word, on in (("Up", device.up), ("Running", device.running)) if on]
    words.append("Loopback" if device.kind == "loopback" else "Connected" if device.running else "Disconnected")
    return f"[{', '.join(words)}]"


# -- the loop -------------------------------------------------------------------------------------------------------


class Heard(Struct, frozen=True):
    """One message of the packet socket."""

    moment: int
    device: Device
    direction: str
    frame: Frame


class Listening:
    """What happens between the first line and the summary."""

    def __init__(self, process: Process, given: Options, name: str, socket: Any, names: Names, test: Test) -> None:
        self._process, self._given, self._name, self._socket = process, given, name, socket
        self._names, self._test = names, test
        style = Style(len(given.all("v")), "q" in given, "e" in given, "S" in given)
        self._printer = Printer(style, names)
        self._file = process.open(given.get("w"), "w") if given.get("w", "-") != "-" else None
        self._captured = self._received = 0
        self._first = self._previous = 0

    def run(self, count: int) -> Steps:
        """Prints packets until there are enough of them, or a signal comes."""
        process = self._process
        process.signals.catch(SIGINT, SIGTERM, SIGHUP)
        self._announce()
        interrupted = False
        try:
            while count < 0 or self._captured < count:
                yield from self._next()
        except Signalled:
            interrupted = True
        if interrupted and not self._file:
            process.print()
        self._summarise()
        return 0

    def _announce(self) -> None:
        kind = "LINUX_SLL2 (Linux cooked v2)" if self._name == ANY else "EN10MB (Ethernet)"
        where = f"listening on {self._name}, link-type {kind}, snapshot length {SNAPLEN} bytes"
        if self._name == ANY:
            self._process.error("tcpdump: data link type LINUX_SLL2")
        if not self._given.all("v") and not self._file:
            self._process.error(f"tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n{where}")
        else:
            self._process.error(f"tcpdump: {where}")
        if self._file:
            self._file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPLEN, 1))

    def _next(self) -> Steps:
        heard = Heard(*(yield self._socket.receive()))
        if not self._wanted(heard) or not self._test(heard.frame):
            return
        self._received += 1
        if heard.device.kind == "loopback" and heard.direction == "out":
            return  # it comes in again
        self._captured += 1
        if self._file:
            self._file.write(_record(heard))
            return
        yield from self._names.find(heard.frame)
        self._process.print(self._text(heard))
        yield self._process.stdout.drain()

    def _wanted(self, heard: Heard) -> bool:
        """-Q in, -Q out."""
        direction = self._given.get("Q", "inout")
        return direction == "inout" or direction == heard.direction

    def _text(self, heard: Heard) -> str:
        number = f"{self._captured:5}  " if "#" in self._given else ""
        if self._name == ANY:
            device = heard.device
            line = self._printer.cooked(heard.frame, device.name, device.ifindex, _kind(heard))
        else:
            line = self._printer.frame(heard.frame)
        return number + self._moment(heard.moment) + line + self._bytes(heard.frame)

    def _bytes(self, frame: Frame) -> str:
        """-x and -X print the packet, -xx and -XX the frame, -A its characters."""
        whole = frame.bytes()[: frame.length]
        for letter in "XxA":
            times = len(self._given.all(letter))
            if times:
                data = whole if times > 1 else whole[14:]
                return "\n" + (ascii_dump(data) if letter == "A" else hex_dump(data, text=letter == "X"))
        return ""

    def _moment(self, wall: int) -> str:
        """The time, as many -t as there are."""
        times = len(self._given.all("t"))
        moment = self._process.clock.at(wall)
        self._first = self._first or wall
        since = wall - ((self._previous or wall) if times == 3 else self._first)
        self._previous = wall
        texts = {
            0: f"{moment:%H:%M:%S.%f} ",
            1: "",
            2: f"{wall // S}.{wall % S // US:06} ",
            3: f" {_duration(since)} ",
            4: f"{moment:%Y-%m-%d %H:%M:%S.%f} ",
        }
        return texts.get(times, f" {_duration(since)} ")

    def _summarise(self) -> None:
        counts = (
            (self._captured, "captured"),
            (self._received, "received by filter"),
            (self._socket.dropped, "dropped by kernel"),
        )
        for count, what in counts:
            self._process.error(f"{count} packet{'' if count == 1 else 's'} {what}")


def _duration(ns: int) -> str:
    seconds = ns // S
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ns % S // US:06}"


def _kind(heard: Heard) -> str:
    """How the kernel classes a frame: for us, broadcast, multicast, for somebody else, outgoing."""
    frame = heard.frame
    if heard.direction == "out":
        return "Out"
    if frame.dst == BROADCAST_MAC:
        return "B"
    if frame.is_multicast:
        return "M"
    return "In" if heard.device.kind == "loopback" or frame.dst == heard.device.mac else "P"


def _record(heard: Heard) -> bytes:
    data = heard.frame.bytes()
    return struct.pack("<IIII", heard.moment // S, heard.moment % S // US, len(data), len(data)) + data
