"""The sandbox in a real terminal, driven as a person drives it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")
if sys.platform == "win32":
    pytest.skip("terminals of Windows are driven in other ways", allow_module_level=True)

READY = r"[^\n]*\x1b\[\?25h"  # the editor shows the cursor: it reads
HOST, CONTAINER, OUTSIDE = r"root@docker-host:~#" + READY, r"/ #" + READY, r"root@outside:~#" + READY
ELSEWHERE = "tmp#" + READY
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
WAIT = 60


class Person:
    """Types into `docklab shell` and waits for what it shows."""

    def __init__(self, home: Path, *arguments: str) -> None:
        environment = {"XDG_STATE_HOME": str(home), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        command = ["-m", "simulator", "shell", *arguments]
        env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")} | environment
        self.child = pexpect.spawn(
            sys.executable, command, env=env, encoding="utf-8", timeout=WAIT, dimensions=(30, 120)
        )

    def sees(self, pattern: str) -> str:
        """Waits for a pattern; what was shown up to it."""
        self.child.expect(pattern)
        return ESCAPES.sub("", self.child.before + self.child.after)

    def types(self, line: str, shown: str = "", prompt: str = HOST) -> str:
        """Types a line, waits for what it shows and then for the prompt."""
        self.child.send(line + "\r")
        self.sees(r"\x1b\[\?2004l")  # the editor has taken the line
        text = self.sees(shown) if shown else ""
        return text + self.sees(prompt)

    def presses(self, keys: str) -> None:
        time.sleep(0.2)  # a person's fingers: the program must be reading by now
        self.child.send(keys)

    def digest(self) -> str:
        return re.findall(r"\b[0-9a-f]{64}\b", self.types(":digest", r"[0-9a-f]{64}"))[-1]


pytestmark = pytest.mark.slow
Sit = Callable[..., Person]


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Sit]:
    people: list[Person] = []

    def down(*arguments: str) -> Person:
        people.append(Person(tmp_path, *arguments))
        people[-1].sees(HOST)
        return people[-1]

    yield down
    for person in people:
        person.child.close(force=True)


def test_a_line_is_run_and_the_prompt_comes_back(sit: Sit) -> None:
    assert "hello\r\n" in sit().types("X=hello; echo $X", "hello\r\n")


def test_a_ping_goes_once_a_second_until_control_c(sit: Sit) -> None:
    person = sit()
    person.child.send("ping 127.0.0.1\r")
    person.sees("icmp_seq=1 ")
    began = time.monotonic()
    person.sees("icmp_seq=3 ")
    assert 1.7 < time.monotonic() - began < 20
    person.presses("\x03")
    assert "packets transmitted" in person.sees(HOST)


def test_a_container_is_entered_left_and_attached_to(sit: Sit) -> None:
    person = sit()
    person.types("docker run -it --name a1 alpine", prompt=CONTAINER)
    person.types("hostname", "[0-9a-f]{12}", prompt=CONTAINER)
    person.presses("\x10\x11")
    person.sees(HOST)
    assert "Up" in person.types("docker ps", r" a1\r\n")
    person.child.send("docker attach a1\r")
    person.presses("\r")
    person.sees(CONTAINER)
    person.presses("\x04")
    person.sees(HOST)
    assert "Exited" in person.types("docker ps -a", r" a1\r\n")


def test_keys_reach_a_program_that_reads(sit: Sit) -> None:
    person = sit()
    person.child.send("cat\r")
    person.presses("hello\r")
    person.sees("hello\r\nhello")
    person.presses("\x04")
    person.sees(HOST)


def test_what_never_ends_is_interrupted(sit: Sit) -> None:
    person = sit()
    person.child.send("while :; do :; done\r")
    person.presses("\x03")
    person.sees(HOST)
    person.child.send("yes\r")
    person.sees("y\r\ny\r\n")
    person.presses("\x03")
    person.sees(HOST)


def test_control_c_at_the_prompt_only_takes_the_line_back(sit: Sit) -> None:
    person = sit()
    person.presses("echo lost\x03")
    person.sees(HOST)
    assert "still here" in person.types("echo still here", r"still here\r\n")


def test_tab_completes_commands_containers_and_networks(sit: Sit) -> None:
    person = sit()
    person.types("docker create --name webserver httpd", "[0-9a-f]{64}")
    person.presses("docker start webs\t")
    person.sees("webserver")
    person.presses("\r")
    person.sees(HOST)


def test_several_lines_are_one_command(sit: Sit) -> None:
    person = sit()
    person.presses("for i in 1 2\r")
    person.presses("do echo n$i\r")
    person.presses("done\r")
    assert "n1\r\nn2" in person.sees("n2\r\n")


def test_undo_takes_back_what_changed_and_skips_what_did_not(sit: Sit) -> None:
    person = sit()
    person.types("docker network create n1", "[0-9a-f]{64}")
    person.types("docker network ls", "n1")
    assert "docker network create n1" in person.types(":undo", "taken back")
    assert (
        "n1" not in person.types("docker network ls --format '{{.Name}}'", "none").split("none")[0].split("bridge")[1]
    )


def test_after_kill_9_the_very_same_world_is_back(sit: Sit) -> None:
    person = sit()
    person.types("docker run -d --name web -p 8080:80 httpd", "[0-9a-f]{64}")
    person.types("cd /tmp", prompt=ELSEWHERE)
    person.types("curl -s localhost:8080", "It works!", prompt=ELSEWHERE)
    before = re.findall(r"[0-9a-f]{64}", person.types(":digest", r"[0-9a-f]{64}", prompt=ELSEWHERE))[-1]
    person.child.kill(9)
    person.child.wait()
    again = Person(Path(person.child.env["XDG_STATE_HOME"]), "--resume")
    again.sees(ELSEWHERE)
    after = re.findall(r"[0-9a-f]{64}", again.types(":digest", r"[0-9a-f]{64}", prompt=ELSEWHERE))[-1]
    again.child.close(force=True)
    assert after == before


def test_killed_while_a_ping_runs_the_sandbox_goes_on_with_it(sit: Sit) -> None:
    person = sit()
    person.child.send("ping 127.0.0.1\r")
    person.sees("icmp_seq=2 ")
    person.child.kill(9)
    person.child.wait()
    again = Person(Path(person.child.env["XDG_STATE_HOME"]), "--resume")
    again.sees("icmp_seq=")
    again.presses("\x03")
    again.sees(HOST)
    again.child.close(force=True)


@pytest.mark.parametrize(("leave", "status"), [("exit\r", 0), ("\x04", 0), ("exit 3\r", 3)])
def test_the_sandbox_ends_by_exit_or_control_d(sit: Sit, leave: str, status: int) -> None:
    person = sit()
    person.presses(leave)
    person.child.expect(pexpect.EOF)
    person.child.close()
    assert person.child.exitstatus == status


def test_another_host_is_one_command_away_and_exit_comes_back(sit: Sit) -> None:
    person = sit()
    person.types(":host outside", prompt=OUTSIDE)
    person.child.send("exit\r")
    person.sees(HOST)


def test_a_sandbox_that_was_left_is_taken_up_again(sit: Sit) -> None:
    person = sit()
    person.types("cd /tmp", prompt=ELSEWHERE)
    person.presses("exit\r")
    person.child.expect(pexpect.EOF)
    again = Person(Path(person.child.env["XDG_STATE_HOME"]), "--resume")
    again.sees(ELSEWHERE)
    again.child.close(force=True)


def test_why_names_the_rule_the_command_and_what_helps(sit: Sit) -> None:
    person = sit()
    person.types("docker run -d --name web -p 8080:80 httpd", "[0-9a-f]{64}")
    person.types("iptables -I DOCKER-USER -p tcp --dport 80 -j DROP")
    person.types(":host outside", prompt=OUTSIDE)
    person.types("curl -s -m 3 10.0.2.15:8080", prompt=OUTSIDE)
    told = person.types(":why", "tried in a replay", prompt=OUTSIDE)
    assert "made by: docker run -d --name web -p 8080:80 httpd" in told
    assert "=> DROPPED FILTER_DROP" in told
