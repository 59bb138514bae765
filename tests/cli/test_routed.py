"""Names that the router of the engine cleans before anybody looks for them."""

from __future__ import annotations

import pytest

from simulator.lab import Lab

PAGE = "Error response from daemon: page not found\n"


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker create --name a1 alpine")
    return lab


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("docker stop ''", PAGE),
        ("docker wait .", PAGE),
        ("docker history ''", PAGE),
        ("docker logs ''", "Error: No such container: \n"),
        ("docker rm .", "Error: No such container: .\n"),
        ("docker rmi ''", "Error: No such image: \n"),
        ("docker stop /ghost", "Error response from daemon: No such container: ghost\n"),
        ("docker kill /ghost", "Error response from daemon: Cannot kill container: ghost: No such container: ghost\n"),
        ("docker logs /ghost", "Error: No such container: /ghost\n"),
        ("docker network connect bridge .", "Error response from daemon: No such container: .\n"),
    ],
)
def test_what_is_left_of_a_name_in_a_path_is_looked_for(lab: Lab, line: str, said: str) -> None:
    assert lab.run(line).stderr == said


@pytest.mark.parametrize("line", ["docker inspect /a1", "docker stop /a1", "docker network inspect /bridge"])
def test_a_slash_before_a_name_does_no_harm(lab: Lab, line: str) -> None:
    assert lab.run(line).status == 0
