"""Word expansion (POSIX.1-2017, chapter 2.6), in its order: tilde, parameters, commands and arithmetic, fields, paths.

All of it may run commands, so everything here is a generator; a word without expansions is answered at once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.shell import arithmetic, chunks, parameters, pattern, quoting, substitution
from simulator.userland.shell.brace import expand_braces
from simulator.userland.shell.chunks import Chunk, Chunks, Pieces
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.messages import arithmetic_failure
from simulator.userland.shell.syntax import (
    AnsiQuoted,
    Arithmetic,
    BadSubstitution,
    DoubleQuoted,
    Escaped,
    Literal,
    Parameter,
    Part,
    ProcessSubstitution,
    SingleQuoted,
    Substitution,
    Word,
)

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

TILDE = re.compile(r"~([A-Za-z0-9_.+-]*)(?=/|$)")
TILDE_IN_ASSIGNMENT = re.compile(r"(?:^|(?<=:))~([A-Za-z0-9_.+-]*)(?=[/:]|$)")
PLAIN = re.compile(r"[^~*?\[\\]*")


def fields(shell: Shell, words: Iterable[Word]) -> Steps:
    """The words of a command: split into fields, file names filled in."""
    result: list[str] = []
    for word in words:
        expanded = expand_braces(word) if shell.dialect.braces and "braceexpand" not in shell.options else [word]
        for each in expanded:
            plain = each.literal
            if plain is not None and PLAIN.fullmatch(plain):
                result.append(plain)
            else:
                result += yield from _word_fields(shell, each)
    return result


def text(shell: Shell, word: Word, *, assignment: bool = False) -> Steps:
    """A word as one text: no splitting, no file names (assignments, here-documents, case)."""
    plain = word.literal
    if plain is not None and "~" not in plain:
        return plain
    expanded = yield from chunks_of(shell, _tilde(shell, word, assignment=assignment))
    return chunks.joined(expanded)


def pieces(shell: Shell, word: Word) -> Steps:
    """A word as a pattern, its quoted parts standing for themselves."""
    return chunks.pieces((yield from chunks_of(shell, _tilde(shell, word))))


def number(shell: Shell, word: Word) -> Steps:
    """The value of an arithmetic expression."""
    expression = chunks.joined((yield from chunks_of(shell, word.parts, quoted=True)))
    return calculate(shell, expression)


def calculate(shell: Shell, expression: str) -> int:
    """Evaluates arithmetic text; an error ends the script."""
    variables = arithmetic.Variables(
        lambda name: parameters.element_text(shell, name),
        lambda name, value: parameters.set_element(shell, name, value),
    )
    try:
        return arithmetic.evaluate(expression, variables)
    except arithmetic.BadArithmetic as failure:
        told = arithmetic_failure(shell.dialect.name, expression.lstrip(), failure)
        raise ShellError(told, 1 if shell.dialect.name == "bash" else 2) from None


def chunks_of(shell: Shell, parts: Iterable[Part], *, quoted: bool = False, argument: bool = False) -> Steps:
    """The chunks that parts expand to. In the argument of ${x:-...} unquoted literal text is split, too."""
    result: Chunks = []
    for part in parts:
        if isinstance(part, Literal):
            result.append(Chunk(part.text, quoted, split=argument and not quoted))
        elif isinstance(part, Escaped | SingleQuoted):
            result.append(Chunk(part.text, quoted=True))
        elif isinstance(part, AnsiQuoted):
            result.append(Chunk(quoting.unescape(part.text), quoted=True))
        elif isinstance(part, DoubleQuoted):
            result += yield from _double_quoted(shell, part)
        else:
            result += yield from _expansion(shell, part, quoted)
    return result


def _expansion(shell: Shell, part: Part, quoted: bool) -> Steps:
    if isinstance(part, Parameter):
        return (yield from parameters.expand(shell, part, quoted))
    if isinstance(part, Substitution):
        output = yield from substitution.output_of(shell, part.body)
        return [Chunk(output, quoted, split=not quoted)]
    if isinstance(part, Arithmetic):
        value = yield from number(shell, part.expression)
        return [Chunk(str(value), quoted, split=not quoted)]
    if isinstance(part, ProcessSubstitution):
        return [Chunk(substitution.path_of(shell, part), quoted=True)]
    assert isinstance(part, BadSubstitution)
    raise ShellError(shell.texts.bad_substitution.format(part.text), 1)


def _double_quoted(shell: Shell, part: DoubleQuoted) -> Steps:
    inner = yield from chunks_of(shell, part.parts, quoted=True)
    if inner:
        return inner
    empty_list = [p for p in part.parts if isinstance(p, Parameter) and parameters.is_list(p, star=False)]
    return [] if empty_list and len(part.parts) == 1 else [Chunk("", quoted=True)]


def _word_fields(shell: Shell, word: Word) -> Steps:
    expanded = yield from chunks_of(shell, _tilde(shell, word))
    ifs = shell.variables.get("IFS")
    result: list[str] = []
    for field in chunks.split_fields(expanded, chunks.DEFAULT_IFS if ifs is None else ifs):
        result += _paths(shell, field)
    return result


def _paths(shell: Shell, field: Pieces) -> list[str]:
    if "noglob" not in shell.options and pattern.has_pattern(field):
        found = pattern.expand_path(field, shell.process.disk, shell.process.cwd)
        if found or "nullglob" in shell.options:
            return found
    return chunks.words_of([field])


def _tilde(shell: Shell, word: Word, *, assignment: bool = False) -> tuple[Part, ...]:
    """The parts of a word, a leading ~ replaced (in an assignment also one behind a colon)."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal) or "~" not in first.text:
        return word.parts
    if not assignment:
        found = TILDE.match(first.text)
        if not found or (found.end() == len(first.text) and len(word.parts) > 1):
            return word.parts
        home = home_of(shell, found.group(1))
        return (SingleQuoted(home), Literal(first.text[found.end() :]), *word.parts[1:]) if home else word.parts
    replaced = TILDE_IN_ASSIGNMENT.sub(lambda found: home_of(shell, found.group(1)) or found.group(), first.text)
    return (Literal(replaced), *word.parts[1:])


def home_of(shell: Shell, user: str) -> str:
    """The directory that ~user means; "" for nobody."""
    if not user:
        return shell.variables.get("HOME") or ""
    if user in ("+", "-"):
        return shell.variables.get("PWD" if user == "+" else "OLDPWD") or ""
    try:
        accounts = shell.process.disk.read("/etc/passwd").decode()
    except OSError:
        return ""
    rows = (row.split(":") for row in accounts.splitlines())
    return next((posixpath.normpath(row[5]) for row in rows if row[0] == user and len(row) > 5), "")
