"""The parts of a word: quotes, escapes and everything behind a dollar sign (POSIX.1-2017, chapter 2.2 and 2.6)."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.userland.shell.errors import Incomplete, ShellSyntaxError
from simulator.userland.shell.lexer import BREAK, Lexer
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
    Sequence,
    SingleQuoted,
    Substitution,
    Word,
)

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SHORT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
LONG_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`]+")
PLAIN_IN_QUOTES = re.compile(r"[^\"\\$`]+")
TESTS = (":-", ":=", ":?", ":+", "-", "=", "?", "+")
TRIMS = ("%%", "%", "##", "#")
REPLACEMENTS = ("//", "/#", "/%", "/")
CASES = ("^^", "^", ",,", ",", "@")
ESCAPED_IN_QUOTES = '$`"\\'


class Parts:
    """Parts of a word as they are read; neighbouring literal characters become one part."""

    def __init__(self) -> None:
        self.list: list[Part] = []

    def add(self, part: Part) -> None:
        if isinstance(part, Literal) and self.list and isinstance(self.list[-1], Literal):
            part = Literal(self.list.pop().text + part.text)  # type: ignore[union-attr]
        if not (isinstance(part, Literal) and not part.text):
            self.list.append(part)

    def done(self) -> tuple[Part, ...]:
        return tuple(self.list)


def read_word(lexer: Lexer) -> Word:
    """The word that begins here."""
    line, parts = lexer.line, Parts()
    while lexer.char and (lexer.char not in BREAK or _substitutes_process(lexer)):
        parts.add(_unquoted(lexer))
    return Word(parts.done(), line)


def read_until(lexer: Lexer, stops: str, *, opened: str, quoted: bool = False) -> Word:
    """The word up to (not including) one of these characters; blanks and operators in it are plain characters."""
    start, parts = lexer.line, Parts()
    while lexer.char not in stops or not lexer.char:
        if not lexer.char:
            raise Incomplete(closing=opened, line=lexer.last_line, opened=start)
        if quoted and lexer.char in "\\'":
            parts.add(_argument_escape(lexer))
        else:
            parts.add(_unquoted(lexer, stops))
    return Word(parts.done(), start)


def read_part(lexer: Lexer, stops: str) -> Part:
    """One unquoted part, a character of `stops` being a part of its own."""
    return _unquoted(lexer, stops) if lexer.char not in stops else Literal(lexer.take())


def read_here_text(text: str, lexer: Lexer) -> tuple[Part, ...]:
    """The lines of a here-document: as within double quotes, but a double quote is a plain character."""
    inner = _inner(lexer, text)
    parts = Parts()
    while inner.char:
        parts.add(Literal(inner.take()) if inner.char == '"' else _quoted(inner, "$`\\"))
    return parts.done()


def read_arithmetic(lexer: Lexer, closing: str) -> Word | None:
    """Arithmetic text up to its closing characters; None (nothing read) if the parentheses do not close like that."""
    start, line, parts, depth = lexer.position, lexer.line, Parts(), 0
    while True:
        if not lexer.char:
            raise Incomplete(expecting=closing, closing=")", line=lexer.last_line, opened=line)
        if depth == 0 and lexer.accept(closing):
            return Word(parts.done(), line)
        depth += {"(": 1, ")": -1}.get(lexer.char, 0)
        if depth < 0:
            lexer.position = start
            return None
        if lexer.char == '"':
            lexer.take()
        else:
            parts.add(_quoted(lexer, ESCAPED_IN_QUOTES, plain=False))


def _substitutes_process(lexer: Lexer) -> bool:
    return lexer.dialect.process_substitution and (lexer.at("<(") or lexer.at(">("))


def _unquoted(lexer: Lexer, stops: str = "") -> Part:
    plain = lexer.match(PLAIN)
    if plain:
        cut = next((index for index, char in enumerate(plain) if char in stops), len(plain)) if stops else len(plain)
        lexer.position -= len(plain) - cut
        return Literal(plain[:cut])
    if _substitutes_process(lexer):
        direction = lexer.take()
        lexer.take()
        return ProcessSubstitution(direction, _nested(lexer, ")"))
    char = lexer.take()
    if char == "\\":
        return _escape(lexer)
    if char == "'":
        return SingleQuoted(_single(lexer))
    if char == '"':
        return DoubleQuoted(_double(lexer))
    if char == "`":
        return _backticks(lexer, quoted=False)
    if char == "$":
        return _dollar(lexer, quoted=False)
    return Literal(char)


def _escape(lexer: Lexer) -> Part:
    if lexer.accept("\n"):
        return Literal("")
    char = lexer.take()
    return Escaped(char) if char else Literal("\\")


def _argument_escape(lexer: Lexer) -> Part:
    """A backslash or a single quote in the argument of a quoted ${...}."""
    char = lexer.take()
    if char == "'":
        return Literal(char)
    if lexer.accept("\n"):
        return Literal("")
    return Escaped(lexer.take()) if lexer.char and lexer.char in ESCAPED_IN_QUOTES + "}" else Literal(char)


def _single(lexer: Lexer) -> str:
    end = lexer.text.find("'", lexer.position)
    if end < 0:
        raise Incomplete(closing="'", line=lexer.last_line, opened=lexer.line)
    text, lexer.position = lexer.text[lexer.position : end], end + 1
    return text


def _ansi(lexer: Lexer) -> str:
    start, line = lexer.position, lexer.line
    while lexer.char != "'":
        if not lexer.char:
            raise Incomplete(closing="'", line=lexer.last_line, opened=line)
        lexer.position += 2 if lexer.char == "\\" else 1
    text = lexer.text[start : lexer.position]
    lexer.position += 1
    return text


def _double(lexer: Lexer) -> tuple[Part, ...]:
    opened, parts = lexer.line, Parts()
    while not lexer.accept('"'):
        if not lexer.char:
            raise Incomplete(closing='"', line=lexer.last_line, opened=opened)
        parts.add(_quoted(lexer, ESCAPED_IN_QUOTES))
    return parts.done()


def _quoted(lexer: Lexer, escaped: str, *, plain: bool = True) -> Part:
    """One part within double quotes."""
    text = lexer.match(PLAIN_IN_QUOTES) if plain else ""
    if text:
        return Literal(text)
    char = lexer.take()
    if char == "\\":
        if lexer.accept("\n"):
            return Literal("")
        return Escaped(lexer.take()) if lexer.char and lexer.char in escaped else Literal(char)
    if char == "`":
        return _backticks(lexer, quoted=True)
    if char == "$":
        return _dollar(lexer, quoted=True)
    return Literal(char)


def _dollar(lexer: Lexer, *, quoted: bool) -> Part:
    if not quoted and lexer.dialect.ansi_quotes and lexer.accept("'"):
        return AnsiQuoted(_ansi(lexer))
    if not quoted and lexer.dialect.arrays and lexer.accept('"'):
        return DoubleQuoted(_double(lexer))
    if lexer.accept("(("):
        expression = read_arithmetic(lexer, "))")
        if expression is not None:
            return Arithmetic(expression)
        lexer.position -= 1
        return Substitution(_nested(lexer, ")"))
    if lexer.accept("("):
        return Substitution(_nested(lexer, ")"))
    if lexer.accept("{"):
        return _braced(lexer, quoted=quoted)
    name = lexer.match(SHORT_NAME)
    return Parameter(name) if name else Literal("$")


def _nested(lexer: Lexer, closing: str) -> Sequence:
    if lexer.nested is None:
        raise ShellSyntaxError("(", line=lexer.line)
    return lexer.nested(lexer, closing)


def _inner(lexer: Lexer, text: str) -> Lexer:
    inner = Lexer(text, lexer.dialect, line=lexer.line)
    inner.nested = lexer.nested
    inner.block_aliases_of(lexer)
    return inner


def _backticks(lexer: Lexer, *, quoted: bool) -> Part:
    opened, text = lexer.line, []
    while not lexer.accept("`"):
        if not lexer.char:
            raise Incomplete(closing="`", line=lexer.last_line, opened=opened)
        char = lexer.take()
        if char == "\\" and lexer.char and lexer.char in ('$`\\"' if quoted else "$`\\"):
            char = lexer.take()
        text.append(char)
    return Substitution(_nested(_inner(lexer, "".join(text)), ""), backticks=True)


def _braced(lexer: Lexer, *, quoted: bool) -> Part:
    """The inside of ${...}."""
    start = lexer.position
    length = lexer.char == "#" and bool(re.match(r"#([A-Za-z0-9_@*]|[?$!-][}])", lexer.text[lexer.position :]))
    indirect = lexer.dialect.case_modification and bool(re.match(r"![A-Za-z_]", lexer.text[lexer.position :]))
    if length or indirect:
        lexer.take()
    name = lexer.match(LONG_NAME)
    if not name:
        return _bad(lexer, start)
    subscript = None
    if lexer.dialect.arrays and lexer.accept("["):
        subscript = read_until(lexer, "]", opened="}")
        lexer.take()
    if lexer.accept("}"):
        return Parameter(name, subscript=subscript, length=length, indirect=indirect, braces=True)
    operator = "" if length else _operation(lexer)
    if not operator:
        return _bad(lexer, start)
    argument, second = _arguments(lexer, operator, quoted=quoted)
    if not lexer.accept("}"):
        return _bad(lexer, start)
    return Parameter(name, operator, argument, second, subscript=subscript, indirect=indirect, braces=True)


def _operation(lexer: Lexer) -> str:
    known: tuple[str, ...] = TESTS + TRIMS
    if lexer.dialect.substrings:
        known += (*REPLACEMENTS, ":")
    if lexer.dialect.case_modification:
        known += CASES
    return next((operator for operator in known if lexer.accept(operator)), "")


def _arguments(lexer: Lexer, operator: str, *, quoted: bool) -> tuple[Word, Word | None]:
    read: Callable[[str], Word] = lambda stops: read_until(  # noqa: E731
        lexer, stops, opened="}", quoted=quoted and operator in TESTS
    )
    if operator in REPLACEMENTS or operator == ":":
        separator = operator[0]
        first = read(separator + "}")
        return first, read("}") if lexer.accept(separator) else None
    return read("}"), None


def _bad(lexer: Lexer, start: int) -> Part:
    if not lexer.dialect.late_substitution_errors:
        if not lexer.char:
            raise Incomplete(closing="}", line=lexer.line, opened=lexer.line)
        raise ShellSyntaxError("", text="bad substitution", line=lexer.line)
    read_until(lexer, "}", opened="}")
    lexer.take()
    return BadSubstitution("${" + lexer.text[start : lexer.position])
