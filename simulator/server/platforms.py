"""The platform that a client asks for: containerd's platforms.Parse. Whatever it names, images are for one platform."""

from __future__ import annotations

import re

from simulator.engine.errors import InvalidParameter
from simulator.server.request import Request

COMPONENT = "^[A-Za-z0-9_-]+$"
# What a platform may be named by alone: operating systems, architectures and other names of these.
ALONE = frozenset(
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos "
    "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le mips mipsle mips64 mips64le mips64p32 mips64p32le ppc "
    "riscv riscv64 s390 s390x sparc sparc64 wasm i386 x86_64 x86-64 aarch64 armhf armel macos".split()
)
MOST = 3  # OS/ARCHITECTURE/VARIANT


def check_platform(request: Request) -> None:
    """Raises InvalidParameter for what names no platform."""
    text = request.text("platform")
    if not text:
        return
    problem = _problem(text)
    if problem:
        raise InvalidParameter(f"{problem}: invalid argument")


def _problem(text: str) -> str:
    if "*" in text:
        return f'"{text}": wildcards not yet supported'
    parts = text.split("/")
    for part in parts:
        if not re.fullmatch(COMPONENT, part):
            return (
                f'"{part}" is an invalid component of "{text}": platform specifier component must match "{COMPONENT}"'
            )
    if len(parts) == 1 and text.lower() not in ALONE:
        return f'"{text}": unknown operating system or architecture'
    return f'"{text}": cannot parse platform specifier' if len(parts) > MOST else ""
