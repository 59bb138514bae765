"""The traceroute of busybox (networking/traceroute.c). It takes -I and sends UDP all the same."""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import MS, US, S, Steps
from simulator.kernel.datagram_socket import UDP_HEADER, DatagramSocket
from simulator.kernel.errors import strerror
from simulator.kernel.packet import IPV6_HEADER, PROTO_ICMP, PROTO_ICMPV6, Icmp, Packet, Udp
from simulator.kernel.process import Process
from simulator.kernel.raw_socket import RawSocket
from simulator.userland.getopt import Options
from simulator.userland.ping.echo import milliseconds
from simulator.userland.program import BUSYBOX
from simulator.userland.resolver import Unresolved, numeric, resolve, reverse

BASE_PORT = 33434
DATA = 18  # bytes that each probe carries at least
# The help says that it waits 3 seconds for an answer; it waits 5.
_HEADERS = {4: 28, 6: 54}  # what the headline counts besides the data
_MARKS = {0: " !N", 1: " !H", 2: " !P", 5: " !S", 6: " !U", 7: " !W", 8: " !I", 9: " !A", 10: " !C"}
_MARKS |= {11: " !T", 12: " !T", 13: " !A", 14: " !V", 15: " !C"}
_MARKS6 = {0: " !N", 1: " !A", 2: " !S", 3: " !H"}


class Bad(Exception):
    """Ends the program with a line on standard error."""


def traceroute(process: Process) -> Steps:
    return (yield from _main(process, "traceroute", ""))


def traceroute6(process: Process) -> Steps:
    return (yield from _main(process, "traceroute6", "inet6"))


def _main(process: Process, name: str, family: str) -> Steps:
    given = BUSYBOX.options(process, "46FIlnrdvxt:i:m:p:q:s:w:z:f:")
    if not 1 <= len(given.operands) <= 2:
        BUSYBOX.refuse(process)
    try:
        yield from _Trace(process, given, family).run()
    except Bad as bad:
        process.error(f"{name}: {bad}")
        return 1
    return 0


class Reply(Struct):
    """What came back for a probe. `code` is None for time exceeded."""

    source: str
    code: int | None
    size: int
    rtt: int  # us


class _Trace:
    """One run. Raises Bad."""

    def __init__(self, process: Process, given: Options, family: str) -> None:
        self.process, self.given, self.host = process, given, given.operands[0]
        self.family = {"4": "inet", "6": "inet6"}.get(given.last_of("46"), family or "any")
        self.hops = _number(given.get("m", "30"), 1, 255)
        self.first = _number(given.get("f", "1"), 1, self.hops)
        self.port = _number(given.get("p", str(BASE_PORT)), 1, 65535)
        self.probes = _number(given.get("q", "3"), 1, 2**31 - 1)
        self.wait = _number(given.get("w", "5"), 1, 86400) * S
        self.pause = _number(given.get("z", "0"), 0, 86400) * MS
        self.seq = 0
        self.last = ""  # who answered last; named again only if it answers the first probe of a hop
        self.socket: DatagramSocket
        self.ears: RawSocket
        self.goal = ""

    @property
    def six(self) -> bool:
        return ":" in self.goal

    def run(self) -> Steps:
        try:
            found = yield from resolve(self.process, self.host, self.family)
        except Unresolved:
            raise Bad(f"bad address '{self.host}'") from None
        self.goal = found[0]
        self._open()
        length = _HEADERS[6 if self.six else 4] + DATA
        if len(self.given.operands) > 1:
            length = max(_number(self.given.operands[1], length, 32768), length)
        data = bytes(length - (IPV6_HEADER + UDP_HEADER if self.six else _HEADERS[4]))
        own = f" from {self.given.get('s')}" if "s" in self.given else ""
        headline = f"traceroute to {self.host} ({self.goal}){own}, {self.hops} hops max, {length} byte packets"
        self.process.print(headline)
        for ttl in range(self.first, self.hops + 1):
            if (yield from self._hop(ttl, data)):
                return

    def _open(self) -> None:
        """A socket to send from, one to hear with. Raises Bad without a road."""
        family = "inet6" if self.six else "inet"
        try:
            self.ears = self.process.socket(family, "raw", PROTO_ICMPV6 if self.six else PROTO_ICMP)
        except PermissionError as refusal:
            raise Bad(f"socket: {strerror(refusal.errno or 0)}") from None
        self.socket = self.process.socket(family, "dgram")
        if "i" in self.given:
            try:
                self.socket.set("device", self.given.get("i"))
            except OSError as refusal:
                text = strerror(refusal.errno or 0)
                self.process.error(f"traceroute: can't bind to interface {self.given.get('i')}: {text}")
        if "s" in self.given:
            own = numeric(self.given.get("s"))
            try:
                self.socket.bind(own or "", 0)
            except OSError:
                raise Bad("can't set multicast source interface") from None
        self._check_road(family)

    def _check_road(self, family: str) -> None:
        probe = self.process.socket(family, "dgram")
        try:
            probe.connect(self.goal, self.port)
        except OSError as refusal:
            where = "" if self.six else f" ({self.goal})"
            raise Bad(f"can't connect to remote host{where}: {strerror(refusal.errno or 0)}") from None
        finally:
            probe.close()

    def _hop(self, ttl: int, data: bytes) -> Steps:
        """The probes of one hop, and their line; True if the way ends here."""
        self.process.print(f"{ttl:2d}", end="")
        fresh, arrived, refusals = True, False, 0
        for _ in range(self.probes):
            if self.pause:
                yield self.process.sleep(self.pause)
            reply = yield from self._probe(ttl, data)
            if reply is None:
                self.process.print("  *", end="")
                fresh = False
                continue
            if fresh or reply.source != self.last:
                yield from self._print_source(reply)
            fresh, self.last = False, reply.source
            self.process.print(f"  {milliseconds(reply.rtt)} ms{self._mark(reply)}", end="")
            arrived = arrived or self._is_end(reply)
            refusals += reply.code is not None and not self._is_end(reply)
        self.process.print()
        return arrived or (refusals > 0 and refusals >= self.probes - 1)

    def _is_end(self, reply: Reply) -> bool:
        return reply.code == (4 if self.six else 3)

    def _mark(self, reply: Reply) -> str:
        if reply.code is None or self._is_end(reply):
            return ""
        return (_MARKS6 if self.six else _MARKS).get(reply.code, f" !<{reply.code}>")

    def _print_source(self, reply: Reply) -> Steps:
        shown = reply.source
        if "n" not in self.given:
            name = yield from reverse(self.process, reply.source)
            shown = f"{name or reply.source} ({reply.source})"
        if "v" in self.given:
            shown += f" {reply.size} bytes to {self.ears.netns.source_for(self.goal)}"
        self.process.print(f"  {shown}", end="")

    def _probe(self, ttl: int, data: bytes) -> Steps:
        """Sends one probe and waits for what it brings; None if nothing comes."""
        clock = self.process.clock
        self.seq += 1
        self.socket.set("ttl", ttl)
        sent = int(clock.now)
        try:
            self.socket.send_to(data, self.goal, self.port + self.seq)
        except OSError as refusal:
            raise Bad(f"sendto: {strerror(refusal.errno or 0)}") from None
        until = sent + self.wait
        while clock.now < until:
            yield from self.process.poll([self.ears], int(until - clock.now))
            while self.ears.readable:
                reply = self._understood(self.ears.receive_nowait(), sent)
                if reply:
                    return reply
        return None

    def _understood(self, packet: Packet, sent: int) -> Reply | None:
        """What a received packet says about the last probe, if it does."""
        message = packet.l4
        if not isinstance(message, Icmp) or message.about is None:
            return None
        probe = message.about.l4
        if not isinstance(probe, Udp) or probe.sport != self.socket.local[1] or probe.dport != self.port + self.seq:
            return None
        passed = message.type == (3 if self.six else 11)
        rtt = (int(self.process.clock.now) - sent) // US
        return Reply(packet.src, None if passed else message.code, packet.length - (40 if self.six else 20), rtt)


def _number(text: str, low: int, high: int) -> int:
    """Raises Bad."""
    if not text.isascii() or not text.isdigit():
        raise Bad(f"invalid number '{text}'")
    if not low <= int(text) <= high:
        raise Bad(f"number {text} is not in {low}..{high} range")
    return int(text)
