"""From an awk program to its syntax tree: nested tuples whose first member names the node.

Expressions: ("number", 1.0) ("string", s) ("regex", s) ("name", n) ("field", e) ("index", n, [e]) ("binary", op, a, b)
("unary", op, a) ("and", a, b) ("or", a, b) ("match", a, b, negated) ("in", [e], name) ("choose", c, a, b)
("assign", op, target, e) ("step", target, by, before) ("concat", a, b) ("call", name, [e]) ("getline", target, file).
Statements: ("print", [e], way) ("printf", [e], way), where way is (">", ">>" or "|", e) or None; ("if", c, a, b)
("while", c, s) ("do", s, c) ("for", a, c, b, s) ("each", name, array, s) ("block", [s]) ("expression", e)
("delete", name, [e]) ("next",) ("exit", e) ("return", e) ("break",) ("continue",).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from simulator.userland.awk.lexer import AwkSyntaxError, Token, tokens

Node = tuple[Any, ...]
Rule = tuple[Node | None, Node | None]  # pattern (None: every line) and action (None: print the line)


class Program(Struct, frozen=True):
    """The rules in their order, and the functions by name: their parameters and their body."""

    rules: list[Rule] = field(default_factory=list)
    functions: dict[str, tuple[list[str], Node]] = field(default_factory=dict)


_COMPARISONS = frozenset({"<", "<=", "==", "!=", ">", ">="})
_ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
_STARTS_OPERAND = frozenset({"name", "number", "string", "regex", "$", "!", "(", "-", "+", "++", "--"})


def parse(program: str) -> Program:
    """Raises AwkSyntaxError."""
    return _Parser(tokens(program)).program()


class _Parser:
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

    # -- statements -------------------------------------------------------------------------------------------------

    def program(self) -> Program:
        made = Program()
        self.skip("newline", ";")
        while self.kind != "end":
            if self.take("function", "func"):
                name = self.need("name").text
                made.functions[name] = (self._parameters(), self._block())
            else:
                made.rules.append(self._rule())
            self.skip("newline", ";")
        return made

    def _parameters(self) -> list[str]:
        names: list[str] = []
        self.need("(")
        while not self.take(")"):
            names.append(self.need("name").text)
            self.skip("newline", ",")
        self.skip("newline")
        return names

    def _rule(self) -> Rule:
        pattern: Node | None = None
        edge = self.take("BEGIN", "END")
        if edge:
            pattern = (edge.kind,)
        elif self.kind != "{":
            pattern = self.expression()
            if self.take(","):
                pattern = ("range", pattern, self.expression())
        return pattern, self._block() if self.kind == "{" else None

    def _block(self) -> Node:
        self.need("{")
        statements: list[Node] = []
        self.skip("newline", ";")
        while not self.take("}"):
            statements.append(self.statement())
            self.skip("newline", ";")
        return ("block", statements)

    def statement(self) -> Node:
        """One statement; a simple one ends at a newline, a semicolon or a closing brace."""
        self.skip("newline")
        if self.kind == "{":
            return self._block()
        compound = {"if": self._if, "while": self._while, "do": self._do, "for": self._for}.get(self.kind)
        if compound:
            self.at += 1
            return compound()
        made = self._simple()
        if self.kind not in ("}", "end", "else") and not self.take(";", "newline"):
            self.need(";")
        return made

    def _simple(self) -> Node:
        word = self.take("print", "printf", "next", "break", "continue", "exit", "return", "delete")
        if word is None:
            return ("expression", self.expression())
        if word.kind in ("print", "printf"):
            return (word.kind, self._list(), self._way())
        if word.kind in ("exit", "return"):
            return (word.kind, None if self.kind in (";", "newline", "}", "end") else self.expression())
        if word.kind == "delete":
            name = self.need("name").text
            return ("delete", name, self._subscript() if self.kind == "[" else None)
        return (word.kind,)

    def _list(self) -> list[Node]:
        """The expressions of print; parentheses around all of them mean nothing."""
        if self.kind in (";", "newline", "}", "end", ">", ">>", "|"):
            return []
        self.no_greater = True
        items = [self.expression()]
        while self.take(","):
            self.skip("newline")
            items.append(self.expression())
        self.no_greater = False
        return list(items[0][1]) if len(items) == 1 and items[0][0] == "group" else items

    def _way(self) -> Node | None:
        """Where print writes to, if not to standard output."""
        way = self.take(">", ">>", "|")
        return (way.kind, self._concatenation()) if way else None

    def _if(self) -> Node:
        condition = self._condition()
        then = self.statement()
        mark = self.at
        self.skip("newline", ";")
        if self.take("else"):
            return ("if", condition, then, self.statement())
        self.at = mark
        return ("if", condition, then, None)

    def _while(self) -> Node:
        condition = self._condition()
        return ("while", condition, ("block", []) if self.take(";") else self.statement())

    def _do(self) -> Node:
        body = self.statement()
        self.skip("newline", ";")
        self.need("while")
        return ("do", body, self._condition())

    def _for(self) -> Node:
        self.need("(")
        if self.kind == "name" and self.words[self.at + 1].kind == "in" and self.words[self.at + 3].kind == ")":
            name, array = self.need("name").text, self.words[self.at + 1].text
            self.at += 2
            self.need(")")
            return ("each", name, array, self.statement())
        begin = None if self.kind == ";" else ("expression", self.expression())
        self.need(";")
        condition = None if self.kind == ";" else self.expression()
        self.need(";")
        step = None if self.kind == ")" else ("expression", self.expression())
        self.need(")")
        return ("for", begin, condition, step, ("block", []) if self.take(";") else self.statement())

    def _condition(self) -> Node:
        self.need("(")
        condition = self.expression()
        self.need(")")
        self.skip("newline")
        return condition

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
            return ("index", name, self._subscript())
        if self.kind == "(" and not self.words[self.at].space:
            self.at += 1
            arguments: list[Node] = []
            while not self.take(")"):
                arguments.append(self.expression())
                if self.kind != ")":
                    self.need(",")
            return ("call", name, arguments)
        return ("call", name, []) if name == "length" else ("name", name)

    def _subscript(self) -> list[Node]:
        self.need("[")
        items = [self.expression()]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return items
