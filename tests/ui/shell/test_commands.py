"""The sandbox's own commands, and the sandbox at the end of a pipe."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from simulator.clock import Steps
from simulator.journal import Journal, Settings
from simulator.kernel.process import Process
from simulator.sandbox import Sandbox
from simulator.session import run_file
from simulator.ui.shell.commands import TABLE, Commands
from simulator.ui.shell.completion import offers
from simulator.ui.shell.near import hint, near
from simulator.ui.shell.pace import FASTEST, PATIENCE, rate
from simulator.ui.shell.pipe import Pipe
from simulator.ui.shell.screen import clean, is_complete
from simulator.ui.shell.start import PROMPT

SETTINGS = Settings("20.10")


class Desk:
    """A sandbox whose own commands say what they say into a list."""

    def __init__(self, *lines: str, answer: bool = False) -> None:
        self.sandbox = Sandbox(Journal(SETTINGS))
        self.said: list[str] = []
        self.commands = Commands(self.sandbox, self.say, ask=lambda question: answer)
        for line in lines:
            self.type(line)

    def say(self, text: str, *, exact: bool = False) -> None:
        self.said.append(text)

    def type(self, line: str) -> str:
        self.said.clear()
        if line.startswith(":"):
            self.commands.run(line)
            return "\n".join(self.said)
        return self.sandbox.run_line(line)


def test_help_names_every_command() -> None:
    told = Desk().type(":help")
    assert all(own.usage in told for own in TABLE.values())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":hlp", "near it: :help"),
        (":goto", "usage: :goto N"),
        (":goto x", "'x' is no number"),
        (":goto 7", "there is no step 7; the steps are 0 to 0"),
        (":diff", "usage: :diff A [B]"),
        (":diff 9", "there is no step 9"),
        (":host mars", "there is no machine 'mars'; there are docker-host, outside"),
        (":save", "usage: :save FILE"),
        (":save /nowhere/x", "nothing has been typed yet"),
        (":load /nowhere/x", "/nowhere/x: No such file or directory"),
        (":pcap", "usage: :pcap FILE"),
        (":why x", "usage: :why"),
        (":undo", "nothing that was typed has changed anything"),
        (":redo", "nothing was taken back"),
        (":topology /nowhere/x.svg", "/nowhere/x.svg: No such file or directory"),
        (":help nosuch", "there is no ':nosuch'"),
        (':why "', "No closing quotation"),
    ],
)
def test_misuse_gets_one_clear_line(line: str, said: str) -> None:
    told = Desk().type(line)
    assert said in told and "\n" not in told.strip()


def test_reset_is_a_fresh_world_and_goto_brings_the_old_one_back() -> None:
    desk = Desk("touch /tmp/f")
    assert ":goto 1" in desk.type(":reset")
    assert desk.sandbox.lab.digest() == Desk().sandbox.lab.digest()
    desk.type(":goto 1")
    assert "f" in desk.type("ls /tmp")


def test_diff_tells_what_a_line_changed() -> None:
    desk = Desk("docker network create n1", "touch /tmp/f")
    assert desk.type(":diff 1 2") == "+ docker-host: /tmp/f: file 644"
    assert "network n1" in desk.type(":diff 0 1")
    assert desk.type(":diff 2") == "nothing that lasts differs"


def test_a_saved_session_is_run_again_by_docklab_run(tmp_path: Path) -> None:
    typed = ["docker run -it --name a1 alpine", "hostname", "exit", "cd /tmp", "X=5; f() { echo $X$1; }", "echo hi > g",
             "for i in 1 2\ndo f $i\ndone", "cat g; false", "echo $?"]  # fmt: skip
    desk = Desk(*typed)
    path = tmp_path / "work.session"
    assert "written" in desk.type(f":save {path}")
    assert run_file(path) == path.read_text(encoding="utf-8")
    assert "51\n52\n" in run_file(path) and "$ cat g; false\nhi\n[1]\n$ echo $?\n1\n" in run_file(path)


def test_a_container_left_by_keys_is_left_again_when_the_session_is_run(tmp_path: Path) -> None:
    desk = Desk("docker run -it --name a1 alpine")
    desk.sandbox.type_keys("\x10\x11")
    desk.sandbox.settle()
    desk.type("docker ps --format {{.Names}}")
    desk.type(f":save {tmp_path / 's'}")
    assert "/ # ^P^Q\n$ docker ps --format {{.Names}}\na1\n" in run_file(tmp_path / "s")


def test_a_file_is_overwritten_only_after_asking(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("mine")
    assert "nothing was written" in Desk("ls", f":save {path}").said[0]
    assert path.read_text() == "mine"
    Desk("ls", f":save {path}", answer=True)
    assert path.read_text() != "mine"


def test_a_loaded_session_is_played_in_a_fresh_world(tmp_path: Path) -> None:
    path = tmp_path / "x.session"
    path.write_text("$ touch /tmp/loaded\noutside$ hostname\n")
    desk = Desk("touch /tmp/old", f":load {path}", ":host docker-host")
    assert desk.type("ls /tmp").split() == ["loaded"]


def test_the_topology_is_drawn_told_and_exported(tmp_path: Path) -> None:
    desk = Desk("docker run -d --name web -p 8080:80 httpd")
    assert "docker0" in desk.type(":topology") and "8080->80/tcp" in desk.type(":topology")
    assert "leads to eth0 of web, 172.17.0.2/16" in desk.type(":topology --plain")
    desk.type(f":topology {tmp_path / 'net.svg'}")
    assert (tmp_path / "net.svg").read_text().startswith("<svg")


def test_why_speaks_json() -> None:
    desk = Desk("curl -s localhost:81")
    document = json.loads(desk.type(":why --json"))
    assert document["packet"]["code"] == "PORT_CLOSED"
    assert document["advice"]["tried"] == "works"
    assert [phase["phase"] for phase in document["packet"]["phases"]][-1] == "end"


def test_why_without_packets_says_so() -> None:
    assert "sent no packet" in Desk("ls").type(":why")
    assert "no packet 99 was seen" in Desk("ping -c 1 127.0.0.1").type(":why 99")


# -- completion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("dock", "docker"),
        ("ls | gre", "grep"),
        ("docker netw", "network"),
        ("docker network inspect br", "bridge"),
        ("docker run --net", "--network"),
        ("docker run --network n", "n1"),
        ("docker run -it htt", "httpd"),
        ("docker exec w", "web"),
        ("docker rm ol", "old"),
        ("docker network connect n1 w", "web"),
        ("cat /etc/host", "/etc/hosts"),
        ("echo x > /et", "/etc/"),
        (":und", ":undo"),
        (":host ou", "outside"),
    ],
)
def test_tab_offers_what_is_there(line: str, offered: str) -> None:
    desk = Desk("docker network create n1", "docker run -d --name web httpd", "docker create --name old alpine")
    assert offered in [text for text, _ in offers(desk.sandbox, line, desk.commands.about)]


def test_a_stopped_container_is_not_offered_where_it_must_run() -> None:
    desk = Desk("docker create --name old alpine")
    assert offers(desk.sandbox, "docker exec ", desk.commands.about) == []


def test_in_a_container_its_own_programs_and_files_are_offered() -> None:
    desk = Desk("docker run -it --name a1 alpine")
    offered = [text for text, _ in offers(desk.sandbox, "d", desk.commands.about)]
    assert "docker" not in offered
    assert "date" in offered
    assert "/etc/alpine-release" in [text for text, _ in offers(desk.sandbox, "cat /etc/al", {})]


# -- the rest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"), [("dockr ps", "docker"), ("docker psx", "docker ps"), ("qqqzzz", "nothing in")]
)
def test_errors_teach_and_the_shell_says_its_own_words(line: str, said: str) -> None:
    desk = Desk(line)
    assert said in hint(desk.sandbox)
    assert "docklab" not in bytes(desk.sandbox.steps[-1].output).decode()


def test_near_finds_what_is_meant() -> None:
    assert near("pign", ["ping", "pidof", "docker"])[0] == "ping"


@pytest.mark.parametrize(
    ("text", "complete"),
    [("ls", True), ("for i in 1", False), ("if true; then", False), ("echo 'a", False), ("cat <<E", False),
     ("cat <<E\nx\nE", True), ("ls \\", False), ("a | ", False), ("f() {", False), (")", True), ("", True)],
)  # fmt: skip
def test_enter_ends_only_a_whole_command(text: str, complete: bool) -> None:
    assert is_complete(text) is complete


def test_keys_that_a_terminal_would_obey_are_taken_out_of_a_line() -> None:
    assert clean("a\x03b\x7f\tc\n") == "ab\tc\n"


def test_silence_makes_time_go_faster_up_to_a_bound() -> None:
    assert [rate(0), rate(PATIENCE), rate(100_000)] == pytest.approx([1, 1, FASTEST])


def test_a_pipe_gets_a_transcript(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed = "docker run -it alpine\nhostname -i\n^P^Q\nfor i in 1 2\ndo echo n$i\ndone\n:steps\nfalse\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    status = Pipe(Journal(SETTINGS)).run(resumed=False)
    shown = capsys.readouterr().out
    assert "/ # hostname -i\n172.17.0.2\n" in shown and "n1\nn2\n" in shown
    assert status == 1


def test_the_prompt_that_is_shown_early_is_the_shell_s_own() -> None:
    assert Desk().sandbox.seat.last_line == PROMPT


def broken(process: Process) -> Steps:
    yield process.sleep(1)
    raise ZeroDivisionError("as if docklab had a mistake")


def test_a_mistake_of_docklab_itself_costs_one_line_and_no_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("touch /tmp/kept\nbroken\nls /tmp\n"))
    pipe = Pipe(Journal(SETTINGS))
    pipe.sandbox.lab.machine("docker-host").disk.install("/usr/bin/broken", broken)
    pipe.run(resumed=False)
    shown = capsys.readouterr().out
    assert "a mistake of docklab's own at 'broken', which was taken back" in shown
    assert "\nkept\n" in shown
    assert "ZeroDivisionError" in (tmp_path / "docklab" / "mistakes").read_text()
