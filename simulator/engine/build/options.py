"""What a request for a build says. Mirrors moby's api/types.ImageBuildOptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Options(Struct, frozen=True):
    dockerfile: str = ""
    tags: tuple[str, ...] = ()
    arguments: Mapping[str, str | None] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    no_cache: bool = False
    cache_from: tuple[str, ...] = ()
    pull: bool = False
    quiet: bool = False
    remove: bool = True  # intermediate containers, after what went well
    force_remove: bool = False  # and after what did not
    network: str = ""
    host: Mapping[str, Any] = field(default_factory=dict)  # more of the HostConfig of intermediate containers
