"""Parsing what stands between [[ and ]] (bash's conditional expressions)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.userland.shell import words
from simulator.userland.shell.errors import ShellSyntaxError
from simulator.userland.shell.lexer import Kind
from simulator.userland.shell.syntax import Binary, Both, Either, Expression, Negation, Nonempty, Unary, Word

if TYPE_CHECKING:
    from simulator.userland.shell.parser import Parser

UNARY = frozenset("-a -b -c -d -e -f -g -h -k -n -o -p -r -s -t -u -v -w -x -z -G -L -N -O -R -S".split())
BINARY = frozenset("= == != =~ -eq -ne -lt -le -gt -ge -nt -ot -ef".split())


def read_expression(parser: Parser) -> Expression:
    """Up to and including ]]."""
    expression = _either(parser)
    if parser.peek().text != "]]":
        raise _error(parser)
    parser.next()
    return expression


def _either(parser: Parser) -> Expression:
    left = _both(parser)
    while parser.accept("||"):
        parser.skip_newlines()
        left = Either(left, _both(parser))
    return left


def _both(parser: Parser) -> Expression:
    left = _term(parser)
    while parser.accept("&&"):
        parser.skip_newlines()
        left = Both(left, _term(parser))
    return left


def _term(parser: Parser) -> Expression:
    parser.skip_newlines()
    if parser.accept("!"):
        return Negation(_term(parser))
    if parser.accept("("):
        inner = _either(parser)
        if not parser.accept(")"):
            raise _error(parser)
        parser.skip_newlines()
        return inner
    first = _operand(parser)
    if first.literal in UNARY and parser.peek().kind is Kind.WORD and parser.peek().text != "]]":
        return _unary(parser, first)
    return _binary(parser, first)


def _unary(parser: Parser, first: Word) -> Expression:
    operator = first.literal or ""
    if parser.peek().text in BINARY:
        return _binary(parser, first)
    return Unary(operator, _operand(parser))


def _binary(parser: Parser, left: Word) -> Expression:
    token = parser.peek()
    if token.text in BINARY or token.text in ("<", ">"):
        parser.next()
        if token.text == "=~":
            return Binary(left, "=~", _regular_expression(parser))
        right = _operand(parser)
        parser.skip_newlines()
        return Binary(left, token.text, right)
    parser.skip_newlines()
    return Nonempty(left)


def _regular_expression(parser: Parser) -> Word:
    """The right side of =~: parentheses and bars belong to it, a blank ends it."""
    parser.lexer.skip_blanks()
    parts, depth = words.Parts(), 0
    while (char := parser.lexer.char) and not (depth == 0 and char in " \t\n"):
        depth += {"(": 1, ")": -1}.get(char, 0)
        parts.add(words.read_part(parser.lexer, "() \t\n"))
    return Word(parts.done())


def _operand(parser: Parser) -> Word:
    if parser.peek().kind is not Kind.WORD or parser.peek().text == "]]":
        raise _error(parser)
    return parser.next().word


def _error(parser: Parser) -> ShellSyntaxError:
    token = parser.peek()
    if token.kind is Kind.END:
        return parser.unexpected(expecting="]]")
    return ShellSyntaxError(token.text, line=token.line)
