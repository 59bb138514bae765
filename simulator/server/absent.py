"""Endpoints of what an engine has not got: it is in no swarm, has no plugins, and is not experimental.

Mirrors what moby's api/server/router/swarm, plugin and checkpoint say then.
"""

from __future__ import annotations

from simulator.engine import errors
from simulator.engine.api import Engine
from simulator.engine.errors import NotFound, Unavailable
from simulator.server import replies
from simulator.server.replies import Reply
from simulator.server.request import Request


def plugins(engine: Engine, request: Request) -> Reply:
    """An engine without plugins."""
    return replies.document([])


def no_plugin(engine: Engine, request: Request, name: str) -> Reply:
    raise NotFound(f'plugin "{name}" not found')


def not_experimental(engine: Engine, request: Request, name: str) -> Reply:
    raise errors.NotImplemented(
        "This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to "
        "enable it."
    )


def no_swarm_to_leave(engine: Engine, request: Request) -> Reply:
    raise Unavailable("This node is not part of a swarm")


def no_swarm(engine: Engine, request: Request, name: str = "") -> Reply:
    raise Unavailable(
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to '
        "swarm and try again."
    )
