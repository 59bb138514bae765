"""What was typed is safe on the disk, and gives the same world again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.journal import Journal, JournalError, Keys, Line, Settings, Size, read

SETTINGS = Settings("20.10", seed=3)
HOST = "docker-host"


def lines(journal: Journal) -> list[str]:
    return [line.text for line in journal.lines]


def test_a_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    journal = Journal(SETTINGS, tmp_path / "j")
    entries = [Line(HOST, "echo 가"), Keys(HOST, "\x03", 12), Size(30, 100), Line("outside", "ls")]
    for entry in entries:
        journal.add(entry)
    found, ended = read(tmp_path / "j")
    assert (found.settings, found.entries, found.position, ended) == (SETTINGS, entries, 2, False)


def test_an_entry_is_on_the_disk_when_add_returns(tmp_path: Path) -> None:
    journal = Journal(SETTINGS, tmp_path / "j")
    journal.add(Line(HOST, "docker ps"))
    assert json.loads((tmp_path / "j").read_text().splitlines()[-1]) == {"line": "docker ps", "on": HOST}


def test_a_line_cut_short_by_a_crash_is_dropped_and_the_journal_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(SETTINGS, path)
    journal.add(Line(HOST, "one"))
    path.write_bytes(path.read_bytes() + b'{"line": "tw')
    again, _ = read(path)
    again.add(Line(HOST, "three"))
    assert lines(read(path)[0]) == ["one", "three"]


def test_undo_is_an_entry_and_a_new_line_forgets_what_was_undone(tmp_path: Path) -> None:
    journal = Journal(SETTINGS, tmp_path / "j")
    for text in ("one", "two", "three"):
        journal.add(Line(HOST, text))
    journal.go_to(1)
    assert (read(tmp_path / "j")[0].position, read(tmp_path / "j")[0].count) == (1, 3)
    journal.add(Line(HOST, "other"))
    again, _ = read(tmp_path / "j")
    assert lines(again) == lines(journal) == ["one", "other"]


def test_keys_belong_to_the_line_before_them() -> None:
    journal = Journal(SETTINGS)
    journal.add(Line(HOST, "ping a"))
    journal.add(Keys(HOST, "\x03", 5))
    journal.add(Line(HOST, "ls"))
    assert journal.upto(1) == [Line(HOST, "ping a"), Keys(HOST, "\x03", 5)]
    assert journal.upto(0) == []


@pytest.mark.parametrize("number", [-1, 1])
def test_there_is_no_way_to_a_step_that_is_not(number: int) -> None:
    with pytest.raises(ValueError, match="the steps are 0 to 0"):
        Journal(SETTINGS).go_to(number)


def test_the_end_is_noted(tmp_path: Path) -> None:
    journal = Journal(SETTINGS, tmp_path / "j")
    journal.add(Line(HOST, "exit"))
    journal.end()
    assert read(tmp_path / "j")[1]


@pytest.mark.parametrize("text", ["", "no json\n", '["a"]\n', '{"other": 1}\n', '{"docklab": 99}\n'])
def test_a_file_that_is_no_journal_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "j").write_text(text)
    with pytest.raises(JournalError):
        read(tmp_path / "j")


def test_a_disk_that_refuses_does_not_end_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = Journal(SETTINGS, tmp_path / "file" / "j")
    journal.add(Line(HOST, "docker ps"))
    assert lines(journal) == ["docker ps"]
    assert journal.failure is not None and journal.path is None
