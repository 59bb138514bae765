"""A Reply played to whoever listens: what is there at once, what comes later, as fast as the listener takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from simulator.clock import Clock, Event, S
from simulator.engine.errors import EngineError, System
from simulator.engine.stream import STDOUT, Stream
from simulator.server import replies
from simulator.server.gojson import encoded
from simulator.server.replies import Answer, Early, Flow, Headers, Joined, Reply, Waiting

PATIENCE = 60 * S  # simulated time that may run ahead for a client who waits without an end in sight


class Listener(Protocol):
    """Who takes an answer: a connection, or a client in the same process."""

    @property
    def room(self) -> bool:
        """Whether it takes more now. It calls `resume` of its exchange when it does again."""

    def whole(self, answer: Answer) -> None: ...

    def head(self, status: int, headers: Headers) -> None:
        """A body of unknown length begins."""

    def join(self, *, identified: bool) -> None:
        """The connection is the client's from here on. `identified`: the head says whose API this is."""

    def part(self, data: bytes) -> None: ...

    def end(self) -> None: ...


class Exchange:
    """One request being answered. `finished` when all has been said."""

    def __init__(self, clock: Clock, listener: Listener, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever it may have finished, or its end has come into or out of sight."""
        self.clock = clock
        self.finished = False
        self.stream: Stream | None = None  # where what a joined client sends goes
        self.patience = PATIENCE
        # Its client may first want something else: `docker attach` begins with a wait, docker-py's run with the logs.
        self.expectant = False
        self._listener = listener
        self._changed = changed
        self._feed: Any = None
        self._encode: Callable[[Any], bytes] = encoded
        self._rush: Callable[[], bool] = replies.always
        self._bounded = True  # whether the end is in sight
        self._joined = False
        self._farewell: Callable[[], bytes] = bytes
        self._typed = b""
        self._typed_all = False
        self._asked = False  # the feed has been asked and has not said yet

    def rushes(self) -> bool:
        """Whether time may run ahead for this client."""
        if self.finished or self._bounded:
            return not self.finished
        return self.patience > 0 and self._listener.room and self._rush()

    @property
    def bounded(self) -> bool:
        """Whether the end is in sight: the answer needs a while, not what somebody else will do."""
        return self._bounded

    def play(self, reply: Reply) -> None:
        """Begins to give the reply."""
        self._changed()
        if isinstance(reply, Answer):
            self.finished = True
            self._listener.whole(reply)
        elif isinstance(reply, Waiting):
            if reply.joins:
                self._joined = True
                self._listener.join(identified=True)
            when(reply.event, lambda event: self._came(event, reply.finish))
        elif isinstance(reply, Early):
            self._bounded, self._rush, self.expectant = False, reply.rush, True
            self._listener.head(200, (("Content-Type", replies.JSON),))
            when(reply.event, self._last)
        elif isinstance(reply, Flow):
            self._open(reply.feed, reply.encode, reply.rush)
            self.expectant = reply.rush is not replies.always
            self._listener.head(200, (("Content-Type", reply.kind),) if reply.kind else ())
            self.resume()
        else:
            self._join(reply)

    def resume(self) -> None:
        """Gives on what has come, until there is nothing or no room."""
        while self._feed is not None and not self._asked and not self.finished and self._listener.room:
            event = self._feed.read()
            if event.triggered:
                self._say(event)
            else:
                self._asked = True
                when(event, self._came_by)

    def type(self, data: bytes) -> None:
        """What the client sends on a connection that is its own; the program may not have begun to read."""
        if self.stream is None:
            self._typed += data
        else:
            self.stream.write(data)

    def close_write(self) -> None:
        """The client sends no more."""
        self._typed_all = True
        if self.stream is not None:
            self.stream.close_write()

    def abandon(self) -> None:
        """The client has gone."""
        self._finish()
        if self._feed is not None:
            self._feed.close()

    def _open(self, feed: Any, encode: Callable[[Any], bytes], rush: Callable[[], bool]) -> None:
        self._feed, self._encode, self._rush, self._bounded = feed, encode, rush, False

    def _join(self, reply: Joined) -> None:
        self._open(reply.stream, replies.frame if reply.framed else replies.unframed, reply.rush)
        self.stream, self._farewell = reply.stream, reply.farewell
        if not self._joined:
            self._joined = True
            self._listener.join(identified=False)
        if self._typed:
            self.stream.write(self._typed)
        if self._typed_all:
            self.stream.close_write()
        self.resume()

    def _finish(self) -> None:
        self.finished = True
        self._changed()

    def _came(self, event: Event, finish: Callable[[Any], Reply]) -> None:
        if self.finished:
            return
        if event.ok:
            self.play(finish(event.value))
        else:
            self.play(replies.refusal(_reason(event.value)))

    def _last(self, event: Event) -> None:
        if not self.finished:
            self._finish()
            outcome = event.value if event.ok else {"Error": {"Message": str(event.value)}, "StatusCode": -1}
            self._listener.part(encoded(outcome))
            self._listener.end()

    def _came_by(self, event: Event) -> None:
        self._asked = False
        self._say(event)
        self.resume()

    def _say(self, event: Event) -> None:
        if self.finished:
            return
        if event.value is None or not event.ok:
            self._finish()
            if farewell := self._farewell():
                self._listener.part(self._encode((STDOUT, farewell)))
            self._listener.end()
        else:
            self._listener.part(self._encode(event.value))


def when(event: Event, then: Callable[[Event], None]) -> None:
    """Calls `then` when the event has come; now, if it has."""
    if event.triggered:
        then(event)
    else:
        assert event.callbacks is not None
        event.callbacks.append(then)


def _reason(failure: Any) -> EngineError:
    if isinstance(failure, EngineError):
        return failure
    return System(f"{type(failure).__name__}: {failure}")
