"""Cuts a template into tokens. See text/template/parse/lex.go."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from simulator.golang.quote import quote

LEFT, RIGHT = "{{", "}}"
KEYWORDS = ("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with")
_SPACES = " \t\r\n"
_OPEN_COMMENT, _CLOSE_COMMENT = "/*", "*/"


class SyntaxFailure(Exception):
    """A template that cannot be read; the text is Go's."""


class Token(Struct, frozen=True):
    """A piece of a template. A keyword's kind is the word itself."""

    kind: str
    text: str
    pos: int

    def __str__(self) -> str:
        """As errors name it."""
        if self.kind == "eof":
            return "EOF"
        if self.kind == "error":
            return self.text
        if self.kind in KEYWORDS or self.kind == "dot":
            return f"<{self.text}>"
        return f"{quote(self.text[:10])}..." if len(self.text) > 10 else quote(self.text)


def tokens(text: str) -> Iterator[Token]:
    """All tokens; the last is "eof" or "error"."""
    yield from _Lexer(text).run()


class _Failure(Exception):
    pass


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = self.start = 0
        self.depth = 0

    def run(self) -> Iterator[Token]:
        try:
            while self.pos < len(self.text):
                yield from self._text()
            yield Token("eof", "", self.pos)
        except _Failure as failure:
            yield Token("error", str(failure), self.start)

    def _text(self) -> Iterator[Token]:
        """Text up to an action, and the action."""
        start, left = self.pos, self.text.find(LEFT, self.pos)
        end = len(self.text) if left < 0 else left
        self.pos = end
        trims = left >= 0 and self._is_left_trim(left + 2)
        text = self.text[start:end].rstrip(_SPACES) if trims else self.text[start:end]
        if text:
            yield Token("text", text, start)
        if left < 0:
            return
        inside = left + 2 + (2 if trims else 0)
        if self.text.startswith(_OPEN_COMMENT, inside):
            self._comment(inside)
            return
        yield Token("left", LEFT, left)
        self.pos, self.depth = inside, 0
        yield from self._action()

    def _is_left_trim(self, at: int) -> bool:
        return self.text[at : at + 1] == "-" and self.text[at + 1 : at + 2] in tuple(_SPACES)

    def _comment(self, start: int) -> None:
        self.start = start
        close = self.text.find(_CLOSE_COMMENT, start + 2)
        if close < 0:
            raise _Failure("unclosed comment")
        self.pos = close + 2
        trims = self._right_delimiter()
        if trims is None:
            raise _Failure("comment ends before closing delimiter")
        self._leave(trims)

    def _right_delimiter(self) -> bool | None:
        """Whether the right delimiter that stands here trims; None if there is none."""
        if self.text[self.pos : self.pos + 1] in tuple(_SPACES) and self.text.startswith("-" + RIGHT, self.pos + 1):
            return True
        return False if self.text.startswith(RIGHT, self.pos) else None

    def _leave(self, trims: bool) -> None:
        """Passes the right delimiter and, if it trims, the space after it."""
        self.pos += 4 if trims else 2
        while trims and self.text[self.pos : self.pos + 1] in tuple(_SPACES):
            self.pos += 1

    def _action(self) -> Iterator[Token]:
        while (trims := self._right_delimiter()) is None:
            token = self._inside()
            self.start = self.pos
            if token:
                yield token
            if self.depth < 0:
                raise _Failure(f"unexpected right paren {unicode_name(')')}")
        if self.depth:
            raise _Failure("unclosed left paren")
        yield Token("right", RIGHT, self.pos + (2 if trims else 0))
        self._leave(trims)

    def _inside(self) -> Token | None:
        start = self.start = self.pos
        char = self._next()
        if char in _SPACES and char:
            return self._space(start)
        if char in _QUOTES:
            return self._quoted(start, char)
        if char == "$" or (char == "." and not (self._peek() == "" or self._peek() in "0123456789")):
            return self._name(start, char)
        if char in (".", "+", "-") or (char.isascii() and char.isdigit()):
            self.pos = start
            return self._number(start)
        if _is_word(char):
            return self._identifier(start)
        return self._mark(start, char)

    def _mark(self, start: int, char: str) -> Token:
        if char == "":
            raise _Failure("unclosed action")
        if char == ":":
            if self._next() != "=":
                raise _Failure("expected :=")
            return self._token("declare", start)
        self.depth += {"(": 1, ")": -1}.get(char, 0)
        if char.isascii() and char.isprintable():
            return self._token({"=": "assign", "|": "pipe", "(": "open", ")": "close"}.get(char, "char"), start)
        raise _Failure(f"unrecognized character in action: {unicode_name(char)}")

    def _space(self, start: int) -> Token | None:
        while self._peek() and self._peek() in _SPACES:
            self.pos += 1
        if self.text.startswith("-" + RIGHT, self.pos):
            self.pos -= 1
            if self.pos == start:
                return None
        return self._token("space", start)

    def _name(self, start: int, char: str) -> Token:
        """A field or a variable: `.Name`, `$x`, `.` and `$`."""
        kind = "variable" if char == "$" else "field"
        if self._at_terminator():
            return self._token(kind if char == "$" else "dot", start)
        while _is_word(self._peek()):
            self.pos += 1
        if not self._at_terminator():
            raise _Failure(f"bad character {unicode_name(self._peek())}")
        return self._token(kind, start)

    def _identifier(self, start: int) -> Token:
        while _is_word(self._peek()):
            self.pos += 1
        if not self._at_terminator():
            raise _Failure(f"bad character {unicode_name(self._peek())}")
        word = self.text[start : self.pos]
        if word in KEYWORDS:
            return self._token(word, start)
        return self._token("bool" if word in ("true", "false") else "identifier", start)

    def _at_terminator(self) -> bool:
        char = self._peek()
        return not char or char in _SPACES + ".,|:)(" or self.text.startswith(RIGHT, self.pos)

    def _quoted(self, start: int, mark: str) -> Token:
        kind, unterminated = _QUOTES[mark]
        while (char := self._next()) != mark:
            if char == "\\" and mark != "`":
                char = self._next()
            if char == "" or (char == "\n" and mark != "`"):
                raise _Failure(unterminated)
        return self._token(kind, start)

    def _number(self, start: int) -> Token:
        self._scan_number(start)
        if self._peek() in ("+", "-"):  # a complex number, which docklab has not
            self._scan_number(start)
            raise self._bad_number(start)
        return self._token("number", start)

    def _bad_number(self, start: int) -> _Failure:
        return _Failure(f"bad number syntax: {quote(self.text[start : self.pos])}")

    def _scan_number(self, start: int) -> None:
        self._accept("+-")
        digits = "0123456789_"
        if self._accept("0"):
            for prefix, further in (("xX", "0123456789abcdefABCDEF_"), ("oO", "01234567_"), ("bB", "01_")):
                if self._accept(prefix):
                    digits = further
                    break
        self._accept_run(digits)
        if self._accept("."):
            self._accept_run(digits)
        for length, exponent in ((11, "eE"), (23, "pP")):
            if len(digits) == length and self._accept(exponent):
                self._accept("+-")
                self._accept_run("0123456789_")
        imaginary = self._accept("i")
        if imaginary or _is_word(self._peek()):
            self.pos += 1 if _is_word(self._peek()) else 0
            raise self._bad_number(start)

    def _accept(self, chars: str) -> bool:
        found = self._peek() != "" and self._peek() in chars
        self.pos += found
        return found

    def _accept_run(self, chars: str) -> None:
        while self._accept(chars):
            pass

    def _next(self) -> str:
        char = self._peek()
        self.pos += 1 if char else 0
        return char

    def _peek(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def _token(self, kind: str, start: int) -> Token:
        return Token(kind, self.text[start : self.pos], start)


_QUOTES = {
    '"': ("string", "unterminated quoted string"),
    "`": ("raw", "unterminated raw quoted string"),
    "'": ("rune", "unterminated character constant"),
}


def _is_word(char: str) -> bool:
    return char == "_" or char.isalpha() or char.isdigit()


def unicode_name(char: str) -> str:
    """A character as %#U prints it."""
    code = ord(char) if char else 0xFFFFFFFF
    return f"U+{code:04X} '{char}'" if char and char.isprintable() else f"U+{code:04X}"
