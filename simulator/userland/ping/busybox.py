"""The ping of busybox (networking/ping.c). It says nothing of ICMP errors."""

from __future__ import annotations

from contextlib import suppress

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGINT
from simulator.userland.getopt import Options
from simulator.userland.netdevice import mac_from_text
from simulator.userland.ping.echo import DEFAULT_SIZE, OVERSLEEP, Answer, Echo, milliseconds
from simulator.userland.program import BUSYBOX, strerror
from simulator.userland.resolver import Unresolved, numeric, resolve

TIMEOUT = 10 * S  # for the first answer after the last request; -W
MAX_SIZE = 65535


class Bad(Exception):
    """An argument that ping cannot use."""


def ping(process: Process) -> Steps:
    return (yield from _main(process, "ping", ""))


def ping6(process: Process) -> Steps:
    return (yield from _main(process, "ping6", "inet6"))


def _main(process: Process, name: str, family: str) -> Steps:
    given = BUSYBOX.options(process, "46c:s:i:At:I:W:w:qp:n")
    if len(given.operands) != 1:
        BUSYBOX.refuse(process)
    try:
        status: int = yield from _Ping(process, name, given, family).run()
    except Bad as bad:
        process.error(f"{name}: {bad}")
        return 1
    except OSError as refusal:
        process.error(f"{name}: sendto: {strerror(refusal)}")
        return 1
    return status


class _Ping:
    """One run. Raises Bad, OSError."""

    def __init__(self, process: Process, name: str, given: Options, family: str) -> None:
        self.process, self.host, self.quiet = process, given.operands[0], "q" in given
        self.family = {"4": "inet", "6": "inet6"}.get(given.last_of("46"), family or "any")
        self.count = number(given.get("c", "0"))
        self.size = number(given.get("s", str(DEFAULT_SIZE)), 0, MAX_SIZE)
        self.interval = _duration(given.get("i", "1"))
        self.timeout = number(given.get("W", "10")) * S
        self.deadline = number(given.get("w", "0")) * S
        self.ttl = number(given.get("t", "0")) & 0xFF
        self.adaptive = "A" in given
        self.pattern = _pattern(given.get("p"))
        self.source = given.get("I")
        self.echo: Echo

    def run(self) -> Steps:
        goal = yield from self._resolve()
        self._check_source()
        own = f" from {self.source}" if self.source and numeric(self.source) else ""
        self.process.print(f"PING {self.host} ({goal}){own}: {self.size} data bytes")
        try:
            self.echo = Echo(self.process, goal, size=self.size, pattern=self.pattern)
        except PermissionError:
            raise Bad("permission denied (are you root?)") from None
        self._set_options()
        self._bind()
        self.process.signals.catch(SIGINT)
        with suppress(Signalled):
            yield from self._talk()
        return self._statistics()

    def _resolve(self) -> Steps:
        """Asks for addresses of both families and takes the best, unless one family is asked for."""
        try:
            found = yield from resolve(self.process, self.host, self.family)
        except Unresolved:
            raise Bad(f"bad address '{self.host}'") from None
        return found[0]

    def _check_source(self) -> None:
        """-I with neither an address nor a device."""
        devices = [device.name for device in self.process.netns.devices.values()]
        if self.source and not numeric(self.source) and self.source not in devices:
            raise Bad(f"bad address '{self.source}'")

    def _set_options(self) -> None:
        socket = self.echo.socket
        socket.set("broadcast", True)
        if self.ttl and socket.family == "inet":
            socket.set("ttl", self.ttl)
        if self.source and not numeric(self.source):
            socket.set("device", self.source)

    def _bind(self) -> None:
        own = numeric(self.source) if self.source else None
        if own is None:
            return
        try:
            self.echo.socket.bind(own)
        except OSError:
            raise Bad("can't set multicast source interface") from None

    def _talk(self) -> Steps:
        """Sends and hears until all is answered or the time is over."""
        clock, score = self.process.clock, self.echo.score
        start = int(clock.now)
        while True:
            if self.deadline and clock.now - start >= self.deadline:
                return
            self.echo.send(score.sent)
            last = self.count and score.sent >= self.count
            wait = self._patience() if last else self.interval
            until = int(clock.now) + wait + clock.chance.delay("oversleep", OVERSLEEP)
            if (yield from self._hear(until)) or last:
                return

    def _patience(self) -> int:
        """After the last request: the timeout, or about two round trips if there were any, one second at least."""
        if not self.echo.score.received:
            return self.timeout
        return max(2 * self.echo.score.most // 1_000_000, 1) * S

    def _hear(self, until: int) -> Steps:
        """Takes answers until then; True when all are there."""
        clock, score = self.process.clock, self.echo.score
        while clock.now < until:
            if not (yield from self.process.poll([self.echo.socket], int(until - clock.now))):
                return False
            for packet in self.echo.arrived():
                answer = self.echo.answer(packet)
                if answer is None:
                    continue
                self._tell(answer)
                if self.count and score.received >= self.count:
                    return True
                if self.adaptive:
                    return False
        return False

    def _tell(self, answer: Answer) -> None:
        if self.quiet:
            return
        time = f" time={milliseconds(answer.rtt)} ms" if self.size >= 4 else ""
        again = " (DUP!)" if answer.duplicate else ""
        self.process.print(f"{answer.size} bytes from {answer.source}: seq={answer.seq} ttl={answer.ttl}{time}{again}")

    def _statistics(self) -> int:
        score, show = self.echo.score, self.process.print
        show(f"\n--- {self.host} ping statistics ---")
        duplicates = f"{score.duplicates} duplicates, " if score.duplicates else ""
        loss = f"{score.loss}% packet loss" if score.sent else ""
        show(f"{score.sent} packets transmitted, {score.received} packets received, {duplicates}{loss}")
        if score.timed and self.size >= 4:
            times = "/".join(milliseconds(value) for value in (score.least, score.average, score.most))
            show(f"round-trip min/avg/max = {times} ms")
        return int(score.received == 0 or (self.deadline > 0 and score.received < self.count))


def number(text: str, low: int = 0, high: int = 2**31 - 1) -> int:
    """Raises Bad."""
    if not text.isascii() or not text.isdigit():
        raise Bad(f"invalid number '{text}'")
    if not low <= int(text) <= high:
        raise Bad(f"number {text} is not in {low}..{high} range")
    return int(text)


def _duration(text: str) -> int:
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdigit():
        raise Bad(f"invalid number '{text}'")
    return int(float(f"{whole or 0}.{fraction or 0}") * S)


def _pattern(text: str) -> bytes:
    if not text:
        return b""
    if mac_from_text(":".join([text] * 6)) is None:
        raise Bad(f"invalid number '{text}'")
    return bytes([int(text, 16)])
