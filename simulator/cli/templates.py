"""Lists by a template: each row is an object whose fields the template calls. See docker/cli/cli/command/formatter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simulator.cli.errors import CommandError
from simulator.cli.gotemplate import ExecutionError, SyntaxFailure, Template, parse
from simulator.cli.gotemplate.functions import Function
from simulator.cli.gotemplate.values import STRING, Type, Value, of_text
from simulator.cli.listing import Noun, Row

_WRONG = "template parsing error"


def rendered(noun: Noun, rows: Sequence[Row], text: str, *, heading: bool) -> tuple[str, list[str]]:
    """The heading of a table (if there is one) and a text for each row."""
    template = read(text, _WRONG)
    kind = object_type(noun)
    lines = [run(template, Value(kind, row), _WRONG) for row in rows]
    return (_heading(noun, template) if heading else ""), lines


def read(text: str, error: str) -> Template:
    try:
        return parse(text)
    except SyntaxFailure as failure:
        raise CommandError(f"{error}: {failure}") from None


def run(template: Template, value: Value, error: str) -> str:
    try:
        return template.execute(value)
    except ExecutionError as failure:
        raise CommandError(f"{error}: {failure}") from None


def object_type(noun: Noun) -> Type:
    """The Go type of a row: its fields are methods, `json .` is all of them."""
    methods: dict[str, Callable[..., Any]] = {name: _Plain(column[1]) for name, column in noun.columns.items()}
    methods |= {name: _WithArgument(method) for name, method in noun.methods.items()}
    methods["MarshalJSON"] = lambda row: {name: noun.columns[name][1](row) for name in sorted(noun.columns)}
    return Type("object", noun.type_name, methods=methods)


class _Plain:
    """A field as a method."""

    parameters: tuple[str, ...] = ()

    def __init__(self, column: Callable[[Row], str]) -> None:
        self._column = column

    def __call__(self, row: Row) -> Value:
        return of_text(self._column(row))


class _WithArgument:
    """A field that takes a string, like {{.Label "tier"}}."""

    parameters = ("string",)

    def __init__(self, method: Callable[[Row, str], str]) -> None:
        self._method = method

    def __call__(self, row: Row, argument: Value) -> Value:
        return of_text(self._method(row, argument.data))


def _heading(noun: Noun, template: Template) -> str:
    """The template applied to the names of the columns. What fails ends the heading there."""
    data = {name: of_text(column[0]) for name, column in noun.columns.items()}
    label = _WithArgument(lambda _row, name: name.rpartition(".")[2].replace("-", " ").replace("_", " "))
    kind = Type("map", "formatter.SubHeaderContext", STRING, STRING, methods={"Label": label})
    try:
        return template.execute(Value(kind, data), functions=_HEADING_FUNCTIONS)
    except ExecutionError as failure:
        return failure.output


def _same(*parameters: str) -> Function:
    return Function(lambda text, *_: text, ("string", *parameters))


# In headings the functions leave the name of a column as it is.
_HEADING_FUNCTIONS: dict[str, Function] = {
    "json": _same(),
    "split": _same("string"),
    "join": _same("string"),
    "title": _same(),
    "lower": _same(),
    "upper": _same(),
    "truncate": _same("int"),
}
