"""ps, pgrep and their like see the processes that are there."""

from __future__ import annotations

import pytest

from tests.userland.tools import Tools

CASES = (
    ("gnu", "sleep 9 & ps -C sleep -o args", "COMMAND\nsleep 9\n"),
    ("gnu", "sleep 9 & ps -o args= -p $!", "sleep 9\n"),
    ("gnu", "sleep 9 & pgrep -x sleep > /dev/null && echo there", "there\n"),
    ("gnu", "sleep 9 & pgrep -a sleep | cut -d' ' -f2-", "sleep 9\n"),
    ("gnu", "tail -5 -f /etc/passwd > /dev/null & ps -C tail -o args=", "tail -5 -f /etc/passwd\n"),
    ("gnu", "pgrep nosuch; echo $?", "1\n"),
    ("gnu", "killall nosuch", "nosuch: no process found\n"),
    ("busybox", "sleep 9 & ps -o comm | grep -c sleep", "1\n"),
    ("busybox", "sleep 9 & killall sleep; wait 2>/dev/null; ps -o comm | grep -c sleep", "0\n"),
    ("busybox", "pidof nosuch; echo $?", "1\n"),
)


@pytest.mark.parametrize(("kind", "command", "shown"), CASES)
def test_processes_are_found(kind: str, command: str, shown: str) -> None:
    assert Tools(kind).run(command)[0].endswith(shown)


def test_unknown_columns_are_refused() -> None:
    assert Tools("gnu").run("ps -o bogus")[0].startswith('error: unknown user-defined format specifier "bogus"\n')
    assert Tools("busybox").run("ps -o bogus")[0].startswith("ps: bad -o argument 'bogus', supported arguments: user,")
