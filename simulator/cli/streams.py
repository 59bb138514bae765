"""A terminal joined to a container: keys to its standard input, its output to the screen, until one of them ends.

Mirrors docker/cli's hijackedIOStreamer. With a terminal on both sides the local one is set raw, so that every key goes
to the container; the keys that detach are recognised by the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.errors import CommandError
from simulator.clock import Event, Steps
from simulator.engine.errors import EngineError
from simulator.kernel.files import OpenFile
from simulator.kernel.signals import NAMES, SIGCHLD, SIGKILL, SIGPIPE, SIGSTOP, SIGWINCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.cli.client import Client
    from simulator.engine.stream import Stream

STDERR = 2
DETACHED = "read escape sequence"
NOT_FORWARDED = (SIGCHLD, SIGPIPE, SIGKILL, SIGSTOP, SIGWINCH)


def check_terminal(client: Client, *, stdin: bool, tty: bool) -> None:
    """Raises CommandError when a terminal is asked for and standard input is none."""
    if stdin and tty and not client.stdin.isatty:
        raise CommandError("the input device is not a TTY")


def join(client: Client, stream: Stream, *, stdin: bool, tty: bool, output: bool = True) -> Steps:
    """Copies both ways until the stream ends. Without output, until the input ends."""
    terminal = client.process.tty if stdin and tty and client.stdin.isatty else None
    settings = terminal.raw() if terminal else None
    try:
        yield from _copy(client, stream, client.stdin if stdin else None, output=output)
    finally:
        stream.close()
        if terminal and settings:
            terminal.restore(settings)


def _copy(client: Client, stream: Stream, source: OpenFile | None, *, output: bool) -> Steps:
    arrived: Event = stream.read()
    typed: Event | None = source.wait_readable() if source else None
    while output or typed is not None:
        yield client.clock.any_of([event for event in (arrived, typed) if event is not None])
        if arrived.processed or arrived.triggered:
            if arrived.value is None:
                return
            yield from _show(client, stream, *arrived.value)
            arrived = stream.read()
        if source is not None and typed is not None and typed.triggered:
            typed = yield from _send(stream, source)


def _show(client: Client, stream: Stream, channel: int, data: bytes) -> Steps:
    file = client.process.stderr if channel == STDERR and not stream.tty else client.process.stdout
    file.write(data)
    yield file.drain()


def _send(stream: Stream, source: OpenFile) -> Steps:
    """Hands on what was typed; gives the event of the next input, None at the end."""
    data: bytes = yield source.read()
    if not data:
        stream.close_write()
        return None
    stream.write(data)
    return source.wait_readable()


def show(client: Client, stream: Stream) -> Steps:
    """Copies output alone, to its end."""
    while (item := (yield stream.read())) is not None:
        yield from _show(client, stream, *item)


def forward_signals(client: Client, container: str) -> None:
    """From now on the signals that the client gets go to the container instead."""

    def send(signal: int) -> None:
        try:
            client.engine.container_kill(container, signal=NAMES[signal].removeprefix("SIG"))
        except EngineError:
            return  # the container is gone

    for signal in NAMES:
        if signal not in NOT_FORWARDED:
            client.process.signals.handle(signal, send)


def fit_terminal(client: Client, resize: Callable[[int, int], object]) -> None:
    """Gives the container's terminal the size of the client's, now and when that changes."""
    terminal = client.terminal
    if terminal is None:
        return

    def fit(_signal: int = SIGWINCH) -> None:
        try:
            resize(terminal.rows, terminal.columns)
        except EngineError:
            return  # it has ended, or not begun

    fit()
    client.process.signals.handle(SIGWINCH, fit)
