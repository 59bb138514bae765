"""Go's text/template, as the docker client has it: `parse` reads a template, `Template.execute` applies it to a value.

The package mirrors text/template and text/template/parse of Go 1.19 down to the words of its errors. Values are
`values.Value`, each with its Go type, because a template sees types: what a struct prints, which key a map lacks, what
may be compared. Left out: complex numbers, channels, functions as values.
"""

from __future__ import annotations

from simulator.cli.gotemplate.execute import execute
from simulator.cli.gotemplate.functions import FUNCTIONS, Function
from simulator.cli.gotemplate.lexer import SyntaxFailure
from simulator.cli.gotemplate.nodes import ListNode
from simulator.cli.gotemplate.parser import parse_text
from simulator.cli.gotemplate.state import ExecutionError, Source
from simulator.cli.gotemplate.values import Value

__all__ = ["ExecutionError", "SyntaxFailure", "Template", "parse"]


class Template:
    """A parsed template."""

    def __init__(self, text: str, trees: dict[str, ListNode], name: str) -> None:
        self._text, self._trees, self._name = text, trees, name

    def execute(self, dot: Value | None, *, strict: bool = False, functions: dict[str, Function] | None = None) -> str:
        """What the template makes of the value. `strict`: a key that a map lacks is an error. Raises ExecutionError."""
        source = Source(self._name, self._text, self._trees)
        return execute(source, dot, strict=strict, functions={**FUNCTIONS, **(functions or {})})


def parse(text: str, name: str = "") -> Template:
    """Reads a template. Raises SyntaxFailure with Go's text: `template: :1: unclosed action`, after the name."""
    return Template(text, parse_text(text, FUNCTIONS, name), name)
