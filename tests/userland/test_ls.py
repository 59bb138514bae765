"""ls in both styles: columns, rows, marks, colours, order."""

from __future__ import annotations

import pytest

from simulator.userland.ls_layout import columns_busybox, columns_gnu
from tests.userland.tools import Tools

SETUP = "echo one > a; echo two > bb; mkdir d; echo x > d/x; ln -s a l; touch .h; echo > s; chmod +x s"
CASES = (
    ("busybox", "ls", "a\nbb\nd\nl\ns\n"),
    ("busybox", "ls -a", ".\n..\n.h\na\nbb\nd\nl\ns\n"),
    ("busybox", "ls -F", "a\nbb\nd/\nl@\ns*\n"),
    ("busybox", "ls -C", "a   bb  d   l   s\n"),
    ("busybox", "ls --color=always a d l", "\x1b[0;0ma\x1b[m\n\x1b[1;36ml\x1b[m\n\nd:\n\x1b[0;0mx\x1b[m\n"),
    ("busybox", "ls nosuch d", "ls: nosuch: No such file or directory\nd:\nx\n"),
    ("busybox", "ls -l nosuch", "ls: nosuch: No such file or directory\n"),
    ("busybox", "ls l/", "ls: l/: Not a directory\n"),
    ("gnu", "ls -R", ".:\na\nbb\nd\nl\ns\n\n./d:\nx\n"),
    ("gnu", "ls -r", "s\nl\nd\nbb\na\n"),
    ("gnu", "ls -m", "a, bb, d, l, s\n"),
    ("gnu", "ls -s", "total 16\n4 a\n4 bb\n4 d\n0 l\n4 s\n"),
    ("gnu", "ls -d d a", "a\nd\n"),
    ("gnu", "ls nosuch", "ls: cannot access 'nosuch': No such file or directory\n"),
    ("gnu", "ls --color=always", "a\nbb\n\x1b[0m\x1b[01;34md\x1b[0m\n\x1b[01;36ml\x1b[0m\n\x1b[01;32ms\x1b[0m\n"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "command", "shown"), CASES)
def test_names_are_listed_as_asked(kind: str, command: str, shown: str) -> None:
    tools = Tools(kind)
    tools.run(SETUP)
    assert tools.run(command)[0] == shown


def test_a_row_tells_kind_mode_owner_size_and_target() -> None:
    gnu, busybox = Tools("gnu"), Tools("busybox")
    for tools in (gnu, busybox):
        tools.run("ln -s a l; echo 12345 > f; chmod 640 f; touch -d '2023-02-28 10:11:12' f")
    assert gnu.run("ls -l f")[0] == "-rw-r----- 1 root root 6 Feb 28 10:11 f\n"
    assert busybox.run("ls -l f")[0] == "-rw-r-----    1 root     root             6 Feb 28 10:11 f\n"
    assert gnu.run("ls -l l")[0] == "lrwxrwxrwx 1 root root 1 Mar  1 09:00 l -> a\n"


def test_columns_are_as_the_real_ones_lay_them_out() -> None:
    names = ["bin", "dev", "etc", "home", "linuxrc", "proc", "root", "sbin", "sys", "tmp", "usr", "var"]
    assert columns_busybox(names, 80, across=False) == [
        "bin      etc      linuxrc  root     sys      usr",
        "dev      home     proc     sbin     tmp      var",
    ]
    assert columns_gnu(["a", "bb", "d", "l", "p", "s"], 80, across=False) == ["a  bb  d  l  p\ts"]
