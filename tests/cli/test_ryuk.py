"""The reaper of testcontainers: what its clients name is removed some time after the last of them has gone."""

from __future__ import annotations

from simulator.clock import S
from simulator.testing import World

RUN = "docker run -d --name ryuk -v /var/run/docker.sock:/var/run/docker.sock -e RYUK_RECONNECTION_TIMEOUT=3s"
TELL = "{ printf 'label=session=one\\r\\n'; sleep 2; } | nc 172.17.0.2 8080"


def test_what_a_client_has_labelled_is_removed_after_it_has_gone() -> None:
    with World() as world:
        world.run(f"docker pull -q alpine; {RUN} testcontainers/ryuk:0.8.1")
        world.run("docker run -d --name mine --label session=one alpine sleep 1000")
        world.run("docker run -d --name other --label session=two alpine sleep 1000")
        world.run("docker network create --label session=one net; docker volume create --label session=one vol")
        assert world.run(f'docker run --rm alpine sh -c "{TELL}"').stdout == "ACK\n"
        assert "mine" in world.run("docker ps").stdout
        world.advance(4 * S)
        assert world.run("docker ps -a --format '{{.Names}} {{.State}}'").stdout == "other running\nryuk exited\n"
        assert "net" not in world.run("docker network ls --format '{{.Name}}'").stdout.split()
        assert world.run("docker volume ls -q").stdout == ""
        said = world.run("docker logs ryuk").stderr
    assert " Started!\n" in said
    assert 'Adding {"label":{"session=one":true}}' in said
    assert said.endswith("Removed 1 container(s), 1 network(s), 1 volume(s) 0 image(s)\n")


def test_a_reaper_without_the_engines_socket_says_so() -> None:
    with World() as world:
        ended = world.run("docker run --rm testcontainers/ryuk:0.8.1")
    assert ended.status == 2
    assert "Cannot connect to the Docker daemon at unix:///var/run/docker.sock" in ended.stderr


def test_a_reaper_that_nobody_connects_to_goes() -> None:
    with World() as world:
        world.run(f"{RUN} -e RYUK_CONNECTION_TIMEOUT=1m testcontainers/ryuk:0.8.1")
        world.advance(59 * S)
        assert world.run("docker inspect -f '{{.State.Running}}' ryuk").stdout == "true\n"
        world.advance(2 * S)
        assert world.run("docker inspect -f '{{.State.Running}}' ryuk").stdout == "false\n"
