"""Makes a tree of the tokens of a template. See text/template/parse/parse.go."""

from __future__ import annotations

from collections.abc import Container

from simulator.cli.gotemplate.constants import number_from_text, unquote
from simulator.cli.gotemplate.lexer import Token
from simulator.cli.gotemplate.nodes import (
    ActionNode,
    BoolNode,
    BranchNode,
    ChainNode,
    CommandNode,
    DotNode,
    ElseNode,
    EndNode,
    FieldNode,
    IdentifierNode,
    JumpNode,
    ListNode,
    NilNode,
    Node,
    NumberNode,
    PipeNode,
    StringNode,
    TemplateNode,
    TextNode,
    VariableNode,
)
from simulator.cli.gotemplate.reader import TokenReader
from simulator.golang.quote import quote

_OPERANDS = ("bool", "rune", "dot", "field", "identifier", "number", "nil", "raw", "string", "variable", "open")
_LITERALS = (BoolNode, StringNode, NumberNode, NilNode, DotNode)


def parse_text(text: str, functions: Container[str], name: str = "") -> dict[str, ListNode]:
    """All templates that a text defines by name; `name` is the text's own. Raises SyntaxFailure."""
    parser = _Parser(text, functions, name)
    parser.whole()
    return parser.trees


class _Parser(TokenReader):
    def __init__(self, text: str, functions: Container[str], name: str) -> None:
        super().__init__(text, name)
        self.functions = functions
        self.trees: dict[str, ListNode] = {}
        self.variables = ["$"]
        self.ranges = 0

    def whole(self) -> None:
        root = ListNode(0)
        while self.peek().kind != "eof":
            start = self.at
            if self.peek().kind == "left" and self.next() and self.next_token().kind == "define":
                self._definition()
                continue
            self.at = start
            node = self._text_or_action()
            if isinstance(node, EndNode | ElseNode):
                raise self.failure(f"unexpected {node}")
            root.nodes.append(node)
        self._add(self.name, root)

    def _add(self, name: str, tree: ListNode) -> None:
        if name not in self.trees or self.trees[name].is_empty:
            self.trees[name] = tree
        elif not tree.is_empty:
            raise self.failure(f"template: multiple definition of template {quote(name)}")

    def _definition(self) -> None:
        name = self._template_name("define clause")
        self.expect("right", "define clause")
        self._body_of(name, "define clause")

    def _body_of(self, name: str, context: str) -> None:
        """The body of a define or block: a template of its own, which sees no variables from outside."""
        outer, self.variables = self.variables, ["$"]
        body, end = self._list()
        if not isinstance(end, EndNode):
            raise self.failure(f"unexpected {end} in {context}")
        self.variables = outer
        self._add(name, body)

    def _list(self) -> tuple[ListNode, Node]:
        """Nodes up to an end or else, and that."""
        body = ListNode(self.peek_token().pos)
        while self.peek_token().kind != "eof":
            node = self._text_or_action()
            if isinstance(node, EndNode | ElseNode):
                return body, node
            body.nodes.append(node)
        raise self.failure("unexpected EOF")

    def _text_or_action(self) -> Node:
        token = self.next_token()
        if token.kind == "text":
            return TextNode(token.pos, token.text)
        if token.kind == "left":
            self.action = token.pos
            action = self._action()
            self.action = None
            return action
        raise self.unexpected(token, "input")

    def _action(self) -> Node:
        token = self.next_token()
        if token.kind in ("if", "with", "range"):
            return self._branch(token.kind)
        if token.kind in ("break", "continue"):
            return self._jump(token)
        if token.kind == "end":
            return EndNode(self.expect("right", "end").pos)
        if token.kind == "else":
            following = self.peek_token()
            return ElseNode(following.pos if following.kind == "if" else self.expect("right", "else").pos)
        if token.kind in ("template", "block"):
            return self._template(token.kind)
        self.at -= 1
        return ActionNode(token.pos, self._pipeline("command", "right"))

    def _jump(self, token: Token) -> Node:
        word = f"{{{{{token.kind}}}}}"
        following = self.next_token()
        if following.kind != "right":
            raise self.unexpected(following, word)
        if not self.ranges:
            raise self.failure(f"{word} outside {{{{range}}}}")
        return JumpNode(token.pos, token.kind)

    def _template(self, word: str) -> Node:
        token = self.peek_token()
        context = f"{word} clause"
        name = self._template_name(context)
        pipe = None
        if word == "block" or self.peek_token().kind != "right":
            pipe = self._pipeline(context, "right")
        else:
            self.next_token()
        if word == "block":
            self._body_of(name, context)
        return TemplateNode(token.pos, name, pipe)

    def _template_name(self, context: str) -> str:
        token = self.next_token()
        if token.kind not in ("string", "raw"):
            raise self.unexpected(token, context)
        return self._unquote(token)

    def _unquote(self, token: Token) -> str:
        text = unquote(token.text)
        if text is None:
            raise self.failure("invalid syntax")
        return text

    def _branch(self, word: str) -> BranchNode:
        declared = len(self.variables)
        pipe = self._pipeline(word, "right")
        self.ranges += word == "range"
        body, end = self._list()
        self.ranges -= word == "range"
        other: ListNode | None = None
        if isinstance(end, ElseNode):
            other = self._other(word, end)
        del self.variables[declared:]
        return BranchNode(pipe.pos, word, pipe, body, other)

    def _other(self, word: str, start: Node) -> ListNode:
        """What follows an else; `else if` is an if inside it that shares its end."""
        if word == "if" and self.peek().kind == "if":
            self.next()
            return ListNode(start.pos, [self._branch("if")])
        other, end = self._list()
        if not isinstance(end, EndNode):
            raise self.failure(f"expected end; found {end}")
        return other

    # -- pipelines --------------------------------------------------------------------------------------------------

    def _pipeline(self, context: str, end: str) -> PipeNode:
        pipe = PipeNode(self.peek_token().pos)
        while self._declaration(pipe, context):
            pass
        while (token := self.next_token()).kind != end:
            if token.kind not in _OPERANDS:
                raise self.unexpected(token, context)
            self.at -= 1
            pipe.commands.append(self._command())
        if not pipe.commands:
            raise self.failure(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.arguments[0], _LITERALS):
                raise self.failure(f"non executable command in pipeline stage {stage}")
        return pipe

    def _declaration(self, pipe: PipeNode, context: str) -> bool:
        """Takes `$x :=`, `$x =` or `$i,`; says whether a second variable follows."""
        variable = self.peek_token()
        if variable.kind != "variable":
            return False
        start = self.at
        self.next_token()
        following = self.peek_token()
        comma = following.kind == "char" and following.text == ","
        if not comma and following.kind not in ("assign", "declare"):
            self.at = start
            return False
        self.next_token()
        pipe.assigns = following.kind == "assign"
        pipe.variables.append(VariableNode(variable.pos, variable.text.split(".")))
        self.variables.append(variable.text)
        if not comma:
            return False
        if context == "range" and len(pipe.variables) < 2:
            if self.peek_token().kind in ("variable", "right", "close"):
                return True
            raise self.failure("range can only initialize variables")
        raise self.failure(f"too many declarations in {context}")

    def _command(self) -> CommandNode:
        command = CommandNode(self.peek_token().pos)
        while True:
            self.peek_token()
            operand = self._operand()
            if operand is not None:
                command.arguments.append(operand)
            token = self.next()
            if token.kind == "space":
                continue
            if token.kind in ("right", "close"):
                self.at -= 1
            elif token.kind != "pipe":
                raise self.unexpected(token, "operand")
            break
        if not command.arguments:
            raise self.failure("empty command")
        return command

    def _operand(self) -> Node | None:
        node = self._term()
        if node is None or self.peek().kind != "field":
            return node
        pos, names = self.peek().pos, []
        while self.peek().kind == "field":
            names.append(self.next().text[1:])
        if isinstance(node, FieldNode):
            return FieldNode(pos, node.names + names)
        if isinstance(node, VariableNode):
            return VariableNode(pos, node.names + names)
        if isinstance(node, _LITERALS):
            raise self.failure(f"unexpected . after term {quote(str(node))}")
        return ChainNode(pos, node, names)

    def _term(self) -> Node | None:
        token = self.next_token()
        kind, text, pos = token.kind, token.text, token.pos
        if kind == "identifier" and text not in self.functions:
            raise self.failure(f"function {quote(text)} not defined")
        if kind == "variable" and text not in self.variables:
            raise self.failure(f"undefined variable {quote(text)}")
        if kind == "open":
            return self._pipeline("parenthesized pipeline", "close")
        if kind in ("number", "rune"):
            return self._number(token)
        if kind in ("string", "raw"):
            return StringNode(pos, text, self._unquote(token))
        made: Node | None = {
            "identifier": IdentifierNode(pos, text),
            "dot": DotNode(pos),
            "nil": NilNode(pos),
            "variable": VariableNode(pos, [text]),
            "field": FieldNode(pos, [text[1:]]),
            "bool": BoolNode(pos, text == "true"),
        }.get(kind)
        if made is None:
            self.at -= 1
        return made

    def _number(self, token: Token) -> NumberNode:
        try:
            integer, number = number_from_text(token.text)
        except ValueError as error:
            raise self.failure(str(error)) from None
        return NumberNode(token.pos, token.text, integer, number)
