"""From characters to tokens (POSIX.1-2017, chapter 2.3): operators, words, newlines, here-documents.

The parser asks for one token at a time, because what a text means depends on where it stands; an alias is put in front
of what has not been read yet. The parts of a word are read by `words`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from enum import Enum

from msgspec import Struct, field

from simulator.userland.shell.dialect import Dialect
from simulator.userland.shell.errors import Incomplete
from simulator.userland.shell.syntax import DoubleQuoted, HereDocument, Sequence, SingleQuoted, Word

OPERATORS = (";;&", "&>>", "<<<", "<<-", "&&", "||", ";;", ";&", "&>", "<<", "<&", ">&", ">>", ">|", "<>", "|&")
SINGLE_OPERATORS = ";&|<>()"
REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<>", "<&", ">&", "&>", "&>>", "<<", "<<-", "<<<"})
BLANK = " \t"
BREAK = frozenset(" \t\n;&|<>()")
IO_NUMBER = re.compile(r"\d+(?=[<>])")


class Kind(Enum):
    WORD = "word"
    OPERATOR = "operator"
    NUMBER = "number"
    NEWLINE = "newline"
    END = "end"


class Token(Struct, frozen=True):
    """A token of the source, and where it stands."""

    kind: Kind
    text: str
    line: int
    start: int
    word: Word = field(default_factory=Word)


class Lexer:
    """A text and how far it has been read. `nested` parses the inside of $( ) and is set by the parser."""

    def __init__(self, text: str, dialect: Dialect, *, line: int = 1, final: bool = True) -> None:
        self.text = text
        self.position = 0
        self.dialect = dialect
        self.final = final
        self.warnings: list[str] = []
        self.nested: Callable[[Lexer, str], Sequence] | None = None
        self._first_line = line
        self._pending: list[HereDocument] = []
        self._alias_ends: dict[str, int] = {}

    @property
    def char(self) -> str:
        """The next character, "" at the end."""
        return self.text[self.position : self.position + 1]

    @property
    def line(self) -> int:
        return self._first_line + self.text.count("\n", 0, self.position)

    @property
    def last_line(self) -> int:
        return self._first_line + self.text.count("\n")

    def at(self, text: str) -> bool:
        return self.text.startswith(text, self.position)

    def accept(self, text: str) -> bool:
        """Reads this text if it comes next."""
        if self.at(text):
            self.position += len(text)
            return True
        return False

    def take(self) -> str:
        char = self.char
        self.position += 1
        return char

    def match(self, pattern: re.Pattern[str]) -> str:
        """Reads what matches here; "" if nothing does."""
        found = pattern.match(self.text, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found.group()

    def insert(self, start: int, name: str, text: str) -> None:
        """Puts the text of an alias in the place of its name, which was read since start."""
        grown = len(text) - (self.position - start)
        self._alias_ends = {key: end + grown for key, end in self._alias_ends.items() if end >= start}
        self._alias_ends[name] = start + len(text) - 1
        self.text = self.text[:start] + text + self.text[self.position :]
        self.position = start

    def inside_alias(self, name: str, position: int) -> bool:
        """Whether this position lies in the text of that alias, where it is not replaced again."""
        return self._alias_ends.get(name, -1) >= position

    def block_aliases_of(self, outer: Lexer) -> None:
        """Aliases that `outer` is inside of are not replaced here either."""
        active = (name for name in outer._alias_ends if outer.inside_alias(name, outer.position - 1))
        self._alias_ends = dict.fromkeys(active, sys.maxsize)

    def expect_here(self, document: HereDocument) -> None:
        """Promises a here-document: its lines follow the line being read."""
        self._pending.append(document)

    def skip_blanks(self) -> None:
        """Blanks, comments and lines continued by a backslash."""
        while True:
            if self.char and self.char in BLANK:
                self.position += 1
            elif self.at("\\\n"):
                self.position += 2
            elif self.char == "#":
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            else:
                return

    def token(self) -> Token:
        self.skip_blanks()
        line, start = self.line, self.position
        if not self.char:
            self._read_here_documents()
            return Token(Kind.END, "", line, start)
        if self.char == "\n":
            self.position += 1
            self._read_here_documents()
            return Token(Kind.NEWLINE, "\n", line, start)
        number = self.match(IO_NUMBER)
        if number:
            return Token(Kind.NUMBER, number, line, start)
        operator = self._operator()
        if operator:
            return Token(Kind.OPERATOR, operator, line, start)
        from simulator.userland.shell.words import read_word

        word = read_word(self)
        return Token(Kind.WORD, self.text[start : self.position], line, start, word)

    def _operator(self) -> str:
        if self.char not in SINGLE_OPERATORS:  # with which the longer ones begin, too
            return ""
        if self.dialect.process_substitution and (self.at("<(") or self.at(">(")):
            return ""
        for operator in OPERATORS:
            if self.at(operator) and self._knows(operator):
                self.position += len(operator)
                return operator
        return self.take()

    def _knows(self, operator: str) -> bool:
        if operator == "<<<":
            return self.dialect.here_strings
        if operator in ("&>", "&>>"):
            return self.dialect.both_outputs
        if operator in (";&", ";;&", "|&"):
            return self.dialect.conditions
        return True

    def _read_here_documents(self) -> None:
        pending, self._pending = self._pending, []
        for document in pending:
            document.body = self._here_body(document)

    def _here_body(self, document: HereDocument) -> Word:
        started, lines = self.line, []
        while True:
            if not self.char:
                if not self.final:
                    raise Incomplete(expecting=document.delimiter, line=self.last_line)
                self.warnings.append(
                    f"line {self.line}: warning: here-document at line {started - 1} "
                    f"delimited by end-of-file (wanted `{document.delimiter}')"
                )
                break
            line = self._here_line()
            if document.strip_tabs:
                line = line.lstrip("\t")
            if line.rstrip("\n") == document.delimiter:
                break
            lines.append(line)
        text = "".join(lines)
        if document.quoted:
            return Word((SingleQuoted(text),))
        from simulator.userland.shell.words import read_here_text

        return Word((DoubleQuoted(read_here_text(text, self)),))

    def _here_line(self) -> str:
        end = self.text.find("\n", self.position)
        end = len(self.text) if end < 0 else end + 1
        line, self.position = self.text[self.position : end], end
        return line
