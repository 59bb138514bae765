"""The usage text of every busybox applet that is no network tool (those have their own, next to them)."""

from __future__ import annotations

from simulator.userland.program import BUSYBOX_BANNER
from simulator.userland.usage_files import APPLETS as FILES
from simulator.userland.usage_system import APPLETS as SYSTEM
from simulator.userland.usage_text import APPLETS as TEXT


def busybox_usage(name: str) -> str:
    """What `NAME --help` prints: the banner, a blank line, the applet's usage."""
    shown = FILES.get(name) or TEXT.get(name) or SYSTEM.get(name) or "No help available"
    return f"{BUSYBOX_BANNER}\n\n{shown}"
