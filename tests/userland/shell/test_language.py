"""What programs in the shells' language do: expansion, control flow, functions, redirection, traps."""

from __future__ import annotations

import pytest

from tests.userland.tools import Tools

EVERYWHERE = (
    ("echo a   b 'c   d' \"e $((1+1))\"", "a b c   d e 2\n"),
    ("x=hello; echo ${x#he} ${#x} ${x%lo} ${y:-none} ${x:+set}", "llo 5 hel none set\n"),
    ("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
    ("i=0; while [ $i -lt 2 ]; do i=$((i+1)); done; echo $i", "2\n"),
    ("case abc in a*) echo yes;; *) echo no;; esac", "yes\n"),
    ("f() { echo $# $1; return 3; }; f x y; echo $?", "2 x\n3\n"),
    ('set -- a \'b c\'; for i in "$@"; do echo "<$i>"; done', "<a>\n<b c>\n"),
    ("echo out; echo err >&2", "out\nerr\n"),
    ("echo one > f; echo two >> f; cat < f", "one\ntwo\n"),
    ("cat <<E\n$((2*3)) `echo x`\nE", "6 x\n"),
    ("cat <<'E'\n$x\nE", "$x\n"),
    ("seq 5 | { read x; echo first $x; }", "first 1\n"),
    ("(exit 3); echo $?; false || echo or; true && echo and", "3\nor\nand\n"),
    ("trap 'echo bye' EXIT; echo hi", "hi\nbye\n"),
    ("sleep 1 & wait; echo done", "done\n"),
    ("x=1; (x=2); echo $x; { x=3; }; echo $x", "1\n3\n"),
    ("echo $(echo a; echo b) \"$(printf 'c\\n\\n')\"", "a b c\n"),
    ("a=b; eval echo \\$a; IFS=:; set -- $(echo x:y); echo $2", "b\ny\n"),
    ("set -e; false; echo never", ""),
    ("touch b a; echo *; echo '*' \"*\" \\*; rm a b; echo *", "a b\n* * *\n*\n"),
    ("printf '%s-%d\\n' a 1 b 2", "a-1\nb-2\n"),
    ("while read a b; do echo $b; done <<E\n1 2 3\n4 5\nE", "2 3\n5\n"),
    ("getopts ab: o -a -b x; echo $o", "a\n"),
    ("exec 3> f; echo hi >&3; exec 3>&-; cat f", "hi\n"),
)
BASH_ONLY = (
    ("a=(x y z); echo ${a[1]} ${#a[@]} ${a[@]:1}", "y 3 y z\n"),
    ("declare -A m; m[k]=v; echo ${m[k]}", "v\n"),
    ("[[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}", "c\n"),
    ("echo {a,b}{1..2}", "a1 a2 b1 b2\n"),
    ("x=hello; echo ${x^^} ${x/l/L} ${x:1:3}", "HELLO heLlo ell\n"),
    ("for ((i=0; i<2; i++)); do echo $i; done", "0\n1\n"),
    ('cat <<< "$((7%4))"', "3\n"),
    ("diff <(echo a) <(echo a) && echo same", "same\n"),
)
SHELLS = (("busybox", "sh"), ("gnu", "dash"), ("gnu", "bash"))


@pytest.mark.parametrize(("kind", "shell"), SHELLS, ids=["ash", "dash", "bash"])
@pytest.mark.parametrize(("program", "shown"), EVERYWHERE)
def test_programs_do_the_same_in_every_shell(program: str, shown: str, kind: str, shell: str) -> None:
    assert Tools(kind).run(program, shell=shell)[0] == shown


@pytest.mark.parametrize(("program", "shown"), BASH_ONLY)
def test_bash_has_more(program: str, shown: str) -> None:
    assert Tools("gnu").run(program, shell="bash")[0] == shown


def test_a_command_that_is_not_there_is_127_and_one_that_may_not_run_126() -> None:
    assert Tools("gnu").run("nosuch") == ("bash: line 1: nosuch: command not found\n", 127)
    assert Tools("busybox").run("nosuch") == ("sh: nosuch: not found\n", 127)
    assert Tools("gnu").run("/etc/passwd") == ("bash: line 1: /etc/passwd: Permission denied\n", 126)


DEEP = "f() { [ $1 = 500 ] && echo deep || f $(($1+1)); }; f 1"
EVALS = 'x=\'eval "$x"\'; eval "$x"'


@pytest.mark.parametrize(("kind", "shell"), SHELLS, ids=["ash", "dash", "bash"])
def test_functions_call_themselves_as_deep_as_their_programs_need(kind: str, shell: str) -> None:
    assert Tools(kind).run(DEEP, shell=shell) == ("deep\n", 0)


@pytest.mark.parametrize(
    ("program", "said", "status"),
    [
        ("f() { f; }; f", "f: maximum function nesting level exceeded (1000)", 1),
        (EVALS, "eval: maximum eval nesting level exceeded (1000)", 1),
        ("echo " + "$(" * 3000, "memory exhausted", 2),
        ("while :; do sleep 99 & done", "fork: Resource temporarily unavailable", 254),
    ],
    ids=["recursion", "eval", "nesting", "processes"],
)
def test_what_has_no_end_ends_at_a_limit(program: str, said: str, status: int) -> None:
    shown, came = Tools("gnu").run(program, shell="bash")
    assert said in shown and came == status


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("exec -x ls; echo never", "sh: exec: line 0: illegal option -x\n"),
        ("exec --version", "sh: exec: line 0: illegal option --\n"),
        ("trap -p; echo never", "sh: trap: line 0: illegal option -p\n"),
        (". -x; echo never", "sh: .: line 0: illegal option -x\n"),
        (". --; echo never", "sh: .: line 0: missing file name\n"),
    ],
)
def test_an_option_that_a_builtin_lacks_ends_a_script_of_ash(program: str, shown: str) -> None:
    assert Tools("busybox").run(program) == (shown, 2)


@pytest.mark.parametrize("program", ["exec -x ls", "trap -x", ". -x"])
def test_bash_tells_how_a_builtin_is_used_and_goes_on(program: str) -> None:
    lines = Tools("gnu").run(f"{program}; echo $?")[0].split("\n")
    assert lines[0].endswith(": -x: invalid option") and ": usage: " in lines[1] and lines[2] == "2"


INTERRUPTS = (
    ("kill -INT $$; echo never", "", 130),
    ("sh -c 'kill -INT $PPID; sleep 1; echo child'; echo never", "child\n", 130),
    ("(sleep 0.1; kill -INT $$) & wait; echo never", "", 130),
    ("trap 'echo bye' EXIT; kill -INT $$; echo never", "", 130),
    ("trap 'echo int' INT; kill -INT $$; trap - INT; kill -INT $$; echo never", "int\n", 130),
    ("trap '' INT; kill -INT $$; echo goes on", "goes on\n", 0),
)


@pytest.mark.parametrize(("program", "shown", "status"), INTERRUPTS)
def test_sigint_ends_a_script_of_ash_once_its_command_has_ended(program: str, shown: str, status: int) -> None:
    assert Tools("busybox").run(program) == (shown, status)


def test_bash_alone_looks_for_a_script_in_path_and_runs_no_binary() -> None:
    assert Tools("busybox").run_program(["sh", "ls"]) == ("sh: can't open 'ls': No such file or directory\n", 2)
    refused = "/bin/ls: /bin/ls: cannot execute binary file\n"
    assert Tools("gnu").run("PATH=/bin; bash ls") == (refused, 126)


OWN = "mkdir my; printf '#!/bin/sh\necho mine\n' > my/ls; chmod +x my/ls; PATH=/tmp/my:$PATH; "


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("PATH=/nosuch; ls -d /tmp", "/tmp\n"),
        ("PATH=/nosuch ls -d /tmp", "/tmp\n"),
        (OWN + "ls -d /tmp", "/tmp\n"),
        (OWN + "my/ls", "mine\n"),
        (OWN + "ls() { echo function; }; ls", "function\n"),
    ],
)
def test_ash_finds_the_applets_of_its_binary_before_path(program: str, shown: str) -> None:
    assert Tools("busybox").run(program) == (shown, 0)
