"""The docker program: which command a line names, where help and errors go, exit statuses."""

from __future__ import annotations

import pytest

from tests.cli.bare import Recorder, run

NO_DAEMON = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"


def test_without_an_engine_a_command_says_so() -> None:
    assert run("ps") == type(run("ps"))("", NO_DAEMON, 1)


def test_another_socket_can_be_named() -> None:
    assert "at unix:///x.sock. Is" in run("-H unix:///x.sock ps").stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("tcp://", "tcp://localhost:2375"),
        ("tcp://127.0.0.1", "tcp://127.0.0.1:2375"),
        (":5000", "tcp://localhost:5000"),
        ("tcp://[::1]:80", "tcp://[::1]:80"),
        ("/x.sock", "tcp://localhost:2375/x.sock"),
    ],
)
def test_an_address_without_a_scheme_a_machine_or_a_port_has_the_default(host: str, address: str) -> None:
    assert f"at {address}. Is the docker daemon running?" in run(f"-H {host} ps").stderr


@pytest.mark.parametrize(("line", "listed"), [("--nosuch run", False), ("runn --nosuch", True), ("runn --help", True)])
def test_completion_is_a_command_once_the_commands_are_read(line: str, listed: bool) -> None:
    shown = run(line)
    assert ("\n  completion " in shown.stdout + shown.stderr) is listed


@pytest.mark.parametrize("line", ["", "network", "container", "system"])
def test_a_noun_alone_shows_its_help_on_standard_error(line: str) -> None:
    shown = run(line)
    assert shown.stdout == "" and shown.stderr.startswith("\nUsage:  docker") and shown.status == 0


def test_a_word_after_a_noun_that_is_no_verb_shows_the_help_and_fails() -> None:
    shown = run("network nosuch a")
    assert shown.stderr == run("network").stderr and shown.status == 1


@pytest.mark.parametrize(
    ("line", "stderr", "status"),
    [
        ("nosuch", "docker: 'nosuch' is not a docker command.\nSee 'docker --help'\n", 1),
        ("help nosuch", "unknown help topic: nosuch\n", 1),
        ("ps --nosuch", "unknown flag: --nosuch\nSee 'docker ps --help'.\n", 125),
        ("ps -z", "unknown shorthand flag: 'z' in -z\nSee 'docker ps --help'.\n", 125),
        ("ps -az", "unknown shorthand flag: 'z' in -z\nSee 'docker ps --help'.\n", 125),
        ("run -e", "flag needs an argument: 'e' in -e\nSee 'docker run --help'.\n", 125),
        ("ps --format", "flag needs an argument: --format\nSee 'docker ps --help'.\n", 125),
        ("container ls --nosuch", "unknown flag: --nosuch\nSee 'docker container ls --help'.\n", 125),
        ("--log-level foo ps", "Unable to parse logging level: foo\n", 1),
        ("-H http://x ps", "unable to resolve docker endpoint: Invalid bind address format: http://x\n", 1),
        ("-H a:b ps", 'unable to resolve docker endpoint: parse "tcp://a:b": invalid port ":b" after host\n', 1),
        ("-H a -H b ps", "unable to resolve docker endpoint: Please specify only one -H\n", 1),
    ],
)
def test_a_wrong_line_is_told_in_one_way(line: str, stderr: str, status: int) -> None:
    shown = run(line)
    assert (shown.stdout, shown.stderr, shown.status) == ("", stderr, status)


def test_a_wrong_option_of_a_noun_shows_its_help_as_well() -> None:
    shown = run("network --nosuch")
    assert shown.stderr.startswith("unknown flag: --nosuch\nSee 'docker network --help'.\n\nUsage:  docker network")
    assert shown.status == 125


@pytest.mark.parametrize(
    ("line", "demand"),
    [
        ("attach", '"docker attach" requires exactly 1 argument.'),
        ("exec c", '"docker exec" requires at least 2 arguments.'),
        ("port a b c", '"docker port" requires at least 1 and at most 2 arguments.'),
        ("images a b", '"docker images" requires at most 1 argument.'),
        ("ps x", '"docker ps" accepts no arguments.'),
    ],
)
def test_too_few_or_too_many_arguments_are_counted(line: str, demand: str) -> None:
    shown = run(line)
    verb = line.split()[0]
    assert shown.stderr.startswith(f"{demand}\nSee 'docker {verb} --help'.\n\nUsage:  docker {verb}")
    assert shown.status == 1


def test_the_shorthand_of_help_is_deprecated_but_where_it_means_the_host_name() -> None:
    assert run("ps -h").stdout.startswith("Flag shorthand -h has been deprecated, please use --help\n\nUsage:")
    assert run("run -h").stderr.startswith("flag needs an argument: 'h' in -h")


def test_help_wins_over_too_many_arguments_and_not_over_a_wrong_option() -> None:
    assert run("network ls --help x").status == 0
    assert run("ps --help --nosuch").status == 125


def test_help_before_a_command_is_help_about_it() -> None:
    assert run("--help network").stdout == run("network --help").stdout


@pytest.mark.parametrize("line", ["image push x", "swarm init", "service ls", "stack ls", "login"])
def test_what_is_not_simulated_says_so(line: str) -> None:
    name = " ".join(word for word in line.split() if word.isalpha() and word != "x")
    shown = run(line, engine=Recorder())
    assert (shown.stdout, shown.stderr) == ("", f"docklab does not simulate 'docker {name}'.\n")
    assert shown.status == 1


def test_an_option_for_another_system_is_refused() -> None:
    shown = run("run --cpu-count 1 alpine", engine=Recorder())
    assert shown.stderr == (
        '"--cpu-count" is only supported on a Docker daemon running on windows, '
        "but the Docker daemon is running on linux\n"
    )


def test_the_version_of_the_client_alone() -> None:
    assert run("-v").stdout == "Docker version 20.10.24+dfsg1, build 297e128\n"


def test_aliases_are_verbs_of_their_nouns_alone() -> None:
    assert run("container list").stderr == NO_DAEMON
    assert run("list").status == 1
