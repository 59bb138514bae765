"""expr: works out one expression given as arguments (POSIX.1-2017, expr)."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.posix_regex import BadExpression, compile_posix
from simulator.userland.program import BUSYBOX, GNU, Style

TROUBLE = 2
NUMBER = re.compile(r"-?\d+")
# operators from the weakest to the strongest
LEVELS = (("|",), ("&",), ("<", "<=", "=", "==", "!=", ">=", ">"), ("+", "-"), ("*", "/", "%"), (":",))
WORDS = {"match": 2, "substr": 3, "index": 2, "length": 1}


class _Wrong(Exception):
    """What is wrong with the expression."""


def expr(process: Process) -> Steps:
    return _expr(process, BUSYBOX)
    yield


def gnu_expr(process: Process) -> Steps:
    return _expr(process, GNU)
    yield


def _expr(process: Process, style: Style) -> int:
    words = process.argv[1:]
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        if style.gnu:
            style.refuse(process, "missing operand", status=TROUBLE)
        return style.complain(process, "too few arguments", TROUBLE)
    reading = _Reading(words, style)
    try:
        value = reading.level(0)
        if reading.words:
            raise _Wrong(f"syntax error: unexpected argument ‘{reading.words[0]}’" if style.gnu else "syntax error")
    except _Wrong as wrong:
        return style.complain(process, str(wrong), TROUBLE)
    process.print(value)
    return int(_is_null(value))


def _is_null(value: str) -> bool:
    return not value or bool(NUMBER.fullmatch(value)) and int(value) == 0


class _Reading:
    """Recursive descent over the words that are left."""

    def __init__(self, words: list[str], style: Style) -> None:
        self.words, self.style = list(words), style
        self.last = ""

    def level(self, depth: int) -> str:
        if depth == len(LEVELS):
            return self._operand()
        value = self.level(depth + 1)
        while self.words and self.words[0] in LEVELS[depth]:
            operator = self._take()
            value = self._apply(operator, value, self.level(depth + 1))
        return value

    def _take(self) -> str:
        if not self.words:
            raise _Wrong(f"syntax error: missing argument after ‘{self.last}’" if self.style.gnu else "syntax error")
        self.last = self.words.pop(0)
        return self.last

    def _operand(self) -> str:
        word = self._take()
        if word == "(":
            value = self.level(0)
            if not self.words:
                raise _Wrong(f"syntax error: expecting ')' after ‘{self.last}’" if self.style.gnu else "syntax error")
            if self._take() != ")":
                raise _Wrong(
                    f"syntax error: expecting ')' instead of ‘{self.last}’" if self.style.gnu else "syntax error"
                )
            return value
        if word == ")":
            raise _Wrong("syntax error: unexpected ')'" if self.style.gnu else "syntax error")
        if word == "+" and self.words:
            return self._take()
        if word in WORDS and self.words:
            return self._function(word, [self._operand() for _ in range(WORDS[word])])
        return word

    def _function(self, name: str, given: list[str]) -> str:
        if name == "length":
            return str(len(given[0]))
        if name == "match":
            return self._match(*given)
        if name == "index":
            return str(next((at for at, char in enumerate(given[0], 1) if char in given[1]), 0))
        if not NUMBER.fullmatch(given[1]) or not NUMBER.fullmatch(given[2]):
            return ""
        start, length = int(given[1]), int(given[2])
        return given[0][start - 1 : start - 1 + length] if start > 0 and length > 0 else ""

    def _apply(self, operator: str, one: str, other: str) -> str:
        if operator == "|":
            return one if not _is_null(one) else other if not _is_null(other) else "0"
        if operator == "&":
            return "0" if _is_null(one) or _is_null(other) else one
        if operator == ":":
            return self._match(one, other)
        if operator in LEVELS[2]:
            return _compare(operator, one, other)
        if not (NUMBER.fullmatch(one) and NUMBER.fullmatch(other)):
            raise _Wrong("non-integer argument" if self.style.gnu else "non-numeric argument")
        return self._arithmetic(operator, int(one), int(other))

    def _arithmetic(self, operator: str, one: int, other: int) -> str:
        if operator in "/%":
            if other == 0:
                raise _Wrong("division by zero")
            quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
            return str(quotient if operator == "/" else one - quotient * other)
        return str({"+": one + other, "-": one - other, "*": one * other}[operator])

    def _match(self, text: str, pattern: str) -> str:
        try:
            compiled = compile_posix(pattern)
        except BadExpression as bad:
            raise _Wrong(str(bad) if self.style.gnu else f"bad regex '{pattern}': {bad}") from None
        found = compiled.match(text)
        if compiled.groups:
            return (found.group(1) or "") if found else ""
        return str(found.end() if found else 0)


def _compare(operator: str, one: str, other: str) -> str:
    numbers = NUMBER.fullmatch(one) and NUMBER.fullmatch(other)
    order = (int(one) > int(other)) - (int(one) < int(other)) if numbers else (one > other) - (one < other)
    truth = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "!=": order != 0}
    return str(int(truth.get(operator, order == 0)))
