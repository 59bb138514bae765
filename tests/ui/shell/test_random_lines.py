"""Whatever is typed, the sandbox goes on: no traceback, no hang, the next line works.

`DOCKLAB_EXAMPLES=100000 pytest tests/ui/shell/test_random_lines.py` tries more.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.cli import tree
from simulator.cli.editions import edition
from simulator.journal import Journal, Settings
from simulator.sandbox import Sandbox
from simulator.seat import Waiting
from simulator.ui.shell.commands import TABLE, Commands
from simulator.ui.shell.loop import clean, is_complete

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("DOCKLAB_EXAMPLES", "1000"))
EVENTS = 3_000
NEVER_AGAIN = 200  # lines after which a fresh world is taken: they grow

WORDS = """
docker run exec ps -it -d --name --network --rm -p alpine httpd web a1 n1 bridge host none ls cat echo cd ip addr route
link iptables -t nat -L -A FORWARD -j DROP ping -c 1 127.0.0.1 10.0.2.2 curl localhost for in do done if then fi while
case esac { } ( ) (( )) [[ ]] ; ;; & && || | > >> < << <<< 2>&1 $ $? $X ${X} ${X:-y} $(ls) `ls` ' " \\ * ? [a-z] ~ ! # =
X=1 export unset set -e -x trap exit return break continue eval exec read test [ ] true false sleep 0.1 kill %1 jobs
seq 3 head tail wc sort uniq grep sed awk tr cut tee xargs find -- - 0 -1 99999999999999999999
/dev/null /etc/hosts /nowhere
""".split()
VALUES = ["{{.ID}}", "{{json .}}", "{{", "80:80", "1.2.3.4/33", "a=b", "10.9.0.0/16", *WORDS]
words = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
lines = st.one_of(
    st.lists(words, max_size=10).map(" ".join),
    st.text(max_size=30),
    st.lists(words, max_size=10).map("".join),
)


def docker_lines() -> st.SearchStrategy[str]:
    """Commands of the docker client with options of theirs and values that may or may not fit."""
    root = tree.root(edition("20.10"))
    leaves = [(child.name, node) for child in root.children for node in (child.children or (child,))]
    names = [f"{parent} {node.name}" if parent != node.name else parent for parent, node in leaves]
    options = sorted({f"--{option.name}" for _, node in leaves for option in _options(node)})
    values = st.one_of(
        st.sampled_from([*WORDS, "{{.ID}}", "{{json .}}", "{{", "80:80", "1.2.3.4/33", "a=b", "10.9.0.0/16"]),
        st.text(max_size=5),
    )
    return st.builds(
        lambda name, rest: " ".join(["docker", name, *rest]),
        st.sampled_from(names),
        st.lists(st.one_of(st.sampled_from(options), values), max_size=6),
    )


def _options(node: tree.Node) -> tuple[object, ...]:
    return () if node.children else tree.load(node, edition("20.10"))[0].options


class Bench:
    """One world for many lines: whatever a line did, the next one must work."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.sandbox = Sandbox(Journal(Settings("20.10")))
        self.typed = 0

    def try_line(self, line: str) -> None:
        self.typed += 1
        if self.typed > NEVER_AGAIN:
            self.renew()
        sandbox = self.sandbox
        for each in clean(line).split("\n"):
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


FREELY = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FREELY
@given(line=lines)
def test_any_line_leaves_a_working_shell(bench: Bench, line: str) -> None:
    bench.try_line(line)


@FREELY
@given(line=docker_lines())
def test_any_docker_command_leaves_a_working_shell(bench: Bench, line: str) -> None:
    bench.try_line(line)


@settings(max_examples=EXAMPLES // 10 + 1, deadline=None, database=None)
@given(line=st.one_of(lines, st.text(max_size=20)))
def test_any_text_is_complete_or_not(line: str) -> None:
    assert is_complete(clean(line)) in (True, False)


@settings(
    max_examples=EXAMPLES // 20 + 1,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(set(TABLE) - {"save", "load", "pcap", "topology", "lessons"})),
    rest=st.lists(words, max_size=3).map(" ".join),
)
def test_any_own_command_says_something(bench: Bench, name: str, rest: str) -> None:
    said: list[str] = []

    def say(text: str, *, exact: bool = False) -> None:
        said.append(text)

    Commands(bench.sandbox, say, ask=lambda question: False).run(f":{name} {rest}")
    assert said or name == "host"
