"""Commands that work on containers, against the engine: what is printed where, in which order, with which status."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.clock import S
from simulator.lab import Lab
from simulator.terminal import DETACH, Terminal


@pytest.fixture
def lab() -> Iterator[Lab]:
    yield Lab()


def typed(lab: Lab, command: str, *keys: bytes) -> Terminal:
    """A terminal with a command to whose prompts keys were typed, one after another."""
    terminal = lab.terminal()
    terminal.start(command)
    for pressed in keys:
        terminal.wait_prompt()
        terminal.type(pressed)
    return terminal


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("alpine true", 0),
        ("alpine sh -c 'exit 7'", 7),
        ("alpine nosuch", 127),
        ("alpine /etc", 126),
        ("nosuch", 125),
        ("UPPER", 125),
    ],
)
def test_run_ends_with_the_status_of_the_program_or_its_own(lab: Lab, command: str, status: int) -> None:
    assert lab.run(f"docker run --rm {command}").status == status


def test_standard_output_and_standard_error_stay_apart(lab: Lab) -> None:
    result = lab.run("docker run --rm alpine sh -c 'echo out; echo err >&2'")
    assert (result.stdout, result.stderr) == ("out\n", "err\n")


def test_what_is_piped_in_reaches_the_program_and_its_end_too(lab: Lab) -> None:
    lab.run("docker run -itd --name a1 alpine")
    assert lab.run("echo piped | docker run -i --rm alpine cat").stdout == "piped\n"
    assert lab.run("echo piped | docker exec -i a1 cat").stdout == "piped\n"


def test_a_failed_start_tells_the_id_first_when_detached(lab: Lab) -> None:
    result = lab.run("docker run -d --name f1 alpine nosuch")
    assert len(result.stdout) == 65 and result.status == 127
    assert result.stderr.startswith("docker: Error response from daemon: ") and result.stderr.endswith("unknown.\n")
    assert "See 'docker run --help'" not in result.stderr


def test_help_is_offered_when_a_container_was_not_made(lab: Lab) -> None:
    lab.run("docker create --name a1 alpine")
    assert lab.run("docker run --name a1 alpine").stderr.endswith("that name.\nSee 'docker run --help'.\n")
    assert "See" not in lab.run("docker create --name a1 alpine").stderr


def test_an_image_for_another_platform_is_not_there(lab: Lab) -> None:
    mismatch = "was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64"
    never = lab.run("docker create --pull never --platform linux/arm64 alpine").stderr
    assert never == f"Error response from daemon: image with reference alpine {mismatch}\n"
    assert lab.run("docker create --platform linux/arm64 alpine").stderr.startswith(
        "Unable to find image 'alpine:latest'"
    )
    assert lab.run("docker create --platform amd64 alpine").status == 0


def test_the_client_reads_the_platform_itself(lab: Lab) -> None:
    problem = 'error parsing specified platform: "foo": unknown operating system or architecture: invalid argument'
    assert lab.run("docker create --platform foo alpine").stderr == f"{problem}\n"


def test_names_are_told_in_order_and_failures_at_the_end(lab: Lab) -> None:
    lab.run("docker create --name a1 alpine; docker create --name a2 alpine")
    result = lab.run("docker rm a1 ghost a2 2>&1")
    assert (result.stdout, result.status) == ("a1\na2\nError: No such container: ghost\n", 1)


def test_force_forgives_what_is_not_there(lab: Lab) -> None:
    result = lab.run("docker rm -f ghost")
    assert (result.stdout, result.stderr, result.status) == ("", "Error: No such container: ghost\n", 0)


def test_several_containers_stop_at_the_same_time(lab: Lab) -> None:
    lab.run("for n in a b c; do docker run -d --name t$n alpine sleep 1000; done")
    began = lab.clock.now
    assert lab.run("docker stop ta tb tc").stdout == "ta\ntb\ntc\n"
    assert 10 * S <= lab.clock.now - began < 12 * S


def test_start_tells_failures_where_they_happen_and_sums_them_up(lab: Lab) -> None:
    lab.run("docker create -it --name a1 alpine")
    result = lab.run("docker start ghost a1")
    assert result.stdout == "a1\n"
    assert result.stderr == (
        "Error response from daemon: No such container: ghost\nError: failed to start containers: ghost\n"
    )


def test_detaching_leaves_the_container_running(lab: Lab) -> None:
    terminal = typed(lab, "docker run -it --name a1 alpine", b"echo hi\r", DETACH)
    assert terminal.finish() == "/ # echo hi\nhi\n/ # " and terminal.status == 0
    assert lab.run("docker ps --format '{{.Names}} {{.State}}'").stdout == "a1 running\n"


def test_detaching_from_attach_and_exec_is_an_error(lab: Lab) -> None:
    lab.run("docker run -itd --name a1 alpine")
    for command in ("docker attach a1", "docker exec -it a1 sh"):
        terminal = typed(lab, command, DETACH)
        assert terminal.finish().endswith("read escape sequence\n") and terminal.status == 1


def test_the_terminal_is_as_before_when_the_client_has_gone(lab: Lab) -> None:
    lab.run("docker run -itd --name a1 alpine")
    terminal = typed(lab, "docker attach a1", b"exit 3\r")
    terminal.finish()
    assert terminal.status == 3
    assert (terminal.tty.echo, terminal.tty.canonical, terminal.tty.signals, terminal.tty.crlf) == (True,) * 4


def test_a_terminal_is_demanded_where_one_is_needed(lab: Lab) -> None:
    lab.run("docker run -itd --name a1 alpine")
    for command in ("docker run -it alpine", "docker exec -it a1 sh", "docker attach a1"):
        result = lab.run(command)
        assert (result.stderr, result.status) == ("the input device is not a TTY\n", 1)


def test_a_signal_goes_to_the_container_without_a_terminal_of_its_own(lab: Lab) -> None:
    terminal = lab.terminal()
    terminal.start("docker run --rm alpine sh -c 'trap \"echo caught; exit 5\" INT; sleep 100 & wait'")
    lab.advance(2 * S)
    terminal.type(b"\x03")
    assert terminal.finish() == "^Ccaught\n"
    assert terminal.status == 5


def test_the_size_of_the_terminal_reaches_the_container(lab: Lab) -> None:
    terminal = lab.terminal(rows=33, columns=101)
    terminal.start("docker run -it --rm alpine")
    terminal.wait_prompt()
    shells = [process for process in lab.machine("docker-host").processes.values() if process.argv == ["/bin/sh"]]
    assert [(shell.tty.rows, shell.tty.columns) for shell in shells if shell.tty] == [(33, 101)]
    terminal.tty.resize(40, 120)
    lab.advance(S)
    assert [(shell.tty.rows, shell.tty.columns) for shell in shells if shell.tty] == [(40, 120)]


def test_files_go_in_and_out_of_containers(lab: Lab) -> None:
    lab.run("docker create --name c1 alpine; mkdir d; echo one > d/f; echo two > g")
    assert lab.run("docker cp d c1:/tmp && docker cp g c1:/tmp/renamed").output == ""
    assert lab.run("docker cp c1:/tmp/d/f - | head -c 3").stdout.startswith("f")
    lab.run("docker cp c1:/tmp out; docker cp c1:/tmp/. out; docker cp c1:/tmp/renamed .")
    assert lab.run("cat out/d/f out/renamed renamed").stdout == "one\ntwo\ntwo\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("a b", "must specify at least one container source"),
        ("a:b c:d", "copying between containers is not supported"),
        ("c1:/nosuch x", "Error: No such container:path: c1:/nosuch"),
        ("ghost:/x x", "Error: No such container:path: ghost:/x"),
        ("nosuch c1:/tmp", "lstat /root/nosuch: no such file or directory"),
        ("c1:/etc/passwd nodir/x", 'invalid output path: directory "/root/nodir" does not exist'),
        ("d c1:/etc/passwd", "cannot copy directory"),
    ],
)
def test_a_copy_that_cannot_be_is_refused(lab: Lab, arguments: str, error: str) -> None:
    lab.run("docker create --name c1 alpine; mkdir d")
    result = lab.run(f"docker cp {arguments}")
    assert (result.stderr, result.status) == (f"{error}\n", 1)


def test_a_question_is_asked_before_things_are_removed(lab: Lab) -> None:
    lab.run("docker create --name c1 alpine")
    question = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] "
    assert lab.run("echo n | docker container prune").stdout == f"{question}Total reclaimed space: 0B\n"
    assert lab.run("docker container prune < /dev/null").stdout == f"{question}Total reclaimed space: 0B\n"
    answered = lab.run("echo y | docker container prune").stdout
    assert answered.startswith(f"{question}Deleted Containers:\n") and answered.endswith("0B\n")
    assert lab.run("docker ps -aq").stdout == ""


def test_inspect_shows_what_it_finds_and_then_what_it_does_not(lab: Lab) -> None:
    lab.run("docker create --name c1 alpine")
    result = lab.run("docker inspect -f '{{.Name}}' c1 ghost bridge")
    assert (result.stdout, result.stderr, result.status) == ("/c1\nbridge\n", "Error: No such object: ghost\n", 1)
    assert lab.run("docker inspect ghost").stdout == "[]\n"
    assert lab.run("docker inspect -f '{{.Name}}' ghost").stdout == "\n"


def test_a_template_that_cannot_be_read_has_a_status_of_its_own(lab: Lab) -> None:
    assert lab.run("docker inspect -f '{{.Name' bridge").status == 64
    assert lab.run("docker inspect -f '{{.Nosuch}}' bridge").status == 1


def test_a_cidfile_gets_the_id_and_must_not_be_there(lab: Lab) -> None:
    result = lab.run("docker create --cidfile id alpine")
    assert lab.run("cat id").stdout == result.stdout.strip()
    again = lab.run("docker run --cidfile id alpine")
    assert again.stderr.startswith("docker: container ID file found, make sure the other container isn't running")
    assert again.status == 125


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("docker run -d --name a1 alpine true; docker ps --format '{{.Names}}'", "a1\n"),
        ("docker run -d --rm --name a1 alpine sleep 9; docker kill a1; docker ps -a --format '{{.Names}}'", ""),
        ("docker run -d --rm --name a1 alpine sleep 1; docker wait a1; docker ps -a --format '{{.Names}}'", ""),
    ],
)
def test_the_next_client_comes_before_the_engine_hears_of_an_end_and_after_it_has_removed(
    lab: Lab, line: str, left: str
) -> None:
    assert lab.run(line).stdout.split("\n", 1)[1].removeprefix("a1\n" if "kill" in line else "0\n") == left
