"""Runs an awk program: variables, fields, expressions and statements."""

from __future__ import annotations

import math
from typing import TypeAlias

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.awk import functions
from simulator.userland.awk.streams import Records, Streams
from simulator.userland.awk.syntax import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    Element,
    Evaluate,
    Expression,
    Field,
    ForIn,
    Function,
    Getline,
    Grouped,
    If,
    Increment,
    Jump,
    Loop,
    Member,
    Number,
    Print,
    Regex,
    Script,
    Statement,
    Text,
    Unary,
    Variable,
)
from simulator.userland.awk.values import Input, Value, compare, formatted, looks_numeric, number, text, truth
from simulator.userland.date import formatted as date_text
from simulator.userland.program import encode, open_input

Array: TypeAlias = dict[str, Value]
COMPARED = {
    "<": (-1,), "<=": (-1, 0), "==": (0,), "!=": (-1, 1), ">": (1,), ">=": (0, 1),
}  # fmt: skip


class Leave(Exception):
    """A jump out of what runs: next, nextfile, exit, return, break, continue."""

    def __init__(self, kind: str, value: Value = None) -> None:
        super().__init__(kind)
        self.kind, self.value = kind, value


class Failed(Exception):
    """An error that ends the program; the text is busybox's."""


class Interpreter:
    def __init__(self, process: Process, script: Script, operands: list[str], *, divide_by_zero: bool) -> None:
        self.process, self.script = process, script
        self.divide_by_zero = divide_by_zero  # mawk gives inf, busybox an error
        self.streams = Streams(process)
        self.scalars: dict[str, Value] = {
            "FS": " ", "OFS": " ", "ORS": "\n", "RS": "\n", "NR": 0.0, "FNR": 0.0, "NF": 0.0, "SUBSEP": "\x1c",
            "CONVFMT": "%.6g", "OFMT": "%.6g", "RSTART": 0.0, "RLENGTH": -1.0, "FILENAME": "", "ARGC": float(1 + len(operands)),
        }  # fmt: skip
        self.arrays: dict[str, Array] = {
            "ENVIRON": {name: Input(value) for name, value in process.env.items()},
            "ARGV": {"0": "awk", **{str(index): Input(word) for index, word in enumerate(operands, 1)}},
        }
        self.fields: list[str] = [""]
        self.locals: list[dict[str, Value | Array]] = []
        self.ranges: set[int] = set()
        self.source: Records | None = None
        self.next_file = 1
        self.any_file = False
        self.status = 0
        self.seed = 0.0

    # -- running ----------------------------------------------------------------------------------------------------

    def run(self) -> Steps:
        """The whole program; gives the exit status."""
        try:
            for block in self.script.begin:
                yield from self.block(block)
            if self.script.rules or self.script.end:
                yield from self._records()
        except Leave as leave:
            self._exit(leave)
        try:
            for block in self.script.end:
                yield from self.block(block)
        except Leave as leave:
            self._exit(leave)
        yield from self.streams.close_all()
        return self.status

    def _exit(self, leave: Leave) -> None:
        if leave.kind != "exit":
            raise Failed(f"improper use of {leave.kind}")
        if leave.value is not None:
            self.status = int(number(leave.value)) & 0xFF

    def _records(self) -> Steps:
        while True:
            record = yield from self._main_record()
            if record is None:
                return
            self._set_line(record)
            try:
                for index, rule in enumerate(self.script.rules):
                    if (yield from self._selected(index)):
                        yield from self._act(rule.action)
            except Leave as leave:
                if leave.kind == "nextfile":
                    self.source = None
                elif leave.kind != "next":
                    raise
            yield self.process.stdout.drain()

    def _act(self, action: Block | None) -> Steps:
        if action is None:
            self._write(self.process.stdout, self.fields[0] + self._text("ORS"))
        else:
            yield from self.block(action)

    def _selected(self, index: int) -> Steps:
        rule = self.script.rules[index]
        if rule.pattern is None:
            return True
        if rule.until is None:
            return truth((yield from self.value(rule.pattern)))
        if index not in self.ranges and not truth((yield from self.value(rule.pattern))):
            return False
        self.ranges.add(index)
        if truth((yield from self.value(rule.until))):
            self.ranges.discard(index)
        return True

    def _main_record(self) -> Steps:
        """The next record of the files that the command line names."""
        while True:
            if self.source is None and not (yield from self._open_next()):
                return None
            assert self.source is not None
            record = yield from self.source.next(self._text("RS"))
            if record is not None:
                for name in ("NR", "FNR"):
                    self.scalars[name] = number(self.scalars[name]) + 1
                return record
            self.source = None

    def _open_next(self) -> Steps:
        """The next operand that is a file; NAME=VALUE sets a variable on the way."""
        while self.next_file < number(self.scalars["ARGC"]):
            word = text(self.arrays["ARGV"].get(str(self.next_file)))
            self.next_file += 1
            name, equals, value = word.partition("=")
            if equals and name.isidentifier():
                self.assign(name, value)
                continue
            if not word:
                continue
            self.any_file = True
            self.scalars["FILENAME"], self.scalars["FNR"] = word, 0.0
            try:
                self.source = Records(open_input(self.process, word))
            except OSError as failure:
                raise Failed(f"\0{word}\0{failure.strerror}") from None
            return True
        if self.any_file:
            return False
        self.any_file = True
        self.source = Records(self.process.stdin)
        return True
        yield

    def assign(self, name: str, value: str) -> None:
        """-v and operands: escapes are read, and the value may look like a number."""
        from simulator.userland.awk.lexer import unescape

        self._set_scalar(name, Input(unescape(value)))

    # -- variables and fields ---------------------------------------------------------------------------------------

    def _text(self, name: str) -> str:
        return text(self.scalars.get(name))

    def _scalar(self, name: str) -> Value:
        if self.locals and name in self.locals[-1]:
            value = self.locals[-1][name]
            return None if isinstance(value, dict) else value
        return self.scalars.get(name)

    def _set_scalar(self, name: str, value: Value) -> None:
        if self.locals and name in self.locals[-1]:
            self.locals[-1][name] = value
            return
        self.scalars[name] = value
        if name == "NF":
            count = int(number(value))
            self.fields = [self.fields[0], *(self.fields[1:] + [""] * count)[:count]]
            self._join()

    def array(self, name: str) -> Array:
        if self.locals and name in self.locals[-1]:
            found = self.locals[-1][name]
            if not isinstance(found, dict):
                found = self.locals[-1][name] = {}
            return found
        return self.arrays.setdefault(name, {})

    def _set_line(self, line: str) -> None:
        separator = self._text("FS")
        if self._text("RS") == "" and separator != " ":
            separator = f"{separator}|\n"
        self.fields = [line, *functions.fields(line, separator)]
        self.scalars["NF"] = float(len(self.fields) - 1)

    def _set_field(self, index: int, value: str) -> None:
        if index < 0:
            raise Failed("Access to negative field")
        if index == 0:
            self._set_line(value)
            return
        self.fields += [""] * (index + 1 - len(self.fields))
        self.fields[index] = value
        self.scalars["NF"] = float(len(self.fields) - 1)
        self._join()

    def _join(self) -> None:
        self.fields[0] = self._text("OFS").join(self.fields[1:])

    def _store(self, target: Expression, value: Value) -> Steps:
        if isinstance(target, Variable):
            self._set_scalar(target.name, value)
        elif isinstance(target, Element):
            key = yield from self._key(target.subscripts)
            self.array(target.name)[key] = value
        elif isinstance(target, Field):
            index = int(number((yield from self.value(target.number))))
            self._set_field(index, text(value, self._text("CONVFMT")))

    def _key(self, subscripts: tuple[Expression, ...]) -> Steps:
        parts = []
        for subscript in subscripts:
            parts.append(text((yield from self.value(subscript)), self._text("CONVFMT")))
        return self._text("SUBSEP").join(parts)

    # -- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: Expression) -> Steps:
        """What an expression is worth."""
        if isinstance(node, Number | Text):
            return node.value
        if isinstance(node, Variable):
            return self._scalar(node.name)
        if isinstance(node, Field):
            index = int(number((yield from self.value(node.number))))
            if index < 0:
                raise Failed("Access to negative field")
            return Input(self.fields[index]) if index < len(self.fields) else None
        if isinstance(node, Element):
            key = yield from self._key(node.subscripts)
            return self.array(node.name).setdefault(key, None)
        if isinstance(node, Binary):
            return (yield from self._binary(node))
        if isinstance(node, Assign):
            return (yield from self._assign(node))
        if isinstance(node, Increment):
            before = number((yield from self.value(node.target)))
            yield from self._store(node.target, before + node.step)
            return before + node.step if node.before else before
        if isinstance(node, Call):
            return (yield from self._call(node))
        if isinstance(node, Regex):
            return float(functions.expression(node.text).search(self.fields[0]) is not None)
        return (yield from self._other(node))

    def _other(self, node: Expression) -> Steps:
        if isinstance(node, Unary):
            operand = yield from self.value(node.operand)
            return (
                float(not truth(operand))
                if node.operator == "!"
                else number(operand) * (-1 if node.operator == "-" else 1)
            )
        if isinstance(node, Conditional):
            chosen = truth((yield from self.value(node.condition)))
            return (yield from self.value(node.yes if chosen else node.no))
        if isinstance(node, Member):
            key = yield from self._key(node.subscripts)
            return float(key in self.array(node.name))
        if isinstance(node, Getline):
            return (yield from self._getline(node))
        assert isinstance(node, Grouped)
        if len(node.parts) == 1:
            return (yield from self.value(node.parts[0]))
        return (yield from self._key(node.parts))

    def _assign(self, node: Assign) -> Steps:
        value = yield from self.value(node.value)
        if node.operator:
            before = yield from self.value(node.target)
            value = self._arithmetic(node.operator, number(before), number(value))
        yield from self._store(node.target, value)
        return value

    def _binary(self, node: Binary) -> Steps:
        operator = node.operator
        left = yield from self.value(node.left)
        if operator in ("&&", "||"):
            if truth(left) == (operator == "||"):
                return float(operator == "||")
            return float(truth((yield from self.value(node.right))))
        if operator in ("~", "!~"):
            pattern = yield from self.pattern(node.right)
            found = pattern.search(text(left, self._text("CONVFMT"))) is not None
            return float(found == (operator == "~"))
        right = yield from self.value(node.right)
        if operator == ".":
            return text(left, self._text("CONVFMT")) + text(right, self._text("CONVFMT"))
        if operator in COMPARED:
            return float(compare(left, right, self._text("CONVFMT")) in COMPARED[operator])
        return self._arithmetic(operator, number(left), number(right))

    def _arithmetic(self, operator: str, one: float, other: float) -> float:
        if operator in "/%" and other == 0:
            if not self.divide_by_zero:
                raise Failed("Division by zero")
            return math.nan if one == 0 or operator == "%" else math.copysign(math.inf, one)
        try:
            if operator == "^":
                return float(one**other)
            return {
                "+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other,
                "/": lambda: one / other, "%": lambda: math.fmod(one, other),
            }[operator]()  # fmt: skip
        except OverflowError:
            return math.inf

    def pattern(self, node: Expression) -> Steps:
        """An expression used as a regular one."""
        if isinstance(node, Regex):
            return functions.expression(node.text)
        return functions.expression(text((yield from self.value(node)), self._text("CONVFMT")))

    # -- functions --------------------------------------------------------------------------------------------------

    def _call(self, node: Call) -> Steps:
        name = node.name
        if name in self.script.functions:
            return (yield from self._call_own(self.script.functions[name], node.arguments))
        if name in ("sub", "gsub", "split", "match", "length"):
            return (yield from getattr(self, f"_{name}")(node.arguments))
        given: list[Value] = []
        for argument in node.arguments:
            given.append((yield from self.value(argument)))
        if name in functions.NUMERIC or name in functions.TEXTUAL:
            return functions.plain(name, given, self._text("CONVFMT"))
        if name == "substr":
            length = number(given[2]) if len(given) > 2 else None
            return functions.substr(text(given[0], self._text("CONVFMT")), number(given[1]), length)
        if name == "sprintf":
            return formatted(text(given[0]), given[1:]) if given else ""
        return (yield from self._outside(name, given))

    def _outside(self, name: str, given: list[Value]) -> Steps:
        """Functions that reach beyond the program: commands, files, time and chance."""
        if name == "system":
            yield self.process.stdout.drain()
            child = self.process.spawn(["sh", "-c", text(given[0])])
            return float((yield child.exited))
        if name == "close":
            return float((yield from self.streams.close(text(given[0]))))
        if name == "rand":
            return self.process.clock.chance.integer("awk", 0, (1 << 31) - 1) / (1 << 31)
        if name == "srand":
            before, self.seed = self.seed, number(given[0]) if given else float(self.process.clock.wall() // S)
            return before
        if name == "systime":
            return float(self.process.clock.wall() // S)
        if name == "strftime":
            wall = int(number(given[1])) * S if len(given) > 1 else self.process.clock.wall()
            template = text(given[0]) if given else "%a %b %e %H:%M:%S %Z %Y"
            return date_text(template, self.process.clock.at(wall))
        return 0.0

    def _call_own(self, function: Function, arguments: tuple[Expression, ...]) -> Steps:
        frame: dict[str, Value | Array] = dict.fromkeys(function.parameters)
        shared: list[tuple[str, str]] = []
        for parameter, argument in zip(function.parameters, arguments, strict=False):
            if isinstance(argument, Variable) and self._is_array(argument.name):
                frame[parameter] = self.array(argument.name)
            else:
                frame[parameter] = yield from self.value(argument)
                if isinstance(argument, Variable) and frame[parameter] is None:
                    shared.append((parameter, argument.name))
        self.locals.append(frame)
        result: Value = None
        try:
            yield from self.block(function.body)
        except Leave as leave:
            if leave.kind != "return":
                raise
            result = leave.value
        finally:
            self.locals.pop()
        for parameter, name in shared:  # a variable never set, which the function made an array
            made = frame[parameter]
            if isinstance(made, dict):
                self.array(name).update(made)
        return result

    def _is_array(self, name: str) -> bool:
        if self.locals and name in self.locals[-1]:
            return isinstance(self.locals[-1][name], dict)
        return name in self.arrays

    def _sub(self, arguments: tuple[Expression, ...], *, every: bool = False) -> Steps:
        pattern = yield from self.pattern(arguments[0])
        replacement = text((yield from self.value(arguments[1])), self._text("CONVFMT"))
        target: Expression = arguments[2] if len(arguments) > 2 else Field(Number(0.0))
        line = text((yield from self.value(target)), self._text("CONVFMT"))
        made, count = functions.replaced(pattern, replacement, line, every=every)
        if count:
            yield from self._store(target, made)
        return float(count)

    def _gsub(self, arguments: tuple[Expression, ...]) -> Steps:
        return (yield from self._sub(arguments, every=True))

    def _split(self, arguments: tuple[Expression, ...]) -> Steps:
        line = text((yield from self.value(arguments[0])), self._text("CONVFMT"))
        separator = self._text("FS")
        if len(arguments) > 2:
            third = arguments[2]
            separator = third.text if isinstance(third, Regex) else text((yield from self.value(third)))
            if isinstance(third, Regex) and len(separator) == 1 and separator != " ":
                separator = f"({separator})"
        assert isinstance(arguments[1], Variable)
        array = self.array(arguments[1].name)
        array.clear()
        parts = functions.fields(line, separator)
        array.update((str(index), Input(part)) for index, part in enumerate(parts, 1))
        return float(len(parts))

    def _match(self, arguments: tuple[Expression, ...]) -> Steps:
        line = text((yield from self.value(arguments[0])), self._text("CONVFMT"))
        found = (yield from self.pattern(arguments[1])).search(line)
        self.scalars["RSTART"] = float(found.start() + 1) if found else 0.0
        self.scalars["RLENGTH"] = float(found.end() - found.start()) if found else -1.0
        return self.scalars["RSTART"]

    def _length(self, arguments: tuple[Expression, ...]) -> Steps:
        if not arguments:
            return float(len(self.fields[0]))
        only = arguments[0]
        if isinstance(only, Variable) and self._is_array(only.name):
            return float(len(self.array(only.name)))
        return float(len(text((yield from self.value(only)), self._text("CONVFMT"))))

    def _getline(self, node: Getline) -> Steps:
        """1 for a record, 0 at the end, -1 if it cannot be opened."""
        if node.source is None:
            record = yield from self._main_record()
        else:
            name = text((yield from self.value(node.source)), self._text("CONVFMT"))
            try:
                record = yield from self.streams.reader(node.kind, name).next(self._text("RS"))
            except OSError:
                return -1.0
            if record is not None and node.kind == "|":
                self.scalars["NR"] = number(self.scalars["NR"]) + 1
        if record is None:
            return 0.0
        if node.target is None:
            self._set_line(record)
        else:
            yield from self._store(node.target, Input(record))
        return 1.0

    # -- statements -------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> Steps:
        for statement in block.statements:
            yield from self.statement(statement)

    def statement(self, node: Statement) -> Steps:
        if isinstance(node, Evaluate):
            yield from self.value(node.expression)
        elif isinstance(node, Print):
            yield from self._print(node)
        elif isinstance(node, Block):
            yield from self.block(node)
        elif isinstance(node, If):
            if truth((yield from self.value(node.condition))):
                yield from self.statement(node.yes)
            elif node.no is not None:
                yield from self.statement(node.no)
        elif isinstance(node, Loop):
            yield from self._loop(node)
        elif isinstance(node, ForIn):
            yield from self._for_in(node)
        elif isinstance(node, Delete):
            yield from self._delete(node)
        else:
            yield from self._jump(node)

    def _jump(self, node: Jump) -> Steps:
        value = None if node.value is None else (yield from self.value(node.value))
        raise Leave(node.kind, value)

    def _delete(self, node: Delete) -> Steps:
        if node.subscripts:
            self.array(node.name).pop((yield from self._key(node.subscripts)), None)
        else:
            self.array(node.name).clear()

    def _loop(self, node: Loop) -> Steps:
        if node.start is not None:
            yield from self.statement(node.start)
        first = node.first
        while first or node.condition is None or truth((yield from self.value(node.condition))):
            first = False
            if not (yield from self._body(node.body)):
                return
            if node.step is not None:
                yield from self.statement(node.step)

    def _for_in(self, node: ForIn) -> Steps:
        for key in list(self.array(node.array)):
            self._set_scalar(node.variable, Input(key))
            if not (yield from self._body(node.body)):
                return

    def _body(self, body: Statement) -> Steps:
        """Runs a loop's body once; whether the loop goes on."""
        yield self.process.stdout.drain()
        try:
            yield from self.statement(body)
        except Leave as leave:
            if leave.kind not in ("break", "continue"):
                raise
            return leave.kind == "continue"
        return True

    def _print(self, node: Print) -> Steps:
        given: list[Value] = []
        for argument in node.arguments:
            given.append((yield from self.value(argument)))
        if node.formatted:
            made = formatted(text(given[0]), given[1:]) if given else ""
        elif node.arguments:
            shown = [text(value, self._text("OFMT" if looks_numeric(value) else "CONVFMT")) for value in given]
            made = self._text("OFS").join(shown) + self._text("ORS")
        else:
            made = self.fields[0] + self._text("ORS")
        target = self.process.stdout
        if node.destination is not None:
            name = text((yield from self.value(node.destination)), self._text("CONVFMT"))
            target = self.streams.writer(node.redirect, name)
        self._write(target, made)

    def _write(self, target: object, made: str) -> None:
        target.write(encode(made))  # type: ignore[attr-defined]
