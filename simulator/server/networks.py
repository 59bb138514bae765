"""Endpoints of networks and volumes: /networks/..., /volumes/... (moby's api/server/router/network and volume)."""

from __future__ import annotations

from simulator.engine.api import Engine
from simulator.engine.errors import InvalidParameter
from simulator.server import replies, structs
from simulator.server.replies import Reply
from simulator.server.request import Request

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


def listed(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.network_list(request.filters(), detailed=request.before("1.28")))


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    verbose = request.text("verbose")
    if verbose and verbose not in _TRUE + _FALSE:
        raise InvalidParameter(
            f'invalid value for verbose: {verbose}: strconv.ParseBool: parsing "{verbose}": invalid syntax'
        )
    return replies.document(engine.network_inspect(name, verbose in _TRUE, request.text("scope")))


def create(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.network_create(request.document(structs.NETWORK)), 201)


def connect(engine: Engine, request: Request, name: str) -> Reply:
    engine.network_connect(name, request.document(structs.CONNECT))
    return replies.done(200)


def disconnect(engine: Engine, request: Request, name: str) -> Reply:
    engine.network_disconnect(name, request.document(structs.DISCONNECT))
    return replies.done(200)


def remove(engine: Engine, request: Request, name: str) -> Reply:
    engine.network_remove(name)
    return replies.done()


def prune(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.networks_prune(request.filters()))


def volumes_listed(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.volume_list(request.filters()))


def volume_create(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.volume_create(request.document(structs.VOLUME)), 201)


def volume_inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.volume_inspect(name))


def volume_remove(engine: Engine, request: Request, name: str) -> Reply:
    engine.volume_remove(name, request.boolean("force"))
    return replies.done()


def volumes_prune(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.volumes_prune(request.filters()))
