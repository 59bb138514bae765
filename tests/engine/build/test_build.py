"""Builds: what each instruction does to files and configuration, the cache, stages, failures."""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

import pytest

from simulator import Lab
from simulator.lab import Result

NEEDS_BUILDKIT = (
    "the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images "
    "with BuildKit enabled"
)
CHOWN = "unable to convert uid/gid chown string to host mapping"


class Host:
    """A host with a directory `d` to build from."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.engine = next(iter(self.lab.engines.values()))
        self.disk = next(iter(self.lab.machines.values())).disk
        self.run("mkdir d")

    def run(self, command: str) -> Result:
        return self.lab.run(command)

    def out(self, command: str) -> str:
        result = self.run(command)
        assert result.status == 0, result.stdout + result.stderr
        return result.stdout.rstrip("\n")

    def write(self, **files: str) -> None:
        for name, text in files.items():
            self.disk.write(f"/root/d/{name}", text)

    def build(self, dockerfile: str, options: str = "", **files: str) -> Result:
        self.write(Dockerfile=dockerfile, **files)
        return self.run(f"docker build -t x {options} d")

    def built(self, dockerfile: str, options: str = "", **files: str) -> str:
        result = self.build(dockerfile, options, **files)
        assert result.status == 0, result.stdout + result.stderr
        return result.stdout

    def config(self, image: str = "x") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out(f"docker inspect {image}"))[0]["Config"]
        return found


@pytest.fixture
def host() -> Host:
    return Host()


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "command", "expected"),
    [
        ("COPY a /x", "cat /x", "one"),
        ("COPY a /x/", "cat /x/a", "one"),
        ("COPY a b /x/", "cat /x/a /x/b", "one\ntwo"),
        ("COPY ? /x/", "ls /x", "a\nb"),
        ("COPY . /x", "ls /x", "Dockerfile\na\nb"),
        ("COPY a /tmp", "cat /tmp/a", "one"),
        ("WORKDIR /w\nCOPY a .", "cat /w/a", "one"),
        ("WORKDIR /w\nWORKDIR v\nRUN pwd >/p", "cat /p", "/w/v"),
        ("COPY --chown=7 a /x", "stat -c %u /x", "7"),
        ("ENV F=a\nCOPY $F /x", "cat /x", "one"),
        ("RUN echo hi >/x", "cat /x", "hi"),
        ('RUN ["touch", "/a b"]', "ls '/a b'", "/a b"),
        ("RUN rm /etc/passwd", "ls /etc/passwd 2>&1 | wc -l", "1"),
        ('SHELL ["/bin/sh", "-ec"]\nRUN echo $0 >/x; false; true', "true", None),
        ("ARG A=1\nRUN echo $A >/x", "cat /x", "1"),
        ("RUN mkdir -m 777 /y\nUSER 7\nRUN id -u >/y/x", "cat /y/x", "7"),
    ],
)
def test_what_a_step_leaves_on_the_disk(host: Host, step: str, command: str, expected: str | None) -> None:
    result = host.build(f"FROM alpine\n{step}\n", a="one\n", b="two\n")
    if expected is None:
        assert result.status == 1
    else:
        assert host.out(f"docker run --rm --user 0 x sh -c {command!r}" if "'" not in command else
                        f'docker run --rm x sh -c "{command}"') == expected  # fmt: skip


def test_what_dockerignore_leaves_out(host: Host) -> None:
    host.disk.write("/root/d/.dockerignore", "*.log\n!keep.log\nDockerfile\n")
    host.run("touch d/a.log d/keep.log d/b")
    host.built("FROM alpine\nCOPY . /x\n")
    assert host.out("docker run --rm x ls -A /x") == ".dockerignore\nb\nkeep.log"


def test_add_unpacks_archives_and_copy_does_not(host: Host) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("in/f")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"hi\n"))
    host.disk.write("/root/d/t.tgz", buffer.getvalue())
    host.built("FROM alpine\nADD t.tgz /x\nCOPY t.tgz /y/\n")
    assert host.out("docker run --rm x sh -c 'cat /x/in/f; ls /y'") == "hi\nt.tgz"


def test_add_fetches_over_the_network(host: Host) -> None:
    assert "Downloading" not in host.built("FROM alpine\nADD http://10.0.2.2/name /x/\n")
    assert host.out("docker run --rm x cat /x/name") == "You are 10.0.2.15"


def test_run_has_a_network(host: Host) -> None:
    host.built("FROM alpine\nRUN wget -q -O /x http://10.0.2.2/\n")
    assert host.out("docker run --rm x cat /x") == "You are 10.0.2.15"
    assert host.build("FROM alpine\nRUN wget -q -O /x http://10.0.2.2/\n", "--network none --no-cache").status == 1


# -- configuration -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "key", "value"),
    [
        ('CMD ["a", "b"]', "Cmd", ["a", "b"]),
        ("CMD a b", "Cmd", ["/bin/sh", "-c", "a b"]),
        ('ENTRYPOINT ["a"]', "Entrypoint", ["a"]),
        ('ENTRYPOINT ["a"]', "Cmd", None),
        ('CMD ["b"]\nENTRYPOINT ["a"]', "Cmd", ["b"]),
        ("ENV A=1 B=2\nENV A=3 C=$B", "Env", ["A=3", "B=2", "C=2"]),
        ("LABEL a=b c='d e'", "Labels", {"a": "b", "c": "d e"}),
        ("EXPOSE 80 53/udp 8000-8001", "ExposedPorts", {"53/udp": {}, "80/tcp": {}, "8000/tcp": {}, "8001/tcp": {}}),
        ("VOLUME /a /b", "Volumes", {"/a": {}, "/b": {}}),
        ("WORKDIR /a\nWORKDIR b", "WorkingDir", "/a/b"),
        ("USER a:b", "User", "a:b"),
        ("STOPSIGNAL SIGINT", "StopSignal", "SIGINT"),
        ('SHELL ["a"]\nCMD b', "Cmd", ["a", "b"]),
        ("ONBUILD RUN a", "OnBuild", ["RUN a"]),
        (
            "HEALTHCHECK --interval=5s --retries=2 CMD a",
            "Healthcheck",
            {"Test": ["CMD-SHELL", "a"], "Interval": 5_000_000_000, "Retries": 2},
        ),
        ("HEALTHCHECK NONE", "Healthcheck", {"Test": ["NONE"]}),
    ],
)
def test_what_a_step_sets(host: Host, steps: str, key: str, value: Any) -> None:
    host.built(f"FROM alpine\n{steps}\n")
    found = host.config().get(key)
    assert (found[1:] if key == "Env" else found) == value


def test_triggers_of_the_base_image_run_first(host: Host) -> None:
    host.built("FROM alpine\nONBUILD RUN echo triggered >/x\n")
    host.out("docker tag x base")
    shown = host.built("FROM base\nRUN cat /x\n")
    assert "# Executing 1 build trigger\n" in shown and "triggered" in shown
    assert host.config()["OnBuild"] is None


def test_the_history_tells_the_steps(host: Host) -> None:
    host.built(
        'FROM alpine\nENV A=1\nHEALTHCHECK --interval=5m --timeout=3s CMD a\nCMD ["b", "c"]\nWORKDIR /w\nVOLUME /v /u\n'
    )
    shown = host.out("docker history --no-trunc --format '{{.CreatedBy}}' x").splitlines()
    assert shown[:5] == [
        "/bin/sh -c #(nop)  VOLUME [/v /u]",
        "/bin/sh -c #(nop) WORKDIR /w",
        '/bin/sh -c #(nop)  CMD ["b" "c"]',
        '/bin/sh -c #(nop)  HEALTHCHECK &{["CMD-SHELL" "a"] "5m0s" "3s" "0s" \'\\x00\'}',
        "/bin/sh -c #(nop)  ENV A=1",
    ]


# -- cache, stages, arguments ------------------------------------------------------------------------------------------


def test_a_step_that_was_done_is_not_done_again(host: Host) -> None:
    dockerfile = "FROM alpine\nRUN echo hi >/x\nCOPY a /a\nENV B=c\n"
    host.built(dockerfile, a="1")
    first = host.out("docker images -q x")
    assert host.built(dockerfile, a="1").count("Using cache") == 3
    assert host.out("docker images -q x") == first
    assert host.built(dockerfile, a="2").count("Using cache") == 1
    assert host.built(dockerfile, "--no-cache", a="2").count("Using cache") == 0


def test_an_argument_that_is_used_is_part_of_the_step(host: Host) -> None:
    dockerfile = "FROM alpine\nARG A\nRUN echo $A >/x\n"
    host.built(dockerfile, "--build-arg A=1")
    assert host.built(dockerfile, "--build-arg A=1").count("Using cache") == 2
    assert host.built(dockerfile, "--build-arg A=2").count("Using cache") == 1
    assert host.out("docker run --rm x cat /x") == "2"
    shown = host.out("docker history --format '{{.CreatedBy}}' x").splitlines()
    assert shown[0] == "|1 A=2 /bin/sh -c echo $A >/x"
    unused = host.built("FROM alpine\nENV a=b\n", "--build-arg A=1 --build-arg HTTP_PROXY=x")
    assert "[Warning] One or more build-args [A] were not consumed\n" in unused


def test_cache_from_lets_only_the_steps_of_these_images_count(host: Host) -> None:
    dockerfile = "FROM alpine\nENV a=b\nRUN echo hi >/x\n"
    host.built(dockerfile)
    host.out("docker tag x first")
    assert host.built(dockerfile, "--cache-from first").count("Using cache") == 2
    assert host.built(dockerfile, "--cache-from nosuch").count("Using cache") == 0


def test_stages_copy_from_each_other_and_from_images(host: Host) -> None:
    host.built(
        "ARG BASE=alpine\nFROM $BASE AS one\nRUN echo one >/x\n"
        "FROM scratch AS two\nCOPY --from=one /x /y\n"
        "FROM alpine\nCOPY --from=1 /y /z\nCOPY --from=httpd /var/www/index.html /i\n"
    )
    assert host.out("docker run --rm x cat /z /i") == "one\n<html><body><h1>It works!</h1></body></html>"
    host.built("FROM alpine AS a\nRUN touch /a\nFROM alpine\nRUN touch /b\n", "--target a")
    assert host.out("docker run --rm x ls /a") == "/a"


def test_an_image_of_nothing_has_only_what_was_copied(host: Host) -> None:
    host.built('FROM scratch\nCOPY a /\nCMD ["/a"]\n', a="x")
    result = host.run("docker run x")
    assert result.status == 126 and "permission denied" in result.stderr
    assert len(json.loads(host.out("docker inspect x"))[0]["RootFS"]["Layers"]) == 1


def test_the_same_build_gives_the_same_image_everywhere(host: Host) -> None:
    other = Host()
    for one in (host, other):
        one.built("FROM alpine\nRUN echo hi >/x\nCOPY a /a\n", a="1")
    assert host.out("docker images -q x") == other.out("docker images -q x")


# -- failures, containers, events --------------------------------------------------------------------------------------


def test_a_command_that_fails_ends_the_build_with_its_status(host: Host) -> None:
    result = host.build("FROM alpine\nRUN exit 3\nRUN touch /x\n")
    assert (result.status, result.stderr) == (3, "The command '/bin/sh -c exit 3' returned a non-zero code: 3\n")
    assert host.out("docker ps -aq | wc -l") == "1"
    host.build("FROM alpine\nRUN exit 3\n", "--force-rm")
    assert host.out("docker ps -aq | wc -l") == "1"


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [
        ("FROM alpine\nCOPY nosuch /\n",
         "COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does not exist"),
        ("FROM alpine\nCOPY no*such /\n", "COPY failed: no source files were specified"),
        ("FROM alpine\nCOPY ../x /\n", "COPY failed: forbidden path outside the build context: ../x ()"),
        ("FROM alpine\nCOPY http://x/y /\n", "COPY failed: source can't be a URL for COPY"),
        ("FROM alpine\nCOPY Dockerfile Dockerfile /x\n",
         "When using COPY with more than one source file, the destination must be a directory and end with a /"),
        ("FROM alpine\nCOPY --from=5 /f /g\n", "invalid from flag value 5: index out of bounds"),
        ("FROM alpine\nCOPY --from=0 /f /g\n", "invalid from flag value 0: refers to current build stage"),
        ("FROM alpine\nADD http://nosuch.test/x /\n",
         'ADD failed: Get "http://nosuch.test/x": dial tcp: lookup nosuch.test on 10.0.2.3:53: no such host'),
        ("FROM alpine\nADD http://10.0.2.2:81/x /\n",
         'ADD failed: Get "http://10.0.2.2:81/x": dial tcp 10.0.2.2:81: connect: connection refused'),
        ("FROM alpine\nRUN --mount=type=cache,target=/x ls\n",
         NEEDS_BUILDKIT),
        ("FROM alpine\nCOPY --chown=nosuch Dockerfile /\n", f"{CHOWN}: can't find uid for user nosuch: no such user: nosuch"),
        ("FROM alpine\nCOPY --chown=0:nosuch Dockerfile /\n",
         f"{CHOWN}: can't find gid for group nosuch: no such group: nosuch"),
        ("FROM alpine\nSTOPSIGNAL x\n", "Invalid signal: x"),
        ("FROM alpine\nUSER nosuch\nRUN id\n", "unable to find user nosuch: no matching entries in passwd file"),
        ("FROM scratch\n", "No image was generated. Is your Dockerfile empty?"),
        ("FROM nosuch\n",
         'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.2.3:53: no such host'),
        ("FROM alpine AS a\nFROM alpine AS A\n", "a stage name already used"),
        ("FROM ${X}\n", "base name (${X}) should not be blank"),
        ("FROM a\nFOO\n", "Error response from daemon: dockerfile parse error line 2: unknown instruction: FOO"),
        ("# x\n", "Error response from daemon: failed to parse Dockerfile: file with no instructions"),
        ("", "Error response from daemon: the Dockerfile (Dockerfile) cannot be empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_built(host: Host, dockerfile: str, message: str) -> None:
    result = host.build(dockerfile)
    assert (result.status, result.stderr.strip()) == (1, message)


def test_a_quiet_build_tells_the_id_or_all_that_was_said(host: Host) -> None:
    host.write(Dockerfile="FROM alpine\nENV a=b\n")
    assert host.out("docker build -q --iidfile i d").startswith("sha256:")
    assert host.out("cat i") == host.out("docker build -q d")
    host.write(Dockerfile="FROM alpine\nRUN false\n")
    result = host.run("docker build -q d")
    assert result.stdout == "" and result.stderr.startswith("Sending build context to Docker daemon")


def test_containers_of_steps_come_and_go_as_events(host: Host) -> None:
    host.built("FROM alpine\nENV a=b\nRUN true\n")
    host.lab.advance(10**9)
    shown = host.out("docker events --since 1h --until 0s --format '{{.Type}} {{.Action}}'").splitlines()
    assert shown == [
        "container create", "container destroy", "container create", "container attach", "network connect",
        "container start", "container die", "network disconnect", "container destroy", "image tag",
    ]  # fmt: skip


def test_a_client_that_goes_away_ends_the_build(host: Host) -> None:
    host.write(Dockerfile="FROM alpine\nRUN sleep 1000\n")
    data = _archive("FROM alpine\nRUN sleep 1000\nRUN touch /x\n")
    feed = host.engine.image_build(data)
    host.lab.advance(5 * 10**9)
    assert host.out("docker ps -q | wc -l") == "1"
    feed.close()
    host.lab.advance(5 * 10**9)
    assert host.out("docker ps -aq | wc -l") == "0"


def _archive(dockerfile: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("Dockerfile")
        info.size = len(dockerfile)
        archive.addfile(info, io.BytesIO(dockerfile.encode()))
    return buffer.getvalue()
