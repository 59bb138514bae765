"""A sandbox is its journal: every earlier world is reached by replay, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.clock import S
from simulator.journal import Journal, Settings, read
from simulator.sandbox import Sandbox
from simulator.seat import Waiting

SETTINGS = Settings("20.10")
LINES = [
    "docker run -d --name web -p 8080:80 httpd",
    "cd /tmp; X=5",
    "echo $X > f && cat f",
    "docker network create n1",
    "ping -c 1 172.17.0.2",
    "sleep 60 &",
    "docker run -it --name a1 --network n1 alpine",
    "ping -c 1 10.0.2.2",
    "exit",
    "docker rm -f web",
]


def sit(*lines: str) -> Sandbox:
    sandbox = Sandbox(Journal(SETTINGS))
    for line in lines:
        sandbox.run_line(line)
    return sandbox


@pytest.fixture(scope="module")
def story() -> tuple[Journal, list[str]]:
    """A journal of all the lines, and the digest after each of them."""
    sandbox = sit()
    digests = [sandbox.lab.digest()]
    for line in LINES:
        sandbox.run_line(line)
        digests.append(sandbox.lab.digest())
    return sandbox.journal, digests


@pytest.mark.parametrize("number", range(len(LINES) + 1))
def test_going_to_a_step_gives_the_world_of_that_step(story: tuple[Journal, list[str]], number: int) -> None:
    journal, digests = story
    sandbox = Sandbox(Journal(SETTINGS, entries=journal.entries))
    sandbox.go_to(number)
    assert sandbox.lab.digest() == digests[number]


def test_lines_say_whether_they_changed_anything_that_lasts() -> None:
    sandbox = sit("docker ps", "X=1", "ping -c 1 10.0.2.2", "ls", "touch /tmp/f", "false")
    assert [step.changed for step in sandbox.steps] == [False, True, False, False, True, False]
    assert [step.status for step in sandbox.steps] == [0, 0, 0, 0, 0, 1]


def test_undo_skips_what_changed_nothing_and_redo_brings_it_back() -> None:
    sandbox = sit("touch /tmp/a", "ls", "touch /tmp/b", "ls", "docker ps")
    before = sandbox.lab.digest()
    gone = sandbox.undo()
    assert gone is not None and gone.text == "touch /tmp/b"
    assert sandbox.run_line("ls /tmp").split() == ["a"]
    sandbox = sit("touch /tmp/a", "ls", "touch /tmp/b", "ls", "docker ps")
    sandbox.undo()
    back = sandbox.redo()
    assert back is not None and back.text == "touch /tmp/b"
    sandbox.go_to(5)
    assert sandbox.lab.digest() == before


def test_going_back_and_forth_remembers_which_lines_changed_something() -> None:
    sandbox = sit("touch /tmp/a", "ls", "sleep 3 &", "ls", "touch /tmp/b", "ls")
    changed = [step.changed for step in sandbox.steps]
    assert changed == [True, False, True, False, True, False]
    for number in (5, 3, 6, 4, 6):
        sandbox.go_to(number)
        assert [step.changed for step in sandbox.steps] == changed[:number]


def test_redo_gives_the_world_that_typing_gave() -> None:
    sandbox = sit("touch /tmp/a", "ls", "docker run -d alpine sleep 100", "docker ps", "touch /tmp/b")
    before = sandbox.lab.digest()
    sandbox.go_to(1)
    assert [step.text for step in (sandbox.redo(), sandbox.redo()) if step] == [sandbox.steps[2].text, "touch /tmp/b"]
    assert sandbox.redo() is None and sandbox.lab.digest() == before


def test_nothing_is_undone_in_a_fresh_world() -> None:
    assert sit("docker ps").undo() is None


def test_keys_come_again_at_the_very_event() -> None:
    sandbox = sit()
    sandbox.type_line("ping 10.0.2.2")
    for _ in range(60):
        sandbox.step()
    sandbox.type_keys("\x03")
    assert sandbox.settle() is Waiting.SHELL
    sandbox.finish_step()
    before, shown = sandbox.lab.digest(), bytes(sandbox.steps[-1].output)
    sandbox.replay()
    assert (sandbox.lab.digest(), bytes(sandbox.steps[-1].output)) == (before, shown)
    assert b"packets transmitted" in shown


ENDLESS = ["while :; do :; done", "yes", "ping 10.0.2.2", "cat /dev/zero", "tail -f /etc/hosts", "seq 1000000000",
           "X=$(yes)", "f() { f; }; f", "f() { f | f & }; f", "f() { $(f); }; f", "yes | cat", "yes > /dev/null",
           "until false; do true; done", ": $(while :; do echo x; done)", "printf '%1000000000d' 1", "sed ':a;s/x/xx/;ba' <<< x",
           "head -c 1000000000 /dev/zero", "echo {1..100000000}", "echo {1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}{1..9}",
           "awk 'BEGIN { x = \"a\"; while (1) x = x x }'", "awk 'BEGIN { printf \"%999999999d\", 2^99999 }'"]  # fmt: skip


@pytest.mark.parametrize("line", ENDLESS)
def test_what_never_ends_is_bounded_and_interrupted(line: str) -> None:
    sandbox = sit()
    sandbox.run_line(line, events=10_000)
    assert sandbox.seat.waiting is Waiting.SHELL
    assert len(sandbox.steps[-1].output) <= 64 * 1024
    assert "still here" in sandbox.run_line("echo still here")


def test_a_journal_read_from_its_file_gives_the_same_world(tmp_path: Path) -> None:
    sandbox = Sandbox(Journal(SETTINGS, tmp_path / "j"))
    for line in LINES[:6]:
        sandbox.run_line(line)
    before = sandbox.lab.digest()
    again = Sandbox(read(tmp_path / "j")[0])
    again.replay()
    assert again.lab.digest() == before


def test_every_machine_has_a_shell_of_its_own() -> None:
    sandbox = sit("X=host")
    sandbox.use("outside")
    assert sandbox.run_line("echo $X; hostname").split() == ["outside"]
    sandbox.use("docker-host")
    assert sandbox.run_line("echo $X").split() == ["host"]


def stop(sandbox: Sandbox, line: str) -> None:
    """Begins a line and presses ^Z a moment later."""
    sandbox.type_line(line)
    end = sandbox.lab.clock.now + 2 * S
    while sandbox.next_due < end:
        sandbox.step()
    sandbox.type_keys("\x1a")
    sandbox.settle()


@pytest.mark.parametrize("line", ["sleep 100", "sleep 100 | cat", "(sleep 100)"])
def test_control_z_stops_what_is_in_front_and_fg_goes_on_with_it(line: str) -> None:
    sandbox = sit()
    stop(sandbox, line)
    assert sandbox.run_line("echo $?").split() == ["148"]
    assert sandbox.run_line("jobs").startswith("[1]+  Stopped")
    assert sandbox.run_line("fg").splitlines()[0].strip() == line.strip("()") or line.startswith("(")
    assert sandbox.run_line("jobs; echo $?").split() == ["0"]


def test_bg_goes_on_with_a_stopped_job_behind_the_prompt() -> None:
    sandbox = sit()
    stop(sandbox, "sleep 5; touch /tmp/done")
    assert sandbox.run_line("bg").split() == ["[1]+", "sleep", "5", "&"]
    assert "Running" in sandbox.run_line("jobs")
    assert "Done" in sandbox.run_line("sleep 6; jobs")


def test_control_z_in_a_container_is_its_own_shell_s() -> None:
    sandbox = sit("docker run -it --name a1 alpine")
    stop(sandbox, "ping 172.17.0.1")
    assert sandbox.seat.last_line == "/ # "
    assert "Stopped" in sandbox.run_line("jobs")


def test_a_stopped_world_is_replayed_byte_for_byte() -> None:
    sandbox = sit()
    stop(sandbox, "ping 10.0.2.2")
    sandbox.run_line("jobs")
    before = sandbox.lab.digest()
    sandbox.replay()
    assert sandbox.lab.digest() == before


@pytest.mark.parametrize("body", ["ls /tmp", "docker ps", "ls | cat", "X=$(ls)", "false", "(ls)"])
def test_control_c_ends_a_loop_at_whichever_event_it_comes(body: str) -> None:
    sandbox = sit()
    for events in range(40, 60):
        sandbox.type_line(f"while :; do {body}; done")
        for _ in range(events):
            sandbox.step()
        sandbox.type_keys("\x03")
        assert sandbox.settle(events=200) is Waiting.SHELL, f"after {events} events"
