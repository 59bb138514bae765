"""Typed documents: what a template sees of a document's Go struct."""

from __future__ import annotations

import pytest

from simulator.cli.gotemplate import ExecutionError, parse
from simulator.cli.schema.container import CONTAINER
from simulator.cli.schema.image import IMAGE
from simulator.cli.schema.info import CLIENT_INFO, INFO, VERSION_INFO
from simulator.cli.schema.network import NETWORK
from simulator.cli.schema.reader import Schema
from simulator.cli.schema.volume import VOLUME
from simulator.clock import Zone

STATE = {"Status": "exited", "ExitCode": 3, "StartedAt": "a", "FinishedAt": "b"}


def shown(template: str, schema: str, document: object, zone: Zone | None = None) -> str:
    return parse(template).execute(Schema(schema, zone).typed(document))


@pytest.mark.parametrize("text", [CONTAINER, IMAGE, NETWORK, VOLUME, VERSION_INFO, CLIENT_INFO + INFO])
def test_every_schema_can_be_read(text: str) -> None:
    assert shown("{{json .}}", text, {}).startswith("{")


def test_a_struct_prints_its_fields_and_what_is_absent_as_zero() -> None:
    assert shown("{{.State}}", CONTAINER, {"State": STATE}) == "{exited false false false false false 0 3  a b <nil>}"


def test_nil_lists_and_maps_print_as_empty_and_are_null_in_json() -> None:
    document = {"HostConfig": {"Binds": None, "PortBindings": {}}}
    template = "{{.HostConfig.Binds}} {{json .HostConfig.Binds}} {{.HostConfig.PortBindings}}"
    assert shown(template, CONTAINER, document) == "[] null map[]"


def test_json_has_the_fields_in_the_order_of_the_struct() -> None:
    document = {"HostConfig": {"RestartPolicy": {"MaximumRetryCount": 2, "Name": "no"}}}
    policy = shown("{{json .HostConfig.RestartPolicy}}", CONTAINER, document)
    assert policy == '{"Name":"no","MaximumRetryCount":2}'


def test_json_leaves_out_what_may_be_absent_and_is() -> None:
    state = shown("{{json .State}}", CONTAINER, {"State": STATE})
    assert '"OOMKilled":false' in state and "Health" not in state


def test_fields_of_embedded_structs_are_reached_directly() -> None:
    assert (
        shown("{{.NetworkSettings.IPAddress}}", CONTAINER, {"NetworkSettings": {"IPAddress": "10.0.0.2"}}) == "10.0.0.2"
    )


def test_a_field_has_its_go_name_and_not_that_of_the_document() -> None:
    with pytest.raises(ExecutionError, match=r"can't evaluate field Dns in type \*container.HostConfig"):
        shown("{{.HostConfig.Dns}}", CONTAINER, {"HostConfig": {"Dns": ["1.1.1.1"]}})
    assert shown("{{.HostConfig.DNS}}", CONTAINER, {"HostConfig": {"Dns": ["1.1.1.1"]}}) == "[1.1.1.1]"


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2018-10-22T14:22:06.68394493+09:00", "2018-10-22 14:22:06.68394493 +0900 KST"),
        ("2018-10-22T05:22:06Z", "2018-10-22 05:22:06 +0000 UTC"),
        ("2018-10-22T05:22:06-05:00", "2018-10-22 05:22:06 -0500 -0500"),
    ],
)
def test_a_time_prints_with_the_zone_that_the_host_knows(created: str, expected: str) -> None:
    assert shown("{{.Created}}", NETWORK, {"Created": created}, Zone("KST", 9 * 3600)) == expected
