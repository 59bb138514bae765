"""Which endpoint is which Engine call: the whole table, and the endpoints of the real engine that are not simulated."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from simulator.server import absent, build, containers, execs, images, networks, system
from simulator.server.replies import Reply

Endpoint = Callable[..., Reply]


class Route(Struct, frozen=True):
    """`{name}` in a path stands for a name or id, which may be empty or have slashes; `{id}` for one that may not."""

    method: str
    path: str
    endpoint: Endpoint | None  # None: the real engine has it, docklab does not simulate it
    pattern: re.Pattern[str]


def _route(line: str, endpoint: Endpoint | None) -> Route:
    method, path = line.split()
    pattern = re.escape(path).replace(r"\{name\}", "(?P<name>.*)").replace(r"\{id\}", "(?P<name>[^/]+)")
    return Route(method, path, endpoint, re.compile(pattern))


_SIMULATED: dict[str, Endpoint] = {
    "GET /_ping": system.ping,
    "HEAD /_ping": system.ping,
    "GET /version": system.version,
    "GET /info": system.info,
    "GET /events": system.events,
    "GET /system/df": system.disk_usage,
    "GET /plugins": absent.plugins,
    "POST /swarm/leave": absent.no_swarm_to_leave,
    "POST /build": build.build,
    "POST /build/cancel": build.cancel,
    "POST /build/prune": system.build_prune,
    "POST /containers/{name}/copy": containers.copy,
    "GET /containers/json": containers.listed,
    "POST /containers/create": containers.create,
    "POST /containers/prune": containers.prune,
    "GET /containers/{name}/json": containers.inspect,
    "GET /containers/{name}/top": containers.top,
    "GET /containers/{name}/logs": containers.logs,
    "GET /containers/{name}/stats": containers.stats,
    "GET /containers/{name}/export": containers.export,
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
    "GET /distribution/{name}/json": images.distribution,
    "POST /images/create": images.create,
    "GET /images/get": images.save,
    "GET /images/{name}/get": images.save,
    "POST /images/load": images.load,
    "POST /commit": images.commit,
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

# What an engine refuses that is in no swarm, has no plugins, and is not experimental.
_REFUSED: dict[Endpoint, str] = {
    absent.no_swarm: """
        GET /swarm  POST /swarm/update  POST /swarm/unlock  GET /swarm/unlockkey
        GET /services  POST /services/create  GET /services/{id}  POST /services/{id}/update  DELETE /services/{id}
        GET /services/{id}/logs  GET /nodes  GET /nodes/{id}  POST /nodes/{id}/update  DELETE /nodes/{id}
        GET /tasks  GET /tasks/{id}  GET /tasks/{id}/logs
        GET /secrets  POST /secrets/create  GET /secrets/{id}  POST /secrets/{id}/update  DELETE /secrets/{id}
        GET /configs  POST /configs/create  GET /configs/{id}  POST /configs/{id}/update  DELETE /configs/{id}
    """,
    absent.no_plugin: """
        GET /plugins/{name}/json  POST /plugins/{name}/enable  POST /plugins/{name}/disable  POST /plugins/{name}/push
        POST /plugins/{name}/upgrade  POST /plugins/{name}/set  DELETE /plugins/{name}
    """,
    absent.not_experimental: "GET /containers/{name}/checkpoints  POST /containers/{name}/checkpoints",
}
_UNSIMULATED = """
    POST /auth  POST /session  POST /grpc
    GET /containers/{name}/attach/ws  POST /images/{name}/push
    GET /plugins/privileges  POST /plugins/pull  POST /plugins/create  POST /swarm/init  POST /swarm/join
    GET /debug/vars  GET /debug/pprof/
"""


def _lines(text: str) -> list[str]:
    return [" ".join(found) for found in re.findall(r"([A-Z]+) (\S+)", text)]


# `/images/get` before `/images/{name}/...` and the like: what has no name in it comes first.
ROUTES: tuple[Route, ...] = tuple(
    sorted(
        [_route(line, endpoint) for line, endpoint in _SIMULATED.items()]
        + [_route(line, endpoint) for endpoint, lines in _REFUSED.items() for line in _lines(lines)]
        + [_route(line, None) for line in _lines(_UNSIMULATED)],
        key=lambda route: "{" in route.path,
    )
)
_OPTIONS = _route("OPTIONS /{anyroute}", system.options)


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request and the names in its path; None if the real engine has no such endpoint either."""
    if method == "OPTIONS":
        return _OPTIONS, {}
    for route in ROUTES:
        if route.method == method:
            match = route.pattern.fullmatch(path)
            if match:
                return route, match.groupdict()
    return None
