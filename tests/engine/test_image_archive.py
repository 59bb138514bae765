"""Images made of containers, saved and loaded; containers exported and imported."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile

import pytest

from simulator import Lab
from simulator.kernel.archive import pack
from simulator.kernel.disk import Node


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run --name c1 alpine sh -c 'echo hi >/f; rm /etc/passwd; mkdir -p /a/b; ln -s /f /a/l'")
    return lab


def out(lab: Lab, command: str) -> str:
    result = lab.run(command)
    assert result.status == 0, result.stderr
    return result.stdout.strip()


def members(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {info.name: archive.extractfile(info) for info in archive}
        return {name: file.read() if file else b"" for name, file in files.items()}


def saved(lab: Lab, *names: str) -> bytes:
    return next(iter(lab.engines.values())).images_save(names)


def test_a_commit_keeps_what_the_container_changed(lab: Lab) -> None:
    out(lab, "docker commit c1 kept")
    assert out(lab, "docker run --rm kept cat /f /a/l") == "hi\nhi"
    assert lab.run("docker run --rm kept cat /etc/passwd").status == 1


def test_a_commit_that_changed_no_file_has_the_layers_of_its_image(lab: Lab) -> None:
    out(lab, "docker run --name idle alpine true")
    out(lab, "docker commit idle same")
    layers = [out(lab, f"docker inspect -f '{{{{.RootFS.Layers}}}}' {name}") for name in ("alpine", "same")]
    assert layers[0] == layers[1]


def test_names_in_an_archive_are_digests_of_what_they_name(lab: Lab) -> None:
    identity = out(lab, "docker commit c1 kept")
    files = members(saved(lab, "kept"))
    (entry,) = json.loads(files["manifest.json"])
    config = files[entry["Config"]]
    assert f"sha256:{hashlib.sha256(config).hexdigest()}" == identity
    digests = [f"sha256:{hashlib.sha256(files[path]).hexdigest()}" for path in entry["Layers"]]
    assert json.loads(config)["rootfs"]["diff_ids"] == digests
    assert entry["RepoTags"] == ["kept:latest"]


def test_what_is_saved_is_the_same_on_every_host(lab: Lab) -> None:
    assert saved(lab, "alpine", "httpd") == saved(Lab(seed=7), "alpine", "httpd")


def test_an_image_saved_here_runs_elsewhere(lab: Lab) -> None:
    identity = out(lab, 'docker commit -c \'CMD ["cat", "/f"]\' c1 kept')
    other = Lab()
    other.run("docker rmi alpine")
    host = next(iter(other.machines.values()))
    host.disk.write("/root/kept.tar", saved(lab, "kept"))
    assert out(other, "docker load -q -i kept.tar") == "Loaded image: kept:latest"
    assert out(other, "docker run --rm kept") == "hi"
    assert out(other, "docker inspect -f '{{.Id}}' kept") == identity
    assert lab.run("docker run --rm kept cat /etc/passwd").status == 1


def test_an_exported_container_is_imported_as_one_layer(lab: Lab) -> None:
    out(lab, "docker export c1 | docker import -c 'CMD cat /f' -m msg - imp")
    assert out(lab, "docker run --rm imp") == "hi"
    assert out(lab, "docker history --format '{{.Comment}}' imp") == "msg"
    assert lab.run("docker run --rm imp cat /etc/passwd").status == 1


def test_a_layer_that_is_there_already_is_shared(lab: Lab) -> None:
    out(lab, "docker create --name fresh alpine; docker export fresh | docker import - imp")
    sizes = [out(lab, f"docker inspect -f '{{{{.Size}}}}' {name}") for name in ("alpine", "imp")]
    assert sizes[0] == sizes[1]


def test_machine_code_is_refused(lab: Lab) -> None:
    host = next(iter(lab.machines.values()))
    host.disk.write("/root/x.tar", pack([("prog", Node("file", b"\x7fELF\x02\x01\x01" + bytes(57), 0o755))]))
    out(lab, "docker import -c 'CMD [\"/prog\"]' x.tar real")
    result = lab.run("docker run real")
    assert (result.status, result.stderr.strip()) == (1, "exec /prog: exec format error")


def test_a_program_from_outside_names_no_other_function(lab: Lab) -> None:
    host = next(iter(lab.machines.values()))
    marked = b"\x7fELF\x00docklab\x00os:abort\n"
    host.disk.write("/root/x.tar", pack([("prog", Node("file", marked, 0o755))]))
    out(lab, "docker import -c 'CMD [\"/prog\"]' x.tar bad")
    assert "exec format error" in lab.run("docker run bad").stderr


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("docker commit nosuch", "Error response from daemon: No such container: nosuch"),
        ("docker commit c1 BAD", "invalid reference format: repository name must be lowercase"),
        ("docker commit -c 'FOO x' c1", "Error response from daemon: foo is not a valid change command"),
        ("docker commit -c 'RUN x' c1", "Error response from daemon: run is not a valid change command"),
        ("docker commit -c 'ENV x' c1", "Error response from daemon: ENV must have two arguments"),
        ("docker save -o x nosuch", "Error response from daemon: No such image: nosuch"),
        ("docker load -i nosuch", "open nosuch: no such file or directory"),
        ("echo hi | docker load", "Error processing tar file(exit status 1): unexpected EOF"),
        (
            "echo hi | docker import -",
            "Error response from daemon: Error processing tar file(exit status 1): unexpected EOF",
        ),
    ],
)
def test_refusals(lab: Lab, command: str, message: str) -> None:
    result = lab.run(command)
    assert (result.status, result.stderr.strip()) == (1, message)


def test_an_image_with_children_stays_and_goes_with_the_last_of_them(lab: Lab) -> None:
    first = out(lab, "docker commit c1")
    out(lab, f"docker run --name c2 {first} touch /g")
    second = out(lab, "docker commit c2 kept")
    lab.run("docker rm c1 c2")
    refused = lab.run(f"docker rmi {first}").stderr
    assert refused.strip().endswith("(cannot be forced) - image has dependent child images")
    deleted = out(lab, "docker rmi kept").splitlines()
    assert [line.split(": ", 1)[0] for line in deleted] == ["Untagged", *["Deleted"] * 4]
    assert f"Deleted: {second}" in deleted and f"Deleted: {first}" in deleted
