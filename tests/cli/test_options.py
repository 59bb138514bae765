"""Reading command lines: long and short options, bundles, values, where options end."""

from __future__ import annotations

import pytest

from simulator.cli.command import Option
from simulator.cli.options import Parsed, parse

OPTIONS = (
    Option("all", "bool", "", short="a"),
    Option("quiet", "bool", "", short="q", default="true"),
    Option("name", "string", "", short="n", default="nobody"),
    Option("old-name", "string", "", hidden=True, same_as="name"),
    Option("publish", "list", "", short="p"),
    Option("last", "int", "", default="-1"),
    Option("filter", "filter", "", short="f"),
    Option("opt", "map", "", short="o"),
    Option("alias", "strings", ""),
)


def read(line: str, *, interspersed: bool = True) -> Parsed:
    return parse(OPTIONS, line.split(" ") if line else [], interspersed=interspersed)


def test_an_option_that_is_not_given_has_its_default() -> None:
    parsed = read("")
    assert parsed.values == {
        "all": False, "quiet": True, "name": "nobody", "publish": [], "last": -1, "filter": {}, "opt": {}, "alias": [],
        "help": False,
    }  # fmt: skip
    assert not parsed.given


@pytest.mark.parametrize("line", ["--name=x", "--name x", "-n x", "-nx", "-n=x", "-anx", "-an x", "--old-name x"])
def test_all_spellings_of_a_value_are_the_same(line: str) -> None:
    parsed = read(line)
    assert parsed["name"] == "x" and parsed.changed("name")


def test_the_last_value_counts_and_lists_grow() -> None:
    parsed = read("-n a -n b -p80:80 -p 81:81 --publish=82 --alias a,b --alias c -o k=v -o flag")
    assert parsed["name"] == "b"
    assert parsed["publish"] == ["80:80", "81:81", "82"]
    assert parsed["alias"] == ["a", "b", "c"]
    assert parsed["opt"] == {"k": "v", "flag": ""}


def test_filters_gather_by_name() -> None:
    assert read("-f status=a -f STATUS=b -f label=x=y")["filter"] == {"status": ["a", "b"], "label": ["x=y"]}


def test_a_flag_takes_a_value_only_after_an_equals_sign() -> None:
    parsed = read("--all=false --quiet=0 -a=t true")
    assert (parsed["all"], parsed["quiet"], parsed.arguments) == (True, False, ["true"])


def test_options_may_stand_among_arguments() -> None:
    parsed = read("one -a two --last 5 - three")
    assert (parsed.arguments, parsed["all"], parsed["last"]) == (["one", "two", "-", "three"], True, 5)


def test_or_the_first_argument_ends_them() -> None:
    parsed = read("-a one -q=false", interspersed=False)
    assert (parsed.arguments, parsed["all"], parsed["quiet"]) == (["one", "-q=false"], True, True)


@pytest.mark.parametrize("interspersed", [True, False])
def test_two_hyphens_end_options(interspersed: bool) -> None:
    assert read("-a -- -q --name", interspersed=interspersed).arguments == ["-q", "--name"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("--nosuch", "unknown flag: --nosuch"),
        ("-aZ", "unknown shorthand flag: 'Z' in -Z"),
        ("-n", "flag needs an argument: 'n' in -n"),
        ("-an", "flag needs an argument: 'n' in -n"),
        ("--name", "flag needs an argument: --name"),
        ("---", "bad flag syntax: ---"),
        ("--=x", "bad flag syntax: --=x"),
        ("--last x", 'invalid argument "x" for "--last" flag: strconv.ParseInt: parsing "x": invalid syntax'),
        ("-a=x", 'invalid argument "x" for "-a, --all" flag: strconv.ParseBool: parsing "x": invalid syntax'),
        ("-f x", 'invalid argument "x" for "-f, --filter" flag: bad format of filter (expected name=value)'),
    ],
)
def test_a_line_that_cannot_be_read_is_told_as_pflag_tells_it(line: str, error: str) -> None:
    with pytest.raises(ValueError) as raised:
        read(line)
    assert str(raised.value) == error
