"""/etc/hosts is written as libnetwork writes it."""

from __future__ import annotations

import pytest

from simulator.engine.network import hosts_file

FIXED = """127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
ff00::0\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
"""


def test_extra_hosts_follow_the_fixed_lines() -> None:
    assert (
        hosts_file.hosts_text([("10.0.2.2", "router"), ("fd00::1", "v6")]) == FIXED + "10.0.2.2\trouter\nfd00::1\tv6\n"
    )


@pytest.mark.parametrize(
    ("hostname", "domainname", "names"),
    [
        ("box", "", "box"),
        ("box", "example.test", "box.example.test box"),
        ("box.example.test", "", "box.example.test box"),
        ("a.b", "c", "a.b.c a"),
    ],
)
def test_the_own_line_has_the_full_name_and_the_host_name(hostname: str, domainname: str, names: str) -> None:
    assert hosts_file.own_names(hostname, domainname) == names


def test_lines_go_by_the_last_name_after_a_tab_and_comments_stay() -> None:
    text = "1.2.3.4\tbox\n#\tbox\n\n1.2.3.5\tx box\n1.2.3.6 box\n"
    assert hosts_file.without_names(text, ["box"]) == "#\tbox\n1.2.3.5\tx box\n1.2.3.6 box\n"
    assert hosts_file.without_names(text, []) == text


def test_a_line_gets_another_address_by_its_first_name() -> None:
    text = "172.17.0.2\ta1 a3ea3c4f2644\n172.17.0.3\ta12\n172.17.0.2\tb a1\n"
    assert (
        hosts_file.with_address(text, "a1", "172.17.0.4")
        == "172.17.0.4\ta1 a3ea3c4f2644\n172.17.0.3\ta12\n172.17.0.2\tb a1\n"
    )
