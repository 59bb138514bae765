"""`docklab play` as somebody sees it who presses keys; here they come as lines from a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from simulator.ui.commands import play
from simulator.ui.keys import key_of

LESSON = """+++
title = "Pings"
teaches = "t"
+++
# Pings

Some prose.

```console
$ ping -q -c 1 -W 5 10.0.2.99
...
```

```console
$ touch /tmp/second
```

Make a file.

<!-- docklab
hints = ["touch makes files"]
-->
```check
$ ls -1 /tmp
second
third
```
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "pings.md").write_text(LESSON, encoding="utf-8")
    return tmp_path / "pings.md"


def seen(path: Path, keys: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the screen shows for these keys and lines; wide, so that nothing is broken."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(key + "\n" for key in keys)))
    assert play([str(path)], None, "") == 0
    return capsys.readouterr().out


def test_a_lesson_is_played_to_its_end(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = seen(path, ["", "", ""], monkeypatch, capsys)
    assert shown.count("Pings") == 1
    assert "$ ping -q -c 1 -W 5 10.0.2.99" in shown
    assert "NEIGHBOUR_FAILED" in shown and "docker0" in shown
    assert "$ touch /tmp/second" in shown


def test_w_tells_the_road_of_the_step_and_what_would_help(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = seen(path, ["w", "q"], monkeypatch, capsys)
    assert "=> DROPPED NEIGHBOUR_FAILED" in shown
    assert "tried in a replay" in shown


def test_t_opens_a_shell_whose_doings_stay_and_solve_the_task(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = seen(path, ["", "", "h", "h", "t", "cd /tmp", "X=third", "touch $X", "exit", "q"], monkeypatch, capsys)
    asked, _, solved = shown.partition("root@docker-host")
    assert "과제" in asked and "아직" in asked
    assert "touch makes files" in asked
    assert "풀었습니다" in solved and "아직" not in solved


def test_going_back_forgets_what_was_tried_there(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = ["", "", "t", "touch /tmp/third", "exit", "b", "", "q"]
    _, _, after = seen(path, keys, monkeypatch, capsys).partition("풀었습니다")
    assert "아직" in after


def test_what_was_tried_at_an_earlier_step_is_there_when_a_later_one_is_reached_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [
        "t",
        "touch /tmp/third",
        "exit",
        "",
        "",
        "t",
        "touch /tmp/fourth",
        "ls /tmp",
        ":undo",
        "ls /tmp",
        "exit",
        "q",
    ]
    shown = seen(path, keys, monkeypatch, capsys)
    assert "fourth" in shown.partition(":undo")[0]
    assert shown.partition("taken back")[2].split("root@")[1].split()[3:] == ["second", "third"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("\r", ""), ("\n", ""), (" ", ""), ("Q", "q"), ("ㅂ", "q"), ("ㅈ", "w"), ("\x1b[D", "b"), ("\x1b[C", "")],
)  # fmt: skip
def test_keys_mean_the_same_on_every_keyboard(typed: str, key: str) -> None:
    assert key_of(typed) == key
