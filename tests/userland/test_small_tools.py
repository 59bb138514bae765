"""What watch, time, timeout, column, more, free, uptime and dmesg do that no recording shows."""

from __future__ import annotations

import pytest

from simulator.clock import S
from tests.userland.tools import Tools

CASES = (
    ("gnu", "/usr/bin/time -p sleep 2", "real 2.00\nuser 0.00\nsys 0.00\n"),
    ("busybox", "time sleep 2", "real\t0m 2.00s\nuser\t0m 0.00s\nsys\t0m 0.00s\n"),
    ("gnu", "timeout 2.5 watch -t -n 1 echo hi | grep -c hi", "3\n"),
    ("gnu", "od -c nosuch; od -c /dev/null", "od: nosuch: No such file or directory\n0000000\n"),
    ("gnu", "seq 3 | more", "1\n2\n3\n"),
    ("gnu", "shuf -e a b c | sort | paste -sd ' '", "a b c\n"),
    ("gnu", "shuf -i 1-100 | sort -n | tail -1", "100\n"),
    ("gnu", "echo a > f; chmod 600 f; stat -c '%a %A %s %F %U' f", "600 -rw------- 2 regular file root\n"),
    ("gnu", "mkdir d; echo x > d/x; du -sh d; du -a d", "8.0K\td\n4\td/x\n8\td\n"),
    ("gnu", "su nobody -s /bin/sh -c whoami", "nobody\n"),
    ("gnu", "stty; tty", "stty: 'standard input': Inappropriate ioctl for device\nnot a tty\n"),
    ("busybox", "busybox echo hi; busybox nosuch", "hi\nnosuch: applet not found\n"),
    (
        "busybox",
        "strings /nosuch; printf 'ab\\0hello\\0' | strings",
        "strings: /nosuch: No such file or directory\nhello\n",
    ),
)


@pytest.mark.parametrize(("kind", "command", "shown"), CASES)
def test_tools_print(kind: str, command: str, shown: str) -> None:
    assert Tools(kind).run(command)[0] == shown


@pytest.mark.parametrize("name", ["ls", "cat", "grep", "find", "ps", "ip", "ping", "timeout"])
def test_an_applet_asked_for_its_help_shows_it_and_does_not_complain(name: str) -> None:
    shown, status = Tools("busybox").run(f"{name} --help")
    assert shown.split("\n")[2].startswith(f"Usage: {name} ") and status == 0


def test_uptime_counts_from_the_beginning_of_the_lab() -> None:
    tools = Tools("gnu")
    tools.machine.clock.run(until=(2 * 3600 + 240) * S)
    assert tools.run("uptime -p") == ("up 2 hours, 4 minutes\n", 0)
    assert " up  2:04,  0 user,  load average: 0.00" in tools.run("uptime")[0]


def test_the_kernel_log_is_the_machines_and_not_for_everybody() -> None:
    tools = Tools("gnu")
    tools.machine.clock.run(until=S * 5 // 4)
    tools.machine.kernel_log("docker0: port 1 entered blocking state")
    assert tools.run("dmesg")[0] == "[    1.250000] docker0: port 1 entered blocking state\n"
