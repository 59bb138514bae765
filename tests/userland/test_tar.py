"""tar in GNU's and in busybox's words."""

from __future__ import annotations

import pytest

from simulator import Lab
from simulator.lab import Result

DELAYED = "tar: Exiting with failure status due to previous errors\n"
HOST, BOX = "{}", "docker run --rm -v /root/w:/w -w /w alpine sh -c '{}'"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("mkdir -p w/d; echo hi > w/d/f; ln -s f w/d/l")
    return lab


def run(lab: Lab, where: str, command: str) -> Result:
    return lab.run(f"cd /root/w; {where.format(command)}")


@pytest.mark.parametrize("where", [HOST, BOX], ids=["gnu", "busybox"])
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("tar cf a.tar d; tar tf a.tar", "d/\nd/f\nd/l\n"),
        ("tar c d | tar t", "d/\nd/f\nd/l\n"),
        ("tar czf a.tgz d; tar tf a.tgz | wc -l", "3\n"),
        ("tar -c -f a.tar -C d .; tar tf a.tar | wc -l", "3\n"),
        ("tar cf a.tar d; mkdir o; tar xvf a.tar -C o; cat o/d/l", "d/\nd/f\nd/l\nhi\n"),
        ("tar cf a.tar d; tar xOf a.tar d/f", "hi\n"),
        ("tar cf a.tar d; tar tf a.tar d/f", "d/f\n"),
    ],
)
def test_archives(lab: Lab, where: str, command: str, expected: str) -> None:
    assert run(lab, where, command).stdout == expected


@pytest.mark.parametrize(
    ("where", "command", "said", "status"),
    [
        (HOST, "tar xf nosuch",
         "tar: nosuch: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n", 2),
        (BOX, "tar xf nosuch", "tar: can't open 'nosuch': No such file or directory\n", 1),
        (HOST, "tar cf a.tar nosuch",
         f"tar: nosuch: Cannot stat: No such file or directory\n{DELAYED}", 2),
        (BOX, "tar cf a.tar nosuch",
         "tar: nosuch: No such file or directory\ntar: error exit delayed from previous errors\n", 1),
        (HOST, "echo garbage | tar t",
         "tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n", 2),
        (BOX, "echo garbage | tar t", "tar: short read\n", 1),
        (HOST, "tar cf a.tar d; tar tf a.tar x",
         "tar: x: Not found in archive\ntar: Exiting with failure status due to previous errors\n", 2),
        (BOX, "tar cf a.tar d; tar tf a.tar x", "tar: x: not found in archive\n", 1),
        (HOST, "tar cf a.tar /root/w/d", "tar: Removing leading `/' from member names\n", 0),
        (BOX, "tar cf a.tar /w/d", "tar: removing leading '/' from member names\n", 0),
    ],
)  # fmt: skip
def test_complaints(lab: Lab, where: str, command: str, said: str, status: int) -> None:
    result = run(lab, where, command)
    assert (result.stderr, result.status) == (said, status)


def test_a_long_list(lab: Lab) -> None:
    shown = run(lab, HOST, "tar cf a.tar d; tar tvf a.tar").stdout.splitlines()
    assert shown[0].startswith("drwxr-xr-x root/root         0 2023-03-01 09:00 d/")
    assert shown[2].endswith("d/l -> f")


def test_an_exported_container_and_a_saved_image_are_archives(lab: Lab) -> None:
    lab.run("docker create --name box alpine")
    assert "bin/sh" in lab.run("docker export box | tar t").stdout.splitlines()
    assert "manifest.json" in lab.run("docker save alpine | tar t").stdout.splitlines()
    built = lab.run("printf 'FROM alpine\nENV a=b\n' > w/Dockerfile; tar c -C w . | docker build -")
    assert built.status == 0 and "Successfully built" in built.stdout
