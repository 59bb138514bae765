"""One transfer: a URL is asked for and the answer goes where it should. lib/url.c, src/tool_operate.c.

Where it is stands in `phase`, so that a timeout can be worded; `times` has the moments that --write-out shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.clock import MS, Steps
from simulator.kernel.process import Process
from simulator.userland.curl import dial, other_schemes
from simulator.userland.curl.exchange import Exchange, Kept
from simulator.userland.curl.meter import Meter
from simulator.userland.curl.options import Given
from simulator.userland.curl.output import Sink
from simulator.userland.curl.request import Payload
from simulator.userland.curl.url import BadUrl, Url, relative, url_from_text
from simulator.userland.curl.words import (
    BAD_URL,
    RECEIVE_ERROR,
    REDIRECTS,
    TIMEOUT,
    TLS_ERROR,
    UNRESOLVED_PROXY,
    UNSUPPORTED,
    Failure,
    Words,
)
from simulator.userland.curl.writeout import Facts
from simulator.userland.http_message import Connection, Malformed
from simulator.userland.program import strerror

if TYPE_CHECKING:
    from simulator.userland.curl.main import Session

MAX_REDIRECTIONS = 50
PROXY_PORT = 1080  # of a proxy that is given without one


class Transfer:
    """One URL of the command line, with the redirections that it leads through."""

    def __init__(self, session: Session, url: Url, sink: Sink, *, payload: Payload, meter: Meter) -> None:
        self.session, self.payload = session, payload
        self.url: Url = url
        self.sink: Sink = sink
        self.meter: Meter = meter
        self.process: Process = session.process
        self.settings: Given = session.settings
        self.words: Words = session.words
        self.proxy = self._proxy()
        self.facts = Facts()
        self.phase = "resolve"
        self.method: str = payload.method
        self._start = self.now
        self.expected: int | None = None
        self._data_shown = False

    def _proxy(self) -> Url | None:
        """-x: an HTTP server that is asked in the place of the host. Raises Failure."""
        text = self.settings.get("proxy")
        if not text or self.settings.get("noproxy") == "*" or self.url.scheme != "http":
            return None
        try:
            proxy = url_from_text(text)
        except BadUrl:
            raise Failure(UNRESOLVED_PROXY, f"Unsupported proxy syntax in '{text}'") from None
        return proxy if proxy.named_port else replace(proxy, port=PROXY_PORT)

    @property
    def place(self) -> tuple[str, int]:
        return dial.place(self)

    # -- time -------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return int(self.process.clock.now)

    @property
    def elapsed(self) -> int:
        return self.now - self._start

    def mark(self, name: str) -> None:
        self.facts.times.setdefault(name, self.elapsed)

    def timed_out(self, *, connecting: bool) -> Failure:
        """How the end of the patience is worded. `connecting`: that of --connect-timeout."""
        ms = self.elapsed // MS
        if self.phase == "resolve":
            return Failure(TIMEOUT, f"Resolving timed out after {ms} milliseconds")
        if self.phase == "connect" and connecting:
            host, port = self.place
            return Failure(TIMEOUT, self.words.connect_timeout.format(host=host, port=port, ms=ms))
        if self.phase == "connect":
            return Failure(TIMEOUT, f"Connection timed out after {ms} milliseconds")
        out_of = f" out of {self.expected}" if self.expected is not None else ""
        text = f"Operation timed out after {ms} milliseconds with {self.sink.size}{out_of} bytes received"
        return self.failed(TIMEOUT, text)

    # -- telling ----------------------------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """A line of -v."""
        if text and self.settings.has("verbose"):
            self.process.error(f"* {text}")

    def show(self, mark: str, lines: list[str]) -> None:
        """The lines of a head, for -v."""
        self._data_shown = False
        if self.settings.has("verbose"):
            self.process.error("".join(f"{mark} {line}\r\n" for line in lines), end="")

    def show_data(self, mark: str, size: int) -> None:
        """That data went by, for -v; not if it is seen on the terminal anyway."""
        if size and self.settings.has("verbose") and not self._data_shown and not self.sink.on_terminal:
            self.process.error(f"{mark} [{size} bytes data]")
            self._data_shown = True

    def failed(self, status: int, text: str) -> Failure:
        self.note(text)
        return Failure(status, text)

    # -- the way ----------------------------------------------------------------------------------------------------

    def run(self) -> Steps:
        """The whole transfer. Raises Failure."""
        limit = int(self.settings.get("max-redirs", str(MAX_REDIRECTIONS)))
        while place := (yield from self._once()):
            if 0 <= limit <= self.facts.redirects:
                raise Failure(REDIRECTS, f"Maximum ({limit}) redirects followed")
            self.facts.redirects += 1
            self._turn_to(place)

    def _turn_to(self, place: str) -> None:
        try:
            self.url = relative(self.url, place)
        except BadUrl:
            raise Failure(BAD_URL, self.words.bad_url) from None
        self.note(f"Issue another request to this URL: '{self.url}'")
        if self.facts.code in (301, 302, 303) and self.method == "POST" and not self.settings.has("request"):
            self.payload = Payload("GET")
            self.method = "GET"

    def _once(self) -> Steps:
        """One request; gives the place to go on to."""
        if self.url.scheme == "file":
            return (yield from other_schemes.local_file(self))
        self.phase = "resolve"
        kept = self.session.reuse(self)
        if kept is None:
            kept = yield from self._connect()
        self.phase = "transfer"
        self.facts.local, self.facts.remote = kept.socket.local, kept.socket.peer
        for name in ("connect", "pretransfer"):
            self.mark(name)
        try:
            if self.url.scheme == "telnet":
                return (yield from other_schemes.telnet(self, kept.socket))
            if self.url.scheme != "http":
                raise Failure(UNSUPPORTED, f"docklab does not simulate {self.url.scheme}")
            return (yield from Exchange(self, kept).run())
        except (Failure, OSError, Malformed) as failure:
            self.session.drop(self, kept)
            if isinstance(failure, OSError):
                raise Failure(RECEIVE_ERROR, f"Recv failure: {strerror(failure)}") from None
            raise

    def _connect(self) -> Steps:
        """A new connection."""
        number, (host, port) = self.session.next_number(), self.place
        try:
            found = yield from dial.addresses(self)
            self.mark("namelookup")
            self.phase = "connect"
            if self.session.was_resolved(host):
                self.note(self.words.cached.format(host=host))
            self.note(self.words.about_to_connect.format(host=host, port=port, number=number))
            socket = yield from dial.connect(self, found)
        except Failure as failure:
            self.note(failure.text)
            self.note(f"Closing connection {number}")
            raise
        self.facts.connects += 1
        self.session.connected(self)
        self.note(f"Connected to {host} ({socket.peer[0]}) port {port} (#{number})")
        self.mark("connect")
        if self.url.scheme == "https":
            socket.close()
            raise Failure(TLS_ERROR, "docklab does not simulate TLS")
        return Kept(number, socket, Connection(socket), self.key)

    @property
    def key(self) -> tuple[str, str, int]:
        host, port = self.place
        return (self.url.scheme, host.lower(), port)
