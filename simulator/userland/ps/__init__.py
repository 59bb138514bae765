"""ps: the processes in sight (busybox's ps, procps' ps(1)). Left out: threads, memory, CPU times of any length."""

from __future__ import annotations

from simulator.userland.ps.busybox import ps
from simulator.userland.ps.procps import gnu_ps

__all__ = ["gnu_ps", "ps"]
