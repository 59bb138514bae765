"""Whom a program runs as: the specification of docker run -u."""

from __future__ import annotations

import pytest

from simulator.engine.errors import System
from simulator.engine.user import user_from_text
from simulator.kernel.disk import Disk

PASSWD = "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:web:/srv/web:/bin/sh\n"
GROUP = "root:x:0:\nweb:x:34:\nlog:x:40:other,web\n"


def disk() -> Disk:
    made = Disk()
    made.make_directory("/etc")
    made.write("/etc/passwd", PASSWD)
    made.write("/etc/group", GROUP)
    return made


@pytest.mark.parametrize(
    ("text", "ids", "home"),
    [
        ("", (0, 0, ()), "/root"),
        ("web", (33, 34, (40,)), "/srv/web"),
        ("33", (33, 34, (40,)), "/srv/web"),
        ("web:root", (33, 0, ()), "/srv/web"),
        ("web:7", (33, 7, ()), "/srv/web"),
        ("1000", (1000, 0, ()), "/"),
        ("1000:log:x", (1000, 40, ()), "/"),
    ],
)
def test_users_and_groups_are_names_or_numbers(text: str, ids: tuple[int, int, tuple[int, ...]], home: str) -> None:
    user = user_from_text(disk(), text)
    who = user.credentials
    assert ((who.uid, who.gid, who.groups), user.home) == (ids, home)


def test_more_groups_come_after_the_own_ones() -> None:
    assert user_from_text(disk(), "web", ["7", "root"]).credentials.all_groups == (34, 40, 7, 0)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("nosuch", "unable to find user nosuch: no matching entries in passwd file"),
        ("web:nosuch", "unable to find group nosuch: no matching entries in group file"),
        ("-1", "uids and gids must be in range 0-2147483647"),
        ("0:2147483648", "uids and gids must be in range 0-2147483647"),
    ],
)
def test_a_user_that_is_none_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(System, match=refusal):
        user_from_text(disk(), text)
