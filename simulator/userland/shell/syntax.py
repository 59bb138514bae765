"""The syntax tree of the shell's language (POSIX.1-2017, chapter 2.9 and 2.10), with what bash adds.

Every node is a value: two texts that mean the same tree compare equal, and line numbers do not count. Quoting is kept
in the parts of a word, because it decides about splitting and patterns later on; nothing here expands anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand for themselves, unquoted: blanks apart, patterns, braces and tildes still count."""

    text: str


@dataclass(frozen=True, slots=True)
class Escaped:
    """One character behind a backslash."""

    text: str


@dataclass(frozen=True, slots=True)
class SingleQuoted:
    """Text between single quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class AnsiQuoted:
    """$'...': `text` is what stands between the quotes, its escapes not yet replaced."""

    text: str


@dataclass(frozen=True, slots=True)
class DoubleQuoted:
    """Text between double quotes."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """$name or ${name...}. `operator` is the spelling between the name and its argument: ":-", "%%", "/", ":" ..."""

    name: str
    operator: str = ""
    argument: Word | None = None
    second: Word | None = None
    subscript: Word | None = None
    length: bool = False
    indirect: bool = False
    braces: bool = False


@dataclass(frozen=True, slots=True)
class BadSubstitution:
    """${...} that is none; bash complains only when it gets there."""

    text: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """$(...) or `...`."""

    body: Sequence
    backticks: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """$((...))."""

    expression: Word


@dataclass(frozen=True, slots=True)
class ProcessSubstitution:
    """<(...) or >(...)."""

    direction: str
    body: Sequence


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and the line it stands in."""

    parts: tuple[Part, ...] = ()
    line: int = field(default=0, compare=False)

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


@dataclass(frozen=True, slots=True)
class ArrayItem:
    """One element of an array literal."""

    word: Word
    subscript: Word | None = None


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """(a b [5]=c) on the right of an assignment."""

    items: tuple[ArrayItem, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """name=value, name[subscript]=value, name+=value"""

    name: str
    value: Word | ArrayLiteral
    subscript: Word | None = None
    append: bool = False


@dataclass(slots=True)
class HereDocument:
    """The lines behind <<; read when the line that announced them ends, hence not frozen."""

    delimiter: str
    quoted: bool
    strip_tabs: bool
    body: Word = field(default_factory=Word)


@dataclass(frozen=True, slots=True)
class Redirect:
    """fd>target, and the here-document of <<."""

    operator: str
    target: Word
    fd: int | None = None
    here: HereDocument | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command: assignments, words, redirections."""

    words: tuple[Word | Assignment, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """{ ...; }"""

    body: Sequence
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Subshell:
    """( ... )"""

    body: Sequence
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """if and elif: (condition, body) in order; `otherwise` is else."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None = None
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """while or until condition; do body; done"""

    condition: Sequence
    body: Sequence
    until: bool = False
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """for name in words; without `in` the words are None and "$@" is meant."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class ForArithmetic:
    """for ((start; condition; step))"""

    start: Word
    condition: Word
    step: Word
    body: Sequence
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseItem:
    """pattern | pattern) body, ended by ;; or (bash) ;& (fall through) or ;;& (go on testing)."""

    patterns: tuple[Word, ...]
    body: Sequence
    ending: str = ";;"


@dataclass(frozen=True, slots=True)
class Case:
    """case word in items esac"""

    word: Word
    items: tuple[CaseItem, ...]
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class ArithmeticCommand:
    """((...))"""

    expression: Word
    redirects: tuple[Redirect, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """-f file, inside [[ ]]."""

    operator: str
    operand: Word


@dataclass(frozen=True, slots=True)
class Binary:
    """a == b, a =~ b, a -lt b, inside [[ ]]."""

    left: Word
    operator: str
    right: Word


@dataclass(frozen=True, slots=True)
class Nonempty:
    """A word alone, inside [[ ]]."""

    operand: Word


@dataclass(frozen=True, slots=True)
class Negation:
    """! expression, inside [[ ]]."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """left && right, inside [[ ]]."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """left || right, inside [[ ]]."""

    left: Expression
    right: Expression


Expression: TypeAlias = Unary | Binary | Nonempty | Negation | Both | Either


@dataclass(frozen=True, slots=True)
class Condition:
    """[[ ... ]]"""

    expression: Expression
    redirects: tuple[Redirect, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Function:
    """name() body"""

    name: str
    body: Command
    line: int = field(default=0, compare=False)


Compound: TypeAlias = Group | Subshell | If | While | For | ForArithmetic | Case | ArithmeticCommand | Condition
Command: TypeAlias = Simple | Compound | Function


@dataclass(frozen=True, slots=True)
class Pipeline:
    """a | b; `time` and `!` stand before the whole."""

    commands: tuple[Command, ...]
    negated: bool = False
    timed: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    """first && b || c, from the left: (operator, pipeline) for each that follows."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a list, and whether & ended it."""

    command: AndOr
    background: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands in a list: a; b & c"""

    items: tuple[Item, ...] = ()
