"""From an awk program to its syntax tree; expressions are told of in `expressions`.

Statements: ("print", [e], way) ("printf", [e], way), where way is (">", ">>" or "|", e) or None; ("if", c, a, b)
("while", c, s) ("do", s, c) ("for", a, c, b, s) ("each", name, array, s) ("block", [s]) ("expression", e)
("delete", name, [e]) ("next",) ("exit", e) ("return", e) ("break",) ("continue",).
"""

from __future__ import annotations

from msgspec import Struct, field

from simulator.userland.awk.expressions import Expressions, Node
from simulator.userland.awk.lexer import tokens

Rule = tuple[Node | None, Node | None]  # pattern (None: every line) and action (None: print the line)


class Program(Struct, frozen=True):
    """The rules in their order, and the functions by name: their parameters and their body."""

    rules: list[Rule] = field(default_factory=list)
    functions: dict[str, tuple[list[str], Node]] = field(default_factory=dict)


def parse(program: str) -> Program:
    """Raises AwkSyntaxError."""
    return _Parser(tokens(program)).program()


class _Parser(Expressions):
    """Reads rules and statements."""

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
            return ("delete", name, self.subscript() if self.kind == "[" else None)
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
