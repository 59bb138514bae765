"""The nodes of a parsed template; `str(node)` is the source as Go rebuilds it for errors. See text/template/parse."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.golang.quote import quote


@dataclass(slots=True)
class Node:
    """A node, and where in the source it begins."""

    pos: int


@dataclass(slots=True)
class TextNode(Node):
    """Text outside of {{ }}."""

    text: str


@dataclass(slots=True)
class ListNode(Node):
    """Nodes one after the other."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return all(isinstance(node, TextNode) and not node.text.strip() for node in self.nodes)


@dataclass(slots=True)
class BoolNode(Node):
    """true or false."""

    true: bool

    def __str__(self) -> str:
        return "true" if self.true else "false"


@dataclass(slots=True)
class NilNode(Node):
    """nil."""

    def __str__(self) -> str:
        return "nil"


@dataclass(slots=True)
class DotNode(Node):
    """The cursor: "." alone."""

    def __str__(self) -> str:
        return "."


@dataclass(slots=True)
class NumberNode(Node):
    """An ideal constant: an integer, a float, or one as both."""

    text: str
    integer: int | None
    number: float | None

    def __str__(self) -> str:
        return self.text


@dataclass(slots=True)
class StringNode(Node):
    """A constant text, and how it was quoted."""

    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(slots=True)
class IdentifierNode(Node):
    """A function's name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class FieldNode(Node):
    """.Name.Name, of the cursor."""

    names: list[str]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@dataclass(slots=True)
class VariableNode(Node):
    """$name.Name."""

    names: list[str]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(slots=True)
class CommandNode(Node):
    """A function or a value with its arguments, between two bars."""

    arguments: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(_operand(node) for node in self.arguments)


@dataclass(slots=True)
class PipeNode(Node):
    """Commands joined by bars, and the variables that get the last value."""

    variables: list[VariableNode] = field(default_factory=list)
    assigns: bool = False
    commands: list[CommandNode] = field(default_factory=list)

    def __str__(self) -> str:
        declared = ", ".join(str(variable) for variable in self.variables)
        return (f"{declared} := " if declared else "") + " | ".join(str(command) for command in self.commands)


@dataclass(slots=True)
class ChainNode(Node):
    """Fields of what a term gives: (index .X 0).Name."""

    node: Node
    names: list[str]

    def __str__(self) -> str:
        return _operand(self.node) + "".join(f".{name}" for name in self.names)


def _operand(node: Node) -> str:
    return f"({node})" if isinstance(node, PipeNode) else str(node)


@dataclass(slots=True)
class ActionNode(Node):
    """{{pipeline}}."""

    pipe: PipeNode

    def __str__(self) -> str:
        return "{{" + str(self.pipe) + "}}"


@dataclass(slots=True)
class BranchNode(Node):
    """if, with and range."""

    word: str
    pipe: PipeNode
    body: ListNode
    other: ListNode | None


@dataclass(slots=True)
class TemplateNode(Node):
    """{{template "name" pipeline}}."""

    name: str
    pipe: PipeNode | None

    def __str__(self) -> str:
        return "{{template " + quote(self.name) + (f" {self.pipe}" if self.pipe else "") + "}}"


@dataclass(slots=True)
class JumpNode(Node):
    """break and continue."""

    word: str


@dataclass(slots=True)
class EndNode(Node):
    """{{end}}."""

    def __str__(self) -> str:
        return "{{end}}"


@dataclass(slots=True)
class ElseNode(Node):
    """{{else}}."""

    def __str__(self) -> str:
        return "{{else}}"
