"""Single keys from the real terminal, and lines whose first letter is the key where there is no terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.ui.shell import keyboard

ENTER, BACK, QUIT = "", "b", "q"
ARROWS = {"\x1b[C": ENTER, "\x1b[B": ENTER, "\x1b[D": BACK, "\x1b[A": BACK}
HANGUL = dict(zip("ㅂㅈㅅㅠㅗ", "qwtbh", strict=True))  # the same keys of a Korean keyboard
END = "\x04"
_KEY = re.compile(r"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)


class Keys:
    """Keys in the order in which they were pressed, also those pressed before anybody asked."""

    def __init__(self) -> None:
        self._ahead: list[str] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Meanwhile no key needs Enter, and none is seen."""
        if not sys.stdin.isatty():
            yield
            return
        with keyboard.single():
            yield

    def take(self) -> str:
        """One key; Enter is "". Raises KeyboardInterrupt for Ctrl-C, EOFError at the end of the input."""
        if not sys.stdin.isatty():
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            return key_of(line)
        if not self._ahead:
            self._ahead += _KEY.findall(keyboard.read(None))
        return key_of(self._ahead.pop(0))

    def hurry(self, seconds: float) -> bool:
        """Waits for so long, or until somebody presses a key; whether somebody did."""
        return bool(self._ahead) or not sys.stdin.isatty() or keyboard.waits(seconds)


def key_of(typed: str) -> str:
    """What was meant by what a terminal sent."""
    if typed[:1] == END:
        raise EOFError
    key = ARROWS.get(typed, typed.strip()[:1].lower())
    return HANGUL.get(key, key)
