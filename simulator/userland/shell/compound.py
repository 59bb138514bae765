"""Parsing compound commands: groups, subshells, if, while, for, case, and bash's (( )) and [[ ]]."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.userland.shell import condition, words
from simulator.userland.shell.errors import Incomplete, ShellSyntaxError
from simulator.userland.shell.lexer import Kind
from simulator.userland.shell.syntax import (
    ArithmeticCommand,
    Case,
    CaseItem,
    Command,
    Compound,
    Condition,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Literal,
    Redirect,
    Sequence,
    Subshell,
    While,
    Word,
)

if TYPE_CHECKING:
    from simulator.userland.shell.parser import Parser

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read(parser: Parser, opening: str) -> Compound:
    """The compound command that this reserved word (or parenthesis) begins."""
    return READERS[opening](parser) if opening != "(" else _parenthesis(parser)


def with_redirects(command: Command, redirects: tuple[Redirect, ...]) -> Command:
    if not redirects:
        return command
    if isinstance(command, Function):
        return replace(command, body=with_redirects(command.body, redirects))
    return replace(command, redirects=command.redirects + redirects)


def _group(parser: Parser) -> Compound:
    parser.next()
    body = parser.body("}")
    parser.next()
    return Group(body)


def _parenthesis(parser: Parser) -> Compound:
    """( list ), or bash's (( expression ))."""
    opening = parser.next()
    if parser.dialect.conditions and parser.lexer.char == "(" and not parser.looked_ahead:
        parser.lexer.take()
        expression = words.read_arithmetic(parser.lexer, "))")
        if expression is not None:
            return ArithmeticCommand(expression, line=opening.line)
        parser.lexer.position -= 1
    body = parser.body(")")
    parser.next()
    return Subshell(body)


def _if(parser: Parser) -> Compound:
    branches: list[tuple[Sequence, Sequence]] = []
    otherwise = None
    keyword = "if"
    while keyword in ("if", "elif"):
        parser.next()
        condition = parser.body("then")
        parser.next()
        branches.append((condition, parser.body("fi", "else", "elif")))
        keyword = parser.peek().text
    if keyword == "else":
        parser.next()
        otherwise = parser.body("fi")
    parser.expect("fi")
    return If(tuple(branches), otherwise)


def _while(parser: Parser) -> Compound:
    until = parser.next().text == "until"
    condition = parser.body("do")
    parser.next()
    return While(condition, _done(parser), until)


def _done(parser: Parser) -> Sequence:
    body = parser.body("done")
    parser.next()
    return body


def _for(parser: Parser) -> Compound:
    parser.next()
    if parser.dialect.conditions and parser.operator() == "(" and parser.lexer.char == "(":
        return _for_arithmetic(parser)
    if parser.peek().kind is not Kind.WORD:
        raise _bad_loop_variable(parser)
    name = parser.next()
    if not NAME.fullmatch(name.text):
        if parser.dialect.arrays:
            raise ShellSyntaxError("", text=f"`{name.text}': not a valid identifier", line=name.line)
        raise ShellSyntaxError("", text="bad for loop variable", line=name.line)
    parser.skip_newlines()
    listed = _for_words(parser) if parser.accept("in") else None
    if listed is None:
        parser.accept(";")
    parser.skip_newlines()
    return For(name.text, listed, _do(parser))


def _bad_loop_variable(parser: Parser) -> ShellSyntaxError:
    if parser.dialect.arrays:
        if parser.peek().kind is Kind.END and not parser.lexer.text.endswith("\n"):
            return ShellSyntaxError("\n", line=parser.peek().line)
        return parser.unexpected()
    return ShellSyntaxError("", text="bad for loop variable", line=parser.peek().line)


def _for_words(parser: Parser) -> tuple[Word, ...]:
    listed = []
    while parser.peek().kind is Kind.WORD:
        listed.append(parser.next().word)
    if parser.peek().kind is not Kind.NEWLINE and not parser.accept(";"):
        raise parser.incomplete()
    return tuple(listed)


def _do(parser: Parser) -> Sequence:
    """do ... done; bash also takes braces."""
    if parser.dialect.arrays and parser.accept("{"):
        body = parser.body("}")
        parser.next()
        return body
    parser.expect("do")
    return _done(parser)


def _for_arithmetic(parser: Parser) -> Compound:
    opening = parser.next()
    parser.lexer.take()
    text = words.read_arithmetic(parser.lexer, "))")
    pieces = _split_at_semicolons(text) if text is not None else []
    if len(pieces) != 3:
        raise ShellSyntaxError("((", text="syntax error: arithmetic expression required", line=opening.line)
    parser.accept(";")
    parser.skip_newlines()
    begin, condition, step = pieces
    return ForArithmetic(begin, condition, step, _do(parser))


def _split_at_semicolons(word: Word) -> list[Word]:
    pieces: list[list[object]] = [[]]
    for part in word.parts:
        texts = part.text.split(";") if isinstance(part, Literal) else []
        pieces[-1].append(Literal(texts[0]) if texts else part)
        pieces += [[Literal(text)] for text in texts[1:]]
    return [Word(tuple(part for part in piece if part != Literal(""))) for piece in pieces]  # type: ignore[misc]


def _case(parser: Parser) -> Compound:
    parser.next()
    if parser.peek().kind is not Kind.WORD:
        raise parser.unexpected(expecting="word" if parser.dialect.name != "bash" else "")
    word = parser.next().word
    parser.skip_newlines()
    parser.expect("in")
    items: list[CaseItem] = []
    parser.skip_newlines()
    while not parser.accept("esac"):
        items.append(_case_item(parser))
        parser.skip_newlines()
    return Case(word, tuple(items))


def _case_item(parser: Parser) -> CaseItem:
    parser.accept("(")
    patterns = []
    while True:
        if parser.peek().kind is not Kind.WORD:
            raise parser.unexpected(expecting=")")
        patterns.append(parser.next().word)
        if not parser.accept("|"):
            break
    parser.expect(")")
    parser.skip_newlines()
    if parser.peek().kind is Kind.END:
        raise parser.unexpected(expecting=";;")
    body = parser.case_body()
    ending = ";;"
    if parser.operator() in (";;", ";&", ";;&"):
        ending = parser.next().text
    elif parser.reserved() != "esac":
        raise parser.unexpected(expecting=";;")
    return CaseItem(tuple(patterns), body, ending)


def _condition(parser: Parser) -> Compound:
    opening = parser.next()
    try:
        expression = condition.read_expression(parser)
    except Incomplete as error:
        raise Incomplete(closing="]]", line=error.line, opened=opening.line) from None
    return Condition(expression, line=opening.line)


READERS: dict[str, Callable[[Parser], Compound]] = {
    "{": _group,
    "if": _if,
    "while": _while,
    "until": _while,
    "for": _for,
    "case": _case,
    "[[": _condition,
}
