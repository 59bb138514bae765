"""Help texts: every command's is, byte for byte, what the client of that version printed at 80 columns."""

from __future__ import annotations

import re

import pytest

from simulator.cli.help import wrap
from tests.cli.bare import DATA, run


def recorded_help(release: str) -> dict[str, str]:
    text = (DATA / f"help-{release}.txt").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^### (docker.*)\n", text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


CASES = [(release, command) for release in ("18.09", "20.10") for command in recorded_help(release)]
TUTORIAL = ("18.09", "docker network inspect")


@pytest.mark.parametrize(("release", "command"), [case for case in CASES if case != TUTORIAL])
def test_help_is_what_that_client_printed(release: str, command: str) -> None:
    shown = run(f"{command.removeprefix('docker').strip()} --help", release=release)
    assert shown.stdout == recorded_help(release)[command]
    assert (shown.stderr, shown.status) == ("", 0)


def test_the_old_network_inspect_has_the_help_of_the_tutorial() -> None:
    lines = run("network inspect --help", release="18.09").stdout.split("\n")
    assert lines[1] == "Usage:\tdocker network inspect [OPTIONS] NAME|ID [NAME|ID...]"
    assert lines[3] == "Return low-level information on Docker objects"
    assert lines[7:9] == [
        "  -s, --size            Display total file sizes if the type is container",
        "      --type string     Return JSON for specified type",
    ]


@pytest.mark.parametrize(("short", "long"), [("ps", "container ls"), ("images", "image ls"), ("run", "container run")])
def test_a_short_form_has_the_options_of_its_long_form(short: str, long: str) -> None:
    options = [run(f"{name} --help").stdout.partition("Options:")[2] for name in (short, long)]
    assert options[0] and options[0] == options[1]


def test_help_as_a_command_is_the_same() -> None:
    assert run("help network create") == run("network create --help")


@pytest.mark.parametrize("line", ["network --help create", "--help network create", "network --help create too many"])
def test_help_may_be_asked_for_before_the_verb(line: str) -> None:
    assert run(line) == run("network create --help")


@pytest.mark.parametrize("verb", ["run", "create"])
def test_what_has_a_help_of_its_own_does_not_hear_dockers(verb: str) -> None:
    asked = run(f"--help {verb}")
    assert (asked.stdout, asked.status) == ("", 1) and asked.stderr.startswith(f'"docker {verb}" requires at least 1')


@pytest.mark.parametrize("line", ["help help", "help --help", "--help help run"])
def test_help_has_help(line: str) -> None:
    assert run(line).stdout == "\nUsage:  docker help [command]\n\nHelp about the command\n"


@pytest.mark.parametrize(("line", "topic"), [("help nosuch x", "nosuch x"), ("help help x", "x"), ("help ps x", "x")])
def test_a_topic_that_is_none(line: str, topic: str) -> None:
    assert (run(line).stderr, run(line).status) == (f"unknown help topic: {topic}\n", 1)


@pytest.mark.parametrize("option", ["--nosuch", "-x", "-D"])
def test_an_option_between_noun_and_verb_is_the_nouns(option: str) -> None:
    refused = run(f"network {option} ls")
    assert refused.stderr.split("\n")[1] == "See 'docker network --help'." and refused.status == 125


def test_a_text_breaks_at_spaces_and_keeps_its_own_lines() -> None:
    assert wrap("one two three four five six seven", 4, 30) == "one two three four\n    five six seven"
    assert wrap("a\nb", 4, 79) == "a\n    b"


def test_a_column_too_narrow_to_wrap_in_begins_on_its_own_line() -> None:
    assert wrap("words", 60, 79) == "\n" + " " * 16 + "words"
