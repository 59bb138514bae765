"""Building: POST /build (moby's api/server/router/build). Left out: contexts by URL, and what only BuildKit has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.engine import errors
from simulator.engine.api import Engine
from simulator.engine.errors import InvalidParameter, System
from simulator.server import replies
from simulator.server.gojson import decoded, progress
from simulator.server.platforms import platform_of
from simulator.server.replies import Flow, Reply
from simulator.server.request import Request

BUILDKIT = "docklab does not simulate BuildKit; DOCKER_BUILDKIT=0 chooses the classic builder"
SESSION = "experimental session with v1 builder is no longer supported, use builder version v2 (BuildKit) instead"
NUMBERS = {
    "memory": "Memory", "memswap": "MemorySwap", "cpushares": "CpuShares", "cpuperiod": "CpuPeriod",
    "cpuquota": "CpuQuota", "shmsize": "ShmSize",
}  # fmt: skip
TEXTS = {"cpusetcpus": "CpusetCpus", "cpusetmems": "CpusetMems", "cgroupparent": "CgroupParent"}


def build(engine: Engine, request: Request) -> Reply:
    _check(request)
    force = request.boolean("forcerm")
    feed = engine.image_build(
        request.body,
        request.text("dockerfile"),
        tags=request.texts("t"),
        arguments=_mapping(request, "buildargs", "error reading build args"),
        labels=_mapping(request, "labels", "error reading labels"),
        target=request.text("target"),
        no_cache=request.boolean("nocache"),
        cache_from=_cache_from(request),
        pull=request.boolean("pull"),
        quiet=request.boolean("q"),
        remove=force or not request.text("rm") or request.boolean("rm"),
        force_remove=force,
        network=request.text("networkmode"),
        host=_host(request),
    )
    return Flow(feed, progress)


def _check(request: Request) -> None:
    """Raises what is wrong before the build begins."""
    version = request.text("version")
    if version == "2":
        raise errors.NotImplemented(BUILDKIT)
    if version not in ("", "1"):
        raise System(f'invalid version "{version}"')
    remote = request.text("remote")
    if remote == "client-session":
        raise InvalidParameter(SESSION)
    if remote and not remote.startswith(("http://", "https://", "git://", "github.com/", "git@")):
        raise System(f"remoteURL ({remote}) could not be recognized as URL")
    if remote:
        raise errors.NotImplemented("docklab does not simulate building from a URL")
    if request.text("isolation") not in ("", "default"):
        raise InvalidParameter(f'Unsupported isolation: "{request.text("isolation")}"')
    platform_of(request)
    if request.boolean("squash"):
        raise InvalidParameter("squash is only supported with experimental mode")
    if request.texts("securityopt"):
        raise InvalidParameter("The daemon on this platform does not support setting security options on build")


def _host(request: Request) -> dict[str, Any]:
    """What intermediate containers get besides."""
    host: dict[str, Any] = {key: request.number(name) or 0 for name, key in NUMBERS.items() if request.text(name)}
    host |= {key: request.text(name) for name, key in TEXTS.items() if request.text(name)}
    if request.texts("extrahosts"):
        host["ExtraHosts"] = request.texts("extrahosts")
    limits = _json(request, "ulimits", "error reading ulimit settings")
    return host | ({"Ulimits": limits} if limits else {})


def _mapping(request: Request, name: str, wrong: str) -> Mapping[str, Any]:
    found = _json(request, name, wrong) or {}
    if not isinstance(found, dict):
        raise InvalidParameter(f"{wrong}: json: cannot unmarshal array into Go value of type map[string]string")
    if not all(value is None or isinstance(value, str) for value in found.values()):
        raise InvalidParameter(f"{wrong}: json: cannot unmarshal number into Go value of type string")
    return found


def _cache_from(request: Request) -> list[str]:
    try:
        return list(decoded(request.text("cachefrom")) or []) if request.text("cachefrom") else []
    except ValueError as failure:
        raise System(str(failure)) from None


def _json(request: Request, name: str, wrong: str) -> Any:
    try:
        return decoded(request.text(name)) if request.text(name) else None
    except ValueError as failure:
        raise InvalidParameter(f"{wrong}: {failure}") from None


def cancel(engine: Engine, request: Request) -> Reply:
    """Builds of BuildKit have ids; of those there are none."""
    if not request.text("id"):
        raise System("build ID not provided")
    return replies.done(200)
