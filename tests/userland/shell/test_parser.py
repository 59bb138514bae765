"""Every text is a program or a syntax error of the shell's own, and a tree written out reads back as the same tree."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.userland.shell.dialect import ASH, BASH, DASH, Dialect
from simulator.userland.shell.errors import ShellSyntaxError
from simulator.userland.shell.parser import parse
from simulator.userland.shell.unparse import sequence_text

DIALECTS = [ASH, BASH, DASH]
PIECES = (
    "if then else elif fi while until for do done case esac in { } ( ) ; & && || | ! < > >> >& 2> $x ${x} ${x:-y} "
    "$(a) `a` $((1+2)) \"q $x\" 'q' \\\\ a b=1 f() # \\n ;; * ~ [a] [[ ]] (( )) $'x' {a,b} <(a) echo -n 1"
).split(" ")
TEXTS = (
    "echo hello world",
    "a && b || c; d &",
    "if a; then b; elif c; then d; else e; fi > out",
    "while read x; do echo \"$x\"; done < in",
    "for i in a 'b c' $d; do echo $i; done",
    "for i; do :; done",
    "case $x in a|b) c;; *) d;; esac",
    "f() { echo $1; return 2; }",
    "( cd /tmp && ls ) | sort | uniq -c",
    "x=1 y=$(date +%s) cmd 2>&1 >/dev/null",
    "echo ${x:-default} ${#x} ${x%%.*} ${x#a}",
    "echo $((1 + 2 * x)) `echo old`",
    "! grep -q x f",
    "until false; do break; done",
)  # fmt: skip


def same(one: object, other: object) -> bool:
    """Whether two trees are the same but for the lines they were on."""
    texts = [re.sub(r", line=\d+", "", repr(tree)) for tree in (one, other)]
    return texts[0] == texts[1]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("text", TEXTS)
def test_a_tree_written_out_reads_back_as_the_same(text: str, dialect: Dialect) -> None:
    tree = parse(text, dialect)
    assert same(parse(sequence_text(tree), dialect), tree)


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for dialect in DIALECTS:
        try:
            tree = parse(text.replace("\\n", "\n"), dialect)
        except ShellSyntaxError:
            continue
        assert "<<" in text or same(
            parse(sequence_text(tree), dialect), tree
        )  # a list on one line has no here-documents
