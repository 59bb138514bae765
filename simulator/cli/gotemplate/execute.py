"""Applies a template to a value: walks its nodes and writes what they give. See text/template/exec.go."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.cli.gotemplate.evaluate import Evaluator
from simulator.cli.gotemplate.functions import Function, indexed_pairs
from simulator.cli.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    JumpNode,
    ListNode,
    Node,
    PipeNode,
    TemplateNode,
    TextNode,
)
from simulator.cli.gotemplate.printing import printed, sprint_value
from simulator.cli.gotemplate.state import Source
from simulator.cli.gotemplate.values import Value, indirect, is_true, unboxed
from simulator.golang.quote import quote

MAX_DEPTH = 1000  # templates within templates


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


def execute(source: Source, dot: Value | None, *, strict: bool, functions: Mapping[str, Function]) -> str:
    """What the template writes. Raises ExecutionError."""
    walker = _Walker(source, strict, functions)
    walker.variables.append(("$", dot))
    walker.walk(dot, source.trees[source.name])
    return "".join(walker.output)


class _Walker(Evaluator):
    def walk(self, dot: Value | None, node: Node) -> None:
        if isinstance(node, TextNode):
            self.output.append(node.text)
        elif isinstance(node, ListNode):
            for item in node.nodes:
                self.walk(dot, item)
        elif isinstance(node, ActionNode):
            self.node = node.pipe
            value = self.pipeline(dot, node.pipe)
            if not node.pipe.variables:
                self.node = node
                self.output.append(sprint_value(printed(value)))
        elif isinstance(node, BranchNode):
            self._branch(dot, node)
        elif isinstance(node, TemplateNode):
            self._template(dot, node)
        elif isinstance(node, JumpNode):
            raise _Break if node.word == "break" else _Continue

    def _branch(self, dot: Value | None, node: BranchNode) -> None:
        mark = len(self.variables)
        try:
            if node.word == "range":
                self._range(dot, node)
                return
            value = self.pipeline(dot, node.pipe)
            if is_true(unboxed(value)):
                self.walk(value if node.word == "with" else dot, node.body)
            elif node.other:
                self.walk(dot, node.other)
        finally:
            del self.variables[mark:]

    def _range(self, dot: Value | None, node: BranchNode) -> None:
        value, _ = indirect(self.pipeline(dot, node.pipe))
        pairs = indexed_pairs(value)
        if pairs is None:
            raise self.failure(f"range can't iterate over {sprint_value(value)}")
        mark = len(self.variables)
        try:
            for index, element in pairs:
                self._name_top(node.pipe, index, element)
                self._once(element, node.body)
                del self.variables[mark:]
        except _Break:
            return
        if not pairs and node.other:
            self.walk(dot, node.other)

    def _once(self, element: Value, body: ListNode) -> None:
        try:
            self.walk(element, body)
        except _Continue:
            return

    def _name_top(self, pipe: PipeNode, index: Value, element: Value) -> None:
        """Gives the variables of a range their next values: they are the last ones declared."""
        names = [variable.names[0] for variable in pipe.variables]
        values = [element] if len(names) == 1 else [index, element]
        for name, value in zip(names, values, strict=False):
            self.assign(name, value)

    def _template(self, dot: Value | None, node: TemplateNode) -> None:
        self.node = node
        tree = self.source.trees.get(node.name)
        if tree is None:
            raise self.failure(f"template {quote(node.name)} not defined")
        if self.depth == MAX_DEPTH:
            raise self.failure(f"exceeded maximum template depth ({MAX_DEPTH})")
        inner = self.pipeline(dot, node.pipe) if node.pipe else None
        outer = self.variables, self.name
        self.variables, self.name, self.depth = [("$", inner)], node.name, self.depth + 1
        self.walk(inner, tree)
        (self.variables, self.name), self.depth = outer, self.depth - 1
