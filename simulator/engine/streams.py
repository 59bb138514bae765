"""Standard input, output and error of a container or an exec, and the clients attached to them.

Mirrors moby's container/stream: what the process writes goes to the log and to every client attached, in whatever
number; what any of them types goes to the process. With a terminal the process has a Tty, else two outputs and a
pipe.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from simulator.clock import Clock
from simulator.engine.stream import STDERR, STDOUT, Output, Stream
from simulator.kernel.files import Null, OpenFile, Pipe
from simulator.kernel.tty import Tty

Sink = Callable[[int, bytes], None]


class StandardStreams:
    """One process's standard streams, from before it starts until it has ended."""

    def __init__(
        self,
        clock: Clock,
        *,
        tty: bool,
        stdin: bool,
        close_stdin: bool,
        sink: Sink | None = None,
        drained: Callable[[], None] = lambda: None,
    ) -> None:
        """`close_stdin`: the first client that has nothing more to type closes the process's standard input."""
        self.clock = clock
        self.tty = Tty(clock) if tty else None
        self._stdin = Pipe(clock) if stdin and not tty else None
        self._close_stdin = close_stdin and not tty
        self._sink, self._drained = sink, drained
        self._clients: list[tuple[Stream, frozenset[int]]] = []
        self._open_outputs = 0
        if self.tty:
            self.tty.watch(lambda data: self._spread(STDOUT, data))

    def files(self) -> dict[int, OpenFile]:
        """What the process gets at its descriptors 0, 1 and 2."""
        if self.tty:
            return dict.fromkeys((0, 1, 2), self.tty.slave)
        stdin = self._stdin.reader if self._stdin else Null(self.clock)
        self._open_outputs = 2
        return {0: stdin, STDOUT: self._output(STDOUT), STDERR: self._output(STDERR)}

    @property
    def written_to(self) -> bool:
        """Whether somebody still has the outputs open."""
        return self._open_outputs > 0

    def attach(self, *, stdin: bool, stdout: bool, stderr: bool, keys: bytes) -> Stream:
        """Another client."""
        wanted = frozenset(channel for channel, asked in ((STDOUT, stdout), (STDERR, stderr)) if asked)
        typed = self._type if stdin and (self.tty or self._stdin) else None
        stream = Stream(self.clock, tty=self.tty is not None, write=typed, keys=keys if self.tty else b"")
        stream.on_close(lambda: self._leave(stream, stdin))
        stream.on_close_write(lambda: self._no_more(stream, stdin))
        self._clients.append((stream, wanted))
        return stream

    def end(self) -> None:
        """The process has ended: all clients get the end of what it wrote."""
        clients, self._clients = self._clients, []
        for stream, _ in clients:
            stream.end()

    def say(self, channel: int, data: bytes) -> None:
        """Something that the runtime itself writes where the process would have."""
        self._spread(channel, data)

    def _output(self, channel: int) -> Output:
        return Output(self.clock, lambda data: self._spread(channel, data), self._output_closed)

    def _output_closed(self) -> None:
        self._open_outputs -= 1
        if self._open_outputs == 0:
            self._drained()

    def _spread(self, channel: int, data: bytes) -> None:
        if self._sink:
            self._sink(channel, data)
        for stream, wanted in list(self._clients):
            if channel in wanted:
                stream.push(channel, data)

    def _type(self, data: bytes) -> None:
        if self.tty:
            self.tty.type(data)
        elif self._stdin:
            with suppress(BrokenPipeError):  # the process has closed its standard input
                self._stdin.writer.write(data)

    def _no_more(self, stream: Stream, stdin: bool) -> None:
        """A client has typed all it has. If that does not close standard input, it ends the client's connection."""
        if self._close_stdin and self._stdin and stdin:
            self._stdin.writer.close()
        elif stdin:
            stream.close()

    def _leave(self, stream: Stream, stdin: bool) -> None:
        self._clients = [client for client in self._clients if client[0] is not stream]
        if self._close_stdin and self._stdin and stdin:
            self._stdin.writer.close()
