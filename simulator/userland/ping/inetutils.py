"""The ping of GNU inetutils 1.9.4 (ping/ping.c, ping_echo.c), which Debian's images have."""

from __future__ import annotations

from simulator.clock import S, Steps
from simulator.kernel.packet import Icmp, Packet
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGINT
from simulator.userland.getopt import Options
from simulator.userland.ping.echo import DEFAULT_SIZE, ICMP_HEADER, OVERSLEEP, Answer, Echo, milliseconds
from simulator.userland.ping.texts import UNREACHABLE_TEXTS
from simulator.userland.program import options_or_usage, strerror
from simulator.userland.resolver import Unresolved, resolve, reverse

LINGER = 10 * S  # for answers after the last request; -W
TIMED = 16  # bytes of data that a time stamp needs
_LONG = {"count=": "c", "interval=": "i", "numeric": "n", "quiet": "q", "size=": "s", "ttl=": "T", "verbose": "v"}
_LONG |= {"timeout=": "w", "linger=": "W", "pattern=": "p", "flood": "f", "help": "?", "version": "V"}
_USAGE = "Try 'ping --help' or 'ping --usage' for more information."


def ping(process: Process) -> Steps:
    given = options_or_usage(process, "c:i:nqs:T:vw:W:p:fdrR?Vl:M:t:", long=_LONG, usage=_USAGE, status=64)
    if "V" in given:
        process.print("ping (GNU inetutils) 1.9.4")
        return 0
    if not given.operands:
        process.error(f"ping: missing host operand\n{_USAGE}")
        return 64
    status = 0
    for host in given.operands:
        try:
            status |= yield from _Ping(process, host, given).run()
        except ValueError as bad:
            process.error(f"ping: {bad}")
            return 1
    return status


class _Ping:
    """One host being asked. Raises ValueError."""

    def __init__(self, process: Process, host: str, given: Options) -> None:
        self.process, self.host, self.given = process, host, given
        self.count = _number(given.get("c", "0"))
        self.size = _number(given.get("s", str(DEFAULT_SIZE)))
        self.interval = int(float(given.get("i", "1")) * S)
        self.timeout = _number(given.get("w", "0")) * S
        self.linger = _number(given.get("W", str(LINGER // S))) * S
        self.echo: Echo

    def run(self) -> Steps:
        try:
            goal = (yield from resolve(self.process, self.host, "inet"))[0]
        except Unresolved:
            raise ValueError("unknown host") from None
        self.echo = Echo(self.process, goal, size=self.size)
        if "T" in self.given:
            self.echo.socket.set("ttl", _number(self.given.get("T")))
        self.process.print(f"PING {self.host} ({goal}): {self.size} data bytes")
        self.process.signals.catch(SIGINT)
        try:
            yield from self._talk()
        except Signalled:
            pass
        except OSError as refusal:
            self.process.error(f"ping: sending packet: {strerror(refusal)}")
            return 1
        return self._statistics()

    def _talk(self) -> Steps:
        clock, score = self.process.clock, self.echo.score
        start = int(clock.now)
        while True:
            last = bool(self.count) and score.sent >= self.count
            if not last:
                self.echo.send(score.sent)
            wait = self.linger if last else self.interval
            until = int(clock.now) + wait + clock.chance.delay("oversleep", OVERSLEEP)
            if (yield from self._hear(until)) or last or (self.timeout and clock.now - start >= self.timeout):
                return

    def _hear(self, until: int) -> Steps:
        """Takes what comes until then; True when all requests are answered."""
        clock = self.process.clock
        while clock.now < until:
            if not (yield from self.process.poll([self.echo.socket], int(until - clock.now))):
                return False
            for packet in self.echo.arrived():
                answer = self.echo.answer(packet)
                if answer:
                    self._tell(answer)
                else:
                    yield from self._tell_error(packet)
                if self.count and self.echo.score.received >= self.count:
                    return True
        return False

    def _tell(self, answer: Answer) -> None:
        if "q" in self.given:
            return
        time = f" time={milliseconds(answer.rtt)} ms" if self.size >= TIMED else ""
        again = " (DUP!)" if answer.duplicate else ""
        text = f"{answer.size} bytes from {answer.source}: icmp_seq={answer.seq} ttl={answer.ttl}"
        self.process.print(text + time + again)

    def _tell_error(self, packet: Packet) -> Steps:
        """Somebody on the way says why a request of ours did not arrive."""
        message = packet.l4
        if not isinstance(message, Icmp) or message.about is None:
            return
        asked = message.about.l4
        if not isinstance(asked, Icmp) or asked.ident != self.echo.ident or "q" in self.given:
            return
        name = None if "n" in self.given else (yield from reverse(self.process, packet.src))
        sender = f"{name} ({packet.src})" if name else packet.src
        size = ICMP_HEADER + message.about.length
        text = UNREACHABLE_TEXTS.get((message.type, message.code), f"Unknown code {message.code}")
        self.process.print(f"{size} bytes from {sender}: {text}")

    def _statistics(self) -> int:
        score, show = self.echo.score, self.process.print
        show(f"--- {self.host} ping statistics ---")
        duplicates = f"+{score.duplicates} duplicates, " if score.duplicates else ""
        loss = f"{score.loss}% packet loss" if score.sent else ""
        show(f"{score.sent} packets transmitted, {score.received} packets received, {duplicates}{loss}")
        if score.timed and self.size >= TIMED:
            mean = score.total / score.timed
            spread = max(score.squares / score.timed - mean * mean, 0.0) ** 0.5
            values = (score.least, mean, score.most, spread)
            times = "/".join(f"{value / 1000:.3f}" for value in values)
            show(f"round-trip min/avg/max/stddev = {times} ms")
        return int(score.received == 0)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError(f"invalid value (`{text}' near `{text}')")
    return int(text)
