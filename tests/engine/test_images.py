# ruff: noqa: E501 - the texts are the engine's own, to the letter
"""References, images, pulling and removing them."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound, System
from simulator.engine.image_pull import human_size
from simulator.engine.reference import reference_from_text


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("alpine", "docker.io/library/alpine", "alpine"),
        ("alpine:3.8", "docker.io/library/alpine", "alpine:3.8"),
        ("docker.io/library/alpine", "docker.io/library/alpine", "alpine"),
        ("index.docker.io/alpine", "docker.io/library/alpine", "alpine"),
        ("user/app", "docker.io/user/app", "user/app"),
        ("localhost/a", "localhost/a", "localhost/a"),
        ("x.y:5000/a/b:t", "x.y:5000/a/b", "x.y:5000/a/b:t"),
        ("a__b", "docker.io/library/a__b", "a__b"),
        ("a---b", "docker.io/library/a---b", "a---b"),
        ("alpine:Latest", "docker.io/library/alpine", "alpine:Latest"),
    ],
)
def test_references(text: str, name: str, shown: str) -> None:
    reference = reference_from_text(text)
    assert (reference.name, str(reference)) == (name, shown)


BAD = "invalid reference format"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("UPPER", f"{BAD}: repository name must be lowercase"), ("a/B", f"{BAD}: repository name must be lowercase"),
        ("a//b", BAD), ("a-", BAD), ("-a", BAD), (".a", BAD), ("a..b", BAD), ("a._b", BAD), ("a:b:c", BAD), ("a@b", BAD),
        ("a:", BAD), ("", BAD), ("bad image", BAD), ("é", BAD), ("alpine@sha256:1234", BAD),
        ("a" * 300, "repository name must not be more than 255 characters"),
    ],
)  # fmt: skip
def test_texts_that_are_no_reference(text: str, message: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        reference_from_text(text)
    assert refused.value.message == message


def test_an_image_is_found_by_name_id_and_the_beginning_of_its_id(world: Any) -> None:
    identity = world.engine.image_inspect("alpine")["Id"]
    for text in ("alpine:latest", "docker.io/library/alpine", identity, identity[7:], identity[7:19], identity[:20]):
        assert world.engine.image_inspect(text)["Id"] == identity


def test_an_image_that_is_not_there(world: Any) -> None:
    with pytest.raises(NotFound) as refused:
        world.engine.image_inspect("nosuch")
    assert refused.value.message == "no such image: nosuch: No such image: nosuch:latest"


def test_the_image_document(world: Any) -> None:
    document = world.engine.image_inspect("alpine")
    assert list(document) == [
        "Id", "RepoTags", "RepoDigests", "Parent", "Comment", "Created", "Container", "ContainerConfig",
        "DockerVersion", "Author", "Config", "Architecture", "Os", "Size", "VirtualSize", "GraphDriver", "RootFS",
        "Metadata",
    ]  # fmt: skip
    assert document["RepoTags"] == ["alpine:latest"]
    assert document["Config"]["Cmd"] == ["cat"]


def pull(world: Any, name: str, tag: str = "latest") -> list[dict[str, Any]]:
    feed, documents = world.engine.image_create(name, tag), []
    while (document := world.wait(feed.read())) is not None:
        documents.append(document)
    return documents


def test_a_pull_tells_how_it_goes(online: Any) -> None:
    online.clock.chance.preset("layer id", ["0123456789ab"])
    online.clock.chance.preset("image digest", ["c0ffee"])
    documents = pull(online, "other")
    steps = [(document["status"], document.get("id")) for document in documents]
    short = dict.fromkeys(steps)
    assert list(short)[:2] == [("Pulling from library/other", "latest"), ("Pulling fs layer", "0123456789ab")]
    assert [status for status, _ in short][2:7] == [
        "Downloading", "Verifying Checksum", "Download complete", "Extracting", "Pull complete",
    ]  # fmt: skip
    assert steps[-2][0].startswith("Digest: sha256:c0ffee")
    assert steps[-1][0] == "Status: Downloaded newer image for other:latest"
    assert online.engine.image_inspect("other")["RepoDigests"][0].startswith("other@sha256:c0ffee")


def test_progress_has_a_bar(online: Any) -> None:
    document = next(d for d in pull(online, "other") if d["status"] == "Downloading")
    assert document["progressDetail"] == {"current": 40_000, "total": 400_000}
    assert document["progress"] == f"[=====>{' ' * 45}]     40kB/400kB"


def test_pulling_again_changes_nothing(online: Any) -> None:
    pull(online, "other")
    assert pull(online, "other")[-1]["status"] == "Status: Image is up to date for other:latest"


def test_an_image_that_is_there_under_another_name_has_no_layers_to_pull(online: Any) -> None:
    pull(online, "other")
    online.engine.image_tag("other", "kept")
    online.engine.image_remove("other")
    statuses = [document["status"].partition(":")[0] for document in pull(online, "other")]
    assert statuses == ["Pulling from library/other", "Digest", "Status"]


@pytest.mark.parametrize(
    ("name", "tag", "message"),
    [
        (
            "nosuch",
            "latest",
            "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        ),
        ("other", "nosuch", "manifest for other:nosuch not found: manifest unknown: manifest unknown"),
    ],
)
def test_what_the_hub_has_not(online: Any, name: str, tag: str, message: str) -> None:
    with pytest.raises(NotFound) as refused:
        online.engine.image_create(name, tag)
    assert refused.value.message == message


def test_a_hub_that_cannot_be_reached(world: Any) -> None:
    with pytest.raises(System) as refused:
        world.engine.image_create("other", "latest")
    assert refused.value.message == (
        'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.2.3:53: no such host'
    )


def test_an_image_goes_with_its_last_tag(world: Any) -> None:
    identity = world.engine.image_inspect("alpine")["Id"]
    world.engine.image_tag("alpine", "mine", "v1")
    assert world.engine.image_remove("mine:v1") == [{"Untagged": "mine:v1"}]
    assert world.engine.image_remove("alpine")[:2] == [{"Untagged": "alpine:latest"}, {"Deleted": identity}]
    assert world.engine.image_list() == []


def test_an_image_in_use_stays(world: Any) -> None:
    short = world.engine.image_inspect("alpine")["Id"][7:19]
    user = world.create(name="c1")[:12]
    with pytest.raises(Conflict) as refused:
        world.engine.image_remove("alpine")
    assert refused.value.message == (
        'conflict: unable to remove repository reference "alpine" (must force) - '
        f"container {user} is using its referenced image {short}"
    )
    with pytest.raises(Conflict) as refused:
        world.engine.image_remove(short)
    assert refused.value.message == (
        f"conflict: unable to delete {short} (must be forced) - image is being used by stopped container {user}"
    )
    world.wait(world.engine.container_start("c1"))
    world.start("sleep", "100", name="c2")
    with pytest.raises(Conflict, match="cannot be forced"):
        world.engine.image_remove(short, force=True)


def test_prune_takes_images_without_a_name(online: Any) -> None:
    pull(online, "other")
    assert online.engine.images_prune()["ImagesDeleted"] is None
    deleted = online.engine.images_prune({"dangling": ["false"]})
    assert {"Untagged": "alpine:latest"} in deleted["ImagesDeleted"]
    assert online.engine.image_list() == []


def test_image_lists_are_filtered(online: Any) -> None:
    pull(online, "other")
    for filters, tags in (
        ({}, ["other:latest", "alpine:latest"]),
        ({"reference": ["al*"]}, ["alpine:latest"]),
        ({"reference": ["*:latest"]}, ["other:latest", "alpine:latest"]),
        ({"reference": ["[a-b]l?ine"]}, ["alpine:latest"]),
        ({"dangling": ["true"]}, []),
        ({"before": ["other"]}, ["alpine:latest"]),
    ):
        assert [image["RepoTags"][0] for image in online.engine.image_list(filters=filters)] == tags
    with pytest.raises(EngineError, match="Invalid filter 'nosuch'"):
        online.engine.image_list(filters={"nosuch": ["1"]})


@pytest.mark.parametrize(("size", "text"), [(0, "0B"), (999, "999B"), (4413370, "4.413MB"), (132407474, "132.4MB"), (1e9, "1GB")])  # fmt: skip
def test_sizes(size: float, text: str) -> None:
    assert human_size(size) == text


def test_the_registry_tells_of_an_image_without_giving_it(online: Any) -> None:
    document = online.engine.distribution_inspect("other")
    assert document["Platforms"] == [{"architecture": "amd64", "os": "linux"}]
    pull(online, "other")
    assert online.engine.image_inspect("other")["RepoDigests"] == [f"other@{document['Descriptor']['digest']}"]


def test_without_a_registry_nothing_is_told(world: Any) -> None:
    with pytest.raises(System, match="no such host"):
        world.engine.distribution_inspect("other")
