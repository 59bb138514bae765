"""Requests and what the engine answers to them, without a socket: recorded from Docker Engine 20.10."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.engine.api import Engine
from simulator.lab import Lab
from simulator.server.api import answer
from simulator.server.gojson import decoded
from simulator.server.replies import Answer
from simulator.server.request import request_from_target
from simulator.server.routes import ROUTES

SWARM = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm '
    "and try again."
)
NOT_EXPERIMENTAL = (
    "This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to enable "
    "it."
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    lab = Lab()
    lab.run("docker run -d --name run alpine sleep 10000; docker create --name c1 alpine")
    return lab.engine


def ask(engine: Engine, line: str, body: str = "", **headers: str) -> tuple[int, str]:
    method, target = line.split(" ", 1)
    reply = answer(engine, request_from_target(method, target, headers, body.encode()))
    assert isinstance(reply, Answer)
    return reply.status, reply.body.decode()


@pytest.mark.parametrize(
    ("line", "body", "status", "message"),
    [
        ("GET /nosuch", "", 404, "page not found"),
        ("POST /version", "", 404, "page not found"),
        ("PUT /containers/json", "", 404, "page not found"),
        ("GET /v1.41", "", 404, "page not found"),
        ("GET /v1.99/nosuch", "", 404, "page not found"),
        ("GET /services/a/b", "", 404, "page not found"),
        ("HEAD /containers/json", "", 404, "page not found"),
        ("GET /v1.41.1/version", "", 400, "client version 1.41.1 is too new. Maximum supported API version is 1.41"),
        ("GET /v2.0/version", "", 400, "client version 2.0 is too new. Maximum supported API version is 1.41"),
        ("GET /v1.99/version", "", 400, "client version 1.99 is too new. Maximum supported API version is 1.41"),
        ("GET /containers/ghost/json", "", 404, "No such container: ghost"),
        ("GET /v1.24/containers/ghost/json", "", 404, "No such container: ghost"),
        ("GET /containers/run/logs", "", 400, "Bad parameters: you must choose at least one stream"),
        ("GET /containers/ghost/logs?stdout=1", "", 404, "No such container: ghost"),
        ("POST /containers/ghost/kill", "", 404, "Cannot kill container: ghost: No such container: ghost"),
        ("POST /containers/create?name=x1", "", 500, "EOF"),
        ("POST /networks/create", "", 400, "got EOF while reading request body"),
        ("POST /networks/create", "{bad", 400, "invalid character 'b' looking for beginning of object key string"),
        ("POST /networks/create", "{}", 500, "invalid name: "),
        ("GET /containers/json?limit=x", "", 500, 'strconv.Atoi: parsing "x": invalid syntax'),
        ("POST /containers/run/stop?t=abc", "", 500, 'strconv.Atoi: parsing "abc": invalid syntax'),
        ("POST /containers/run/resize?h=1", "", 400, 'strconv.Atoi: parsing "": invalid syntax'),
        ("GET /containers/json?filters=%7Bbad", "", 500,
         "invalid character 'b' looking for beginning of object key string"),
        ("GET /containers/json?filters=%7B%22nosuch%22%3A%5B%221%22%5D%7D", "", 400, "Invalid filter 'nosuch'"),
        ("GET /containers/json?filters=%7B%22nosuch%22%3A%7B%221%22%3Atrue%7D%7D", "", 400, "Invalid filter 'nosuch'"),
        ("GET /networks/bridge?verbose=x", "", 400,
         'invalid value for verbose: x: strconv.ParseBool: parsing "x": invalid syntax'),
        ("POST /containers/run/rename?name=", "", 400, "Neither old nor new names may be empty"),
        ("POST /containers/run/exec", "{}", 400, "No exec command specified"),
        ("GET /exec/nosuch/json", "", 404, "No such exec instance: nosuch"),
        ("GET /images/nosuch/json", "", 404, "no such image: nosuch: No such image: nosuch:latest"),
        ("GET /volumes/nosuch", "", 404, "get nosuch: no such volume"),
        ("GET /events?since=x", "", 500, 'strconv.ParseInt: parsing "x": invalid syntax'),
        ("GET /swarm", "", 503, SWARM),
        ("POST /services/create", "{}", 503, SWARM),
        ("GET /tasks/t/logs?stdout=1", "", 503, SWARM),
        ("POST /swarm/leave?force=1", "", 503, "This node is not part of a swarm"),
        ("POST /swarm/init", "{}", 501, "docklab does not simulate POST /swarm/init"),
        ("GET /plugins/p/json", "", 404, 'plugin "p" not found'),
        ("GET /containers/run/checkpoints", "", 501, NOT_EXPERIMENTAL),
        ("GET /volumes/", "", 404, "get: no such volume"),
        ("DELETE /containers/", "", 400, 'invalid name or ID supplied: ""'),
        ("DELETE /images/", "", 400, "image name cannot be blank"),
        ("DELETE /networks/", "", 400, "network  is ambiguous (3 matches found based on ID prefix)"),
        ("POST /build", "", 500, "Cannot locate specified Dockerfile: Dockerfile"),
        ("POST /build", "hi", 500, "unexpected EOF"),
        ("POST /build?t=BAD", "", 500, "invalid reference format: repository name must be lowercase"),
        ("POST /build?version=3", "", 500, 'invalid version "3"'),
        ("POST /build?version=2", "", 501,
         "docklab does not simulate BuildKit; DOCKER_BUILDKIT=0 chooses the classic builder"),
        ("POST /build?buildargs=x", "", 400,
         "error reading build args: invalid character 'x' looking for beginning of value"),
        ("POST /build?platform=foobar", "", 400,
         '"foobar": unknown operating system or architecture: invalid argument'),
        ("POST /images/create?fromImage=alpine&platform=foo", "", 400,
         '"foo": unknown operating system or architecture: invalid argument'),
        ("POST /images/create?fromImage=alpine&platform=a/b/c/d", "", 400,
         '"a/b/c/d": cannot parse platform specifier: invalid argument'),
        ("POST /images/create?fromImage=alpine&platform=linux/", "", 400,
         '"" is an invalid component of "linux/": platform specifier component must match "^[A-Za-z0-9_-]+$": invalid argument'),
        ("POST /images/create?fromImage=alpine&platform=a*b", "", 400, '"a*b": wildcards not yet supported: invalid argument'),
        ("POST /containers/create?platform=foo", '{"Image":"alpine"}', 400,
         '"foo": unknown operating system or architecture: invalid argument'),
        ("POST /containers/create?platform=linux/arm", '{"Image":"alpine"}', 404,
         "image with reference alpine was found but does not match the specified platform: wanted linux/arm, actual: linux/amd64"),
        ("POST /build?isolation=x", "", 400, 'Unsupported isolation: "x"'),
        ("POST /build?cachefrom=x", "", 500, "invalid character 'x' looking for beginning of value"),
        ("POST /build?labels=[1]", "", 400,
         "error reading labels: json: cannot unmarshal array into Go value of type map[string]string"),
        ("POST /build?remote=foo", "", 500, "remoteURL (foo) could not be recognized as URL"),
        ("POST /commit?container=nosuch", "", 404, "No such container: nosuch"),
        ("GET /images/nosuch/get", "", 404, "No such image: nosuch"),
        ("GET /images/alpine:nosuch/get", "", 404, "reference does not exist"),
        ("GET /images/sha256:00/get", "", 404, "No such image: sha256:00"),
        ("GET /containers/nosuch/export", "", 404, "No such container: nosuch"),
        ("POST /images/a/b:c/push", "", 501, "docklab does not simulate POST /images/{name}/push"),
        ("POST /images/create?fromSrc=-", "", 500, "Error processing tar file(exit status 1): unexpected EOF"),
        ("POST /images/create?fromSrc=-", "x" * 512, 500,
         "Error processing tar file(exit status 1): archive/tar: invalid tar header"),
    ],
)  # fmt: skip
def test_a_refusal_has_the_engines_status_and_words(
    engine: Engine, line: str, body: str, status: int, message: str
) -> None:
    assert ask(engine, line, body) == (status, json.dumps({"message": message}, separators=(",", ":")) + "\n")


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("GET /v1.11/version", 400, "client version 1.11 is too old. "),
        ("GET /v1/version", 400, "client version 1 is too old. "),
        ("GET /v1.11/nosuch", 404, "page not found\n"),
        ("GET /v1.23/containers/ghost/json", 404, "No such container: ghost\n"),
    ],
)
def test_clients_before_1_24_are_refused_in_plain_text(engine: Engine, line: str, status: int, said: str) -> None:
    reply = ask(engine, line)
    assert (reply[0], reply[1].startswith(said)) == (status, True)


@pytest.mark.parametrize(
    ("asked", "moved"),
    [
        ("//version", "/version"),
        ("/v1.41/containers//json?all=1&x=%2F", "/v1.41/containers/json?all=1&x=%2F"),
        ("/v1.41/a/../version", "/v1.41/version"),
        ("/containers/a%20b//json", "/containers/a%20b/json"),
    ],
)
def test_a_path_with_empty_or_dotted_steps_is_sent_on(engine: Engine, asked: str, moved: str) -> None:
    reply = answer(engine, request_from_target("GET", asked, {}))
    assert reply == Answer(301, b"", (("Location", moved),), anonymous=True)


def test_options_of_any_path_are_nothing(engine: Engine) -> None:
    assert ask(engine, "OPTIONS /nosuch") == (200, "")


def test_what_is_so_already_is_not_modified(engine: Engine) -> None:
    assert ask(engine, "POST /containers/run/start") == (304, "")


def test_a_body_must_be_json(engine: Engine) -> None:
    status, said = ask(engine, "POST /networks/create", "x=1", **{"content-type": "text/plain"})
    assert (status, "must be 'application/json'" in said) == (400, True)


@pytest.mark.parametrize("body", ["[]", '"x"', "1", '{"Name": 5}', '{"IPAM": []}', '{"Name": "n", "Labels": 7}'])
def test_a_document_of_another_shape_is_one_clear_refusal(engine: Engine, body: str) -> None:
    status, said = ask(engine, "POST /networks/create", body)
    assert status in (400, 500)
    assert list(json.loads(said)) == ["message"]


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,}', "[1 2]", "{}x", "\\", "[" * 100_000])
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid character|unexpected|max depth"):
        decoded(text)


def test_every_endpoint_says_something_to_an_empty_request(engine: Engine) -> None:
    for route in ROUTES:
        reply: Any = answer(engine, request_from_target(route.method, route.path.replace("{name}", "ghost"), {}))
        if isinstance(reply, Answer):
            assert reply.status in (200, 304, 400, 404, 409, 500, 501, 503), route
            assert b"cannot answer" not in reply.body, route


@pytest.mark.parametrize(("version", "mode"), [("/v1.38", "shareable"), ("/v1.41", "private"), ("", "private")])
def test_older_clients_get_a_namespace_for_ipc_that_others_may_join(engine: Engine, version: str, mode: str) -> None:
    status, said = ask(engine, f"POST {version}/containers/create", '{"Image": "alpine", "HostConfig": {}}')
    assert status == 201
    assert engine.container_inspect(json.loads(said)["Id"])["HostConfig"]["IpcMode"] == mode
