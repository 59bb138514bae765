"""find's expressions: the words of the command line read into tests and actions joined by and, or and not."""

from __future__ import annotations

from msgspec import Struct

# tests by name: whether they take an argument
BUSYBOX_TESTS = {
    "-name": True, "-iname": True, "-path": True, "-ipath": True, "-regex": True, "-type": True, "-executable": False,
    "-perm": True, "-mtime": True, "-mmin": True, "-newer": True, "-inum": True, "-user": True, "-size": True,
    "-links": True, "-empty": False, "-true": False, "-false": False, "-wholename": True, "-readable": False,
    "-writable": False, "-uid": True, "-samefile": True, "-iregex": True, "-lname": True, "-nouser": False,
}  # fmt: skip
GNU_ONLY = frozenset(
    {"-wholename", "-readable", "-writable", "-uid", "-iregex", "-lname", "-nouser", "-true", "-false"}
)
ACTIONS = frozenset({"-print", "-print0", "-prune", "-quit"})
GNU_ACTIONS = frozenset({"-delete", "-ls", "-printf", "-execdir"})
OPTIONS = frozenset({"-maxdepth", "-mindepth", "-depth", "-xdev", "-follow", "-mount", "-d", "-noleaf", "-regextype"})
PRINTING = frozenset({"-print", "-print0", "-exec", "-execdir", "-delete", "-ls", "-printf", "-quit"})
TYPES = "fdlbcsp"


class BadWord(Exception):
    """What is wrong, in both programs' words; `unknown` is a word that busybox does not know."""

    def __init__(self, busybox: str, gnu: str, *, unknown: str = "") -> None:
        super().__init__(gnu)
        self.busybox, self.gnu, self.unknown = busybox, gnu, unknown


class Expression(Struct, eq=False):
    """A test or action with its words, or `and`, `or`, `not`, `list` of parts."""

    name: str
    words: tuple[str, ...] = ()
    parts: tuple[Expression, ...] = ()


class Reader:
    """Recursive descent: list of or of and of not."""

    def __init__(self, words: list[str], *, gnu: bool) -> None:
        self.words, self.gnu = list(words), gnu
        self.least = 0
        self.most: int | None = None
        self.depth_first = self.follow = self._acts = False
        self.batched: list[Expression] = []
        self.references: list[str] = []  # files that tests compare with

    def read(self) -> Expression:
        """The whole expression; -print is what is done if it says nothing. Raises BadWord."""
        if not self.words:
            return Expression("-print")
        expression = self._or()
        if self.words:
            if self.words[0] == ")":
                told = "you have too many ')'"
                raise BadWord("unpaired '('", f"invalid expression; {told}")
            raise BadWord("", f"paths must precede expression: `{self.words[0]}'", unknown=self.words[0])
        if self._acts:
            return expression
        return Expression("and", parts=(expression, Expression("-print")))

    def _or(self) -> Expression:
        parts = [self._and()]
        while self.words and self.words[0] in ("-o", "-or", ","):
            self.words.pop(0)
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Expression("or", parts=tuple(parts))

    def _and(self) -> Expression:
        parts = [self._not()]
        while self.words and self.words[0] not in ("-o", "-or", ")", ","):
            if self.words[0] in ("-a", "-and"):
                self.words.pop(0)
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Expression("and", parts=tuple(parts))

    def _not(self) -> Expression:
        if not self.words:
            raise BadWord("unpaired '('", "invalid expression; expected an expression")
        word = self.words.pop(0)
        if word in ("!", "-not"):
            return Expression("not", parts=(self._not(),))
        if word == "(":
            inner = self._or()
            if not self.words:
                told = "I was expecting to find a ')' somewhere but did not see one."
                raise BadWord("unpaired '('", f"invalid expression; {told}")
            self.words.pop(0)
            return inner
        return self._primary(word)

    def _primary(self, word: str) -> Expression:
        if word in OPTIONS:
            return self._option(word)
        self._acts = self._acts or word in PRINTING
        if word == "-exec" or word in GNU_ACTIONS and self.gnu:
            return self._action(word)
        if word in ACTIONS:
            return Expression(word)
        if word not in BUSYBOX_TESTS or (word in GNU_ONLY and not self.gnu):
            unknown = (
                f"unknown predicate `{word}'" if word.startswith("-") else f"paths must precede expression: `{word}'"
            )
            raise BadWord("", unknown, unknown=word)
        if not BUSYBOX_TESTS[word]:
            return Expression(word)
        value = self._value(word)
        if word == "-type" and any(letter not in TYPES + ",D" for letter in value):
            raise BadWord(f"invalid argument '{value}' to '-type'", f"Unknown argument to -type: {value[:1]}")
        if word in ("-newer", "-samefile"):
            self.references.append(value)
        return Expression(word, (value,))

    def _value(self, word: str) -> str:
        if not self.words:
            raise BadWord(f"{word} requires an argument", f"missing argument to `{word}'")
        return self.words.pop(0)

    def _option(self, word: str) -> Expression:
        if word in ("-maxdepth", "-mindepth"):
            value = self._value(word)
            if not value.isdigit():
                told = f"Expected a positive decimal integer argument to {word}, but got ‘{value}’"
                raise BadWord(f"invalid number '{value}'", told)
            if word == "-maxdepth":
                self.most = int(value)
            else:
                self.least = int(value)
        elif word == "-regextype":
            self._value(word)
        self.depth_first = self.depth_first or word in ("-depth", "-d")
        self.follow = self.follow or word == "-follow"
        return Expression("-true")

    def _action(self, word: str) -> Expression:
        if word == "-printf":
            return Expression(word, (self._value(word),))
        if not word.startswith("-exec"):
            self.depth_first = self.depth_first or word == "-delete"
            return Expression(word)
        if not self.words:
            raise BadWord(f"{word} requires an argument", f"missing argument to `{word}'")
        command: list[str] = []
        while self.words:
            command.append(self.words.pop(0))
            if command[-1] == ";" or command[-1] == "+" and command[-2:-1] == ["{}"]:
                made = Expression(word, tuple(command))
                if command[-1] == "+":
                    self.batched.append(made)
                return made
        raise BadWord(f"{word} requires an argument", f"missing argument to `{word}'")
