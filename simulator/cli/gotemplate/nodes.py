"""The nodes of a parsed template; `str(node)` is the source as Go rebuilds it for errors. See text/template/parse."""

from __future__ import annotations

from msgspec import Struct, field

from simulator.golang.quote import quote


class Node(Struct):
    """A node, and where in the source it begins."""

    pos: int


class TextNode(Node):
    """Text outside of {{ }}."""

    text: str


class ListNode(Node):
    """Nodes one after the other."""

    nodes: list[Node] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return all(isinstance(node, TextNode) and not node.text.strip() for node in self.nodes)


class BoolNode(Node):
    """true or false."""

    true: bool

    def __str__(self) -> str:
        return "true" if self.true else "false"


class NilNode(Node):
    """nil."""

    def __str__(self) -> str:
        return "nil"


class DotNode(Node):
    """The cursor: "." alone."""

    def __str__(self) -> str:
        return "."


class NumberNode(Node):
    """An ideal constant: an integer, a float, or one as both."""

    text: str
    integer: int | None
    number: float | None

    def __str__(self) -> str:
        return self.text


class StringNode(Node):
    """A constant text, and how it was quoted."""

    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


class IdentifierNode(Node):
    """A function's name."""

    name: str

    def __str__(self) -> str:
        return self.name


class FieldNode(Node):
    """.Name.Name, of the cursor."""

    names: list[str]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


class VariableNode(Node):
    """$name.Name."""

    names: list[str]

    def __str__(self) -> str:
        return ".".join(self.names)


class CommandNode(Node):
    """A function or a value with its arguments, between two bars."""

    arguments: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(_operand(node) for node in self.arguments)


class PipeNode(Node):
    """Commands joined by bars, and the variables that get the last value."""

    variables: list[VariableNode] = field(default_factory=list)
    assigns: bool = False
    commands: list[CommandNode] = field(default_factory=list)

    def __str__(self) -> str:
        declared = ", ".join(str(variable) for variable in self.variables)
        return (f"{declared} := " if declared else "") + " | ".join(str(command) for command in self.commands)


class ChainNode(Node):
    """Fields of what a term gives: (index .X 0).Name."""

    node: Node
    names: list[str]

    def __str__(self) -> str:
        return _operand(self.node) + "".join(f".{name}" for name in self.names)


def _operand(node: Node) -> str:
    return f"({node})" if isinstance(node, PipeNode) else str(node)


class ActionNode(Node):
    """{{pipeline}}."""

    pipe: PipeNode

    def __str__(self) -> str:
        return "{{" + str(self.pipe) + "}}"


class BranchNode(Node):
    """if, with and range."""

    word: str
    pipe: PipeNode
    body: ListNode
    other: ListNode | None


class TemplateNode(Node):
    """{{template "name" pipeline}}."""

    name: str
    pipe: PipeNode | None

    def __str__(self) -> str:
        return "{{template " + quote(self.name) + (f" {self.pipe}" if self.pipe else "") + "}}"


class JumpNode(Node):
    """break and continue."""

    word: str


class EndNode(Node):
    """{{end}}."""

    def __str__(self) -> str:
        return "{{end}}"


class ElseNode(Node):
    """{{else}}."""

    def __str__(self) -> str:
        return "{{else}}"
