"""Archives unpacked into containers, and taken out of them: recorded from Docker Engine 20.10 with `docker cp -`."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import Any

import pytest

from simulator.engine.errors import EngineError
from simulator.lab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -d --name c1 alpine sleep 1000000")
    return lab


def archive(*members: tuple[str, dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, fields in members:
            info, data = tarfile.TarInfo(name), fields.pop("data", b"")
            for field, value in fields.items():
                setattr(info, field, value)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def put(lab: Lab, folder: str, data: bytes) -> None:
    lab.run(f"docker exec c1 mkdir -p {folder}")
    lab.engine.container_archive_put("c1", folder, data)


def shown(lab: Lab, command: str) -> str:
    return lab.run(f"docker exec c1 {command}").stdout


def test_directories_that_an_archive_leaves_out_are_made(lab: Lab) -> None:
    put(lab, "/tmp/parents", archive(("a/b/c", {"data": b"x", "mode": 0o640, "uid": 5, "mtime": 86400})))
    listed = shown(lab, "stat -c '%A %u %s %Y %n' /tmp/parents/a /tmp/parents/a/b/c").splitlines()
    assert listed[0].startswith("drwxr-xr-x 0 ")
    assert listed[1] == "-rw-r----- 5 1 86400 /tmp/parents/a/b/c"


def test_a_directory_takes_the_archives_mode(lab: Lab) -> None:
    put(lab, "/tmp/mode", archive(("d", {"type": tarfile.DIRTYPE, "mode": 0o711}), ("d/e", {"data": b"1"})))
    assert shown(lab, "stat -c %A /tmp/mode/d") == "drwx--x--x\n"


def test_links_point_where_the_archive_says(lab: Lab) -> None:
    members = [("f", {"data": b"1"}), ("soft", {"type": tarfile.SYMTYPE, "linkname": "/etc/hosts"})]
    put(lab, "/tmp/links", archive(*members, ("hard", {"type": tarfile.LNKTYPE, "linkname": "f"})))
    assert shown(lab, "readlink /tmp/links/soft") == "/etc/hosts\n"
    assert shown(lab, "cat /tmp/links/hard") == "1"


def test_what_is_there_is_replaced_and_an_absolute_name_stays_inside(lab: Lab) -> None:
    put(lab, "/tmp/again", archive(("f", {"data": b"1"})))
    put(lab, "/tmp/again", gzip.compress(archive(("/f", {"data": b"2"}))))
    assert shown(lab, "cat /tmp/again/f") == "2"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (archive(("a", {"data": b"x"})), 'cannot overwrite directory "/tmp/bad/a" with non-directory "/tmp/bad"'),
        (archive(("f", {"data": b"1"}), ("f/g", {"data": b"2"})), "open /tmp/bad/f/g: not a directory"),
        (archive(("../up", {"data": b"x"})), '"../up" is outside of "/tmp/bad"'),
        (archive(("out", {"type": tarfile.SYMTYPE, "linkname": "../../../etc/passwd"})),
         'invalid symlink "/tmp/bad/out" -> "../../../etc/passwd"'),
        (archive(("hl", {"type": tarfile.LNKTYPE, "linkname": "nosuch"})),
         "link /tmp/bad/nosuch /tmp/bad/hl: no such file or directory"),
        (b"garbage" * 200, "archive/tar: invalid tar header"),
    ],
)  # fmt: skip
def test_an_archive_that_cannot_be_unpacked_is_refused(lab: Lab, data: bytes, problem: str) -> None:
    lab.run("docker exec c1 mkdir -p /tmp/bad/a")
    with pytest.raises(EngineError) as refused:
        put(lab, "/tmp/bad", data)
    assert (refused.value.status, refused.value.message) == (
        500,
        f"Error processing tar file(exit status 1): {problem}",
    )


def test_modes_in_an_archive_have_the_bits_of_the_files_type(lab: Lab) -> None:
    lab.run("docker exec c1 sh -c 'mkdir -p /tmp/out; cd /tmp/out; echo 1 > f; ln -s f l'")
    _, data = lab.engine.container_archive_get("c1", "/tmp/out")
    with tarfile.open(fileobj=io.BytesIO(data)) as taken:
        members = [(info.name, oct(info.mode), info.uname) for info in taken]
    assert members == [("out", "0o40755", "root"), ("out/f", "0o100644", "root"), ("out/l", "0o120777", "root")]


def test_what_a_container_mounts_for_itself_cannot_be_copied(lab: Lab) -> None:
    with pytest.raises(EngineError, match="Could not find the file /proc/1/comm in container c1"):
        lab.engine.container_archive_get("c1", "/proc/1/comm")
    _, data = lab.engine.container_archive_get("c1", "/")
    with tarfile.open(fileobj=io.BytesIO(data)) as taken:
        names = taken.getnames()
    assert "/etc/hosts" in names and "/proc" in names
    assert not [name for name in names if name.startswith("/proc/")]
