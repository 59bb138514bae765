"""Whatever is typed, the sandbox goes on: no traceback, no hang, the next line works.

`DOCKLAB_RANDOM=1 DOCKLAB_EXAMPLES=100000 pytest tests/ui/shell/test_random_lines.py` tries others, and more.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.cli import tree
from simulator.cli.command import Option
from simulator.cli.editions import edition
from simulator.journal import Journal, Settings
from simulator.sandbox import Sandbox
from simulator.seat import Waiting
from simulator.ui.shell.commands import TABLE, Commands
from simulator.ui.shell.screen import clean, is_complete

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("DOCKLAB_EXAMPLES", "1000"))
EVENTS = 3_000
BEFORE = ["docker network create n1", "docker run -d --name web --network n1 httpd", "docker run -itd --name a1 alpine"]
PASTED = 20  # lines at once
NEVER_AGAIN = 200  # lines after which a fresh world is taken: they grow

WORDS = """
docker run exec ps -it -d --name --network --rm -p alpine httpd web a1 n1 bridge host none ls cat echo cd ip addr route
link iptables -t nat -L -A FORWARD -j DROP ping -c 1 127.0.0.1 10.0.2.2 curl localhost for in do done if then fi while
case esac { } ( ) (( )) [[ ]] ; ;; & && || | > >> < << <<< 2>&1 $ $? $X ${X} ${X:-y} $(ls) `ls` ' " \\ * ? [a-z] ~ ! # =
X=1 export unset set -e -x trap exit return break continue eval exec read test [ ] true false sleep 0.1 kill %1 jobs
seq 3 head tail wc sort uniq grep sed awk tr cut tee xargs find -- - 0 -1 99999999999999999999
/dev/null /etc/hosts /nowhere fg bg wait -9 $$ ${X#?} ${X/a/b} ${#X} $((1/0)) $((X++)) {1..3} {a,b} <(ls) 한글 é́ 😀 \u202e
""".split()
PROGRAMS = [
    *"ss netstat conntrack arp ifconfig brctl nc wget printf od xxd base64 diff awk tr seq ping6 nslookup".split(),
    *(
        "ip addr add",
        "ip route add",
        "ip link set",
        "ip neigh",
        "ip -d link",
        "ip route get",
        "bridge fdb",
        "route add",
    ),
    *(
        "iptables -I INPUT",
        "iptables -t nat -A POSTROUTING",
        "iptables -m",
        "iptables-save -t",
        "sysctl -w",
        "ss -tlnp",
    ),
    *("ping -c1", "traceroute -m2", "curl -m1", "tcpdump -c1", "watch -n1", "timeout 1", "date +", "sort -k", "sed -e"),
    *("grep -E", "find / -name", "cut -f", "head -c", "docker inspect -f", "docker exec a1", "docker exec web"),
]
words = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
simple = st.builds(
    lambda program, rest: " ".join([program, *rest]),
    st.sampled_from([*PROGRAMS, "echo", "true", "false", "test", "read X", "X=", "cd", "f", "docker", "seq 9"]),
    st.lists(words, max_size=4),
)
SHAPES = [
    "{0} | {1}", "{0} && {1} || {0}", "{0}; {1}", "{0} &", "({0})", "{{ {0}; }}", "! {0}", "X=$({0}) {1}", "{0} > /tmp/f",
    "for X in {0}; do {1}; done", "while {0}; do {1}; break; done", "if {0}; then {1}; else {0}; fi", "f() {{ {0}; }}; f",
    "case {0} in *) {1};; esac", "{0} <<E\n{1}\nE", "{0} 2>&1 | {1}", "eval '{0}'", "{0} < <({1})", "until {0}; do {1}; done",
    "time {0}", "f() {{ f; }}; f", "while :; do {0}; done", "trap '{0}' EXIT; {1}", "select X in {0}",
]  # fmt: skip
nested = st.recursive(
    simple,
    lambda inner: st.builds(lambda shape, one, two: shape.format(one, two), st.sampled_from(SHAPES), inner, inner),
    max_leaves=4,
)
lines = st.one_of(
    st.lists(words, max_size=10).map(" ".join),
    st.text(max_size=30),
    st.lists(words, max_size=10).map("".join),
    nested,
    st.builds(lambda word, times: f"echo {word * times}", words, st.sampled_from([100, 3000])),
)

BY_KIND = {
    "int": ["0", "-1", "5", "99999999999999999999", "0x10", "1.5", ""],
    "uint": ["0", "-1", "7"],
    "bytes": ["512m", "4k", "-1", "1.5g", "6", "1e9", "99999999t", "m"],
    "duration": ["1s", "5h3m", "-1ms", "0", "1", "99999h"],
    "decimal": ["1.5", "nan", "inf", "-1", "1e400"],
    "filter": ["status=running", "name=web", "name=[", "label=a=b", "before=web", "x=y", "x", "=", "dangling=true"],
    "map": ["a=b", "=", "net.ipv4.ip_forward=0", "com.docker.network.bridge.name=br9", "parent=eth0", "parent=eth0.5"],
    "list": [
        "a=b",
        "a",
        "=",
        "web",
        "web:x",
        "80",
        "8080:80",
        "80-82:80-82/udp",
        "127.0.0.1::80",
        "[::1]:80:80",
        "65536:1",
    ],
}
VALUES = ["{{.ID}}", "{{json .}}", "{{", "{{range .}}", "80:80", "1.2.3.4/33", "a=b", "10.9.0.0/16", "10.9.0.7", "fd00::/64",
          "web", "a1", "n1", "container:web", "host", "none", "bridge", "no", "always", "on-failure:3", "/tmp:/t:ro", "vol:/v",
          "type=bind,src=/tmp,dst=/t", "type=tmpfs", "02:42:ac:11:00:09", "alpine", "nosuch", "sha256:0", "macvlan", "ipvlan",
          "overlay", "table {{.Names}}", *WORDS]  # fmt: skip


def _commands() -> list[tuple[str, tree.Node]]:
    root = tree.root(edition("20.10"))
    leaves = [(child.name, node) for child in root.children for node in (child.children or (child,))]
    return [(f"{parent} {node.name}" if parent != node.name else parent, node) for parent, node in leaves]


def _options(node: tree.Node) -> list[Option]:
    return [] if node.children else list(tree.load(node, edition("20.10"))[0].options)


EVERY_OPTION = [option for _, node in _commands() for option in _options(node)]


def _option(options: list[Option]) -> st.SearchStrategy[str]:
    """An option, mostly with a value of the right kind."""

    def spelled(option: Option) -> st.SearchStrategy[str]:
        values = st.one_of(
            st.sampled_from(BY_KIND.get(option.kind, VALUES)), st.sampled_from(VALUES), st.text(max_size=5)
        )
        if option.kind == "bool":
            return st.sampled_from([f"--{option.name}", f"--{option.name}=false", f"--{option.name}=x"])
        return st.builds(lambda value, sign: f"--{option.name}{sign}{value}", values, st.sampled_from([" ", "="]))

    return st.sampled_from(options).flatmap(spelled)


def docker_lines() -> st.SearchStrategy[str]:
    """Commands of the docker client with options, mostly of their own, and values that may or may not fit."""

    def line(command: tuple[str, tree.Node]) -> st.SearchStrategy[str]:
        name, node = command
        own = _options(node) or EVERY_OPTION
        parts = st.one_of(
            _option(own), _option(own), _option(EVERY_OPTION), st.sampled_from(VALUES), st.text(max_size=5)
        )
        ends = st.lists(st.sampled_from(["web", "a1", "n1", "alpine", "httpd", "sh", "true", "nosuch"]), max_size=3)
        return st.builds(lambda rest, end: " ".join(["docker", name, *rest, *end]), st.lists(parts, max_size=5), ends)

    return st.sampled_from(_commands()).flatmap(line)


class Bench:
    """One world for many lines: whatever a line did, the next one must work."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.sandbox = Sandbox(Journal(Settings("20.10")))
        self.typed = 0
        for line in BEFORE:
            self.sandbox.run_line(line)

    def try_line(self, line: str) -> None:
        self.typed += 1
        if self.typed > NEVER_AGAIN:
            self.renew()
        sandbox = self.sandbox
        for each in clean(line).split("\n")[:PASTED]:
            sandbox.run_line(each, events=EVENTS)
        for keys in ("\x03", "\x10\x11", "\x03", "\x04", "\x04"):
            if sandbox.seat.waiting in (Waiting.SHELL, Waiting.GONE):
                break
            sandbox.type_keys(keys)
            sandbox.settle(events=EVENTS)
        if sandbox.seat.waiting is Waiting.GONE:
            sandbox.use(sandbox.machine)
        if sandbox.seat.waiting is not Waiting.SHELL:
            self.renew()  # an unfinished quotation or a shell that was replaced: allowed, and over


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


FREELY = settings(max_examples=EXAMPLES // 2)


@FREELY
@given(line=lines)
def test_any_line_leaves_a_working_shell(bench: Bench, line: str) -> None:
    bench.try_line(line)


@FREELY
@given(line=docker_lines())
def test_any_docker_command_leaves_a_working_shell(bench: Bench, line: str) -> None:
    bench.try_line(line)


@settings(max_examples=EXAMPLES // 10 + 1)
@given(line=st.one_of(lines, st.text(max_size=20)))
def test_any_text_is_complete_or_not(line: str) -> None:
    assert is_complete(clean(line)) in (True, False)


@pytest.fixture(scope="module")
def story() -> Sandbox:
    """A short one: stepping through it plays it again each time."""
    sandbox = Sandbox(Journal(Settings("20.10")))
    for line in ("touch /tmp/f", "ping -c 1 127.0.0.1", "curl -s localhost:81"):
        sandbox.run_line(line)
    return sandbox


@settings(max_examples=EXAMPLES // 20 + 1)
@given(
    name=st.sampled_from(sorted(set(TABLE) - {"save", "load", "pcap", "topology", "lessons"})),
    rest=st.lists(st.one_of(words, st.sampled_from(["0", "1", "2", "--json", "outside", "20"])), max_size=3).map(
        " ".join
    ),
)
def test_any_own_command_says_something(story: Sandbox, name: str, rest: str) -> None:
    said: list[str] = []

    def say(text: str, *, exact: bool = False) -> None:
        said.append(text)

    Commands(story, say, ask=lambda question: False).run(f":{name} {rest}")
    assert said or name == "host"
