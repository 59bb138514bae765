# ruff: noqa: E501 - the texts are the engine's own, to the letter
"""Volumes and other mounts."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound, System


def test_what_is_written_into_a_volume_outlives_the_container(world: Any) -> None:
    world.run("write", "/v/file", "kept", host={"Binds": ["vol:/v"], "AutoRemove": True})
    assert world.run("cat", "/w/file", host={"Binds": ["vol:/w"]}) == "kept"
    assert world.machine.disk.read("/var/lib/docker/volumes/vol/_data/file") == b"kept"


def test_a_new_volume_begins_with_what_the_image_has_there(world: Any) -> None:
    assert world.run("cat", "/data/seed", host={"Binds": ["vol:/data"]}) == "from the image\n"


def test_a_folder_of_the_host(world: Any) -> None:
    world.machine.disk.make_directory("/srv")
    world.machine.disk.write("/srv/page", "hello")
    assert world.run("cat", "/www/page", host={"Binds": ["/srv:/www:ro"]}) == "hello"
    world.run("write", "/www/answer", "yes", host={"Binds": ["/srv:/www"]})
    assert world.machine.disk.read("/srv/answer") == b"yes"


def test_the_documents_of_mounts(world: Any) -> None:
    world.machine.disk.make_directory("/srv")
    world.start("sleep", "9", name="c1", host={"Binds": ["vol:/v", "/srv:/h:ro"]}, Volumes={"/anon": {}})
    volume, bind, anonymous = world.engine.container_inspect("c1")["Mounts"]
    assert volume == {
        "Type": "volume", "Name": "vol", "Source": "/var/lib/docker/volumes/vol/_data", "Destination": "/v",
        "Driver": "local", "Mode": "z", "RW": True, "Propagation": "",
    }  # fmt: skip
    assert bind == {
        "Type": "bind", "Source": "/srv", "Destination": "/h", "Mode": "ro", "RW": False, "Propagation": "rprivate",
    }  # fmt: skip
    assert (anonymous["Destination"], len(anonymous["Name"]), anonymous["Mode"]) == ("/anon", 64, "")


def test_anonymous_volumes_go_with_rm_v(world: Any) -> None:
    world.create(name="c1", host={"Binds": ["vol:/v"]}, Volumes={"/anon": {}})
    assert len(world.engine.volume_list()["Volumes"]) == 2
    world.wait(world.engine.container_remove("c1", volumes=True))
    assert [volume["Name"] for volume in world.engine.volume_list()["Volumes"]] == ["vol"]


def test_a_volume_in_use_stays(world: Any) -> None:
    identity = world.create(host={"Binds": ["vol:/v"]})
    with pytest.raises(Conflict) as refused:
        world.engine.volume_remove("vol")
    assert refused.value.message == f"remove vol: volume is in use - [{identity}]"
    assert world.engine.volumes_prune()["VolumesDeleted"] == []
    world.wait(world.engine.container_remove(identity))
    assert world.engine.volumes_prune()["VolumesDeleted"] == ["vol"]


@pytest.mark.parametrize(
    ("host", "kind", "message"),
    [
        ({"Binds": ["x"]}, System, "invalid volume specification: 'x': invalid mount config for type \"volume\": invalid mount path: 'x' mount path must be absolute"),
        ({"Binds": ["v1:/"]}, System, "invalid volume specification: 'v1:/': invalid mount config for type \"volume\": invalid specification: destination can't be '/'"),
        ({"Binds": ["v1:/x", "w1:/x"]}, InvalidParameter, "Duplicate mount point: /x"),
        ({"Binds": ["v:/x"]}, InvalidParameter, "create v: volume name is too short, names should be at least two alphanumeric characters"),
        ({"Mounts": [{"Type": "bind", "Source": "/nosuch", "Target": "/x"}]}, InvalidParameter, 'invalid mount config for type "bind": bind source path does not exist: /nosuch'),
    ],
)  # fmt: skip
def test_mounts_that_cannot_be(world: Any, host: dict[str, Any], kind: type[EngineError], message: str) -> None:
    with pytest.raises(kind) as refused:
        world.create(host=host)
    assert refused.value.message == message


def test_a_volume_that_is_not_there(world: Any) -> None:
    with pytest.raises(NotFound, match="get nosuch: no such volume"):
        world.engine.volume_inspect("nosuch")
    world.engine.volume_remove("nosuch", force=True)


def test_volumes_from_another_container(world: Any) -> None:
    world.run("write", "/v/file", "shared", name="c1", host={"Binds": ["vol:/v"]})
    assert world.run("cat", "/v/file", host={"VolumesFrom": ["c1"]}) == "shared"


def test_volumes_from_one_with_a_tmpfs_looks_for_a_volume_without_a_name(world: Any) -> None:
    world.create(name="c1", host={"Mounts": [{"Type": "tmpfs", "Target": "/t"}]})
    with pytest.raises(NotFound) as refused:
        world.create(name="c2", host={"VolumesFrom": ["c1"]})
    assert refused.value.message == "get : no such volume"


def test_what_is_mounted_read_only_cannot_be_written(world: Any) -> None:
    world.machine.disk.make_directory("/srv")
    refused = "write: Read-only file system\n"
    assert world.run("write", "/www/x", "y", host={"Binds": ["/srv:/www:ro"]}) == refused
    assert world.run("write", "/x", "y", host={"ReadonlyRootfs": True}) == refused
    assert world.run("write", "/v/x", "y", host={"ReadonlyRootfs": True, "Binds": ["vol:/v"]}) == ""
    assert "localhost" in world.run("cat", "/etc/hosts", host={"ReadonlyRootfs": True})


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"a": "b"}, 'invalid option: "a"'),
        ({"type": "tmpfs"}, 'missing required option: "device"'),
        ({"o": "size=5m", "type": "tmpfs"}, 'missing required option: "device"'),
        ({"size": "5m"}, "quota size requested but no quota support"),
    ],
)
def test_the_local_driver_knows_options_of_mounts(world: Any, options: dict[str, str], refusal: str) -> None:
    with pytest.raises(InvalidParameter, match=f"^create vol: {refusal}$"):
        world.engine.volume_create({"Name": "vol", "DriverOpts": options})


def test_volumes_with_options_are_not_pruned(world: Any) -> None:
    world.engine.volume_create({"Name": "plain"})
    world.engine.volume_create({"Name": "mounted", "DriverOpts": {"type": "tmpfs", "device": "tmpfs"}})
    assert world.engine.volumes_prune()["VolumesDeleted"] == ["plain"]
    assert world.engine.volumes_prune()["VolumesDeleted"] == []


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ({"Binds": ["/tmp:/a"]}, ("", True, "rprivate")),
        ({"Binds": ["/tmp:/a:rslave"]}, ("rslave", True, "rslave")),
        ({"Binds": ["/tmp:/a:ro,rshared"]}, ("ro,rshared", False, "rshared")),
        ({"Mounts": [{"Type": "bind", "Source": "/tmp", "Target": "/a", "BindOptions": {"Propagation": "rslave"}}]},
         ("", True, "rslave")),
        ({"Binds": ["vol:/a"]}, ("z", True, "")),
    ],
)  # fmt: skip
def test_a_bind_mount_tells_how_mounts_below_it_spread(
    world: Any, host: dict[str, Any], shown: tuple[str, bool, str]
) -> None:
    world.machine.disk.make_directory("/tmp", parents=True)
    (mount,) = world.engine.container_inspect(world.create("env", host=host))["Mounts"]
    assert (mount["Mode"], mount["RW"], mount["Propagation"]) == shown
