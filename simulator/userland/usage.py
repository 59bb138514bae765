"""The usage texts of busybox's applets."""

from __future__ import annotations

from simulator.userland.program import BUSYBOX_BANNER
from simulator.userland.usage_files import APPLETS as FILES
from simulator.userland.usage_net import APPLETS as NET
from simulator.userland.usage_services import APPLETS as SERVICES
from simulator.userland.usage_system import APPLETS as SYSTEM
from simulator.userland.usage_text import APPLETS as TEXT


def busybox_usage(name: str) -> str:
    """What `NAME --help` prints: the banner, a blank line, the applet's usage."""
    shown = next((texts[name] for texts in (FILES, TEXT, SYSTEM, NET, SERVICES) if name in texts), "No help available")
    return f"{BUSYBOX_BANNER}\n\n{shown}"
