"""Parsing simple commands, their assignments and redirections, and function definitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.userland.shell import compound
from simulator.userland.shell.errors import ShellSyntaxError
from simulator.userland.shell.lexer import REDIRECTIONS, Kind
from simulator.userland.shell.syntax import (
    AnsiQuoted,
    ArrayItem,
    ArrayLiteral,
    Assignment,
    Command,
    DoubleQuoted,
    Escaped,
    Function,
    HereDocument,
    Literal,
    Part,
    Redirect,
    Simple,
    SingleQuoted,
    Word,
)

if TYPE_CHECKING:
    from simulator.userland.shell.parser import Parser

FUNCTION_NAME = re.compile(r"[^\s'\"\\$`=]+")
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?=)")
ELEMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\[")
ELEMENT_END = re.compile(r"\](\+?=)")
DECLARATIONS = frozenset({"declare", "typeset", "local", "export", "readonly"})


def read_simple(parser: Parser) -> Command:
    line = parser.peek().line
    assignments: list[Assignment] = []
    words: list[Word | Assignment] = []
    redirects: list[Redirect] = []
    while True:
        redirect = _redirect(parser)
        if redirect is not None:
            redirects.append(redirect)
        elif parser.peek().kind is Kind.WORD:
            _read_word(parser, assignments, words)
            if parser.operator() == "(" and len(words) == 1 and not (redirects or assignments):
                return _function(parser, words[0], line)
        else:
            break
    if not (assignments or words or redirects):
        raise parser.unexpected()
    return Simple(tuple(words), tuple(assignments), tuple(redirects), line)


def read_redirects(parser: Parser) -> tuple[Redirect, ...]:
    found = []
    while (redirect := _redirect(parser)) is not None:
        found.append(redirect)
    return tuple(found)


def read_function_keyword(parser: Parser) -> Command:
    """function name [()] body"""
    line = parser.next().line
    name = parser.peek().word.literal
    if name is None:
        raise parser.unexpected(expecting="word")
    parser.next()
    if parser.accept("("):
        parser.expect(")")
    return _function_body(parser, name, line)


def split_assignment(word: Word, *, arrays: bool) -> Assignment | None:
    """name=value, name+=value, name[subscript]=value; None if the word is nothing of these."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal):
        return None
    plain = ASSIGNMENT.match(first.text)
    if plain and (plain.group(2) == "=" or arrays):
        rest = (Literal(first.text[plain.end() :]), *word.parts[1:])
        return Assignment(plain.group(1), _word(rest), append=plain.group(2) == "+=")
    element = ELEMENT.match(first.text) if arrays else None
    if element is None:
        return None
    return _element((Literal(first.text[element.end() :]), *word.parts[1:]), element.group(1))


def _element(parts: tuple[Part, ...], name: str) -> Assignment | None:
    for index, part in enumerate(parts):
        found = ELEMENT_END.search(part.text) if isinstance(part, Literal) else None
        if found and isinstance(part, Literal):
            subscript = _word((*parts[:index], Literal(part.text[: found.start()])))
            value = _word((Literal(part.text[found.end() :]), *parts[index + 1 :]))
            return Assignment(name, value, subscript, append=found.group(1) == "+=")
    return None


def _word(parts: tuple[Part, ...]) -> Word:
    """A word of these parts without empty literals."""
    return Word(tuple(part for part in parts if not (isinstance(part, Literal) and not part.text)))


def _read_word(parser: Parser, assignments: list[Assignment], words: list[Word | Assignment]) -> None:
    if not words and assignments:
        parser.expand_alias()
    word = parser.next().word
    first = words[0] if words else None
    declares = parser.dialect.arrays and isinstance(first, Word) and first.literal in DECLARATIONS
    assignment = _assignment(parser, word) if not words or declares else None
    if not words and assignment is not None:
        assignments.append(assignment)
    elif assignment is not None and isinstance(assignment.value, ArrayLiteral):
        words.append(assignment)
    else:
        words.append(word)
        if parser.aliases.get(word.literal or "", "").endswith((" ", "\t")):
            parser.expand_alias()


def _assignment(parser: Parser, word: Word) -> Assignment | None:
    assignment = split_assignment(word, arrays=parser.dialect.arrays)
    if assignment is None or assignment.value != Word() or not parser.dialect.arrays or parser.looked_ahead:
        return assignment
    if not parser.lexer.accept("("):
        return assignment
    return Assignment(assignment.name, _array(parser), assignment.subscript, assignment.append)


def _array(parser: Parser) -> ArrayLiteral:
    items: list[ArrayItem] = []
    while True:
        parser.skip_newlines()
        if parser.accept(")"):
            return ArrayLiteral(tuple(items))
        if parser.peek().kind is not Kind.WORD:
            raise parser.unexpected(expecting=")")
        word = parser.next().word
        first = word.parts[0]
        element = None
        if isinstance(first, Literal) and first.text.startswith("["):
            element = _element((Literal(first.text[1:]), *word.parts[1:]), "")
        if element is not None and isinstance(element.value, Word):
            items.append(ArrayItem(element.value, element.subscript))
        else:
            items.append(ArrayItem(word))


def _redirect(parser: Parser) -> Redirect | None:
    number = parser.next() if parser.peek().kind is Kind.NUMBER else None
    operator = parser.operator()
    if operator not in REDIRECTIONS:
        return None
    parser.next()
    if parser.peek().kind is not Kind.WORD:
        raise parser.unexpected()
    target = parser.next().word
    here = None
    if operator in ("<<", "<<-"):
        plain = all(isinstance(part, Literal) for part in target.parts)
        here = HereDocument(_delimiter(target.parts), quoted=not plain, strip_tabs=operator == "<<-")
        parser.lexer.expect_here(here)
    return Redirect(operator, target, int(number.text) if number else None, here)


def _delimiter(parts: tuple[Part, ...]) -> str:
    """The text of a here-document's delimiter: its quotes removed, nothing expanded."""
    texts = []
    for part in parts:
        if isinstance(part, Literal | Escaped | SingleQuoted | AnsiQuoted):
            texts.append(part.text)
        elif isinstance(part, DoubleQuoted):
            texts.append(_delimiter(part.parts))
    return "".join(texts)


def _function(parser: Parser, name: Word | Assignment, line: int) -> Command:
    parser.next()
    parser.expect(")")
    text = name.literal if isinstance(name, Word) else None
    if text is None or not FUNCTION_NAME.fullmatch(text):
        raise ShellSyntaxError("", text="bad function name", line=line)
    return _function_body(parser, text, line)


def _function_body(parser: Parser, name: str, line: int) -> Command:
    parser.skip_newlines()
    if parser.dialect.arrays and parser.reserved() not in compound.READERS and parser.operator() != "(":
        raise parser.unexpected()
    return Function(name, parser.command(), line)
