"""Carries out an awk program: values, fields, variables, statements."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from simulator.userland.awk.functions import FUNCTIONS, formatted
from simulator.userland.awk.parser import Node, Rule
from simulator.userland.awk.values import Text, Value, is_number, number, text, truth
from simulator.userland.posix_regex import compile_posix

MAX_STEPS = 5_000_000  # of one program: a loop without end is ended


class Next(Exception):
    """The rest of this line's rules is skipped."""


class Quit(Exception):
    """exit."""


class Break(Exception):
    """break and continue."""

    def __init__(self, again: bool) -> None:
        super().__init__(again)
        self.again = again


class AwkError(Exception):
    """A program that went wrong while it ran."""


class Interpreter:
    """One run of a program. `write` takes what is printed."""

    def __init__(self, rules: list[Rule], write: Callable[[str], None]) -> None:
        self.rules, self.write = rules, write
        self.variables: dict[str, Value] = {
            "FS": " ", "OFS": " ", "ORS": "\n", "RS": "\n", "SUBSEP": "\x1c", "OFMT": "%.6g", "CONVFMT": "%.6g",
            "NF": 0.0, "NR": 0.0, "FNR": 0.0, "FILENAME": "", "RSTART": 0.0, "RLENGTH": -1.0,
        }  # fmt: skip
        self.arrays: dict[str, dict[str, Value]] = {}
        self.line = ""
        self.fields: list[str] = []
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
        self.set_line(line)
        for name in ("NR", "FNR"):
            self.variables[name] = number(self.variables[name]) + 1
        try:
            for index, (pattern, action) in enumerate(self.rules):
                if self._applies(index, pattern):
                    self.run(action or ("print", []))
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

    def set_line(self, line: str) -> None:
        self.line, self.fields = line, self.split(line, text(self.variables["FS"]))
        self.variables["NF"] = float(len(self.fields))

    def split(self, line: str, separator: str) -> list[str]:
        if separator == " ":
            return line.split()
        if not line:
            return []
        return line.split(separator) if len(separator) == 1 else re.split(compile_posix(separator, extended=True), line)

    def _field(self, index: int) -> Value:
        if index < 0:
            raise AwkError("attempt to access field " + str(index))
        found = self.line if index == 0 else self.fields[index - 1] if index <= len(self.fields) else ""
        return Text(found)

    def _set_field(self, index: int, value: str) -> None:
        if index == 0:
            self.set_line(value)
            return
        self.fields += [""] * (index - len(self.fields))
        self.fields[index - 1] = value
        self._join()

    def _join(self) -> None:
        self.variables["NF"] = float(len(self.fields))
        self.line = text(self.variables["OFS"]).join(self.fields)

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

    def _run_print(self, items: list[Node]) -> None:
        shown = [self._printed(self.value(item)) for item in items] or [self.line]
        self.write(text(self.variables["OFS"]).join(shown) + text(self.variables["ORS"]))

    def _printed(self, value: Value) -> str:
        return text(value, text(self.variables["OFMT"]))

    def _run_printf(self, items: list[Node]) -> None:
        if not items:
            raise AwkError("printf: no format")
        values = [self.value(item) for item in items]
        self.write(formatted(text(values[0]), values[1:]))

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
        for key in list(self.arrays.setdefault(array, {})):
            self.variables[name] = Text(key)
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

    def _run_exit(self, status: Node | None) -> None:
        if status is not None:
            self.status = int(number(self.value(status))) & 0xFF
        raise Quit

    def _run_delete(self, name: str, subscript: list[Node] | None) -> None:
        array = self.arrays.setdefault(name, {})
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
        return float(bool(compile_posix(expression, extended=True).search(self.line)))

    def _value_group(self, items: list[Node]) -> Value:
        return self.value(items[-1])

    def _value_name(self, name: str) -> Value:
        return self.variables.get(name, Text(""))

    def _value_field(self, index: Node) -> Value:
        return self._field(int(number(self.value(index))))

    def _value_index(self, name: str, subscript: list[Node]) -> Value:
        return self.arrays.setdefault(name, {}).setdefault(self._key(subscript), Text(""))

    def _key(self, subscript: list[Node]) -> str:
        return text(self.variables["SUBSEP"]).join(text(self.value(item)) for item in subscript)

    def _value_in(self, subscript: list[Node], name: str) -> Value:
        return float(self._key(subscript) in self.arrays.get(name, {}))

    def _value_and(self, left: Node, right: Node) -> Value:
        return float(truth(self.value(left)) and truth(self.value(right)))

    def _value_or(self, left: Node, right: Node) -> Value:
        return float(truth(self.value(left)) or truth(self.value(right)))

    def _value_choose(self, condition: Node, then: Node, otherwise: Node) -> Value:
        return self.value(then if truth(self.value(condition)) else otherwise)

    def _value_concat(self, left: Node, right: Node) -> Value:
        return text(self.value(left)) + text(self.value(right))

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
        return _compare(operator, one, other) if operator in _COMPARE else self._compute(operator, one, other)

    def _compute(self, operator: str, one: Value, other: Value) -> float:
        left, right = number(one), number(other)
        if operator in "/%" and right == 0:
            raise AwkError("Division by zero")
        return _COMPUTE[operator](left, right)

    def _value_assign(self, operator: str, target: Node, expression: Node) -> Value:
        value = self.value(expression)
        if operator != "=":
            value = self._compute(operator[0], self.value(target), value)
        self.assign(target, value)
        return value

    def _value_step(self, target: Node, by: int, before: bool) -> Value:
        old = number(self.value(target))
        self.assign(target, old + by)
        return old + by if before else old

    def assign(self, target: Node, value: Value) -> None:
        if target[0] == "field":
            self._set_field(int(number(self.value(target[1]))), text(value))
        elif target[0] == "index":
            self.arrays.setdefault(target[1], {})[self._key(target[2])] = value
        elif target[0] == "name":
            self.variables[target[1]] = value
            if target[1] == "NF":
                count = int(number(value))
                self.fields = (self.fields + [""] * count)[:count]
                self._join()
        else:
            raise AwkError("assignment to what is no variable")

    def _value_call(self, name: str, arguments: list[Node]) -> Value:
        if name not in FUNCTIONS:
            raise AwkError(f"function {name} not defined")
        return FUNCTIONS[name](self, arguments)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_COMPUTE: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": lambda a, b: float(a**b),
}


def _compare(operator: str, one: Value, other: Value) -> float:
    """Numbers, and text that came from outside and looks like a number, compare as numbers."""
    numeric = is_number(one) and is_number(other)
    left, right = (number(one), number(other)) if numeric else (text(one), text(other))
    return float(_COMPARE[operator](left, right))
