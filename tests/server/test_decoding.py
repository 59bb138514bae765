"""Documents of another shape than the API's are refused as Docker Engine 20.10 does (recorded), whatever they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import simpy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulator.clock import S
from simulator.engine.api import Engine
from simulator.engine.errors import EngineError
from simulator.lab import Lab
from simulator.server import structs
from simulator.server.api import answer
from simulator.server.decoding import decode, named
from simulator.server.decoding import structs as known_structs
from simulator.server.replies import Answer
from simulator.server.request import request_from_target

ENDPOINTS = {
    "/containers/create": structs.CREATE,
    "/containers/run/update": structs.UPDATE,
    "/containers/run/exec": structs.EXEC,
    "/networks/create": structs.NETWORK,
    "/networks/bridge/connect": structs.CONNECT,
    "/networks/bridge/disconnect": structs.DISCONNECT,
    "/volumes/create": structs.VOLUME,
    "/commit?container=run": structs.COMMIT,
}
FAULT = "docklab cannot answer"

# Requests, and what is told of them: the value, the field, its type.
WRONG = """\
/containers/create 500
  {"Hostname":5}
    number | ContainerConfigWrapper.Hostname | string
  {"Env":"x"}
    string | ContainerConfigWrapper.Env | []string
  {"Env":[5]}
    number | ContainerConfigWrapper.Env | string
  {"Cmd":[5]}
    array | ContainerConfigWrapper.Cmd | string
  {"ExposedPorts":{"a":5}}
    number | ContainerConfigWrapper.ExposedPorts | struct {}
  {"StopTimeout":1.50}
    number 1.50 | ContainerConfigWrapper.StopTimeout | int
  {"HostConfig":5}
    number | ContainerConfigWrapper.HostConfig | container.HostConfig
  {"HostConfig":{"Memory":99999999999999999999}}
    number 99999999999999999999 | HostConfig.HostConfig.Memory | int64
  {"HostConfig":{"BlkioWeight":70000}}
    number 70000 | HostConfig.HostConfig.BlkioWeight | uint16
  {"HostConfig":{"ConsoleSize":["a",1]}}
    string | HostConfig.HostConfig.ConsoleSize | uint
  {"HostConfig":{"NetworkMode":5}}
    number | HostConfig.HostConfig.NetworkMode | container.NetworkMode
  {"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":5}]}}}
    number | PortBinding.HostConfig.PortBindings.HostPort | string
  {"HostConfig":{"Mounts":[{"VolumeOptions":{"DriverConfig":5}}]}}
    number | VolumeOptions.HostConfig.Mounts.VolumeOptions.DriverConfig | mount.Driver
  {"NetworkingConfig":{"EndpointsConfig":{"a":5}}}
    number | NetworkingConfig.NetworkingConfig.EndpointsConfig | network.EndpointSettings
  {"Healthcheck":{"Interval":"1s"}}
    string | HealthConfig.Healthcheck.Interval | time.Duration
/networks/create 400
  {"IPAM":{"Config":[{"Subnet":5}]}}
    number | IPAMConfig.IPAM.Config.Subnet | string
/networks/bridge/connect 400
  {"EndpointConfig":[]}
    array | NetworkConnect.EndpointConfig | network.EndpointSettings
/containers/run/exec 400
  {"Cmd":"x"}
    string | ExecConfig.Cmd | []string
/containers/run/update 500
  {"Memory":"x"}
    string | UpdateConfig.Memory | int64
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    lab = Lab()
    lab.run("docker run -d --name run alpine sleep 10000")
    return lab.engine


def post(engine: Engine, path: str, body: str) -> tuple[int, Any]:
    reply = answer(engine, request_from_target("POST", path, {}, body.encode("utf-8", "surrogatepass")))
    assert isinstance(reply, Answer)
    return reply.status, json.loads(reply.body) if reply.body else None


def wrong() -> Iterator[tuple[str, int, str, str]]:
    path = status = body = ""
    for line in WRONG.splitlines():
        if line.startswith("    "):
            value, field, kind = line.strip().split(" | ")
            yield path, int(status), body, f"{value} into Go struct field {field} of type {kind}"
        elif line.startswith(" "):
            body = line.strip()
        else:
            path, status = line.split()


@pytest.mark.parametrize(("path", "status", "body", "said"), [*wrong()])
def test_a_value_of_a_wrong_type_is_named_with_its_place(
    engine: Engine, path: str, status: int, body: str, said: str
) -> None:
    assert post(engine, path, body) == (status, {"message": f"json: cannot unmarshal {said}"})


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/containers/create", "[]", 500, "array into Go value of type runconfig.ContainerConfigWrapper"),
        ("/volumes/create", '"x"', 400, "string into Go value of type volume.VolumeCreateBody"),
    ],
)
def test_what_is_no_object_is_no_document(engine: Engine, path: str, body: str, status: int, said: str) -> None:
    assert post(engine, path, body) == (status, {"message": f"json: cannot unmarshal {said}"})


@pytest.mark.parametrize(
    ("document", "made"),
    [
        ({"image": "a", "CMD": "x"}, {"Image": "a", "Cmd": ["x"]}),
        ({"Hostname": None, "Env": None, "Nothing": 1}, {"Env": None}),
        ({"HostConfig": {"Memory": 5, "Ulimits": [None]}}, {"HostConfig": {"Memory": 5, "Ulimits": [None]}}),
        ({"Env": ["a", None]}, {"Env": ["a", ""]}),
    ],
)
def test_names_are_found_in_any_case_and_null_changes_nothing(document: Any, made: Any) -> None:
    assert decode(document, structs.CREATE) == made


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ('{"Name":"n1"}garbage', 201, None),
        ("{", 400, "unexpected EOF"),
        ('{"Name":NaN}', 400, "invalid character 'N' looking for beginning of value"),
        ("[" * 20_000, 400, "invalid character '[' exceeded max depth"),
        ('{"a":' * 20_000, 400, "invalid character '{' exceeded max depth"),
    ],
)
def test_the_first_value_of_a_body_is_read(engine: Engine, body: str, status: int, message: str | None) -> None:
    found, said = post(engine, "/networks/create", body)
    assert (found, (said or {}).get("message")) == (status, message)


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("filters=5", 500, "json: cannot unmarshal number into Go value of type map[string]map[string]bool"),
        ("filters=%zz", 400, 'invalid URL escape "%zz"'),
        ("a;b", 400, "invalid semicolon separator in query"),
        ("filters={", 500, "unexpected end of JSON input"),
        ("limit=9999999999999999999", 500, 'strconv.Atoi: parsing "9999999999999999999": value out of range'),
    ],
)
def test_a_query_that_cannot_be_read_is_told(engine: Engine, query: str, status: int, message: str) -> None:
    reply = answer(engine, request_from_target("GET", f"/containers/json?{query}", {}))
    assert isinstance(reply, Answer)
    assert (reply.status, json.loads(reply.body)) == (status, {"message": message})


# -- anything ----------------------------------------------------------------------------------------------------------

WORDS = """
    x alpine run bridge host none default container:run container:ghost 5 1/tcp 80/udp 0 10.0.0.0/8 ::1 fd00::/64 / a=b ../..
    a:b:c:d -1 99999999999999999999 bind volume tmpfs v:/v /v:/w:ro rprivate shareable private always on-failure json-file local
    02:42:ac:11:00:02 0.0.0.0 1-5 5-1 net.ipv4.ip_forward NET_ADMIN ALL NONE CMD CMD-SHELL SIGTERM unless-stopped b c
""".split()
TEXTS = st.one_of(st.sampled_from(["", "\x00", "é", " ", *WORDS]), st.text(max_size=12))
NUMBERS = st.one_of(st.integers(-5, 5), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False))
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=4,
)
WHOLE = {
    "int": st.integers(-(2**63), 2**63 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint": st.integers(0, 2**64 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "uint32": st.integers(0, 2**32 - 1),
    "uint16": st.integers(0, 2**16 - 1),
}


def of_type(kind: str, strays: bool) -> st.SearchStrategy[Any]:
    """Values of a Go type; with strays now and then something else."""
    return st.one_of(*[fitting(kind, strays)] * 4, ANYTHING) if strays else fitting(kind, strays)


def fitting(kind: str, strays: bool) -> st.SearchStrategy[Any]:
    name, plain = named(kind.lstrip("*"))
    if plain in known_structs():
        return st.deferred(lambda: struct_of(plain, strays))
    if plain.startswith("map["):
        element = plain.partition("]")[2]
        return st.dictionaries(TEXTS, st.deferred(lambda: of_type(element, strays)), max_size=2)
    if name == "strslice.StrSlice":
        return st.lists(TEXTS, max_size=3)
    if plain.startswith("["):
        return st.lists(st.deferred(lambda: of_type(plain.partition("]")[2], strays)), max_size=2)
    if plain in WHOLE:
        return st.one_of(st.integers(0, 5), WHOLE[plain])
    return {"string": TEXTS, "bool": st.booleans()}.get(plain, st.just({}))


def struct_of(name: str, strays: bool) -> st.SearchStrategy[Any]:
    """A struct with a few of its fields: of many, the first that is refused would hide the others."""
    fields = dict(known_structs()[name].values())
    few = st.sets(st.sampled_from(sorted(fields)), min_size=1, max_size=3)
    return few.flatmap(
        lambda names: st.fixed_dictionaries({own: of_type(fields[own], strays) for own in sorted(names)})
    )


BASES: dict[str, dict[str, Any]] = {
    structs.CREATE: {"Image": "alpine", "Cmd": ["sleep", "5"]},
    structs.NETWORK: {"Name": "nn"},
    structs.CONNECT: {"Container": "run"},
    structs.DISCONNECT: {"Container": "run"},
    structs.EXEC: {"Cmd": ["true"]},
}


def documents() -> st.SearchStrategy[tuple[str, Any]]:
    creates = [("/containers/create", structs.CREATE)] * 6  # it has most of the fields
    kinds = [(path, name, strays) for path, name in [*creates, *ENDPOINTS.items()] for strays in (False, True)]
    return st.one_of(
        [
            st.tuples(st.just(path), st.builds(join, st.just(BASES.get(name, {})), struct_of(name, strays)))
            for path, name, strays in kinds
        ]
    )


def join(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    return base | own


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
@example(("/containers/create", {"Image": "alpine", "Cmd": ["true"], "Volumes": {"../..": {}, "": {}}}))
def test_whatever_a_document_says_the_answer_is_done_or_one_message(engine: Engine, asked: tuple[str, Any]) -> None:
    path, document = asked
    status, said = post(engine, path, json.dumps(document))
    if status >= 400:
        assert list(said) == ["message"]
        check(said["message"])
    elif path == "/containers/create":
        live(engine, said["Id"])


def live(engine: Engine, identity: str) -> None:
    """Starts a container, looks at it, and removes it."""
    clock = engine.daemon.clock
    for begin in (engine.container_start, lambda found: engine.container_remove(found, force=True)):
        try:
            event = begin(identity)
            clock.run(until=simpy.AnyOf(clock, [event, clock.sleep(20 * S)]))
        except EngineError as refused:
            check(refused.message)
        for target in (f"/containers/{identity}/json", "/containers/json?all=1&size=1"):
            reply = answer(engine, request_from_target("GET", target, {}))
            assert isinstance(reply, Answer)
            check(reply.body.decode())


def check(message: str) -> None:
    assert FAULT not in message
    assert not any(word in message for word in ("Traceback", "NoneType", "object has no", "[Errno"))
