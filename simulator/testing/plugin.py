"""The pytest plugin: `lab`, `docker_client`, `docker_host`, `faults`.

Registered as the entry point `pytest11`. A fixture costs nothing to a test that does not ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import docker

    from simulator.testing.faults import Faults
    from simulator.testing.world import World


@pytest.fixture
def lab() -> Iterator[World]:
    """A fresh world with a Docker engine; the same one for all fixtures of a test."""
    from simulator.testing.world import World

    with World() as world:
        yield world


@pytest.fixture
def faults(lab: World) -> Faults:
    """What can be made to go wrong in the lab."""
    return lab.faults


@pytest.fixture
def docker_client(lab: World) -> docker.DockerClient:
    """The docker SDK's client of the lab, in the process. The test is skipped without the SDK."""
    pytest.importorskip("docker")
    return lab.docker_client()


@pytest.fixture
def docker_host(lab: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server of the lab, which DOCKER_HOST names as long as the test runs."""
    with lab.serve() as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        for name in ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONTEXT", "DOCKER_API_VERSION"):
            monkeypatch.delenv(name, raising=False)
        yield address
