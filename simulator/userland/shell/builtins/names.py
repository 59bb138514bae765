"""Builtins about names: export, readonly, unset, local, declare."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.userland.shell import assignments, expand, quoting
from simulator.userland.shell.builtins.usage import bad_option
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.unparse import function_text
from simulator.userland.shell.variables import ReadonlyVariable, Variable

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ARGUMENT = re.compile(r"([^=]*?)(?:(\+?=)(.*))?", re.DOTALL)
ELEMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[(.*)\]", re.DOTALL)


def export(shell: Shell, argv: list[str]) -> int:
    return _marking(shell, argv, "exported", "fnp", "export [-fn] [name[=value] ...] or export -p")


def readonly(shell: Shell, argv: list[str]) -> int:
    return _marking(shell, argv, "readonly", "aAfp", "readonly [-aAf] [name[=value] ...] or readonly -p")


def local(shell: Shell, argv: list[str]) -> int:
    if not shell.variables.frames:
        if shell.dialect.name == "bash":
            return shell.refuse("can only be used in a function")
        raise ShellError("not in a function")
    return declare(shell, argv) if shell.dialect.name == "bash" else _each(shell, argv[1:], _make_local)


def unset(shell: Shell, argv: list[str]) -> int:
    options, names = _options(shell, argv, "fvn", "unset [-f] [-v] [-n] [name ...]")
    if options is None:
        return 2
    return _each(shell, names, lambda shell, name: _unset_one(shell, name, options or ""))


def declare(shell: Shell, argv: list[str]) -> int:
    """declare, typeset and bash's local: -x -r -i -a -A set marks (+x clears), -p shows, -f -F are functions."""
    usage = "declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]"
    options, names = _options(shell, argv, "aAfFgiIlnprtux", usage)
    if options is None:
        return 2
    if "f" in options or "F" in options:
        return _show_functions(shell, names, bodies="f" in options)
    if "p" in options or not names:
        return _show(shell, names, options)
    marks = {"x": "exported", "r": "readonly", "i": "integer", "A": "associative"}
    wanted = {marks[letter]: True for letter in options if letter in marks}
    inside = bool(shell.variables.frames) and "g" not in options
    return _each(shell, names, lambda shell, word: _declare_one(shell, word, wanted, options or "", inside=inside))


def _options(shell: Shell, argv: list[str], letters: str, usage: str) -> tuple[str | None, list[str]]:
    """The option letters and the operands; None for an option that is none."""
    given, words = "", list(argv[1:])
    while words and re.fullmatch(r"[-+][A-Za-z-]+", words[0]):
        word = words.pop(0)
        if word == "--":
            break
        for letter in word[1:]:
            if letter not in letters:
                bad_option(shell, argv[0], letter, usage)
                return None, []
        given += word[1:]
    return given, words


def _marking(shell: Shell, argv: list[str], mark: str, letters: str, usage: str) -> int:
    options, names = _options(shell, argv, letters, usage)
    if options is None:
        return 2
    if not names:
        _list_marked(shell, argv[0], mark)
        return 0

    def one(shell: Shell, word: str) -> int:
        name = _assign_word(shell, word)
        shell.variables.mark(name, **{mark: "n" not in (options or "")})
        return 0

    return 0 if "f" in options else _each(shell, names, one)


def _each(shell: Shell, words: list[str], action: Callable[[Shell, str], int]) -> int:
    status = 0
    for word in words:
        try:
            status = action(shell, word) or status
        except ReadonlyVariable as refused:
            status = _readonly(shell, refused.name)
        except ShellError as error:
            if shell.dialect.name != "bash" or error.fatal:
                raise
            status = shell.refuse(error.text, error.status)
    return status


def _readonly(shell: Shell, name: str) -> int:
    if shell.dialect.name != "bash":
        raise ShellError(shell.texts.readonly.format(name))
    if shell.builtin == "unset":
        return shell.refuse(f"{name}: cannot unset: readonly variable")
    before, shell.builtin = shell.builtin, ""
    shell.complain(shell.texts.readonly.format(name))
    shell.builtin = before
    return 1


def _assign_word(shell: Shell, word: str) -> str:
    """Carries out name=value; gives the name."""
    found = ARGUMENT.fullmatch(word)
    assert found is not None
    name, operator, value = found.groups()
    if not NAME.fullmatch(name):
        shown = word if shell.dialect.name == "bash" else name
        raise ShellError(shell.texts.bad_name.format(shown), 1 if shell.dialect.name == "bash" else 2)
    if operator:
        if operator == "+=":
            value = assignments.appended(shell, name, value)
        elif shell.variables.find(name).integer:
            value = str(expand.calculate(shell, value))
        shell.variables.set(name, value)
    return name


def _make_local(shell: Shell, word: str) -> int:
    name = word.partition("=")[0]
    if not NAME.fullmatch(name):
        raise ShellError(shell.texts.bad_name.format(name))
    shell.variables.localize(name)
    if "=" in word:
        _assign_word(shell, word)
    return 0


def _declare_one(shell: Shell, word: str, marks: dict[str, bool], options: str, *, inside: bool) -> int:
    name = word.partition("=")[0].rstrip("+")
    if inside and NAME.fullmatch(name):
        shell.variables.localize(name)
    late = {mark: value for mark, value in marks.items() if mark == "readonly"}
    early = {mark: value for mark, value in marks.items() if mark != "readonly"}
    if NAME.fullmatch(name) and (early or name not in shell.variables.table):
        shell.variables.mark(name, **early)
    if ("a" in options or "A" in options) and shell.variables.find(name).array is None:
        shell.variables.set_array(name, {})
    _assign_word(shell, word)
    if late:
        shell.variables.mark(name, **late)
    return 0


def _unset_one(shell: Shell, name: str, options: str) -> int:
    element = ELEMENT.fullmatch(name) if shell.dialect.arrays else None
    if element:
        key: int | str = element.group(2)
        if not shell.variables.find(element.group(1)).associative:
            key = expand.calculate(shell, str(key))
        shell.variables.unset(element.group(1), key)
        return 0
    if "f" not in options:
        if not NAME.fullmatch(name):
            if shell.dialect.name == "bash":
                return 0
            raise ShellError(shell.texts.bad_name.format(name))
        if name in shell.variables.table or "v" in options or name not in shell.functions:
            shell.variables.unset(name)
            return 0
    shell.functions.pop(name, None)
    return 0


def _list_marked(shell: Shell, command: str, mark: str) -> None:
    for name in shell.variables.names():
        variable = shell.variables.find(name)
        if not getattr(variable, mark):
            continue
        if shell.dialect.name == "bash":
            shell.process.print(declaration(name, variable))
        elif variable.value is None:
            shell.process.print(f"{command} {name}")
        else:
            shell.process.print(f"{command} {name}={quoting.single(variable.value)}")


def declaration(name: str, variable: Variable) -> str:
    """A variable as `declare -p` shows it."""
    letters = "".join(
        letter
        for letter, on in (
            ("a", variable.array is not None and not variable.associative),
            ("A", variable.associative),
            ("i", variable.integer),
            ("r", variable.readonly),
            ("x", variable.exported),
        )
        if on
    )
    head = f"declare -{letters or '-'} {name}"
    if variable.array is not None:
        space = " " if variable.associative and variable.array else ""
        items = " ".join(f"[{key}]={quoting.double(value)}" for key, value in variable.array.items())
        return f"{head}=({items}{space})"
    return head if variable.value is None else f"{head}={quoting.double(variable.value)}"


def _show(shell: Shell, names: list[str], options: str) -> int:
    status = 0
    for name in names or list(shell.variables.names()):
        variable = shell.variables.table.get(name)
        if variable is None:
            status = shell.refuse(f"{name}: not found")
        elif "x" not in options or variable.exported:
            shell.process.print(declaration(name, variable))
    return status


def _show_functions(shell: Shell, names: list[str], *, bodies: bool) -> int:
    status = 0
    for name in names or sorted(shell.functions):
        if name not in shell.functions:
            status = 1
        elif bodies:
            shell.process.print(function_text(shell.functions[name]))
        else:
            shell.process.print(name if names else f"declare -f {name}")
    return status
