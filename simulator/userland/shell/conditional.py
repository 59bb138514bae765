"""Evaluating [[ ... ]] (bash's conditional expressions): patterns on the right of ==, regular expressions behind =~."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.userland import test
from simulator.userland.posix_regex import translate
from simulator.userland.shell import expand, pattern
from simulator.userland.shell.errors import ShellError
from simulator.userland.shell.syntax import Binary, Both, Either, Expression, Negation, Nonempty, Unary

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell


def holds(shell: Shell, node: Expression) -> Steps:
    """Whether the condition is true."""
    if isinstance(node, Both):
        return (yield from holds(shell, node.left)) and (yield from holds(shell, node.right))
    if isinstance(node, Either):
        return (yield from holds(shell, node.left)) or (yield from holds(shell, node.right))
    if isinstance(node, Negation):
        return not (yield from holds(shell, node.operand))
    if isinstance(node, Nonempty):
        return bool((yield from expand.text(shell, node.operand)))
    if isinstance(node, Unary):
        return _unary(shell, node.operator, (yield from expand.text(shell, node.operand)))
    return (yield from _binary(shell, node))


def _unary(shell: Shell, operator: str, operand: str) -> bool:
    if operator == "-v":
        return shell.get(operand) is not None
    if operator == "-o":
        return operand in shell.options
    if operator == "-a":
        operator = "-e"
    return test.unary(shell.process, operator, operand)


def _binary(shell: Shell, node: Binary) -> Steps:
    left = yield from expand.text(shell, node.left)
    if node.operator in ("=", "==", "!="):
        wanted = yield from expand.pieces(shell, node.right)
        found = pattern.matches(wanted, left, ignore_case="nocasematch" in shell.options)
        return found != (node.operator == "!=")
    if node.operator == "=~":
        return _searched(shell, left, (yield from expand.pieces(shell, node.right)))
    right = yield from expand.text(shell, node.right)
    if node.operator in test.COMPARISONS:
        compare = test.COMPARISONS[node.operator]
        return compare(expand.calculate(shell, left), expand.calculate(shell, right))
    return test.binary(shell.process, left, node.operator, right)


def _searched(shell: Shell, subject: str, wanted: list[tuple[str, bool]]) -> bool:
    text = "".join(re.escape(piece) if quoted else piece for piece, quoted in wanted)
    try:
        found = re.search(translate(text, extended=True), subject)
    except re.error:
        raise ShellError(f"syntax error in regular expression: `{text}'", 2) from None
    groups = [] if found is None else [found.group(), *(group or "" for group in found.groups())]
    shell.variables.set_array("BASH_REMATCH", dict(enumerate(groups)))
    return found is not None
