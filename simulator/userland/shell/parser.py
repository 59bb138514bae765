"""From tokens to the syntax tree (POSIX.1-2017, chapter 2.10), by recursive descent, one line of input at a time.

`Parser.line()` gives what stands on the next line, as shells read it: a syntax error further down is only met when the
lines before it have run. Simple commands are in `simple`, compound ones in `compound`.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.userland.shell import compound, simple
from simulator.userland.shell.dialect import Dialect
from simulator.userland.shell.errors import Incomplete, ShellSyntaxError
from simulator.userland.shell.lexer import Kind, Lexer, Token
from simulator.userland.shell.syntax import AndOr, Command, Item, Literal, Pipeline, Redirect, Sequence, Word

RESERVED = frozenset("! { } if then elif else fi while until for do done case esac in".split())
CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
ENDINGS = frozenset({")", ";;", ";&", ";;&"})


def parser_of(
    text: str, dialect: Dialect, *, aliases: Mapping[str, str] | None = None, final: bool = True, line: int = 1
) -> Parser:
    """A parser of this text. Unless it is `final`, more text may follow, so an open here-document is incomplete."""
    return Parser(Lexer(text, dialect, final=final, line=line), aliases=aliases)


def parse(text: str, dialect: Dialect) -> Sequence:
    """The whole text as one list."""
    return parser_of(text, dialect).everything()


class Parser:
    """Reads one text; `aliases` are looked up while it is read, so a later line knows what an earlier one defined."""

    def __init__(self, lexer: Lexer, *, aliases: Mapping[str, str] | None = None) -> None:
        self.lexer = lexer
        self.lexer.nested = self._nested
        self.dialect = lexer.dialect
        self.aliases = aliases if aliases is not None else {}
        self._peeked: Token | None = None
        self._may_break = True  # whether a newline is allowed where the parser stands

    def line(self) -> Sequence | None:
        """The commands of the next line that has any; None at the end."""
        self.skip_newlines()
        if self.peek().kind is Kind.END:
            return None
        try:
            sequence = self._list(across_lines=False)
        except RecursionError:  # bison's parser has a stack of 10000, and says so
            raise ShellSyntaxError("", text="memory exhausted", line=self.lexer.last_line) from None
        if self.peek().kind not in (Kind.NEWLINE, Kind.END):
            raise self.unexpected()
        return sequence

    def everything(self) -> Sequence:
        """All lines as one list."""
        items: list[Item] = []
        while (line := self.line()) is not None:
            items += line.items
        return Sequence(tuple(items))

    @property
    def finished(self) -> bool:
        """Whether nothing but blanks and newlines follows."""
        return not self.lexer.text[self.lexer.position :].strip() and (
            self._peeked is None or self._peeked.kind in (Kind.NEWLINE, Kind.END)
        )

    def peek(self) -> Token:
        if self._peeked is None:
            self._peeked = self.lexer.token()
        return self._peeked

    def next(self) -> Token:
        token = self.peek()
        self._peeked = None
        self._may_break = False
        return token

    @property
    def looked_ahead(self) -> bool:
        return self._peeked is not None

    def reserved(self) -> str:
        """The reserved word that comes next, or ""."""
        text = self.peek().word.literal
        return text if text is not None and (text in RESERVED or self._bash_reserved(text)) else ""

    def operator(self) -> str:
        """The operator that comes next, or ""."""
        token = self.peek()
        return token.text if token.kind is Kind.OPERATOR else ""

    def accept(self, text: str) -> bool:
        """Reads this operator or reserved word if it comes next."""
        if self.operator() == text or self.peek().word.literal == text:
            self.next()
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.unexpected(expecting=text)

    def unexpected(self, *, expecting: str = "") -> ShellSyntaxError:
        token = self.peek()
        if token.kind is Kind.END and self.dialect.newline_at_end and not self._may_break:
            return ShellSyntaxError("\n", expecting=expecting, line=self.lexer.last_line)
        if token.kind is Kind.END:
            return Incomplete(expecting=expecting, line=self.lexer.last_line)
        return ShellSyntaxError(token.text, expecting=expecting, line=token.line)

    def incomplete(self, *, expecting: str = "") -> ShellSyntaxError:
        """What is wrong where a newline may stand."""
        self._may_break = True
        return self.unexpected(expecting=expecting)

    def skip_newlines(self) -> None:
        while self.peek().kind is Kind.NEWLINE:
            self.next()
        self._may_break = True

    def body(self, *closing: str) -> Sequence:
        """A list of commands, not empty, that one of these reserved words or operators ends (it is left to be read).

        The first of them is the one that a syntax error names.
        """
        self.skip_newlines()
        if self.peek().kind is Kind.END:
            raise self.unexpected(expecting=closing[0])
        sequence = self._list(across_lines=True)
        if self.peek().text not in closing:
            raise self.unexpected(expecting=closing[0])
        return sequence

    def case_body(self) -> Sequence:
        """A list that may be empty, up to ;; or esac."""
        self.skip_newlines()
        return Sequence() if self._closes() else self._list(across_lines=True)

    def command(self) -> Command:
        self.expand_alias()
        reserved = self.reserved()
        if reserved in compound.READERS or self.operator() == "(":
            return compound.with_redirects(compound.read(self, reserved or "("), simple.read_redirects(self))
        if reserved == "function":
            return simple.read_function_keyword(self)
        if reserved and reserved != "!":
            raise self.unexpected()
        return simple.read_simple(self)

    def expand_alias(self) -> None:
        """Puts the value of an alias in the place of the word that comes next, as often as that gives another."""
        while self.aliases and self.peek().kind is Kind.WORD:
            token = self.peek()
            name = token.word.literal
            if name is None or name not in self.aliases or self.lexer.inside_alias(name, token.start):
                return
            self.lexer.insert(token.start, name, self.aliases[name])
            self._peeked = None

    def _bash_reserved(self, text: str) -> bool:
        if text in ("[[", "time"):
            return self.dialect.conditions
        return text == "function" and self.dialect.function_keyword

    def _nested(self, lexer: Lexer, closing: str) -> Sequence:
        """Parses commands inside a word, from where the word's reader stands up to the closing parenthesis."""
        parser = Parser(lexer, aliases=self.aliases)
        sequence = parser.everything() if not closing else parser._substituted(closing)
        lexer.nested = self._nested
        return sequence

    def _substituted(self, closing: str) -> Sequence:
        """What is enclosed; where it just ends, bash misses the parenthesis and not what would come next."""
        try:
            return self._enclosed(closing)
        except Incomplete as error:
            if error.closing or not self.dialect.newline_at_end:
                raise
            line = self.lexer.last_line + (not self.lexer.text.endswith("\n"))
            raise Incomplete(expecting=closing, closing=closing, line=line, opened=line) from None

    def _enclosed(self, closing: str) -> Sequence:
        self.skip_newlines()
        if self.peek().kind is Kind.END:
            raise Incomplete(expecting=closing, line=self.lexer.last_line)
        sequence = Sequence() if self.operator() == closing else self._list(across_lines=True)
        if self.operator() != closing:
            if self.peek().kind is Kind.END:
                line = self.lexer.last_line + (not self.lexer.text.endswith("\n"))
                raise Incomplete(expecting=closing, closing=closing, line=line, opened=line)
            raise self.unexpected(expecting=closing)
        self.next()
        return sequence

    def _list(self, *, across_lines: bool) -> Sequence:
        """And-or lists with ; & and (across_lines) newlines between them, up to a token that cannot begin another."""
        items: list[Item] = []
        while True:
            command = self._and_or()
            items.append(Item(command, background=self.operator() == "&"))
            separated = self.accept("&") or self.accept(";")
            if across_lines:
                separated = separated or self.peek().kind is Kind.NEWLINE
                self.skip_newlines()
            if not separated or self.peek().kind in (Kind.END, Kind.NEWLINE) or self._closes():
                return Sequence(tuple(items))

    def _closes(self) -> bool:
        token = self.peek()
        return self.operator() in ENDINGS or (token.kind is Kind.WORD and token.word.literal in CLOSING)

    def _and_or(self) -> AndOr:
        first, rest = self._pipeline(), []
        while self.operator() in ("&&", "||"):
            operator = self.next().text
            self.skip_newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest))

    def _pipeline(self) -> Pipeline:
        timed = negated = False
        while self.reserved() in ("!", "time"):
            if self.next().text == "!":
                negated = not negated
            else:
                timed = True
        bare = timed or (negated and self.dialect.newline_at_end)
        if bare and (self.peek().kind in (Kind.NEWLINE, Kind.END) or self.operator() == ";"):
            return Pipeline((), negated, timed)
        commands = [self.command()]
        while self.operator() in ("|", "|&"):
            if self.next().text == "|&":
                merged = Redirect(">&", Word((Literal("1"),)), fd=2)
                commands[-1] = compound.with_redirects(commands[-1], (merged,))
            self.skip_newlines()
            commands.append(self.command())
        return Pipeline(tuple(commands), negated, timed)
