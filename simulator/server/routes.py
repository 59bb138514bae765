"""Which endpoint is which Engine call: the whole table, and the endpoints of the real engine that are not simulated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.server import containers, execs, images, networks, system
from simulator.server.replies import Reply

Endpoint = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """`{name}` in a path stands for a name or id, which may have slashes."""

    method: str
    path: str
    endpoint: Endpoint | None  # None: the real engine has it, docklab does not simulate it
    pattern: re.Pattern[str]


def _route(line: str, endpoint: Endpoint | None) -> Route:
    method, path = line.split()
    pattern = re.compile(re.escape(path).replace(r"\{name\}", "(?P<name>.+)"))
    return Route(method, path, endpoint, pattern)


_SIMULATED: dict[str, Endpoint] = {
    "GET /_ping": system.ping,
    "HEAD /_ping": system.ping,
    "GET /version": system.version,
    "GET /info": system.info,
    "GET /events": system.events,
    "GET /system/df": system.disk_usage,
    "GET /plugins": system.plugins,
    "POST /build/prune": system.build_prune,
    "GET /swarm": system.no_swarm,
    "GET /services": system.no_swarm,
    "GET /nodes": system.no_swarm,
    "GET /secrets": system.no_swarm,
    "GET /configs": system.no_swarm,
    "GET /tasks": system.no_swarm,
    "GET /containers/json": containers.listed,
    "POST /containers/create": containers.create,
    "POST /containers/prune": containers.prune,
    "GET /containers/{name}/json": containers.inspect,
    "GET /containers/{name}/top": containers.top,
    "GET /containers/{name}/logs": containers.logs,
    "GET /containers/{name}/stats": containers.stats,
    "GET /containers/{name}/changes": containers.changes,
    "HEAD /containers/{name}/archive": containers.archive_stat,
    "GET /containers/{name}/archive": containers.archive_get,
    "PUT /containers/{name}/archive": containers.archive_put,
    "POST /containers/{name}/start": containers.start,
    "POST /containers/{name}/stop": containers.stop,
    "POST /containers/{name}/restart": containers.restart,
    "POST /containers/{name}/kill": containers.kill,
    "POST /containers/{name}/pause": containers.pause,
    "POST /containers/{name}/unpause": containers.unpause,
    "POST /containers/{name}/rename": containers.rename,
    "POST /containers/{name}/update": containers.update,
    "POST /containers/{name}/wait": containers.wait,
    "POST /containers/{name}/resize": containers.resize,
    "POST /containers/{name}/attach": containers.attach,
    "POST /containers/{name}/exec": execs.create,
    "DELETE /containers/{name}": containers.remove,
    "POST /exec/{name}/start": execs.start,
    "POST /exec/{name}/resize": execs.resize,
    "GET /exec/{name}/json": execs.inspect,
    "GET /images/json": images.listed,
    "GET /images/search": images.search,
    "POST /images/create": images.create,
    "POST /images/prune": images.prune,
    "GET /images/{name}/json": images.inspect,
    "GET /images/{name}/history": images.history,
    "POST /images/{name}/tag": images.tag,
    "DELETE /images/{name}": images.remove,
    "GET /networks": networks.listed,
    "GET /networks/": networks.listed,
    "POST /networks/create": networks.create,
    "POST /networks/prune": networks.prune,
    "GET /networks/{name}": networks.inspect,
    "POST /networks/{name}/connect": networks.connect,
    "POST /networks/{name}/disconnect": networks.disconnect,
    "DELETE /networks/{name}": networks.remove,
    "GET /volumes": networks.volumes_listed,
    "POST /volumes/create": networks.volume_create,
    "POST /volumes/prune": networks.volumes_prune,
    "GET /volumes/{name}": networks.volume_inspect,
    "DELETE /volumes/{name}": networks.volume_remove,
}

_UNSIMULATED = """
    POST /auth  POST /build  POST /build/cancel  POST /commit  POST /session  POST /grpc
    GET /containers/{name}/export  GET /containers/{name}/attach/ws  POST /containers/{name}/copy
    GET /containers/{name}/checkpoints  POST /containers/{name}/checkpoints
    GET /images/get  GET /images/{name}/get  POST /images/load  POST /images/{name}/push  GET /distribution/{name}/json
    GET /plugins/privileges  GET /plugins/{name}/json  POST /plugins/pull  POST /plugins/create
    POST /plugins/{name}/enable  POST /plugins/{name}/disable  POST /plugins/{name}/push  POST /plugins/{name}/upgrade
    POST /plugins/{name}/set  DELETE /plugins/{name}
    POST /swarm/init  POST /swarm/join  POST /swarm/leave  POST /swarm/update  POST /swarm/unlock  GET /swarm/unlockkey
    POST /services/create  GET /services/{name}  POST /services/{name}/update  DELETE /services/{name}
    GET /services/{name}/logs  GET /nodes/{name}  POST /nodes/{name}/update  DELETE /nodes/{name}
    GET /tasks/{name}  GET /tasks/{name}/logs  POST /secrets/create  GET /secrets/{name}  DELETE /secrets/{name}
    POST /secrets/{name}/update  POST /configs/create  GET /configs/{name}  DELETE /configs/{name}
    POST /configs/{name}/update  GET /debug/vars  GET /debug/pprof/
"""
_FOUND = re.findall(r"([A-Z]+) (\S+)", _UNSIMULATED)

# `/images/get` before `/images/{name}/...` and the like: what has no name in it comes first.
ROUTES: tuple[Route, ...] = tuple(
    sorted(
        [_route(line, endpoint) for line, endpoint in _SIMULATED.items()]
        + [_route(f"{method} {path}", None) for method, path in _FOUND],
        key=lambda route: "{" in route.path,
    )
)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the names in its path; None if the real engine has no such endpoint either."""
    for route in ROUTES:
        if route.method == method:
            match = route.pattern.fullmatch(path)
            if match:
                return route, match.groupdict()
    return None
