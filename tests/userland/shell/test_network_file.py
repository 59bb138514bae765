"""Laws of bash's /dev/tcp and /dev/udp."""

from __future__ import annotations

import pytest

from simulator.lab import Lab


@pytest.mark.parametrize(
    ("command", "shown", "status"),
    [
        (
            "exec 3<>/dev/tcp/10.0.2.2/80; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3",
            "You are 10.0.2.15\n",
            0,
        ),
        ("echo > /dev/tcp/outside.test/http && echo open", "open\n", 0),
        ("echo > /dev/udp/10.0.2.2/9 && echo sent", "sent\n", 0),
        (
            "echo > /dev/tcp/10.0.2.2/1",
            "bash: connect: Connection refused\nbash: line 1: /dev/tcp/10.0.2.2/1: Connection refused\n",
            1,
        ),
        (
            "echo > /dev/tcp/nosuch/80",
            "bash: line 1: nosuch: Name or service not known\nbash: line 1: /dev/tcp/nosuch/80: Invalid argument\n",
            1,
        ),
    ],
)
def test_a_redirection_connects(command: str, shown: str, status: int) -> None:
    ended = Lab().run(f'bash -c "{command}"' if '"' not in command else command)
    assert (ended.stdout + ended.stderr, ended.status) == (shown, status)


def test_the_statuses_of_a_pipeline_are_kept() -> None:
    ended = Lab().run("bash -c 'true | false | (exit 3); echo ${PIPESTATUS[@]}'")
    assert ended.stdout == "0 1 3\n"
