"""Running if, while, for, case, (( )) and [[ ]]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland.shell import conditional, execute, expand, pattern
from simulator.userland.shell.errors import Break, Continue
from simulator.userland.shell.syntax import (
    ArithmeticCommand,
    Case,
    Condition,
    For,
    ForArithmetic,
    If,
    Sequence,
    While,
    Word,
)
from simulator.userland.shell.unparse import condition_text, word_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def run_if(shell: Shell, node: If, *, tail: bool = False) -> Steps:
    for condition, body in node.branches:
        if (yield from _holds(shell, condition)):
            return (yield from execute.run(shell, body, tail=tail))
    if node.otherwise is not None:
        return (yield from execute.run(shell, node.otherwise, tail=tail))
    return 0


def run_while(shell: Shell, node: While) -> Steps:
    status = 0
    shell.loops += 1
    try:
        while (yield from _round(shell, _holds(shell, node.condition, until=node.until))) is True:
            if not (yield from _round(shell, execute.run(shell, node.body))):
                break
            status = shell.status
    finally:
        shell.loops -= 1
    return status


def run_for(shell: Shell, node: For) -> Steps:
    values = list(shell.positional) if node.words is None else (yield from expand.fields(shell, node.words))
    shell.loops += 1
    shell.status = 0
    try:
        for value in values:
            shell.set(node.name, value)
            if "xtrace" in shell.options and shell.dialect.name == "bash":
                listed = " ".join(word_text(word) for word in node.words) if node.words is not None else '"$@"'
                shell.trace(f"for {node.name} in {listed}")
            if not (yield from _round(shell, execute.run(shell, node.body))):
                break
    finally:
        shell.loops -= 1
    return shell.status


def run_for_arithmetic(shell: Shell, node: ForArithmetic) -> Steps:
    yield from _value(shell, node.start)
    shell.loops += 1
    shell.status = 0
    try:
        while not node.condition.parts or (yield from _value(shell, node.condition)):
            if not (yield from _round(shell, execute.run(shell, node.body))):
                break
            yield from _value(shell, node.step)
    finally:
        shell.loops -= 1
    return shell.status


def run_case(shell: Shell, node: Case, *, tail: bool = False) -> Steps:
    subject = yield from expand.text(shell, node.word)
    if "xtrace" in shell.options and shell.dialect.name == "bash":
        shell.trace(f"case {word_text(node.word)} in")
    status, falling = 0, False
    for item in node.items:
        if not falling and not (yield from _any_matches(shell, item.patterns, subject)):
            continue
        ends = tail and item.ending == ";;"
        status = (yield from execute.run(shell, item.body, tail=ends)) if item.body.items else 0
        falling = item.ending == ";&"
        if item.ending == ";;":
            break
    return status


def run_arithmetic(shell: Shell, node: ArithmeticCommand) -> Steps:
    shell.line = node.line
    value = yield from _value(shell, node.expression)
    return int(value == 0)


def run_condition(shell: Shell, node: Condition) -> Steps:
    shell.line = node.line
    if "xtrace" in shell.options:
        shell.trace(f"[[ {condition_text(node.expression)} ]]")
    return int(not (yield from conditional.holds(shell, node.expression)))


def _holds(shell: Shell, condition: Sequence, *, until: bool = False) -> Steps:
    status = yield from execute.unchecked(shell, execute.run(shell, condition))
    return (status == 0) != until


def _round(shell: Shell, steps: Steps) -> Steps:
    """One turn of the innermost loop: its outcome, or True to go on and False to leave."""
    try:
        outcome = yield from steps
    except Break as jump:
        if jump.levels > 1:
            raise Break(jump.levels - 1) from None
        shell.status = 0
        return False
    except Continue as jump:
        if jump.levels > 1:
            raise Continue(jump.levels - 1) from None
        shell.status = 0
        return True
    return outcome if isinstance(outcome, bool) else True


def _any_matches(shell: Shell, patterns: tuple[Word, ...], subject: str) -> Steps:
    for word in patterns:
        if pattern.matches((yield from expand.pieces(shell, word)), subject):
            return True
    return False


def _value(shell: Shell, word: Word) -> Steps:
    return (yield from expand.number(shell, word)) if word.parts else 0
