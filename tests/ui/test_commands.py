"""Laws of the docklab command: what a user does wrong gets one clear line and the right status."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.__main__ import main

BROKEN_HEADER = "+++\ntitle = \n+++\n```console\n$ ls\n```\n"
UNCLOSED = '+++\ntitle = "t"\nteaches = "t"\n+++\n```console\n$ ls\n'
UNKNOWN_COMMAND = '+++\ntitle = "t"\nteaches = "t"\n+++\n```console\n$ docker swarm init\n```\n'
NOBODY_TO_TYPE_INTO = '+++\ntitle = "t"\nteaches = "t"\n+++\n```console\n$ true\n/ # ls\n```\n'
NEVER_ENDS = '+++\ntitle = "t"\nteaches = "t"\n+++\n```console\n$ sleep 100000\n```\n'


def test_without_a_command_there_is_one_screen_that_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "docklab play" in capsys.readouterr().out


def test_lessons_are_listed_with_what_they_teach(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Container links and their limits" in shown
    assert "--link" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["play", "--plain", "nosuch"], "there is no lesson called 'nosuch'"),
        (["play", "--plain", "--lang", "xx", "1"], "is not written in 'xx'"),
        (["play", "--plain", "nosuch.md"], "nosuch.md: there is no such file"),
        (["check", "nosuch.md"], "nosuch.md: there is no such file"),
        (["run", "nosuch.session"], "nosuch.session: No such file or directory"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BROKEN_HEADER, "l.md:2: broken settings"),
        (UNCLOSED, "l.md:5: the block '```console' is not closed"),
        (NOBODY_TO_TYPE_INTO, "l.md:7: no program is running that 'ls' could be typed into"),
        (NEVER_ENDS, "l.md:6: 'sleep 100000' does not end"),
    ],
)
def test_a_broken_lesson_is_one_line_with_its_place(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.md"
    path.write_text(text, encoding="utf-8")
    assert main(["check", str(path)]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.err.count("\n") == 1


def test_a_command_that_the_model_lacks_fails_the_check_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "l.md"
    path.write_text(UNKNOWN_COMMAND, encoding="utf-8")
    assert main(["check", str(path)]) == 1
    shown = capsys.readouterr().out
    assert f"{path}:6: $ docker swarm init" in shown
    assert "docklab does not simulate 'docker swarm init'" in shown
    assert shown.endswith("0 passed, 1 failed\n")


@pytest.mark.parametrize("arguments", [["nosuch"], ["run"], ["play", "--engine", "9.9"], ["lessons", "--nosuch"]])
def test_misuse_ends_with_status_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: docklab" in capsys.readouterr().err
