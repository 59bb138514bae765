"""Assignments: of the shell itself, for one command only, and as arguments of export, local and declare."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.shell import expand, parameters, quoting
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.simple import split_assignment
from simulator.userland.shell.syntax import ArrayLiteral, Assignment, Word
from simulator.userland.shell.variables import Array, ReadonlyVariable, Variable

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def assign(shell: Shell, node: Assignment) -> Steps:
    """Carries out an assignment; gives its text for set -x."""
    if isinstance(node.value, ArrayLiteral):
        yield from set_array(shell, node)
        return f"{node.name}=(...)"
    if node.subscript is not None:
        key = yield from parameters.subscript(shell, node.name, node.subscript)
        value = yield from expand.text(shell, node.value, assignment=True)
        if node.append:
            value = (shell.variables.array(node.name) or {}).get(key, "") + value
        _guard(shell, lambda: shell.variables.set_element(node.name, key, value))
        return f"{node.name}[{key}]={quoting.as_needed(value)}"
    name, value = yield from evaluate(shell, node)
    shell.set(name, value)
    shown = quoting.as_needed(value) if value or shell.dialect.name == "ash" else ""
    return f"{name}={shown}"


def evaluate(shell: Shell, node: Assignment) -> Steps:
    """The name and the new value of a plain assignment."""
    assert isinstance(node.value, Word)
    value = yield from expand.text(shell, node.value, assignment=True)
    return node.name, appended(shell, node.name, value) if node.append else value


def appended(shell: Shell, name: str, value: str) -> str:
    """What name+=value makes of a variable; integers are added."""
    before = shell.variables.get(name) or ""
    if shell.variables.find(name).integer:
        return str(expand.calculate(shell, f"({before or 0})+({value or 0})"))
    return before + value


def set_array(shell: Shell, node: Assignment) -> Steps:
    """name=(...) and name+=(...)."""
    assert isinstance(node.value, ArrayLiteral)
    associative = shell.variables.find(node.name).associative
    values: Array = dict(shell.variables.array(node.name) or {}) if node.append else {}
    position = max((key for key in values if isinstance(key, int)), default=-1) + 1
    for item in node.value.items:
        if item.subscript is not None:
            key = yield from parameters.subscript(shell, node.name, item.subscript)
            values[key] = yield from expand.text(shell, item.word)
            position = key + 1 if isinstance(key, int) else position
            continue
        for word in (yield from expand.fields(shell, [item.word])):
            values[position] = word
            position += 1
    ordered = values if associative else dict(sorted(values.items(), key=lambda pair: int(pair[0])))
    _guard(shell, lambda: shell.variables.set_array(node.name, ordered))


def declaration_word(shell: Shell, word: Word) -> Steps:
    """An argument of export and the like: name=value is not split."""
    assignment = split_assignment(word, arrays=shell.dialect.arrays)
    if assignment is None or assignment.subscript is not None or not isinstance(assignment.value, Word):
        return (yield from expand.fields(shell, [word]))
    value = yield from expand.text(shell, assignment.value, assignment=True)
    return [f"{assignment.name}{'+=' if assignment.append else '='}{value}"]


def assign_array_argument(shell: Shell, node: Assignment, argv: list[str]) -> Steps:
    """declare -a x=(1 2): declares the name first, then fills it; the name alone becomes an argument."""
    if "A" in "".join(word[1:] for word in argv[1:] if word.startswith("-")):
        shell.variables.mark(node.name, associative=True)
    if argv[0] == "local" or (argv[0] in ("declare", "typeset") and shell.variables.frames):
        associative = shell.variables.find(node.name).associative
        shell.variables.localize(node.name)
        shell.variables.mark(node.name, associative=associative)
    yield from set_array(shell, node)
    argv.append(node.name)


class Temporary:
    """The assignments before a builtin or a function: in force, and exported, while it runs."""

    def __init__(self, shell: Shell, values: dict[str, str], *, lasting: bool) -> None:
        self._shell, self._values, self._lasting = shell, values, lasting
        self._before: dict[str, Variable | None] = {}

    def __enter__(self) -> None:
        for name, value in self._values.items():
            self._before[name] = self._shell.variables.table.get(name)
            self._shell.set(name, value)
            if not self._lasting:
                self._shell.variables.mark(name, exported=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lasting:
            return
        for name, before in self._before.items():
            if before is None:
                self._shell.variables.table.pop(name, None)
            else:
                self._shell.variables.table[name] = before


def _guard(shell: Shell, change: object) -> None:
    assert callable(change)
    try:
        change()
    except ReadonlyVariable as refused:
        raise ShellError(shell.texts.readonly.format(refused.name), 1) from None
