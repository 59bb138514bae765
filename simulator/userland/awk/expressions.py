"""awk's expressions, from words to a tree: nested tuples whose first member names the node.

("number", 1.0) ("string", s) ("regex", s) ("name", n) ("field", e) ("index", n, [e]) ("binary", op, a, b)
("unary", op, a) ("and", a, b) ("or", a, b) ("match", a, b, negated) ("in", [e], name) ("choose", c, a, b)
("assign", op, target, e) ("step", target, by, before) ("concat", a, b) ("call", name, [e]) ("getline", target, file).
"""

from __future__ import annotations

from typing import Any

from simulator.userland.awk.lexer import AwkSyntaxError, Token

Node = tuple[Any, ...]

_COMPARISONS = frozenset({"<", "<=", "==", "!=", ">", ">="})
_ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
_STARTS_OPERAND = frozenset({"name", "number", "string", "regex", "$", "!", "(", "-", "+", "++", "--"})


class Expressions:
    """Reads expressions from a program's words."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.at = words, 0
        self.no_greater = False  # in print, where > begins the name of a file

    # -- words ------------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        return self.words[self.at].kind

    def take(self, *kinds: str) -> Token | None:
        if self.kind in kinds:
            self.at += 1
            return self.words[self.at - 1]
        return None

    def need(self, kind: str) -> Token:
        taken = self.take(kind)
        if taken is None:
            shown = self.words[self.at].text or self.kind
            raise AwkSyntaxError(f"unexpected '{shown}'")
        return taken

    def skip(self, *kinds: str) -> None:
        while self.take(*kinds):
            pass

    # -- expressions, from loose to tight ---------------------------------------------------------------------------

    def expression(self) -> Node:
        target = self._choice()
        operator = self.take(*_ASSIGNMENTS) if target[0] in ("name", "field", "index") else None
        return ("assign", operator.kind, target, self.expression()) if operator else target

    def _choice(self) -> Node:
        condition = self._or()
        if not self.take("?"):
            return condition
        then = self.expression()
        self.need(":")
        return ("choose", condition, then, self.expression())

    def _or(self) -> Node:
        left = self._and()
        while self.take("||"):
            self.skip("newline")
            left = ("or", left, self._and())
        return left

    def _and(self) -> Node:
        left = self._membership()
        while self.take("&&"):
            self.skip("newline")
            left = ("and", left, self._membership())
        return left

    def _membership(self) -> Node:
        left = self._match()
        while self.take("in"):
            left = ("in", left[1] if left[0] == "group" else [left], self.need("name").text)
        return left

    def _match(self) -> Node:
        left = self._comparison()
        while operator := self.take("~", "!~"):
            left = ("match", left, self._comparison(), operator.kind == "!~")
        return left

    def _comparison(self) -> Node:
        left = self._concatenation()
        if self.kind == "|" and self.words[self.at + 1].kind == "getline":
            raise AwkSyntaxError("docklab does not simulate getline from a command")
        operator = None if self.kind == ">" and self.no_greater else self.take(*_COMPARISONS)
        return ("binary", operator.kind, left, self._concatenation()) if operator else left

    def _concatenation(self) -> Node:
        left = self._sum()
        while self.kind in _STARTS_OPERAND and self.kind not in ("-", "+", "regex"):
            left = ("concat", left, self._sum())
        return left

    def _sum(self) -> Node:
        left = self._product()
        while operator := self.take("+", "-"):
            left = ("binary", operator.kind, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._unary()
        while operator := self.take("*", "/", "%"):
            left = ("binary", operator.kind, left, self._unary())
        return left

    def _unary(self) -> Node:
        operator = self.take("!", "-", "+")
        return ("unary", operator.kind, self._unary()) if operator else self._power()

    def _power(self) -> Node:
        base = self._postfix()
        return ("binary", "^", base, self._unary()) if self.take("^") else base

    def _postfix(self) -> Node:
        before = self.take("++", "--")
        target = self._primary()
        if before:
            return ("step", target, 1 if before.kind == "++" else -1, True)
        after = self.take("++", "--") if target[0] in ("name", "field", "index") else None
        return ("step", target, 1 if after.kind == "++" else -1, False) if after else target

    def _primary(self) -> Node:
        if number := self.take("number"):
            return ("number", float(int(number.text, 16)) if number.text[:2] in ("0x", "0X") else float(number.text))
        if text := self.take("string"):
            return ("string", text.text)
        if regex := self.take("regex"):
            return ("regex", regex.text)
        if self.take("$"):
            return ("field", self._postfix() if self.kind in ("++", "--") else self._primary())
        if self.take("("):
            return self._group()
        if self.take("getline"):
            target = self._primary() if self.kind in ("name", "$") else None
            return ("getline", target, self._primary() if self.take("<") else None)
        return self._named(self.need("name").text)

    def _group(self) -> Node:
        outer, self.no_greater = self.no_greater, False
        items = [self.expression()]
        while self.take(","):
            items.append(self.expression())
        self.need(")")
        self.no_greater = outer
        return ("group", items)

    def _named(self, name: str) -> Node:
        if self.kind == "[":
            return ("index", name, self.subscript())
        if self.kind == "(" and not self.words[self.at].space:
            self.at += 1
            arguments: list[Node] = []
            while not self.take(")"):
                arguments.append(self.expression())
                if self.kind != ")":
                    self.need(",")
            return ("call", name, arguments)
        return ("call", name, []) if name == "length" else ("name", name)

    def subscript(self) -> list[Node]:
        self.need("[")
        items = [self.expression()]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return items
