"""The curl command: options, then one transfer for each URL. src/tool_operate.c."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from simulator.clock import MS, S, Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGALRM
from simulator.userland.alarm import Alarm
from simulator.userland.curl.exchange import Kept
from simulator.userland.curl.meter import Meter
from simulator.userland.curl.options import BadUsage, Given, Unsimulated, complaint, parse
from simulator.userland.curl.output import Sink, Stdout, warn
from simulator.userland.curl.request import CannotRead, Payload, payload
from simulator.userland.curl.transfer import Transfer
from simulator.userland.curl.url import PORTS, BadUrl, expand, url_from_text
from simulator.userland.curl.words import (
    BAD_URL,
    HELP,
    HTTP_ERROR,
    READ_ERROR,
    SEE_HELP,
    TIMEOUT,
    UNCONNECTED,
    UNSUPPORTED,
    WORDS,
    WRITE_ERROR,
    Failure,
    Words,
)
from simulator.userland.curl.writeout import Outcome, write_out
from simulator.userland.program import decode, read_all

TRANSIENT = (408, 429, 500, 502, 503, 504)  # worth a --retry


def curl(process: Process) -> Steps:
    """curl [options...] <url>"""
    words = WORDS[process.machine.version.curl]
    try:
        parts = parse(process.argv)
        settings = parts[0]
        if settings.has("stderr"):
            path = settings.get("stderr")
            process.set_file(2, process.stdout if path == "-" else process.open(path, "w"))
    except BadUsage as bad:
        process.error(complaint(bad))
        return 2
    except Unsimulated as option:
        process.error(f"curl: docklab does not simulate the option {option}")
        return 2
    if settings.has("help"):
        process.print(HELP)
        return 0
    if settings.has("version"):
        process.print(words.banner)
        return 0
    status = 0
    for part in parts:
        if not part.urls:
            process.error(f"{words.no_url}\n{SEE_HELP}" if words.no_url else SEE_HELP)
            return 2
        status = yield from Session(process, part, words).run()
    return status


class Job(Struct, frozen=True):
    """One URL after globbing, and the file that it goes to (None: standard output)."""

    text: str
    path: str | None


class Session:
    """All transfers of one command: the connections that are kept, the patience of each transfer."""

    def __init__(self, process: Process, settings: Given, words: Words) -> None:
        self.process, self.settings, self.words = process, settings, words
        self._kept: dict[tuple[str, str, int], Kept] = {}
        self._hosts: list[str] = []
        self._numbers = 0
        self._alarm = Alarm(process)
        self.stdout = Stdout(process)

    def run(self) -> Steps:
        """Runs all jobs; the status is that of the last one."""
        status, number = 0, 0
        targets = list(self.settings.targets)
        for text in self.settings.urls:
            try:
                given = bool(targets)
                jobs = self._jobs(text, targets.pop(0) if given else None, given=given)
            except BadUrl as bad:
                status = self._tell(Failure(BAD_URL, bad.text or self.words.bad_url))
                continue
            except Failure as failure:
                status = self._tell(failure)
                continue
            for job in jobs:
                status = yield from self._with_retries(job, number)
                number += 1
        for kept in self._kept.values():
            kept.socket.close()
        self.stdout.flush()
        return status

    # -- jobs -------------------------------------------------------------------------------------------------------

    def _jobs(self, text: str, target: str | None, *, given: bool) -> list[Job]:
        """The URLs that a text stands for, with their files. Raises BadUrl, Failure."""
        found: list[tuple[str, list[str]]] = [(text, [])] if self.settings.has("globoff") else expand(text)
        return [Job(url, self._path(url, target, chosen) if given else None) for url, chosen in found]

    def _path(self, url: str, target: str | None, chosen: list[str]) -> str:
        if target is None:
            path = url.rpartition("://")[2].partition("?")[0].partition("#")[0].partition("/")[2]
            name = posixpath.basename(path)
            if not name:
                if not self._silent:
                    self.process.error("curl: Remote file name has no length!")
                raise Failure(WRITE_ERROR, "Failed writing received data to disk/application")
            target = name
        for index, part in enumerate(chosen, 1):
            target = target.replace(f"#{index}", part)
        folder = self.settings.get("output-dir")
        return posixpath.join(folder, target) if folder else target

    # -- one job ----------------------------------------------------------------------------------------------------

    def _with_retries(self, job: Job, number: int) -> Steps:
        left = int(self.settings.get("retry", "0"))
        pause = int(self.settings.get("retry-delay", "0")) or 1
        while True:
            status, code = yield from self._transfer(job, number)
            problem = self._problem(status, code)
            if not problem or left <= 0:
                return status
            warn(self.process, f"Problem : {problem}. Will retry in {pause} seconds. {left} retries left.")
            yield self.process.sleep(pause * S)
            left, pause = left - 1, pause if self.settings.has("retry-delay") else pause * 2

    def _problem(self, status: int, code: int) -> str:
        """Why another try might help."""
        if status == TIMEOUT:
            return "timeout"
        if status == UNCONNECTED and self.settings.has("retry-connrefused"):
            return "connection refused"
        return "HTTP error" if code in TRANSIENT and status in (0, HTTP_ERROR) else ""

    def _transfer(self, job: Job, number: int) -> Steps:
        """One transfer; its exit status and the HTTP status."""
        sink = Sink(self.process, self.settings, self.words, path=job.path, stdout=self.stdout)
        meter = Meter(self.process, hidden=self._hides_meter(sink))
        try:
            url = url_from_text(job.text, as_is=self.settings.has("path-as-is"))
            if url.scheme not in PORTS:
                raise Failure(UNSUPPORTED, self.words.unsupported.format(scheme=url.scheme))
            sent: Payload = yield from payload(self.process, self.settings)
        except BadUrl:
            return self._tell(Failure(BAD_URL, self.words.bad_url)), 0
        except CannotRead as missing:
            self.process.error(f"curl: Can't open '{missing}'!\n{SEE_HELP}")
            return self._tell(Failure(READ_ERROR, "Failed to open/read local data from file/application")), 0
        except Failure as failure:
            return self._tell(failure), 0
        transfer = Transfer(self, url, sink, payload=sent, meter=meter)
        status, message = yield from self._watched(transfer)
        if self.settings.has("write-out"):
            text = yield from self._format()
            write_out(self.stdout, text, Outcome(transfer, status, message, number))
        return status, transfer.facts.code

    def _watched(self, transfer: Transfer) -> Steps:
        """Runs a transfer within its time limits; its status and the text of its failure."""
        settings, meter = self.settings, transfer.meter
        limits = [limit for limit in (self._limit("max-time"), self._limit("connect-timeout")) if limit]
        self._alarm.set(min(limits, default=0))
        meter.begin()
        try:
            yield from self._timed(transfer)
            transfer.sink.finish()
            if settings.has("fail-with-body") and transfer.facts.code >= 400:
                text = self.words.http_error.format(code=transfer.facts.code, phrase="")
                raise Failure(HTTP_ERROR, text.rstrip())
        except Failure as failure:
            if transfer.phase != "resolve":
                meter.finish()
            return self._tell(failure), failure.text
        finally:
            self._alarm.cancel()
        meter.finish()
        return 0, ""

    def _timed(self, transfer: Transfer) -> Steps:
        """The transfer itself; the alarm becomes its failure."""
        try:
            yield from transfer.run()
        except Signalled as signal:
            if signal.signal != SIGALRM:
                raise
            total = self._limit("max-time")
            raise transfer.timed_out(connecting=not total or transfer.elapsed < total) from None

    def connected(self, transfer: Transfer) -> None:
        """The connection stands: from now on only --max-time counts."""
        total = self._limit("max-time")
        self._alarm.set(max(total - transfer.elapsed, 1) if total else 0)

    def _limit(self, option: str) -> int:
        return int(self.settings.seconds(option) * 1000) * MS

    def _hides_meter(self, sink: Sink) -> bool:
        settings = self.settings
        return settings.has("silent") or settings.has("no-progress-meter") or sink.on_terminal

    def _format(self) -> Steps:
        text = self.settings.get("write-out")
        if not text.startswith("@"):
            return text
        file = self.process.stdin if text == "@-" else self.process.open(text[1:])
        return decode((yield from read_all(file)))

    def _tell(self, failure: Failure) -> int:
        if failure.text and not self._silent:
            self.process.error(f"curl: ({failure.status}) {failure.text}")
        return failure.status

    @property
    def _silent(self) -> bool:
        return self.settings.has("silent") and not self.settings.has("show-error")

    # -- connections ------------------------------------------------------------------------------------------------

    def next_number(self) -> int:
        self._numbers += 1
        return self._numbers - 1

    def reuse(self, transfer: Transfer) -> Kept | None:
        """A connection of an earlier transfer to the same place that is still open."""
        kept = self._kept.pop(transfer.key, None)
        if kept is None:
            return None
        if kept.socket.readable:
            kept.socket.close()
            return None
        bundle = self.process.clock.chance.hex("address", 10)
        transfer.note(self.words.reused.format(number=kept.number, host=transfer.url.host, bundle=bundle))
        return kept

    def was_resolved(self, host: str) -> bool:
        """Whether this host was looked up before; from now on it was."""
        known = host in self._hosts
        self._hosts.append(host)
        return known

    def keep(self, kept: Kept) -> None:
        self._kept[kept.key] = kept

    def drop(self, transfer: Transfer, kept: Kept) -> None:
        transfer.note(f"Closing connection {kept.number}")
        kept.socket.close()
