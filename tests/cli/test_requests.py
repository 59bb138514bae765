"""What the client sends and what it refuses by itself: the same as the recorded client, option by option."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.bare import Recorder, recorded, run

RECORDED = recorded("requests.json")


def expected_document(case: dict[str, Any]) -> Any:
    if "changes" not in case:
        return case.get("request")
    changes = case["changes"]
    host = {**RECORDED["plain"]["HostConfig"], **changes.get("HostConfig", {})}
    return {**RECORDED["plain"], **changes, "HostConfig": host}


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["command"])
def test_a_command_line_becomes_the_request_and_errors_of_the_real_client(case: dict[str, Any]) -> None:
    engine = Recorder()
    shown = run(case["command"], engine=engine, files=RECORDED["files"])
    assert (shown.stderr, shown.status) == (case["stderr"], case["status"])
    assert engine.document == expected_document(case)


def test_the_keys_of_a_request_are_in_the_order_of_the_api() -> None:
    engine = Recorder()
    run("run alpine", engine=engine)
    assert json.dumps(engine.document) == json.dumps(RECORDED["plain"])


def test_an_older_client_leaves_it_to_the_engine_what_a_network_may_be_used_with() -> None:
    engine = Recorder()
    shown = run("run --network bridge --link a1 alpine", engine=engine, release="18.09")
    assert shown.stderr == "docker: Error response from daemon: stop.\nSee 'docker run --help'.\n"
    assert engine.document["HostConfig"]["Links"] == ["a1"]
    assert engine.document["NetworkingConfig"] == {"EndpointsConfig": {}}
