"""The syntax tree of the shell's language (POSIX.1-2017, chapter 2.9 and 2.10), with what bash adds.

Every node is a value: two texts that mean the same tree compare equal, and line numbers do not count. Quoting is kept
in the parts of a word, because it decides about splitting and patterns later on; nothing here expands anything.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, field


class Literal(Struct, frozen=True):
    """Characters that stand for themselves, unquoted: blanks apart, patterns, braces and tildes still count."""

    text: str


class Escaped(Struct, frozen=True):
    """One character behind a backslash."""

    text: str


class SingleQuoted(Struct, frozen=True):
    """Text between single quotes."""

    text: str


class AnsiQuoted(Struct, frozen=True):
    """$'...': `text` is what stands between the quotes, its escapes not yet replaced."""

    text: str


class DoubleQuoted(Struct, frozen=True):
    """Text between double quotes."""

    parts: tuple[Part, ...]


class Parameter(Struct, frozen=True):
    """$name or ${name...}. `operator` is the spelling between the name and its argument: ":-", "%%", "/", ":" ..."""

    name: str
    operator: str = ""
    argument: Word | None = None
    second: Word | None = None
    subscript: Word | None = None
    length: bool = False
    indirect: bool = False
    braces: bool = False


class BadSubstitution(Struct, frozen=True):
    """${...} that is none; bash complains only when it gets there."""

    text: str


class Substitution(Struct, frozen=True):
    """$(...) or `...`."""

    body: Sequence
    backticks: bool = False


class Arithmetic(Struct, frozen=True):
    """$((...))."""

    expression: Word


class ProcessSubstitution(Struct, frozen=True):
    """<(...) or >(...)."""

    direction: str
    body: Sequence


class Word(Struct, frozen=True):
    """A word as it was written, and the line it stands in."""

    parts: tuple[Part, ...] = ()
    line: int = 0

    @property
    def literal(self) -> str | None:
        """The text of a word without any quoting or expansion (what a reserved word or a name must be)."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Literal):
            return self.parts[0].text
        return None


Part: TypeAlias = (
    Literal
    | Escaped
    | SingleQuoted
    | AnsiQuoted
    | DoubleQuoted
    | Parameter
    | BadSubstitution
    | Substitution
    | Arithmetic
    | ProcessSubstitution
)


class ArrayItem(Struct, frozen=True):
    """One element of an array literal."""

    word: Word
    subscript: Word | None = None


class ArrayLiteral(Struct, frozen=True):
    """(a b [5]=c) on the right of an assignment."""

    items: tuple[ArrayItem, ...]


class Assignment(Struct, frozen=True):
    """name=value, name[subscript]=value, name+=value"""

    name: str
    value: Word | ArrayLiteral
    subscript: Word | None = None
    append: bool = False


class HereDocument(Struct):
    """The lines behind <<; read when the line that announced them ends, hence not frozen."""

    delimiter: str
    quoted: bool
    strip_tabs: bool
    body: Word = field(default_factory=Word)


class Redirect(Struct, frozen=True):
    """fd>target, and the here-document of <<."""

    operator: str
    target: Word
    fd: int | None = None
    here: HereDocument | None = None


class Simple(Struct, frozen=True):
    """A simple command: assignments, words, redirections."""

    words: tuple[Word | Assignment, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


class Group(Struct, frozen=True):
    """{ ...; }"""

    body: Sequence
    redirects: tuple[Redirect, ...] = ()


class Subshell(Struct, frozen=True):
    """( ... )"""

    body: Sequence
    redirects: tuple[Redirect, ...] = ()


class If(Struct, frozen=True):
    """if and elif: (condition, body) in order; `otherwise` is else."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None = None
    redirects: tuple[Redirect, ...] = ()


class While(Struct, frozen=True):
    """while or until condition; do body; done"""

    condition: Sequence
    body: Sequence
    until: bool = False
    redirects: tuple[Redirect, ...] = ()


class For(Struct, frozen=True):
    """for name in words; without `in` the words are None and "$@" is meant."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    redirects: tuple[Redirect, ...] = ()


class ForArithmetic(Struct, frozen=True):
    """for ((start; condition; step))"""

    start: Word
    condition: Word
    step: Word
    body: Sequence
    redirects: tuple[Redirect, ...] = ()


class CaseItem(Struct, frozen=True):
    """pattern | pattern) body, ended by ;; or (bash) ;& (fall through) or ;;& (go on testing)."""

    patterns: tuple[Word, ...]
    body: Sequence
    ending: str = ";;"


class Case(Struct, frozen=True):
    """case word in items esac"""

    word: Word
    items: tuple[CaseItem, ...]
    redirects: tuple[Redirect, ...] = ()


class ArithmeticCommand(Struct, frozen=True):
    """((...))"""

    expression: Word
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


class Unary(Struct, frozen=True):
    """-f file, inside [[ ]]."""

    operator: str
    operand: Word


class Binary(Struct, frozen=True):
    """a == b, a =~ b, a -lt b, inside [[ ]]."""

    left: Word
    operator: str
    right: Word


class Nonempty(Struct, frozen=True):
    """A word alone, inside [[ ]]."""

    operand: Word


class Negation(Struct, frozen=True):
    """! expression, inside [[ ]]."""

    operand: Expression


class Both(Struct, frozen=True):
    """left && right, inside [[ ]]."""

    left: Expression
    right: Expression


class Either(Struct, frozen=True):
    """left || right, inside [[ ]]."""

    left: Expression
    right: Expression


Expression: TypeAlias = Unary | Binary | Nonempty | Negation | Both | Either


class Condition(Struct, frozen=True):
    """[[ ... ]]"""

    expression: Expression
    redirects: tuple[Redirect, ...] = ()
    line: int = 0


class Function(Struct, frozen=True):
    """name() body"""

    name: str
    body: Command
    line: int = 0


Compound: TypeAlias = Group | Subshell | If | While | For | ForArithmetic | Case | ArithmeticCommand | Condition
Command: TypeAlias = Simple | Compound | Function


class Pipeline(Struct, frozen=True):
    """a | b; `time` and `!` stand before the whole."""

    commands: tuple[Command, ...]
    negated: bool = False
    timed: bool = False


class AndOr(Struct, frozen=True):
    """first && b || c, from the left: (operator, pipeline) for each that follows."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()


class Item(Struct, frozen=True):
    """One element of a list, and whether & ended it."""

    command: AndOr
    background: bool = False


class Sequence(Struct, frozen=True):
    """Commands in a list: a; b & c"""

    items: tuple[Item, ...] = ()
