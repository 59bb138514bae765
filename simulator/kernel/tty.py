"""A pseudo-terminal: the keyboard and screen at one end, processes at the other, a line discipline between them.

See pty(7), termios(3): canonical mode with erase (^H, DEL), kill (^U), word erase (^W) and end of file (^D), echo,
signals (^C, ^\\, ^Z), and "\\n" written as "\\r\\n". Left out: flow control (^S, ^Q), other speeds and modes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from simulator.clock import Clock, Event
from simulator.kernel.files import OpenFile, WaitQueue
from simulator.kernel.signals import SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH

_ERASE, _KILL, _WORD_ERASE, _END = b"\x7f\x08", 0x15, 0x17, 0x04
_SIGNALS = {0x03: SIGINT, 0x1A: SIGTSTP, 0x1C: SIGQUIT}


class _Slave(OpenFile):
    """The end that processes have as standard input, output and error."""

    isatty = True

    def __init__(self, tty: Tty) -> None:
        super().__init__(tty.clock)
        self.tty = tty

    @property
    def readable(self) -> bool:
        return bool(self.tty.ready) or self.tty.hung_up

    def take(self, size: int) -> bytes:
        """One line in canonical mode (an empty one is the end of the file), else whatever there is."""
        if not self.tty.ready:
            return b""
        chunk = self.tty.ready.pop(0)
        if len(chunk) > size:
            self.tty.ready.insert(0, chunk[size:])
        return chunk[:size]

    def read(self, size: int = 65536) -> Event:
        event = super().read(size)
        if not event.triggered:
            self.tty.reading.wake()
        return event

    def wait_readable(self) -> Event:
        event = super().wait_readable()
        if not event.triggered:
            self.tty.reading.wake()
        return event

    def write(self, data: bytes) -> None:
        self.tty.show(data)


class Tty:
    """A terminal of `rows` by `columns`. The master side types and sees; `slave` is for processes."""

    def __init__(self, clock: Clock, *, rows: int = 24, columns: int = 80, echo: bool = True) -> None:
        self.clock = clock
        self.number = 0  # of /dev/pts, among the terminals in sight
        self.rows, self.columns = rows, columns
        self.echo, self.canonical, self.signals, self.crlf = echo, True, True, True
        self.hung_up = False
        self.foreground = 0  # the process group that ^C reaches
        self._groups: Counter[int] = Counter()  # how many processes of each group have it as their terminal
        self.interrupt: Callable[[int, int], None] = lambda group, signal: None  # set by the machine
        self.ready: list[bytes] = []
        self.reading = WaitQueue(clock)  # wakes when somebody begins to wait for input
        self.slave = _Slave(self)
        self._line = bytearray()
        self._screen = bytearray()
        self._watchers: list[Callable[[bytes], None]] = []

    # -- processes ---------------------------------------------------------------------------------------------------

    def enter(self, group: int) -> None:
        """One more process of a group has it as its terminal."""
        self._groups[group] += 1

    def leave(self, group: int) -> None:
        self._groups[group] -= 1
        if not self._groups[group]:
            del self._groups[group]

    def has(self, group: int) -> bool:
        """Whether a process of the group has it as its terminal."""
        return group in self._groups

    # -- master side ------------------------------------------------------------------------------------------------

    def type(self, data: bytes) -> None:
        """Keys pressed, as bytes."""
        if not self.canonical and not self.signals:
            self._echo(data)
            self._push(data)
            return
        for code in data:
            self._key(code)

    @property
    def pending(self) -> bytes:
        """What has been typed of a line that is not finished."""
        return bytes(self._line)

    def watch(self, watcher: Callable[[bytes], None]) -> None:
        """Calls watcher(bytes) with everything that is shown from now on; the screen is no longer kept."""
        self._watchers.append(watcher)

    def output(self) -> bytes:
        """What has been shown since the last call, while nobody watched."""
        shown = bytes(self._screen)
        self._screen.clear()
        return shown

    def resize(self, rows: int, columns: int) -> None:
        """The screen has another size: the foreground gets SIGWINCH (TIOCSWINSZ)."""
        if (rows, columns) != (self.rows, self.columns):
            self.rows, self.columns = rows, columns
            self.interrupt(self.foreground, SIGWINCH)

    def hang_up(self) -> None:
        """The terminal goes away: readers get the end of the file, the foreground SIGHUP."""
        self.hung_up = True
        self.interrupt(self.foreground, SIGHUP)
        self.slave.arrived()

    # -- slave side -------------------------------------------------------------------------------------------------

    def show(self, data: bytes) -> None:
        shown = data.replace(b"\n", b"\r\n") if self.crlf else data
        if not self._watchers:
            self._screen += shown
        for watcher in tuple(self._watchers):
            watcher(shown)

    def raw(self) -> tuple[bool, bool, bool, bool]:
        """Sets raw mode (cfmakeraw) and returns the old settings for `restore`."""
        before = (self.echo, self.canonical, self.signals, self.crlf)
        self.echo = self.canonical = self.signals = self.crlf = False
        return before

    def restore(self, settings: tuple[bool, bool, bool, bool]) -> None:
        self.echo, self.canonical, self.signals, self.crlf = settings

    # -- line discipline --------------------------------------------------------------------------------------------

    def _key(self, code: int) -> None:
        if self.signals and code in _SIGNALS:
            self._line.clear()
            self._echo(b"^" + bytes([code + 0x40]))
            self.interrupt(self.foreground, _SIGNALS[code])
        elif not self.canonical:
            self._echo(bytes([code]))
            self._push(bytes([code]))
        else:
            self._edit(code)

    def _edit(self, code: int) -> None:
        if code in b"\r\n":
            self._echo(b"\n")
            self._finish(b"\n")
        elif code == _END:
            self._finish(b"")
        elif code in _ERASE:
            if self._line:
                self._line.pop()
                self._echo(b"\b \b")
        elif code in (_KILL, _WORD_ERASE):
            kept = b"" if code == _KILL else self._line.rstrip().rpartition(b" ")[0]
            self._echo(b"\b \b" * (len(self._line) - len(kept)))
            self._line[:] = kept
        else:
            self._line.append(code)
            self._echo(bytes([code]))

    def _finish(self, end: bytes) -> None:
        line = bytes(self._line) + end
        self._line.clear()
        self._push(line)

    def _push(self, data: bytes) -> None:
        self.ready.append(data)
        self.slave.arrived()

    def _echo(self, data: bytes) -> None:
        if self.echo:
            self.show(data)
