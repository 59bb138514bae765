"""top, as busybox 1.35 shows it; the figures are those of a machine that idles."""

from __future__ import annotations

import pytest

from simulator.clock import S
from simulator.lab import Lab

TABLE = "  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND"


def test_in_batches_there_is_a_table_for_each_look() -> None:
    said = Lab().run("docker run --rm alpine top -b -n 2 -d 1").stdout
    assert said.count(TABLE + "\n") == 2
    assert said.endswith("    1     0 root     R     4364   0%   0% top -b -n 2 -d 1\n\n")


def test_without_a_terminal_it_goes_on_and_clears_the_screen_each_time() -> None:
    lab = Lab()
    lab.run("docker run -d --name box alpine top")
    lab.advance(6 * S)
    said = lab.run("docker logs box").stdout
    assert said.count("\x1b[H\x1b[JMem: ") == 2
    assert said.count(f"\x1b[7m{TABLE}\x1b[m\n") == 2
    assert lab.run("docker ps -q").stdout


def test_as_first_process_it_is_not_stopped_by_sigterm() -> None:
    lab = Lab()
    lab.run("docker run -d --name box alpine top")
    lab.run("docker stop -t 3 box")
    assert lab.run("docker inspect -f '{{.State.ExitCode}}' box").stdout == "137\n"


@pytest.mark.parametrize(("options", "wrong"), [("-n x", "x"), ("-d 1.5", "1.5")])
def test_what_is_no_number_is_refused(options: str, wrong: str) -> None:
    result = Lab().run(f"docker run --rm alpine top {options}")
    assert (result.status, result.stderr) == (1, f"top: invalid number '{wrong}'\n")
