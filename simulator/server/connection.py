"""One client's connection: HTTP/1.1 (h11), and the bare bytes that follow when the client takes the connection over.

It has no socket: bytes come in by `receive` and go out by `output`. Mirrors Go's net/http server where clients notice:
keep-alive, one request after the other, 101 UPGRADED, the words for what is no HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import h11

from simulator.clock import Clock
from simulator.engine.errors import Forbidden
from simulator.server import replies
from simulator.server.api import date
from simulator.server.exchange import Exchange
from simulator.server.replies import Answer, Headers, Reply
from simulator.server.request import Request, request_from_target

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 16 * 1024 * 1024
ARCHIVE_LIMIT = 512 * 1024 * 1024
ARCHIVES = (b"/build", b"/images/load", b"/images/create")  # what is posted with a tar archive
AHEAD_LIMIT = 1024 * 1024  # bytes of further requests that wait
ROOM = 256 * 1024  # bytes that wait to be sent before no more is made
MOST_HEADERS = 200
_LOCAL = ("", "localhost", "127.0.0.1", "::1", "docker", "api.moby.localhost")
_ENDS = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n%s"


class Service(Protocol):
    """What a connection asks: the engine behind it, in its own words."""

    clock: Clock
    headers: Headers

    def changed(self) -> None:
        """An exchange may have finished, or begun to wait for something without an end in sight."""

    def answer(self, exchange: Exchange, request: Request) -> None:
        """Has the exchange play the reply, now or after a while."""


class Connection:
    """`output` are bytes to send. `closing`: no more comes after them. `trusted_hosts`: None for a unix socket."""

    def __init__(self, service: Service, notify: Callable[[Connection], None], hosts: frozenset[str] | None) -> None:
        self.output = bytearray()
        self.closing = False
        self.head_left = 0  # bytes of a head that must go out on their own, before what follows it
        self.exchange: Exchange | None = None
        self.service = service
        self._notify, self._hosts = notify, hosts
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._ahead = 0
        self._joined = False
        self._half_closed = False
        self._upgrade = ""
        self._bodiless = False  # the request is a HEAD

    # -- what comes in ----------------------------------------------------------------------------------------------

    @property
    def partial(self) -> bool:
        """Whether a request has begun and not come to its end."""
        return self._request is not None or (self.exchange is None and bool(self._http.trailing_data[0]))

    @property
    def uploading(self) -> bool:
        """Whether a body is on its way."""
        return self._request is not None

    def receive(self, data: bytes) -> None:
        """Bytes from the client; b"" when it sends no more."""
        if not data:
            self._no_more()
        elif self._joined:
            self._type(data)
        elif not self.closing:
            self._http.receive_data(data)
            self._ahead += len(data) if self.exchange else 0
            if self._ahead > AHEAD_LIMIT:
                self.hang_up()
            self._read()

    def resume(self) -> None:
        """What was waiting has been sent."""
        if self.exchange is not None and self.room:
            self.exchange.resume()

    def hang_up(self) -> None:
        """The client has gone, or must go."""
        self.closing, self.head_left = True, 0
        self.output.clear()
        if self.exchange is not None:
            self.exchange.abandon()
            self.exchange = None
        self._notify(self)

    def expire(self) -> None:
        """The rest of a request does not come."""
        self._refuse(b"408 Request Timeout")

    def _type(self, data: bytes) -> None:
        if self.exchange is not None:
            self.exchange.type(data)

    def _no_more(self) -> None:
        self._half_closed = True
        if self.closing:
            return  # the last word is on its way, and a client that sends no more may still read
        if self._joined and self.exchange is not None:
            self.exchange.close_write()
        elif self.exchange is None or not self.exchange.bounded:
            self.hang_up()

    def _read(self) -> None:
        """Takes requests, one at a time."""
        while self.exchange is None and not self.closing:
            try:
                event = self._http.next_event()
                if self._http.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
            except h11.RemoteProtocolError as failure:
                big = failure.error_status_hint == 431
                self._refuse(b"431 Request Header Fields Too Large" if big else b"400 Bad Request")
                return
            if isinstance(event, h11.Request):
                self._request, self._body = event, bytearray()
                if len(event.headers) > MOST_HEADERS:
                    self._refuse(b"431 Request Header Fields Too Large")
            elif isinstance(event, h11.Data):
                self._take(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._dispatch()
            else:
                return

    def _take(self, data: bytes) -> None:
        assert self._request is not None
        self._body += data
        path = self._request.target.partition(b"?")[0]
        limit = ARCHIVE_LIMIT if self._request.method == b"PUT" or path.endswith(ARCHIVES) else BODY_LIMIT
        if len(self._body) > limit:
            self._refuse(b"413 Request Entity Too Large")

    def _dispatch(self) -> None:
        head, self._request = self._request, None
        assert head is not None
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        target = head.target.decode("latin-1")
        try:
            request = request_from_target(head.method.decode(), target, headers, bytes(self._body))
        except ValueError:
            self._refuse(b"400 Bad Request")
            return
        self._body = bytearray()
        self._ahead = 0
        self.exchange = exchange = Exchange(self.service.clock, self, self.service.changed)
        self._upgrade = headers.get("upgrade", "")
        self._bodiless = head.method == b"HEAD"
        stranger = self._stranger(headers)
        if stranger is not None:
            exchange.play(stranger)
        else:
            self.service.answer(exchange, request)

    def _stranger(self, headers: Mapping[str, str]) -> Reply | None:
        """A web page in a browser must not speak to an engine on a TCP port, whatever name it gives it."""
        if self._hosts is None:
            return None
        if "origin" in headers:
            return replies.refusal(Forbidden("docklab answers no web pages: the request has an Origin"))
        if headers.get("sec-fetch-site", "none") != "none":
            return replies.refusal(Forbidden("docklab answers no web pages: the request comes from one"))
        name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if name not in _LOCAL and name not in self._hosts and not _is_address(name):
            return replies.refusal(Forbidden(f"docklab is not the host '{name}'"))
        return None

    # -- what goes out (Listener) -----------------------------------------------------------------------------------

    @property
    def room(self) -> bool:
        return len(self.output) < ROOM

    def whole(self, answer: Answer) -> None:
        headers = self._headers(answer.headers, anonymous=answer.anonymous)
        if answer.status not in (204, 304):
            headers.append(("Content-Length", str(len(answer.body))))
        if answer.closing:
            headers.append(("Connection", "close"))
        self._send(h11.Response(status_code=answer.status, headers=headers, reason=_reason(answer.status)))
        if answer.body and answer.status not in (204, 304) and not self._bodiless:
            self._send(h11.Data(data=answer.body))
        self._over()

    def head(self, status: int, headers: Headers) -> None:
        head = h11.Response(status_code=status, headers=self._headers(headers), reason=_reason(status))
        self._send(head)

    def join(self, *, identified: bool) -> None:
        self._joined = True
        headers: Headers = (("Content-Type", replies.RAW_STREAM),)
        if self._upgrade:
            headers = (*headers, ("Connection", "Upgrade"), ("Upgrade", self._upgrade))
        lines = ["HTTP/1.1 101 UPGRADED" if self._upgrade else "HTTP/1.1 200 OK"]
        lines += [f"{name}: {value}" for name, value in (*headers, *(self.service.headers if identified else ()))]
        self._put("\r\n".join([*lines, "", ""]).encode("latin-1"))
        self.head_left = len(self.output)
        early = self._http.trailing_data[0]
        if early:
            self._type(early)
        if self._half_closed:
            self._no_more()

    def part(self, data: bytes) -> None:
        if self._joined:
            self._put(data)
        elif data:
            self._send(h11.Data(data=data))

    def end(self) -> None:
        if self._joined:
            self.exchange = None
            self.closing = True
            self._notify(self)
        else:
            self._over()

    def _over(self) -> None:
        """An answer is complete; the next request may have come already."""
        self._send(h11.EndOfMessage())
        self.exchange = None
        if self._half_closed or self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            self.closing = True
        else:
            self._http.start_next_cycle()
        self._notify(self)
        self._read_on()

    def _read_on(self) -> None:
        if not self.closing and self._http.trailing_data[0]:
            self._read()

    def _headers(self, own: Headers, *, anonymous: bool = False) -> list[tuple[str, str]]:
        return [*(() if anonymous else self.service.headers), date(self.service.clock.wall()), *own]

    def _send(self, event: h11.Event) -> None:
        self._put(self._http.send(event) or b"")

    def _put(self, data: bytes) -> None:
        if not self.closing:
            self.output += data
            self._notify(self)

    def _refuse(self, status: bytes) -> None:
        self._put(_ENDS % (status, status))
        self._request = None
        self.closing = True
        self._notify(self)


def _is_address(name: str) -> bool:
    """Whether a host is named by its address: a page's own name may be made to mean this machine, an address not."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _reason(status: int) -> bytes:
    return HTTPStatus(status).phrase.encode()
