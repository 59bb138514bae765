"""A file that one process has for itself until it ends, however it ends: the system gives it free."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 30  # a byte that nobody reads or writes: locks of Windows are in everybody's way

    def hold(path: Path) -> int | None:
        """Takes the file until the descriptor that is given is closed; None if another has it. Raises OSError."""
        number = os.open(path, os.O_RDWR)
        os.lseek(number, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(number)
            return None
        return number

else:
    import fcntl

    def hold(path: Path) -> int | None:
        """Takes the file until the descriptor that is given is closed; None if another has it. Raises OSError."""
        number = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            return None
        return number
