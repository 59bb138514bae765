"""test and [: conditions as a command (POSIX.1-2017, test), and for the shells' builtin.

Up to four arguments are read by their number, as POSIX orders; more by precedence: ! before -a before -o.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.disk import Node
from simulator.kernel.process import Process

INTEGER = re.compile(r"\s*[-+]?\d+\s*")
COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
STRINGS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
FILE_TIMES = frozenset({"-nt", "-ot", "-ef"})
UNARY = frozenset("-b -c -d -e -f -g -G -h -k -L -n -N -O -p -r -s -S -t -u -w -x -z".split())
BINARY = frozenset({*COMPARISONS, *STRINGS, *FILE_TIMES})


class TestFailure(Exception):
    """A condition that is none. `kind`: number, operand (too few), operator (unknown); `word` is the culprit."""

    __test__ = False

    def __init__(self, kind: str, word: str = "") -> None:
        super().__init__(kind, word)
        self.kind = kind
        self.word = word


def evaluate(process: Process, words: list[str]) -> bool:
    """The value of a condition. Raises TestFailure."""
    if len(words) > 4:
        return _Reader(process, words).value()
    return _by_count(process, words)


def unary(process: Process, operator: str, operand: str) -> bool:
    """-f file, -z text and the like."""
    if operator == "-z":
        return not operand
    if operator == "-n":
        return bool(operand)
    if operator == "-t":
        number = integer(operand)
        return number in process.files and process.files[number].isatty
    node = _node(process, operand, follow=operator not in ("-h", "-L"))
    return node is not None and _FILE_TESTS[operator](node)


def binary(process: Process, left: str, operator: str, right: str) -> bool:
    if operator in STRINGS:
        return STRINGS[operator](left, right)
    if operator in COMPARISONS:
        return COMPARISONS[operator](integer(left), integer(right))
    one, other = _node(process, left), _node(process, right)
    if operator == "-ef":
        return one is not None and one is other
    newer, older = (one, other) if operator == "-nt" else (other, one)
    return newer is not None and (older is None or newer.mtime > older.mtime)


def integer(text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise TestFailure("number", text)
    return int(text)


def complaint(dialect: str, words: list[str], failure: TestFailure) -> str:
    """How a shell words a failure."""
    if failure.kind == "number":
        texts = {"ash": "{0}: bad number", "bash": "{0}: integer expression expected", "dash": "Illegal number: {0}"}
        return texts[dialect].format(failure.word)
    if dialect == "bash":
        if len(words) == 2 or (failure.kind == "operand" and len(words) < 4):
            return f"{words[0]}: unary operator expected"
        return f"{words[1]}: binary operator expected" if len(words) == 3 else "too many arguments"
    if failure.kind == "operand":
        return f"{failure.word}: argument expected"
    return f"{words[0]}: unexpected operator" if dialect == "dash" else f"{failure.word}: unknown operand"


def _by_count(process: Process, words: list[str]) -> bool:
    count = len(words)
    if count <= 1:
        return bool(words and words[0])
    if words[0] == "!" and not (count == 3 and words[1] in BINARY):
        return not _by_count(process, words[1:])
    if count == 2 and words[0] in UNARY:
        return unary(process, words[0], words[1])
    if count == 3 and words[1] in BINARY:
        return binary(process, *words)
    if count == 3 and words[1] in ("-a", "-o"):
        return (bool(words[0]) and bool(words[2])) if words[1] == "-a" else (bool(words[0]) or bool(words[2]))
    if count in (3, 4) and words[0] == "(" and words[-1] == ")":
        return _by_count(process, words[1:-1])
    if count == 2 and words[1] in BINARY:
        raise TestFailure("operand", words[1])
    if count == 2:
        raise TestFailure("operator", words[1])
    return _Reader(process, words).value()


class _Reader:
    """Longer conditions, read by precedence."""

    def __init__(self, process: Process, words: list[str]) -> None:
        self.process, self.words, self.position = process, words, 0

    def value(self) -> bool:
        value = self._either()
        if self.position < len(self.words):
            raise TestFailure("operator", self.words[self.position])
        return value

    def _peek(self, ahead: int = 0) -> str | None:
        index = self.position + ahead
        return self.words[index] if index < len(self.words) else None

    def _either(self) -> bool:
        value = self._both()
        while self._peek() == "-o":
            self.position += 1
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._not()
        while self._peek() == "-a":
            self.position += 1
            value = self._not() and value
        return value

    def _not(self) -> bool:
        if self._peek() == "!" and self._peek(1) is not None:
            self.position += 1
            return not self._not()
        return self._primary()

    def _primary(self) -> bool:
        first, second = self._peek(), self._peek(1)
        if first is None:
            raise TestFailure("operand", self.words[-1])
        if first == "(":
            self.position += 1
            value = self._either()
            if self._peek() != ")":
                raise TestFailure("operand", "(")
            self.position += 1
            return value
        if second in BINARY:
            third = self._peek(2)
            if third is None:
                raise TestFailure("operand", second or "")
            self.position += 3
            return binary(self.process, first, second or "", third)
        if first in UNARY and second is not None:
            self.position += 2
            return unary(self.process, first, second)
        self.position += 1
        return bool(first)


def _node(process: Process, path: str, *, follow: bool = True) -> Node | None:
    try:
        return process.disk.lookup(process.path(path), follow=follow) if path else None
    except OSError:
        return None


_FILE_TESTS: dict[str, Callable[[Node], bool]] = {
    "-e": lambda node: True,
    "-f": lambda node: node.kind in ("file", "program", "virtual"),
    "-d": lambda node: node.kind == "directory",
    "-h": lambda node: node.kind == "link",
    "-L": lambda node: node.kind == "link",
    "-S": lambda node: node.kind == "socket",
    "-c": lambda node: node.kind == "device",
    "-b": lambda node: False,
    "-p": lambda node: False,
    "-s": lambda node: node.kind != "virtual" and (node.size > 0 or node.kind in ("directory", "program")),
    "-r": lambda node: True,
    "-w": lambda node: True,
    "-x": lambda node: bool(node.mode & 0o111),
    "-g": lambda node: bool(node.mode & 0o2000),
    "-k": lambda node: bool(node.mode & 0o1000),
    "-u": lambda node: bool(node.mode & 0o4000),
    "-O": lambda node: True,
    "-G": lambda node: True,
    "-N": lambda node: True,
}


def test(process: Process) -> Steps:
    """test CONDITION, or [ CONDITION ] when called by that name."""
    words = process.argv[1:]
    name = process.argv[0].rpartition("/")[2]
    if name in ("[", "[["):
        closing = "]" * len(name)
        if not words or words[-1] != closing:
            process.error(f"{name}: missing {closing}")
            return 2
        words = words[:-1]
    try:
        return int(not evaluate(process, words))
    except TestFailure as failure:
        process.error(f"{name}: {complaint('ash', words, failure)}")
        return 2
    yield
