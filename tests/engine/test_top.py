"""docker top: the columns that ps's options ask for, and the lines that dockerd understands."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import System


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ("", "UID PID PPID C STIME TTY TIME CMD"),
        ("-ef", "UID PID PPID C STIME TTY TIME CMD"),
        ("aux", "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND"),
        ("-e", "PID TTY TIME CMD"),
        ("-x", "PID TTY STAT TIME COMMAND"),
        ("-o pid,comm", "PID COMMAND"),
        ("-o comm=NAME,pid", "NAME PID"),
        ("-eo user,pid,args", "USER PID COMMAND"),
    ],
)
def test_columns_are_those_asked_for(world: Any, options: str, titles: str) -> None:
    world.start("sleep", "100", name="c1")
    shown = world.engine.container_top("c1", options)
    assert shown["Titles"] == titles.split()
    assert len(shown["Processes"]) == 1


def test_a_command_of_several_words_before_its_pid_hides_the_line(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    assert world.engine.container_top("c1", "-o args,pid")["Processes"] == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("-o comm", "Couldn't find PID field in ps output"),
        ("axo user", "Couldn't find PID field in ps output"),
        ("--help", "Couldn't find PID field in ps output"),
        ("-o nosuch", 'ps: error: unknown user-defined format specifier "nosuch"'),
        ("x y", "ps: error: unsupported option (BSD syntax)"),
    ],
)
def test_what_has_no_pids_or_no_sense_is_refused(world: Any, options: str, text: str) -> None:
    world.start("sleep", "100", name="c1")
    with pytest.raises(System) as refused:
        world.engine.container_top("c1", options)
    assert refused.value.message == text
