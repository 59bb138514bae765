"""Names on their way to the engine: they stand in a URL's path, which its router cleans (gorilla/mux's cleanPath)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.engine.errors import NotFound
from simulator.golang.filepath import clean

if TYPE_CHECKING:
    from simulator.engine.api import Engine

CONTAINER = (
    "inspect", "top", "stats", "changes", "logs", "export", "start", "stop", "restart", "kill", "pause", "unpause",
    "rename", "remove", "wait", "update", "attach", "archive_stat", "archive_get", "archive_put",
)  # fmt: skip
NETWORK = ("inspect", "connect", "disconnect", "remove")
IMAGE = ("inspect", "history", "remove")
KINDS = {"container": CONTAINER, "network": NETWORK, "image": IMAGE}
BY_PATH = frozenset(f"{kind}_{verb}" for kind, verbs in KINDS.items() for verb in verbs)


class Routed:
    """An engine whose methods get the names as its router does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._engine, name)
        if name not in BY_PATH:
            return method
        return lambda target, *args, **options: method(in_path(target), *args, **options)


def in_path(name: str) -> str:
    """`/web` is `web`; what leaves nothing of a name is no page. Raises NotFound."""
    cleaned = clean(f"/{name}")[1:]
    if not cleaned:
        raise NotFound("page not found")
    return cleaned
