"""The ping of iputils 20221126 (ping/ping.c, ping_common.c, ping6_common.c): the Docker host's.

It hears of ICMP errors and of the host's own refusals by the socket's error queue (IP_RECVERR).
"""

from __future__ import annotations

from simulator.clock import MS, US, S, Steps
from simulator.kernel.message_socket import QueuedError
from simulator.kernel.packet import Icmp
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGINT, SIGQUIT
from simulator.userland.ping.echo import OVERSLEEP, Answer, Echo
from simulator.userland.ping.iputils_options import Bad, Settings, read_settings
from simulator.userland.ping.iputils_score import short_score, statistics, time_text
from simulator.userland.ping.iputils_target import Target, find_target
from simulator.userland.ping.texts import error_text
from simulator.userland.resolver import reverse

MINIMAL_INTERVAL = 10 * MS  # for answers, in a flood
FOREVER = 10**9 * S  # -W 0 sets no timer
ERROR_DELAY = 10 * US  # how soon the error queue has what the host itself says of a request
TIMED = 16  # bytes of data that a time stamp needs


def ping(process: Process) -> Steps:
    return (yield from _main(process, ""))


def ping4(process: Process) -> Steps:
    return (yield from _main(process, "inet"))


def ping6(process: Process) -> Steps:
    return (yield from _main(process, "inet6"))


def _main(process: Process, family: str) -> Steps:
    try:
        settings = read_settings(process, family)
        target = yield from find_target(process, settings)
        status: int = yield from _Ping(process, settings, target).run()
    except Bad as bad:
        if str(bad):
            process.error(str(bad))
        return bad.status
    return status


class _Ping:
    """One run."""

    def __init__(self, process: Process, settings: Settings, target: Target) -> None:
        self.process, self.settings, self.target = process, settings, target
        self.echo = Echo(process, target.address, size=settings.size, pattern=settings.pattern)
        if settings.ident:
            self.echo.ident = settings.ident
        self.score = self.echo.score
        self.timing = settings.size >= TIMED
        self.acknowledged = 0  # the highest sequence number that something came for
        self.pipe = 0  # how many requests were under way at most
        self.ewma = 0  # eight times the moving average of round trips, in us
        self.first = self.last = 0  # when requests were sent, in ns
        self.snapshot = False
        self._names: dict[str, str | None] = {}

    # -- the run ----------------------------------------------------------------------------------------------------

    def run(self) -> Steps:
        self._set_options()
        self.process.print(self.target.headline(self.settings))
        self.process.signals.handle(SIGQUIT, self._want_snapshot)
        self.process.signals.catch(SIGINT)
        try:
            yield from self._talk()
        except Signalled:
            self.process.signals.ignore(SIGINT)
        for line in statistics(self.process, self, self.settings, self.target):
            self.process.print(line)
        few = self.settings.deadline and self.score.received < self.settings.count
        return int(not self.score.received or bool(few))

    def _want_snapshot(self, _signal: int) -> None:
        self.process.error(short_score(self.score, self.ewma))

    def _set_options(self) -> None:
        socket, settings = self.echo.socket, self.settings
        socket.set("recverr", True)
        socket.set("broadcast", settings.broadcast)
        socket.set("tos", settings.tos)
        socket.set("mark", settings.mark)
        if settings.ttl is not None:
            socket.set("ttl", settings.ttl)
        if settings.discover:
            socket.set("df", {"do": True, "dont": False}.get(settings.discover))
        if self.target.device:
            socket.set("device", self.target.device)
        if self.target.bound:
            socket.bind(self.target.source)

    def _talk(self) -> Steps:
        """Sends and hears until the end; the token bucket of pinger() lets the preload out at once."""
        clock, settings, score = self.process.clock, self.settings, self.score
        start = int(clock.now)
        end = start + settings.deadline if settings.deadline else None
        due = start
        while not self._done(end):
            now = int(clock.now)
            if now >= due and not self._all_sent:
                yield from self._send()
                due = now if score.sent < settings.preload else now + self._gap()
                if self._all_sent:
                    due = now + self._patience()
                    end = due if end is None else end
                continue
            if self._all_sent and end is not None and now >= end:
                return
            yield from self._hear(self._wait(due, end, now))
            if settings.is_adaptive and self._in_flight == 0:
                due = min(due, int(clock.now))

    def _gap(self) -> int:
        """From one request to the next; a flood waits for the answer, but not for long."""
        late = self.process.clock.chance.delay("oversleep", OVERSLEEP)
        return (
            self.settings.interval + late
            if self.settings.interval >= 100 * MS
            else self.settings.interval or MINIMAL_INTERVAL
        )

    def _wait(self, due: int, end: int | None, now: int) -> int:
        wait = (end if self._all_sent and end is not None else due) - now
        return wait if end is None else max(min(wait, end - now), 0)

    def _done(self, end: int | None) -> bool:
        count, score = self.settings.count, self.score
        if count and score.received + score.errors >= count:
            return True
        if self.settings.deadline and score.errors:
            return True
        return end is not None and self.process.clock.now >= end

    @property
    def _all_sent(self) -> bool:
        """Whether the last request is out; with a deadline others may follow until it."""
        return bool(self.settings.count) and self.score.sent >= self.settings.count

    def _patience(self) -> int:
        """How long to wait after the last request: -W, or two round trips if there were any, a second at least."""
        if not self.score.received:
            return self.settings.linger or FOREVER
        return max(2 * self.score.most * 1000, self.settings.interval)

    @property
    def _in_flight(self) -> int:
        return self.score.sent - self.acknowledged

    # -- sending ----------------------------------------------------------------------------------------------------

    def _send(self) -> Steps:
        settings, score = self.settings, self.score
        if settings.outstanding and score.sent and score.sent > self.acknowledged:
            self._print(f"{self._stamp()}no answer yet for icmp_seq={score.sent}")
        self.last = int(self.process.clock.now)
        self.first = self.first or self.last
        if settings.flood and not settings.quiet:
            self.process.write(b".")
        try:
            self.echo.send(score.sent + 1)
        except OSError as refusal:
            yield from self._take_refusal(refusal)

    def _take_refusal(self, refusal: OSError) -> Steps:
        """The kernel refused to send: without an entry in the error queue the request counts as lost."""
        yield self.process.sleep(ERROR_DELAY)
        while entry := self.echo.socket.next_error():
            self._take_error(entry)
            if entry.origin != "local" and not self.settings.quiet:
                self.process.error(f"ping: sendmsg: {refusal.strerror}")

    # -- hearing ----------------------------------------------------------------------------------------------------

    def _hear(self, wait: int) -> Steps:
        if not (yield from self.process.poll([self.echo.socket], wait)):
            return
        socket = self.echo.socket
        while socket.readable:
            try:
                packet = socket.receive_nowait()
            except OSError:
                while entry := socket.next_error():
                    yield from self._learn_name(entry.offender)
                    self._take_error(entry)
                continue
            answer = self.echo.answer(packet)
            if answer:
                self._acknowledge(answer.seq)
                self.ewma += answer.rtt - self.ewma // 8 if self.ewma else 8 * answer.rtt
                yield from self._learn_name(answer.source)
                self._tell(answer)

    def _acknowledge(self, seq: int) -> None:
        self.pipe = max(self.pipe, self.score.sent - seq + 1)
        self.acknowledged = max(self.acknowledged, seq)

    def _tell(self, answer: Answer) -> None:
        settings = self.settings
        if settings.flood:
            self.process.write(b"\b \b")
            return
        if settings.quiet:
            return
        text = f"{self._stamp()}{answer.size} bytes from {self._name(answer.source)}: icmp_seq={answer.seq}"
        text += f" ident={self.echo.ident}" if settings.verbose else ""
        text += f" ttl={answer.ttl}" + (f" time={time_text(answer.rtt)} ms" if self.timing else "")
        self._print(text + (" (DUP!)" if answer.duplicate else "") + ("\a" if settings.audible else ""))

    def _take_error(self, entry: QueuedError) -> None:
        settings = self.settings
        if entry.origin == "local":
            self.score.errors += 1
            if not settings.quiet:
                self.process.error(f"ping: local error: {settings.too_long}, mtu={entry.info}")
            return
        message = entry.packet.l4
        if not isinstance(message, Icmp) or message.ident != self.echo.ident:
            return
        self.score.errors += 1
        self._acknowledge(message.seq)
        if not settings.quiet:
            text = error_text(entry.origin, entry.type, entry.code, entry.info)
            self._print(f"{self._stamp()}From {self._name(entry.offender)} icmp_seq={message.seq} {text}")

    # -- words ------------------------------------------------------------------------------------------------------

    def _learn_name(self, address: str) -> Steps:
        """Looks for the name of an address, once, as getnameinfo does each time."""
        if address in self._names or self.target.numeric or self.settings.quiet:
            return
        self._names[address] = yield from reverse(self.process, address)

    def _name(self, address: str) -> str:
        name = self._names.get(address)
        shown = f"{address}%{self.target.way_out}" if address.startswith("fe80:") else address
        return f"{name} ({shown})" if name else shown

    def _stamp(self) -> str:
        if not self.settings.stamps:
            return ""
        wall = self.process.clock.wall()
        return f"[{wall // S}.{wall % S // 1000:06d}] "

    def _print(self, text: str) -> None:
        self.process.print(text)
