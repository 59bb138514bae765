"""Evaluates what stands in a template's actions: pipelines, fields, variables, calls. See text/template/exec.go."""

from __future__ import annotations

from simulator.cli.gotemplate.failure import CallFailure
from simulator.cli.gotemplate.functions import Function
from simulator.cli.gotemplate.nodes import (
    BoolNode,
    ChainNode,
    CommandNode,
    DotNode,
    FieldNode,
    IdentifierNode,
    NilNode,
    Node,
    NumberNode,
    PipeNode,
    StringNode,
    VariableNode,
)
from simulator.cli.gotemplate.state import State
from simulator.cli.gotemplate.values import (
    INT,
    STRING,
    STRINGS,
    Field,
    Type,
    Value,
    indirect,
    is_true,
    of_bool,
    of_float,
    of_int,
    of_text,
    unboxed,
    zero,
)
from simulator.golang.quote import quote


class _Missing:
    """No final argument from a pipeline."""


MISSING = _Missing()
Final = Value | None | _Missing


class Evaluator(State):
    """What is evaluated has the value `dot` as its dot."""

    # -- pipelines --------------------------------------------------------------------------------------------------

    def pipeline(self, dot: Value | None, pipe: PipeNode) -> Value | None:
        self.node = pipe
        value: Final = MISSING
        for command in pipe.commands:
            value = unboxed(self._command(dot, command, value))
        assert not isinstance(value, _Missing)
        for variable in pipe.variables:
            if pipe.assigns:
                self.assign(variable.names[0], value)
            else:
                self.variables.append((variable.names[0], value))
        return value

    def _command(self, dot: Value | None, command: CommandNode, final: Final) -> Value | None:
        first = command.arguments[0]
        if isinstance(first, FieldNode | ChainNode | VariableNode):
            return self._fields(dot, first, command.arguments, final)
        if isinstance(first, IdentifierNode):
            return self._function(dot, first, command, command.arguments, final)
        if not isinstance(first, PipeNode):
            self.node = first
        self._not_a_function(command.arguments, final)
        if isinstance(first, PipeNode):
            return self.pipeline(dot, first)
        if isinstance(first, NilNode):
            raise self.failure("nil is not a command")
        return self._literal(dot, first)

    def _literal(self, dot: Value | None, node: Node) -> Value | None:
        if isinstance(node, BoolNode):
            return of_bool(node.true)
        if isinstance(node, StringNode):
            return of_text(node.text)
        if isinstance(node, NumberNode):
            return self._constant(node)
        if isinstance(node, DotNode):
            return dot
        raise self.failure(f"can't evaluate command {quote(str(node))}")

    def _constant(self, node: NumberNode) -> Value:
        hexadecimal = node.text[:2].lower() == "0x" and "p" not in node.text.lower()
        is_float = not hexadecimal and node.text[0] != "'" and any(char in node.text for char in ".eEpP")
        if node.integer is None or is_float:
            return of_float(node.number or 0.0)
        if not -(2**63) <= node.integer < 2**63:
            raise self.failure(f"{node.text} overflows int")
        return of_int(node.integer)

    def _not_a_function(self, arguments: list[Node], final: Final) -> None:
        if len(arguments) > 1 or final is not MISSING:
            raise self.failure(f"can't give argument to non-function {arguments[0]}")

    # -- fields -----------------------------------------------------------------------------------------------------

    def _fields(
        self, dot: Value | None, node: FieldNode | ChainNode | VariableNode, arguments: list[Node], final: Final
    ) -> Value | None:
        self.node = node
        receiver, names = dot, node.names
        if isinstance(node, VariableNode):
            receiver, names = self.variable(names[0]), names[1:]
            if not names:
                self._not_a_function(arguments, final)
                return receiver
        elif isinstance(node, ChainNode):
            if isinstance(node.node, NilNode):
                raise self.failure(f"indirection through explicit nil in {node}")
            receiver = self.argument(dot, node.node, "any")
        for name in names[:-1]:
            receiver = self._field(dot, name, node, [], MISSING, receiver)
        return self._field(dot, names[-1], node, arguments, final, receiver)

    def _field(
        self,
        dot: Value | None,
        name: str,
        node: Node,
        arguments: list[Node],
        final: Final,
        receiver: Value | None,
    ) -> Value | None:
        if receiver is None:
            if self.strict:
                raise self.failure(f"nil data; no entry for key {quote(name)}")
            return None
        stated = receiver.type.name
        inner, is_nil = indirect(receiver)
        assert inner is not None
        if inner.kind == "interface" and is_nil:
            raise self.failure(f"nil pointer evaluating {stated}.{name}")
        method = inner.type.methods.get(name)
        if method is not None:
            function = Function(lambda *values: method(inner.data, *values), getattr(method, "parameters", ()))
            return self._call(dot, function, node, name, arguments[1:], final)
        if len(arguments) > 1 or final is not MISSING:
            self._refuse_arguments(name, inner)
        return self._member(inner, name, stated, is_nil)

    def _refuse_arguments(self, name: str, receiver: Value) -> None:
        if receiver.kind == "struct" and receiver.type.field(name):
            raise self.failure(f"{name} has arguments but cannot be invoked as function")
        if receiver.kind == "map":
            raise self.failure(f"{name} is not a method but has arguments")

    def _member(self, receiver: Value, name: str, stated: str, is_nil: bool) -> Value | None:
        if receiver.kind == "struct":
            way = receiver.type.field(name)
            if way:
                return self._follow(receiver, way)
        elif receiver.kind == "map" and receiver.type.key and receiver.type.key.name == "string":
            found: Value | None = (receiver.data or {}).get(name)
            if found is None and self.strict:
                raise self.failure(f"map has no entry for key {quote(name)}")
            return found
        elif receiver.kind == "ptr" and is_nil:
            pointed = receiver.type.element
            if pointed is None or pointed.kind != "struct" or pointed.field(name):
                raise self.failure(f"nil pointer evaluating {stated}.{name}")
        raise self.failure(f"can't evaluate field {name} in type {stated}")

    def _follow(self, receiver: Value, way: tuple[Field, ...]) -> Value | None:
        value: Value | None = receiver
        for step in way:
            inner, is_nil = indirect(value)
            if inner is None or is_nil:
                raise self.failure(
                    f"reflect: indirection through nil pointer to embedded struct field {getattr(step, 'name', '')}"
                )
            value = inner.data[step.name]
        return value

    # -- calls ------------------------------------------------------------------------------------------------------

    def _function(
        self, dot: Value | None, node: IdentifierNode, whole: Node, arguments: list[Node], final: Final
    ) -> Value | None:
        self.node = node
        function = self.functions.get(node.name)
        if function is None:
            raise self.failure(f"{quote(node.name)} is not a defined function")
        return self._call(dot, function, whole, node.name, arguments[1:], final)

    def _call(
        self, dot: Value | None, function: Function, node: Node, name: str, arguments: list[Node], final: Final
    ) -> Value | None:
        given = len(arguments) + (final is not MISSING)
        self._check_number(function, name, given, len(arguments))
        if name in ("and", "or") and function.is_logic:
            return self._logic(dot, name, arguments, final)
        kinds = function.kinds(given)
        values = [self.argument(dot, node, kind) for node, kind in zip(arguments, kinds, strict=False)]
        if not isinstance(final, _Missing):
            values.append(self.validated(final, kinds[-1]))
        try:
            return function.apply(*values)
        except CallFailure as failure:
            self.node = node
            raise self.failure(f"error calling {name}: {failure}") from None

    def _check_number(self, function: Function, name: str, given: int, written: int) -> None:
        fixed = len(function.parameters)
        if function.variadic and given < fixed:
            raise self.failure(f"wrong number of args for {name}: want at least {fixed} got {written}")
        if not function.variadic and given != fixed:
            raise self.failure(f"wrong number of args for {name}: want {fixed} got {given}")

    def _logic(self, dot: Value | None, name: str, arguments: list[Node], final: Final) -> Value | None:
        """and, or: the first argument that decides, or the last."""
        value: Value | None = None
        for node in arguments:
            value = self.argument(dot, node, "any")
            if is_true(unboxed(value)) == (name == "or"):
                return value
        return value if isinstance(final, _Missing) else final

    def argument(self, dot: Value | None, node: Node, kind: str) -> Value | None:
        """The value of an argument as a parameter of this type takes it."""
        self.node = node
        if isinstance(node, FieldNode | VariableNode | ChainNode):
            return self.validated(self._fields(dot, node, [node], MISSING), kind)
        if isinstance(node, PipeNode):
            return self.validated(self.pipeline(dot, node), kind)
        if isinstance(node, IdentifierNode):
            return self.validated(self._function(dot, node, node, [node], MISSING), kind)
        if isinstance(node, DotNode):
            return self.validated(dot, kind)
        if isinstance(node, NilNode):
            if kind == "any" or kind.startswith("[]"):
                return None if kind == "any" else zero(Type("slice", kind))
            raise self.failure(f"cannot assign nil to {kind}")
        return self._typed_literal(dot, node, kind)

    def _typed_literal(self, dot: Value | None, node: Node, kind: str) -> Value | None:
        if kind == "any":
            return self._literal(dot, node)
        wanted: dict[str, tuple[type[Node], str]] = {
            "string": (StringNode, "string"),
            "int": (NumberNode, "integer"),
            "bool": (BoolNode, "bool"),
        }
        if kind not in wanted:
            raise self.failure(f"can't handle {node} for arg of type {kind}")
        literal, called = wanted[kind]
        if not isinstance(node, literal) or (isinstance(node, NumberNode) and node.integer is None):
            raise self.failure(f"expected {called}; found {node}")
        if isinstance(node, NumberNode):
            return Value(INT, node.integer)
        return self._literal(dot, node)

    def validated(self, value: Value | None, kind: str) -> Value | None:
        """The value if a parameter of this type takes it."""
        if kind == "any":
            return value
        if value is None:
            if kind == "[]string":
                return zero(Type("slice", kind))
            raise self.failure(f"invalid value; expected {kind}")
        inner = unboxed(value) if value.kind == "interface" and not value.is_nil else value
        if inner is not None and inner.kind == "ptr" and inner.data and inner.data.type.name == kind:
            inner = inner.data
        if inner is None or not _assignable(inner.type, kind):
            raise self.failure(f"wrong type for value; expected {kind}; got {(inner or value).type.name}")
        return inner


def _assignable(given: Type, kind: str) -> bool:
    """Whether Go lets a value stand for a parameter: a named type of slices is as good as []string."""
    return given.name == kind or (kind == STRINGS.name and given.kind == "slice" and given.element == STRING)
