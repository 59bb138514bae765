"""Goes through the tokens of a template, forwards and back, and says where it could not go on."""

from __future__ import annotations

from simulator.cli.gotemplate.lexer import SyntaxFailure, Token, tokens


class TokenReader:
    """The tokens of one text. `name` is the template's, which errors begin with."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.tokens = list(tokens(text))
        self.at = 0
        self.furthest = 0  # the last token looked at, whose line errors name
        self.action: int | None = None  # where the action at hand began

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def peek(self) -> Token:
        at = min(self.at, len(self.tokens) - 1)
        self.furthest = max(self.furthest, at)
        return self.tokens[at]

    def next_token(self) -> Token:
        """The next one that is not space."""
        while self.peek().kind == "space":
            self.at += 1
        return self.next()

    def peek_token(self) -> Token:
        token = self.next_token()
        self.at -= 1
        return token

    def expect(self, kind: str, context: str) -> Token:
        token = self.next_token()
        if token.kind != kind:
            raise self.unexpected(token, context)
        return token

    def failure(self, message: str) -> SyntaxFailure:
        return SyntaxFailure(f"template: {self.name}:{self._line(self.tokens[self.furthest].pos)}: {message}")

    def unexpected(self, token: Token, context: str) -> SyntaxFailure:
        if token.kind == "error":
            return self.failure(token.text + self._since(token))
        return self.failure(f"unexpected {token} in {context}")

    def _since(self, token: Token) -> str:
        """Where the action began that an error ends, if that was in another line."""
        line = self._line(self.action) if self.action is not None else 0
        if not line or line == self._line(token.pos):
            return ""
        return (
            f" started at {self.name}:{line}"
            if token.text.endswith(" action")
            else f" in action started at {self.name}:{line}"
        )

    def _line(self, pos: int) -> int:
        return 1 + self.text.count("\n", 0, pos)
