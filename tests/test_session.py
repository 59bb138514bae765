"""Laws of session files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.session import SessionError, run_file, session_from_text

CASES = sorted((Path(__file__).parent / "conformance" / "cases").glob("*.session"))


def test_only_the_commands_of_a_file_are_read() -> None:
    session = session_from_text("# title: t\n$ echo hi\nnot what it prints\n[3]\noutside$ ping\n")
    assert [(step.machine, step.text, step.output, step.status) for step in session.steps] == [
        ("docker-host", "echo hi", [], 0),
        ("outside", "ping", [], 0),
    ]


def test_what_is_typed_into_a_container_belongs_to_its_command() -> None:
    session = session_from_text("$ docker run -it alpine\n/ # cd /tmp\n/tmp # ls\n/tmp # ^P^Q\n")
    assert [typed.text for typed in session.steps[0].typed] == ["cd /tmp", "ls", "^P^Q"]


def test_a_line_like_a_prompt_after_another_command_is_its_output() -> None:
    assert session_from_text("$ docker logs a1\n/ # exit 3\n").steps[0].typed == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "s: the session has no command"),
        ("# title: t\n", "s: the session has no command"),
        ("hello\n$ ls\n", "s:1: before the first command only"),
        ("# titel: t\n$ ls\n", "s:1: '# titel: t' is no header line"),
        ("$ docker run -it x\n/ # ^P^Q\n/ # ls\n", "s:3: something is typed after ^P^Q"),
    ],
)
def test_a_broken_session_gets_one_line_that_names_the_place(text: str, message: str) -> None:
    with pytest.raises(SessionError) as raised:
        session_from_text(text, "s")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_recorded_session_can_be_read(path: Path) -> None:
    assert session_from_text(path.read_text(encoding="utf-8")).steps


@given(
    st.lists(st.sampled_from(["# title: t", "$ ls", "outside$ ls", "/ # ls", "/ # ^P^Q", "text", "[1]", "", "# x: y"]))
)
def test_any_text_is_a_session_or_a_session_error(lines: list[str]) -> None:
    try:
        session = session_from_text("\n".join(lines))
    except SessionError:
        return
    assert session.steps


def test_a_session_plays_the_same_twice(tmp_path: Path) -> None:
    path = tmp_path / "s.session"
    path.write_text("# capture: eth0\n$ ping -c 1 10.0.2.2\noutside$ curl -s 10.0.2.15\n", encoding="utf-8")
    texts = [run_file(path, pcap=tmp_path / name) for name in ("one", "two")]
    assert texts[0] == texts[1]
    assert "1 received" in texts[0]
    captures = [(tmp_path / name / "eth0.pcap").read_bytes() for name in ("one", "two")]
    assert captures[0] == captures[1]
    assert len(captures[0]) > 24
