"""Shell arithmetic: $((...)), (( )), let. 64-bit signed integers and C's operators (POSIX.1-2017, chapter 2.6.4).

Pure: variables are read and set through two functions, so nothing here waits. A name that holds an expression is
evaluated in its turn, as bash and busybox do.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|[0-9]+#[0-9a-zA-Z@_]+|[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?)"
    r"|(?P<operator><<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%&^|<>=!~?:(),]))"
)
BINARY: dict[str, int] = {
    "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10, "**": 11,
}  # fmt: skip
ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>="})
DEPTH = 128  # names that hold names: no further
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_"


class BadArithmetic(Exception):
    """An expression that cannot be evaluated. `reason` is bash's wording, `rest` what it calls the error token."""

    def __init__(self, reason: str, rest: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.rest = rest


class Variables(Struct, frozen=True):
    """How an expression reads and sets variables; `get` gives the text, "" for one that is unset."""

    get: Callable[[str], str]
    set: Callable[[str, str], None]


def evaluate(text: str, variables: Variables, *, depth: int = 0) -> int:
    """The value of an expression; an empty one is 0."""
    if depth > DEPTH:
        raise BadArithmetic("expression recursion level exceeded", text)
    expression = _Expression(text, variables, depth)
    return expression.value() if text.strip() else 0


def wrap(value: int) -> int:
    """An integer in 64 bits, as the processor would keep it."""
    return (value + 2**63) % 2**64 - 2**63


def number_from_text(text: str) -> int:
    """10, 010 (octal), 0x10, 2#101."""
    base, digits = 10, text
    if "#" in text:
        radix, _, digits = text.partition("#")
        base = int(radix)
        if not 2 <= base <= 64:
            raise BadArithmetic("invalid arithmetic base", text)
    elif text[:2].lower() == "0x":
        base, digits = 16, text[2:]
    elif text[0] == "0" and len(text) > 1:
        base, digits = 8, text[1:]
    value = 0
    for digit in digits.lower() if base <= 36 else digits:
        worth = DIGITS.find(digit)
        if not 0 <= worth < base:
            raise BadArithmetic("value too great for base", text)
        value = value * base + worth
    return wrap(value)


def apply(operator: str, left: int, right: int) -> int:
    """The value of a binary operator other than && and ||."""
    if operator in ("/", "%"):
        if right == 0:
            raise BadArithmetic("division by 0", str(right))
        quotient = abs(left) // abs(right)
        quotient = quotient if (left < 0) == (right < 0) else -quotient
        return wrap(quotient if operator == "/" else left - right * quotient)
    if operator == "**":
        if right < 0:
            raise BadArithmetic("exponent less than 0", str(right))
        return wrap(pow(left, right, 2**64))
    return wrap(int(_SIMPLE[operator](left, right)))


_SIMPLE: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<<": lambda a, b: a << (b % 64),
    ">>": lambda a, b: a >> (b % 64),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


class _Expression:
    """One text, evaluated while it is read. With `live` false nothing is assigned: the other side of && || and ?:."""

    def __init__(self, text: str, variables: Variables, depth: int) -> None:
        self.text, self.variables, self.depth = text, variables, depth
        self.live = True
        self.position = 0
        self.kind, self.token, self.start = "", "", 0
        self._advance()

    def value(self) -> int:
        value = self._comma()
        if self.kind == "bad":
            raise self._error("syntax error: invalid arithmetic operator")
        if self.token:
            raise self._error("syntax error in expression")
        return value

    def _advance(self) -> None:
        found = TOKEN.match(self.text, self.position)
        if found is None:
            rest = self.text[self.position :].strip()
            self.kind, self.token = ("bad", rest) if rest else ("", "")
            self.start = self.position if rest else self.start
            return
        self.kind = found.lastgroup or ""
        self.token = found.group(self.kind)
        self.start = found.start(self.kind)
        self.position = found.end()

    def _accept(self, token: str) -> bool:
        if self.kind == "operator" and self.token == token:
            self._advance()
            return True
        return False

    def _error(self, reason: str) -> BadArithmetic:
        return BadArithmetic(reason, self.text[self.start :].strip())

    def _comma(self) -> int:
        value = self._assignment()
        while self._accept(","):
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        before = (self.position, self.kind, self.token, self.start)
        if self.kind == "name":
            name = self.token
            self._advance()
            if self.kind == "operator" and self.token in ASSIGNMENTS:
                operator = self.token[:-1]
                self._advance()
                right = self._assignment()
                return self._set(name, apply(operator, self._get(name), right) if operator and self.live else right)
            self.position, self.kind, self.token, self.start = before
        return self._choice()

    def _choice(self) -> int:
        condition = self._binary(1)
        if not self._accept("?"):
            return condition
        chosen = self._guarded(bool(condition), self._assignment)
        if not self._accept(":"):
            raise self._error("`:' expected for conditional expression")
        other = self._guarded(not condition, self._assignment)
        return chosen if condition else other

    def _guarded(self, live: bool, read: Callable[[], int]) -> int:
        before, self.live = self.live, self.live and live
        try:
            return read()
        finally:
            self.live = before

    def _binary(self, level: int) -> int:
        left = self._unary()
        while self.kind == "operator" and BINARY.get(self.token, 0) >= level:
            operator, strength = self.token, BINARY[self.token]
            self._advance()
            following = strength if operator == "**" else strength + 1
            live = {"&&": bool(left), "||": not left}.get(operator, True)
            right = self._guarded(live, lambda level=following: self._binary(level))  # type: ignore[misc]
            if operator == "&&":
                left = int(bool(left) and bool(right))
            elif operator == "||":
                left = int(bool(left) or bool(right))
            elif self.live:
                left = apply(operator, left, right)
        return left

    def _unary(self) -> int:
        for operator, sign in (("!", None), ("~", None), ("-", -1), ("+", 1)):
            if self._accept(operator):
                value = self._unary()
                if operator == "!":
                    return int(not value)
                return wrap(~value if sign is None else sign * value)
        for operator, step in (("++", 1), ("--", -1)):
            if self._accept(operator):
                if self.kind != "name":
                    raise self._error("syntax error: operand expected")
                name = self.token
                self._advance()
                return self._set(name, wrap(self._get(name) + step))
        return self._primary()

    def _primary(self) -> int:
        if self._accept("("):
            value = self._comma()
            if not self._accept(")"):
                raise self._error("missing `)'")
            return value
        kind, token = self.kind, self.token
        if kind not in ("number", "name"):
            raise self._error("syntax error: operand expected")
        self._advance()
        if kind == "number":
            return number_from_text(token)
        for operator, step in (("++", 1), ("--", -1)):
            if self._accept(operator):
                before = self._get(token)
                self._set(token, wrap(before + step))
                return before
        return self._get(token)

    def _get(self, name: str) -> int:
        text = self.variables.get(name).strip() if self.live else ""
        if re.fullmatch(r"-?[0-9]+", text) and not re.match(r"-?0[0-9]", text):
            return wrap(int(text))
        return evaluate(text, self.variables, depth=self.depth + 1)

    def _set(self, name: str, value: int) -> int:
        if self.live:
            self.variables.set(name, str(value))
        return value
