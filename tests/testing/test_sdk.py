"""The docker SDK, joined in the process and over a socket: it sees one engine."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from simulator.clock import S
from simulator.testing import World
from simulator.testing.world import PROGRAM

# The SDK leaves sockets of streams for the garbage collector to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

pytest_plugins = ["simulator.testing.plugin"]


@pytest.fixture(params=["in the process", "over a socket"])
def client(request: pytest.FixtureRequest, lab: World) -> Iterator[Any]:
    if request.param == "in the process":
        yield lab.docker_client()
        return
    with lab.serve() as address:
        made = docker.DockerClient(base_url=address, version="auto")
        yield made
        made.close()
        gc.collect()


def test_the_engine_tells_its_version(client: Any) -> None:
    assert client.ping()
    assert client.version()["ApiVersion"] == "1.41"
    assert client.info()["ServerVersion"] == "20.10.24+dfsg1"


def test_run_gives_what_the_program_printed(client: Any) -> None:
    assert client.containers.run("alpine", "echo hello", remove=True) == b"hello\n"


def test_run_raises_for_a_program_that_fails(client: Any) -> None:
    with pytest.raises(docker.errors.ContainerError) as failed:
        client.containers.run("alpine", ["sh", "-c", "echo no >&2; exit 3"], remove=True)
    assert (failed.value.exit_status, failed.value.stderr) == (3, b"no\n")


def test_a_container_that_does_not_exist_is_not_found(client: Any) -> None:
    with pytest.raises(docker.errors.NotFound, match="No such container: ghost"):
        client.containers.get("ghost")


def test_exec_gives_status_and_output(client: Any) -> None:
    web = client.containers.run("httpd", detach=True, name="web")
    assert web.exec_run("echo in").output == b"in\n"
    assert web.exec_run(["sh", "-c", "echo out; echo err >&2; exit 4"], demux=True) == (4, (b"out\n", b"err\n"))
    assert b"".join(web.exec_run("seq 3", stream=True).output) == b"1\n2\n3\n"


def test_an_exec_on_a_socket_takes_what_is_typed(client: Any) -> None:
    box = client.containers.run("alpine", "sleep 100", detach=True)
    made = client.api.exec_create(box.id, "cat", stdin=True)
    joined = client.api.exec_start(made["Id"], socket=True)
    raw = getattr(joined, "_sock", joined)
    raw.sendall(b"typed\n")
    frame = raw.recv(100)
    while len(frame) < 14:
        frame += raw.recv(100)
    joined.close()
    assert frame == b"\x01\x00\x00\x00\x00\x00\x00\x06typed\n"


def test_logs_follow_to_the_end(client: Any) -> None:
    box = client.containers.run("alpine", ["sh", "-c", "for i in 1 2 3; do echo $i; sleep 1; done"], detach=True)
    assert b"".join(box.logs(stream=True, follow=True)) == b"1\n2\n3\n"
    assert box.wait()["StatusCode"] == 0
    assert box.logs(tail=1) == b"3\n"


def test_attach_sees_what_comes(client: Any) -> None:
    box = client.containers.create("alpine", ["sh", "-c", "sleep 1; echo late"])
    stream = box.attach(stream=True, logs=False)
    box.start()
    assert b"".join(stream) == b"late\n"


def test_networks_connect_containers_by_name(client: Any) -> None:
    net = client.networks.create("net")
    client.containers.run("httpd", detach=True, name="web", network="net")
    assert b"It works!" in client.containers.run("alpine", "wget -q -O - web", network="net", remove=True)
    net.reload()
    assert [one.name for one in net.containers] == ["web"]
    with pytest.raises(docker.errors.APIError, match="has active endpoints"):
        net.remove()


def test_filters_labels_and_prune(client: Any) -> None:
    client.containers.run("alpine", "true", labels={"a": "b"}, detach=True).wait()
    assert len(client.containers.list(all=True, filters={"label": "a=b", "status": "exited"})) == 1
    assert client.containers.list(all=True, filters={"label": "a=c"}) == []
    assert len(client.containers.prune(filters={"label": "a"})["ContainersDeleted"]) == 1


def test_an_image_is_pulled_with_its_progress(client: Any) -> None:
    steps = list(client.api.pull("nginx", tag="latest", stream=True, decode=True))
    assert steps[0]["status"] == "Pulling from library/nginx"
    assert steps[-1]["status"] == "Status: Downloaded newer image for nginx:latest"
    assert client.images.get("nginx").tags == ["nginx:latest"]


def test_files_travel_as_archives(client: Any) -> None:
    import io
    import tarfile

    box = client.containers.run("alpine", "sleep 100", detach=True)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("note")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"hello"))
    assert box.put_archive("/tmp", packed.getvalue())
    data, stat = box.get_archive("/tmp/note")
    with tarfile.open(fileobj=io.BytesIO(b"".join(data))) as archive:
        content = archive.extractfile("note")
        assert content is not None and content.read() == b"hello"
    assert (stat["name"], stat["size"]) == ("note", 5)


def test_an_image_is_built_of_a_directory(client: Any, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine\nARG A\nCOPY f /f\nRUN echo $A >>/f\nCMD cat /f\n")
    (tmp_path / "f").write_text("hi\n")
    image, told = client.images.build(path=str(tmp_path), tag="mine", buildargs={"A": "there"}, labels={"a": "b"})
    assert client.containers.run(image, remove=True) == b"hi\nthere\n"
    assert image.tags == ["mine:latest"] and image.labels == {"a": "b"}
    assert any("Successfully tagged mine:latest" in line.get("stream", "") for line in told)


def test_a_build_that_fails_raises_with_what_was_said(client: Any) -> None:
    with pytest.raises(docker.errors.BuildError) as failed:
        client.images.build(fileobj=io.BytesIO(b"FROM alpine\nRUN echo so; exit 3\n"))
    assert "returned a non-zero code: 3" in failed.value.msg
    assert any(line.get("stream") == "so\n" for line in failed.value.build_log)
    with pytest.raises(docker.errors.APIError, match="unknown instruction: FOO"):
        client.images.build(fileobj=io.BytesIO(b"FROM alpine\nFOO\n"))


def test_an_image_of_a_container_is_saved_and_loaded(client: Any) -> None:
    box = client.containers.run("alpine", ["sh", "-c", "echo hi >/f"], detach=True)
    box.wait()
    image = box.commit("mine", "1", message="m", changes=["CMD cat /f"], conf={"Labels": {"a": "b"}})
    assert (image.tags, image.labels, image.history()[0]["Comment"]) == (["mine:1"], {"a": "b"}, "m")
    data = b"".join(image.save(named=True))
    box.remove()
    client.images.remove("mine:1")
    (loaded,) = client.images.load(data)
    assert (loaded.id, loaded.tags) == (image.id, ["mine:1"])
    assert client.containers.run("mine:1", remove=True) == b"hi\n"


def test_a_program_of_a_test_comes_back_out_of_an_archive(lab: World) -> None:
    def program(process: Any) -> Iterator[Any]:
        process.print("of the test")
        return 0
        yield

    lab.image("own", program=program)
    lab.run("docker save -o o.tar own; docker create --name box own; docker export box | docker import - imported")
    lab.run("docker rm box; docker rmi own; docker load -q -i o.tar")
    assert lab.run("docker run --rm own").stdout == "of the test\n"
    assert lab.run(f"docker run --rm imported {PROGRAM}").stdout == "of the test\n"


def test_an_exported_container_is_imported(client: Any) -> None:
    box = client.containers.run("alpine", ["sh", "-c", "echo hi >/f"], detach=True)
    box.wait()
    client.api.import_image_from_data(b"".join(box.export()), repository="mine", tag="1")
    assert client.containers.run("mine:1", "cat /f", remove=True) == b"hi\n"


def test_volumes_stats_top_and_usage(client: Any) -> None:
    client.volumes.create("data")
    box = client.containers.run("alpine", "sleep 100", detach=True, volumes={"data": {"bind": "/data"}})
    assert [one.name for one in client.volumes.list()] == ["data"]
    assert box.stats(stream=False)["name"] == f"/{box.name}"
    assert box.top()["Processes"][0][-1] == "sleep 100"
    assert client.df()["Volumes"][0]["Name"] == "data"
    assert "Pid" in box.attrs["State"]


def test_events_come_as_they_happen(client: Any) -> None:
    events = client.events(decode=True, filters={"type": "container", "event": ["create", "start"]})
    client.containers.run("alpine", "sleep 100", detach=True, name="box")
    seen = [next(events) for _ in range(2)]
    events.close()
    assert [(one["Action"], one["Actor"]["Attributes"]["name"]) for one in seen] == [
        ("create", "box"),
        ("start", "box"),
    ]


def test_stop_and_restart_take_simulated_time(client: Any, lab: World) -> None:
    box = client.containers.run("alpine", "sleep 1000", detach=True)
    before = lab.clock.now
    box.stop(timeout=7)
    assert 7 * S <= lab.clock.now - before < 8 * S
    box.restart()
    box.reload()
    assert box.status == "running"


def test_an_endpoint_that_is_not_simulated_is_named(client: Any) -> None:
    with pytest.raises(docker.errors.APIError) as refused:
        client.api.push("alpine")
    assert refused.value.status_code == 501
    assert refused.value.explanation == "docklab does not simulate POST /images/{name}/push"


def test_who_waits_for_what_never_comes_is_told_as_by_a_socket(lab: World) -> None:
    made = lab.docker_client().containers.create("alpine", "true")
    with pytest.raises(requests.exceptions.ConnectionError, match="Read timed out"):
        made.wait(condition="removed")
