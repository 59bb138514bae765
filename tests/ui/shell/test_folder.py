"""The state folder: sandboxes at once do not clash, and the last one that was used is found again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulator.journal import Line, Settings, read
from simulator.ui.shell import folder
from simulator.ui.shell.hold import hold

SETTINGS = Settings("20.10")
HOST = "docker-host"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def left_behind(line: str, *, ended: bool) -> None:
    """A sandbox of an earlier process: nobody holds its file."""
    path = folder.folder() / "journals" / f"{len(folder.journals()) + 1:06}.journal"
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = folder.Journal(SETTINGS, path)
    if line:
        journal.add(Line(HOST, line))
    if ended:
        journal.end()


def test_two_sandboxes_at_once_have_a_file_each() -> None:
    one, two = folder.new_journal(SETTINGS), folder.new_journal(SETTINGS)
    one.add(Line(HOST, "one"))
    two.add(Line(HOST, "two"))
    assert one.path and two.path
    assert [read(path)[0].lines[0].text for path in (one.path, two.path)] == ["one", "two"]


def test_a_sandbox_in_use_is_neither_offered_nor_resumed() -> None:
    folder.new_journal(SETTINGS).add(Line(HOST, "in use"))
    assert folder.interrupted() is None
    assert folder.last() is None


def test_what_is_offered_can_still_be_taken() -> None:
    left_behind("docker ps", ended=False)
    assert folder.interrupted() is not None
    found = folder.last()
    assert found is not None and found[0].lines == [Line(HOST, "docker ps")]
    assert folder.last() is None


def test_an_empty_sandbox_does_not_hide_the_one_before_it() -> None:
    left_behind("docker ps", ended=False)
    left_behind("", ended=True)
    found = folder.interrupted()
    assert found is not None and found.count == 1


def test_a_file_is_free_again_when_its_descriptor_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.touch()
    held = hold(path)
    assert held is not None and hold(path) is None
    os.close(held)
    assert hold(path) is not None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_without_a_place_to_write_the_journal_stays_in_memory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert folder.new_journal(SETTINGS).path is None


def test_a_place_that_is_no_folder_is_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert folder.new_journal(SETTINGS).path is None
