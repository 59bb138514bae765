"""Laws of awk: programs and what they print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.userland.awk.control import AwkError, Quit
from simulator.userland.awk.interpreter import Interpreter
from simulator.userland.awk.lexer import AwkSyntaxError
from simulator.userland.awk.parser import parse

LINES = ["a 1", "b 2", "c 3"]


def run(program: str, lines: list[str] | None = None) -> str:
    shown: list[str] = []
    awk = Interpreter(parse(program), shown.append)
    try:
        awk.edge("BEGIN")
        for line in LINES if lines is None else lines:
            awk.take(line)
        awk.edge("END")
    except Quit:
        pass
    return "".join(shown)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("{print $2, $1}", "1 a\n2 b\n3 c\n"),
        ("/b/", "b 2\n"),
        ("$2 > 1", "b 2\nc 3\n"),
        ("NR==2, NR==3 {print NR}", "2\n3\n"),
        ("END {print NR, $0}", "3 c 3\n"),
        ("{s += $2} END {print s, s/NR}", "6 2\n"),
        ('!/a/ && $2 != 3 {print $1 "-" NF}', "b-2\n"),
        ('{$2 = "x"} 1', "a x\nb x\nc x\n"),
        ("{n[$2 % 2]++} END {for (k in n) print k, n[k]}", "1 2\n0 1\n"),
        ("NR==1 {next} {print}", "b 2\nc 3\n"),
        ("{print; exit}", "a 1\n"),
        ("function f(x) {return x * 2} {print f($2)}", "2\n4\n6\n"),
        ("function fib(n) {return n < 2 ? n : fib(n - 1) + fib(n - 2)} END {print fib(12)}", "144\n"),
        ("function put(a, k, v) {a[k] = v} END {put(t, 1, 5); print t[1]}", "5\n"),
        ("function g() {return x} function f(x) {return g()} END {x = 7; print f(1)}", "7\n"),
        ("function f(a, i) {i = 9; a = 8} END {i = 1; f(i); print i}", "1\n"),
        ('function f(n,  a) {split(n, a, ""); a[1] = n; return length(a)} END {print f(3)}', "1\n"),
    ],
)
def test_rules_run_over_lines(program: str, shown: str) -> None:
    assert run(program) == shown


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 ^ 2", "19"),
        ("-3 % 2", "-1"),
        ("1 2", "12"),
        ('"3" + 4', "7"),
        ('"10" < "9"', "1"),
        ("10 < 9", "0"),
        ('1e3 " " 0.1 + 0.2', "1000 0.3"),
        ('length("hello")', "5"),
        ('substr("hello", 2, 3)', "ell"),
        ('substr("hello", 0)', "hello"),
        ('index("hello", "l")', "3"),
        ('toupper("a") tolower("B")', "Ab"),
        ('match("foobar", /o+/) RSTART RLENGTH', "222"),
        ('sprintf("%05.1f|%-3s|%x|%c|%%", 3.14159, "a", 255, 65)', "003.1|a  |ff|A|%"),
        ('split("a:b:c", p, ":") p[2]', "3b"),
        ('"abc" ~ /^a.c$/', "1"),
        ("x++ + ++x", "2"),
        ('1 ? "yes" : "no"', "yes"),
        ('!0 && !""', "1"),
    ],
)
def test_expressions_have_their_values(expression: str, value: str) -> None:
    assert run(f"BEGIN {{print ({expression})}}", []) == value + "\n"


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ('BEGIN {for (i = 0; i < 3; i++) {if (i == 1) continue; printf "%d ", i}}', "0 2 "),
        ("BEGIN {while (1) {if (++i > 3) break}; print i}", "4\n"),
        ("BEGIN {do {n++} while (n < 5); print n}", "5\n"),
        ("BEGIN {if (0) print 1; else print 2}", "2\n"),
        ('BEGIN {a[1]; if (1 in a) print "in"; delete a[1]; print length(a)}', "in\n0\n"),
        ('BEGIN {s = "aaa"; print gsub(/a/, "[&]", s), s}', "3 [a][a][a]\n"),
        ("BEGIN { # a comment\n print 1 ; ; print 2 }", "1\n2\n"),
    ],
)
def test_statements_do_what_they_say(program: str, shown: str) -> None:
    assert run(program, []) == shown


@pytest.mark.parametrize("program", ["{", "BEGIN {print (}", "}", "{print $}", "if (1) print"])
def test_a_broken_program_is_a_syntax_error(program: str) -> None:
    with pytest.raises(AwkSyntaxError):
        parse(program)


def test_dividing_by_zero_is_an_error() -> None:
    with pytest.raises(AwkError, match="Division by zero"):
        run("BEGIN {print 1/0}", [])


@given(st.text(alphabet="{}()[]$/\"';,.<>=!~+-*%^?:&| \nab1", max_size=40))
def test_any_text_is_a_program_or_a_syntax_error(text: str) -> None:
    try:
        parse(text)
    except AwkSyntaxError:
        return
