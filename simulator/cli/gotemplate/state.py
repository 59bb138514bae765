"""What a template has while it runs: its variables, what it has written, and where it is, which errors tell."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from simulator.cli.gotemplate.functions import Function
from simulator.cli.gotemplate.nodes import ListNode, Node
from simulator.cli.gotemplate.values import Value, bytes_of
from simulator.golang.quote import quote


class ExecutionError(Exception):
    """A template that failed while it ran; the text is Go's. `output` is what it had written."""

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class Source(Struct, frozen=True):
    """A template and those that it defines, by name."""

    name: str
    text: str
    trees: Mapping[str, ListNode]


class State:
    """`strict`: a key that a map lacks is an error. `node` is where an error would be."""

    def __init__(self, source: Source, strict: bool, functions: Mapping[str, Function]) -> None:
        self.source, self.strict, self.functions = source, strict, functions
        self.name = source.name
        self.node: Node | None = None
        self.variables: list[tuple[str, Value | None]] = []
        self.output: list[str] = []
        self.depth = 0

    def failure(self, message: str) -> ExecutionError:
        output = "".join(self.output)
        if self.node is None:
            return ExecutionError(f"template: {self.name}: {message}", output)
        before = self.source.text[: self.node.pos]
        line, column = 1 + before.count("\n"), len(bytes_of(before.rpartition("\n")[2]))
        context = f"executing {quote(self.name)} at <{self.node}>"
        return ExecutionError(f"template: {self.source.name}:{line}:{column}: {context}: {message}", output)

    def assign(self, name: str, value: Value | None) -> None:
        """Gives a variable that is declared another value."""
        for at in range(len(self.variables) - 1, -1, -1):
            if self.variables[at][0] == name:
                self.variables[at] = (name, value)
                return
        raise self.failure(f"undefined variable: {name}")

    def variable(self, name: str) -> Value | None:
        for known, value in reversed(self.variables):
            if known == name:
                return value
        raise self.failure(f"undefined variable: {name}")
