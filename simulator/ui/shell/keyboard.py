"""Keys from the real terminal: at once and unseen, without waiting longer than asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

POLL = 0.01  # seconds between two looks at a keyboard that cannot be waited for


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def raw() -> Iterator[None]:
        """Consoles of Windows give single keys without being asked."""
        yield

    single = held = raw

    def waits(timeout: float) -> bool:
        """Whether a key is pressed within timeout seconds; it can still be read."""
        end = time.monotonic() + timeout
        while not msvcrt.kbhit():
            if time.monotonic() >= end:
                return False
            time.sleep(POLL)
        return True

    def read(timeout: float | None) -> str:
        """The keys pressed within timeout seconds (None: wait for one)."""
        end = None if timeout is None else time.monotonic() + timeout
        while not msvcrt.kbhit():
            if end is not None and time.monotonic() >= end:
                return ""
            time.sleep(POLL)
        keys = ""
        while msvcrt.kbhit():
            keys += msvcrt.getwch()
        return keys

else:
    import os
    import select
    import termios
    import tty

    def raw() -> AbstractContextManager[None]:
        """Every key comes at once and unseen, also ^C; the terminal is as it was afterwards."""
        return _mode(tty.setraw)

    def single() -> AbstractContextManager[None]:
        """Every key comes at once and unseen; ^C interrupts us; the terminal is as it was afterwards."""
        return _mode(tty.setcbreak)

    @contextmanager
    def _mode(set_mode: Callable[[int, int], object]) -> Iterator[None]:
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        set_mode(number, termios.TCSANOW)
        try:
            yield
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)

    @contextmanager
    def held() -> Iterator[None]:
        """No key does anything, not even ^C, until somebody reads it afterwards: a world is not left half made."""
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        modes = termios.tcgetattr(number)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.ISIG)
        termios.tcsetattr(number, termios.TCSANOW, modes)
        try:
            yield
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)

    def waits(timeout: float) -> bool:
        """Whether a key is pressed within timeout seconds; it can still be read."""
        return bool(select.select([sys.stdin.fileno()], [], [], timeout)[0])

    def read(timeout: float | None) -> str:
        """The keys pressed within timeout seconds (None: wait for one)."""
        number = sys.stdin.fileno()
        readable, _, _ = select.select([number], [], [], timeout)
        if not readable:
            return ""
        data = os.read(number, 4096)
        if not data:
            raise EOFError
        return data.decode("utf-8", "surrogateescape")
