"""The nodes of a parsed template; `str(node)` is the source as Go rebuilds it for errors. See text/template/parse."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.golang.quote import quote


@dataclass(slots=True)
class Node:
    pos: int


@dataclass(slots=True)
class TextNode(Node):
    text: str


@dataclass(slots=True)
class ListNode(Node):
    nodes: list[Node] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return all(isinstance(node, TextNode) and not node.text.strip() for node in self.nodes)


@dataclass(slots=True)
class BoolNode(Node):
    true: bool

    def __str__(self) -> str:
        return "true" if self.true else "false"


@dataclass(slots=True)
class NilNode(Node):
    def __str__(self) -> str:
        return "nil"


@dataclass(slots=True)
class DotNode(Node):
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
    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(slots=True)
class IdentifierNode(Node):
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class FieldNode(Node):
    names: list[str]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@dataclass(slots=True)
class VariableNode(Node):
    names: list[str]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(slots=True)
class CommandNode(Node):
    arguments: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(_operand(node) for node in self.arguments)


@dataclass(slots=True)
class PipeNode(Node):
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
    def __str__(self) -> str:
        return "{{end}}"


@dataclass(slots=True)
class ElseNode(Node):
    def __str__(self) -> str:
        return "{{else}}"
