"""Carries out an awk program: values, fields, variables, statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from simulator.userland.awk.arithmetic import COMPARE, compare, compute
from simulator.userland.awk.control import AwkError, Break, Next, Quit, Return
from simulator.userland.awk.expressions import Node
from simulator.userland.awk.functions import FUNCTIONS, formatted
from simulator.userland.awk.parser import Program
from simulator.userland.awk.record import Record
from simulator.userland.awk.values import Text, Value, number, text, truth
from simulator.userland.posix_regex import compile_posix
from simulator.userland.program import MEMORY

MAX_STEPS = 5_000_000  # of one program: a loop without end is ended


class Files(Protocol):
    """What a program reads and writes besides its input and standard output, by name."""

    def write(self, way: str, name: str, shown: str) -> None:
        """print > name, >> name, | name."""

    def line(self, name: str) -> str | None:
        """getline < name: the next line, None at the end. Raises OSError."""

    def close(self, name: str) -> bool:
        """Whether there was such a file."""


class Frame(Struct, frozen=True):
    """The parameters of a function that runs. One that was given no value may become either kind."""

    values: dict[str, Value] = field(default_factory=dict)
    arrays: dict[str, dict[str, Value]] = field(default_factory=dict)


class Interpreter:
    """One run of a program. `write` takes what is printed."""

    def __init__(self, program: Program, write: Callable[[str], None], files: Files | None = None) -> None:
        self.rules, self.functions, self.write, self.files = program.rules, program.functions, write, files
        self.frames: list[Frame] = []
        self.variables: dict[str, Value] = {
            "FS": " ", "OFS": " ", "ORS": "\n", "RS": "\n", "SUBSEP": "\x1c", "OFMT": "%.6g", "CONVFMT": "%.6g",
            "NF": 0.0, "NR": 0.0, "FNR": 0.0, "FILENAME": "", "RSTART": 0.0, "RLENGTH": -1.0,
        }  # fmt: skip
        self.arrays: dict[str, dict[str, Value]] = {}
        self.record = Record(self.variables)
        self.status = 0
        self._active: set[int] = set()
        self._steps = 0

    # -- lines ------------------------------------------------------------------------------------------------------

    def edge(self, kind: str) -> None:
        """Runs the rules BEGIN or END."""
        for pattern, action in self.rules:
            if pattern and pattern[0] == kind and action:
                self.run(action)

    def take(self, line: str) -> None:
        """Runs the rules over a line."""
        self.record.set(line)
        for name in ("NR", "FNR"):
            self.variables[name] = number(self.variables[name]) + 1
        try:
            for index, (pattern, action) in enumerate(self.rules):
                if self._applies(index, pattern):
                    self.run(action or ("print", [], None))
        except Next:
            return

    def _applies(self, index: int, pattern: Node | None) -> bool:
        if pattern is None:
            return True
        if pattern[0] in ("BEGIN", "END"):
            return False
        if pattern[0] != "range":
            return truth(self.value(pattern))
        if index not in self._active and not truth(self.value(pattern[1])):
            return False
        (self._active.discard if truth(self.value(pattern[2])) else self._active.add)(index)
        return True

    # -- statements -------------------------------------------------------------------------------------------------

    def run(self, node: Node) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise AwkError("the program does not end")
        getattr(self, "_run_" + node[0])(*node[1:])

    def _run_block(self, statements: list[Node]) -> None:
        for statement in statements:
            self.run(statement)

    def _run_expression(self, expression: Node) -> None:
        self.value(expression)

    def _run_print(self, items: list[Node], way: Node | None) -> None:
        shown = [self._printed(self.value(item)) for item in items] or [self.record.line]
        self._show(text(self.variables["OFS"]).join(shown) + text(self.variables["ORS"]), way)

    def _show(self, shown: str, way: Node | None) -> None:
        if way is None or self.files is None:
            self.write(shown)
        else:
            self.files.write(way[0], text(self.value(way[1])), shown)

    def _printed(self, value: Value) -> str:
        return text(value, text(self.variables["OFMT"]))

    def _run_printf(self, items: list[Node], way: Node | None) -> None:
        if not items:
            raise AwkError("printf: no format")
        values = [self.value(item) for item in items]
        self._show(formatted(text(values[0]), values[1:]), way)

    def _run_if(self, condition: Node, then: Node, otherwise: Node | None) -> None:
        if truth(self.value(condition)):
            self.run(then)
        elif otherwise:
            self.run(otherwise)

    def _run_while(self, condition: Node, body: Node) -> None:
        while truth(self.value(condition)) and self._turn(body):
            pass

    def _run_do(self, body: Node, condition: Node) -> None:
        while self._turn(body) and truth(self.value(condition)):
            pass

    def _run_for(self, begin: Node | None, condition: Node | None, step: Node | None, body: Node) -> None:
        if begin:
            self.run(begin)
        while condition is None or truth(self.value(condition)):
            if not self._turn(body):
                return
            if step:
                self.run(step)

    def _run_each(self, name: str, array: str, body: Node) -> None:
        for key in list(self.array(array)):
            self._scope(name)[name] = Text(key)
            if not self._turn(body):
                return

    def _turn(self, body: Node) -> bool:
        """Runs a loop's body once; whether the loop goes on."""
        try:
            self.run(body)
        except Break as broken:
            return broken.again
        return True

    def _run_break(self) -> None:
        raise Break(again=False)

    def _run_continue(self) -> None:
        raise Break(again=True)

    def _run_next(self) -> None:
        raise Next

    def _run_return(self, value: Node | None) -> None:
        raise Return(Text("") if value is None else self.value(value))

    def _run_exit(self, status: Node | None) -> None:
        if status is not None:
            self.status = int(number(self.value(status))) & 0xFF
        raise Quit

    def _run_delete(self, name: str, subscript: list[Node] | None) -> None:
        array = self.array(name)
        if subscript is None:
            array.clear()
        else:
            array.pop(self._key(subscript), None)

    # -- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: Node) -> Value:
        made: Value = getattr(self, "_value_" + node[0])(*node[1:])
        return made

    def _value_number(self, value: float) -> Value:
        return value

    def _value_string(self, value: str) -> Value:
        return value

    def _value_regex(self, expression: str) -> Value:
        return float(bool(compile_posix(expression, extended=True).search(self.record.line)))

    def _value_group(self, items: list[Node]) -> Value:
        return self.value(items[-1])

    def _value_name(self, name: str) -> Value:
        return self._scope(name).get(name, Text(""))

    def _scope(self, name: str) -> dict[str, Value]:
        """Where a name's value stands: among the parameters of the running function, or global."""
        own = self.frames[-1].values if self.frames else {}
        return own if name in own else self.variables

    def array(self, name: str) -> dict[str, Value]:
        own = self.frames[-1].arrays if self.frames else {}
        return own[name] if name in own else self.arrays.setdefault(name, {})

    def _value_field(self, index: Node) -> Value:
        return self.record.field(int(number(self.value(index))))

    def _value_index(self, name: str, subscript: list[Node]) -> Value:
        return self.array(name).setdefault(self._key(subscript), Text(""))

    def _key(self, subscript: list[Node]) -> str:
        return text(self.variables["SUBSEP"]).join(text(self.value(item)) for item in subscript)

    def _value_in(self, subscript: list[Node], name: str) -> Value:
        return float(self._key(subscript) in self.array(name))

    def _value_and(self, left: Node, right: Node) -> Value:
        return float(truth(self.value(left)) and truth(self.value(right)))

    def _value_or(self, left: Node, right: Node) -> Value:
        return float(truth(self.value(left)) or truth(self.value(right)))

    def _value_choose(self, condition: Node, then: Node, otherwise: Node) -> Value:
        return self.value(then if truth(self.value(condition)) else otherwise)

    def _value_concat(self, left: Node, right: Node) -> Value:
        joined = text(self.value(left)) + text(self.value(right))
        if len(joined) > MEMORY:
            raise AwkError("out of memory")
        return joined

    def _value_match(self, left: Node, right: Node, negated: bool) -> Value:
        expression = right[1] if right[0] == "regex" else text(self.value(right))
        found = compile_posix(expression, extended=True).search(text(self.value(left)))
        return float((found is None) is negated)

    def _value_unary(self, operator: str, operand: Node) -> Value:
        value = self.value(operand)
        if operator == "!":
            return float(not truth(value))
        return -number(value) if operator == "-" else number(value)

    def _value_binary(self, operator: str, left: Node, right: Node) -> Value:
        one, other = self.value(left), self.value(right)
        return compare(operator, one, other) if operator in COMPARE else compute(operator, one, other)

    def _value_assign(self, operator: str, target: Node, expression: Node) -> Value:
        value = self.value(expression)
        if operator != "=":
            value = compute(operator[0], self.value(target), value)
        self.assign(target, value)
        return value

    def _value_step(self, target: Node, by: int, before: bool) -> Value:
        old = number(self.value(target))
        self.assign(target, old + by)
        return old + by if before else old

    def assign(self, target: Node, value: Value) -> None:
        if target[0] == "field":
            self.record.set_field(int(number(self.value(target[1]))), text(value))
        elif target[0] == "index":
            self.array(target[1])[self._key(target[2])] = value
        elif target[0] == "name":
            self._scope(target[1])[target[1]] = value
            if target[1] == "NF":
                self.record.resize(int(number(value)))
        else:
            raise AwkError("assignment to what is no variable")

    def _value_call(self, name: str, arguments: list[Node]) -> Value:
        if name in self.functions:
            return self._call(*self.functions[name], arguments)
        if name not in FUNCTIONS:
            raise AwkError(f"function {name} not defined")
        return FUNCTIONS[name](self, arguments)

    def _call(self, parameters: list[str], body: Node, arguments: list[Node]) -> Value:
        """Runs a function: values are copied, a bare name may be an array and is then the caller's own."""
        frame = Frame(dict.fromkeys(parameters, Text("")), {name: {} for name in parameters})
        for name, argument in zip(parameters, arguments, strict=False):
            frame.values[name] = self.value(argument)
            if argument[0] == "name":
                frame.arrays[name] = self.array(argument[1])
        self.frames.append(frame)
        try:
            self.run(body)
        except Return as end:
            return end.value
        finally:
            self.frames.pop()
        return Text("")

    def _value_getline(self, target: Node | None, source: Node | None) -> Value:
        """getline < file: 1 for a line, 0 at the end, -1 if it cannot be read."""
        if source is None or self.files is None:
            raise AwkError("docklab does not simulate getline without a file")
        try:
            line = self.files.line(text(self.value(source)))
        except OSError:
            return -1.0
        if line is not None:
            self.assign(target or ("field", ("number", 0.0)), Text(line))
        return float(line is not None)
