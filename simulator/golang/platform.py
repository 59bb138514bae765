"""A platform that somebody asks for, `OS/ARCHITECTURE/VARIANT` or a part of it, read as containerd's platforms.Parse does."""

from __future__ import annotations

import re

from msgspec import Struct

COMPONENT = "^[A-Za-z0-9_-]+$"
MOST = 3  # OS/ARCHITECTURE/VARIANT
# What a platform may be named by alone, besides the other names of these.
SYSTEMS = frozenset(
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos".split()
)
ARCHITECTURES = frozenset(
    "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le mips mipsle mips64 mips64le mips64p32 mips64p32le ppc "
    "riscv riscv64 s390 s390x sparc sparc64 wasm".split()
)
OTHER_NAMES = {"macos": "darwin", "i386": "386", "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"}
OF_A_VARIANT = {"armhf": ("arm", "v7"), "armel": ("arm", "v6")}  # whatever variant is named besides
USUAL_VARIANTS = {"arm": "v7"}  # not shown unless it is asked for
ALSO_RUNS = {"amd64": "386", "arm64": "arm"}  # platforms.Only: a machine runs its predecessor's programs


class Platform(Struct, frozen=True):
    """What is asked for; the names are Go's."""

    system: str = "linux"
    architecture: str = "amd64"
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.system, self.architecture, self.variant) if part)

    def takes(self, system: str, architecture: str) -> bool:
        """Whether an image for `architecture`, of no variant, will do (OnlyPlatformWithFallback)."""
        return system == self.system and architecture in (self.architecture, ALSO_RUNS.get(self.architecture))


def platform_from_text(text: str) -> Platform:
    """Raises ValueError for what names no platform."""
    problem = _problem(text)
    if problem:
        raise ValueError(f"{problem}: invalid argument")
    parts = [OTHER_NAMES.get(part, part) for part in text.lower().split("/")]
    if len(parts) == 1 and parts[0] in SYSTEMS:
        return Platform(parts[0])
    system, architecture, variant, *_ = *(parts if len(parts) > 1 else ["linux", *parts]), ""
    architecture, variant = OF_A_VARIANT.get(architecture, (architecture, variant))
    if variant.isdecimal():
        variant = f"v{variant}"
    if len(parts) < MOST and USUAL_VARIANTS.get(architecture) == variant:
        variant = ""
    return Platform(system, architecture, variant)


def _problem(text: str) -> str:
    if "*" in text:
        return f'"{text}": wildcards not yet supported'
    parts = text.split("/")
    for part in parts:
        if not re.fullmatch(COMPONENT, part):
            return (
                f'"{part}" is an invalid component of "{text}": platform specifier component must match "{COMPONENT}"'
            )
    known = SYSTEMS | ARCHITECTURES | OTHER_NAMES.keys() | OF_A_VARIANT.keys()
    if len(parts) == 1 and text.lower() not in known:
        return f'"{text}": unknown operating system or architecture'
    return f'"{text}": cannot parse platform specifier' if len(parts) > MOST else ""
