"""awk's parser: recursive descent, precedence by levels (POSIX.1-2017, awk, expressions in decreasing precedence)."""

from __future__ import annotations

from simulator.userland.awk.lexer import BadProgram, Token, tokens
from simulator.userland.awk.syntax import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    Element,
    Evaluate,
    Expression,
    Field,
    ForIn,
    Function,
    Getline,
    Grouped,
    If,
    Increment,
    Jump,
    Loop,
    Member,
    Number,
    Print,
    Regex,
    Rule,
    Script,
    Statement,
    Text,
    Unary,
    Variable,
)

ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
COMPARISONS = frozenset({"<", "<=", "==", "!=", ">", ">="})
STARTS = frozenset({"number", "string", "regex", "name", "call", "builtin", "$", "!", "(", "-", "+", "++", "--"})


def parse(text: str) -> Script:
    """The program that a text is. Raises BadProgram."""
    return _Parser(tokens(text)).script()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.at = found, 0
        self.no_greater = False

    # -- tokens -----------------------------------------------------------------------------------------------------

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, *kinds: str) -> bool:
        if self.kind in kinds:
            self.next()
            return True
        return False

    def expect(self, kind: str) -> Token:
        if self.kind != kind:
            raise self.bad()
        return self.next()

    def bad(self) -> BadProgram:
        token = self.tokens[self.at]
        return BadProgram(token.text, token.line)

    def newlines(self) -> None:
        while self.accept("\n"):
            pass

    def separators(self) -> None:
        while self.accept("\n", ";"):
            pass

    # -- program ----------------------------------------------------------------------------------------------------

    def script(self) -> Script:
        begin: list[Block] = []
        end: list[Block] = []
        rules: list[Rule] = []
        functions: dict[str, Function] = {}
        self.separators()
        while self.kind:
            if self.kind in ("BEGIN", "END"):
                (begin if self.next().kind == "BEGIN" else end).append(self.block())
            elif self.kind == "function":
                function = self.function()
                functions[function.name] = function
            else:
                rules.append(self.rule())
            self.separators()
        return Script(tuple(begin), tuple(rules), tuple(end), functions)

    def function(self) -> Function:
        self.next()
        if self.kind not in ("name", "call"):
            raise self.bad()
        name = self.next().text
        self.expect("(")
        parameters: list[str] = []
        while self.kind != ")":
            parameters.append(self.expect("name").text)
            if not self.accept(","):
                break
            self.newlines()
        self.expect(")")
        self.newlines()
        return Function(name, tuple(parameters), self.block())

    def rule(self) -> Rule:
        pattern = until = None
        if self.kind != "{":
            pattern = self.expression()
            if self.accept(","):
                self.newlines()
                until = self.expression()
        return Rule(pattern, until, self.block() if self.kind == "{" else None)

    def block(self) -> Block:
        self.expect("{")
        statements: list[Statement] = []
        self.separators()
        while self.kind != "}":
            statements.append(self.statement())
            self.separators()
        self.next()
        return Block(tuple(statements))

    # -- statements -------------------------------------------------------------------------------------------------

    def statement(self) -> Statement:
        if self.kind == "{":
            return self.block()
        if self.kind in ("if", "while", "for", "do"):
            return getattr(self, f"_{self.kind}")()  # type: ignore[no-any-return]
        if self.accept(";"):
            return Block(())
        made = self.simple()
        if not self.accept(";", "\n") and self.kind not in ("}", ""):
            raise self.bad()
        return made

    def simple(self) -> Statement:
        """A statement that fits between the semicolons of `for`."""
        kind = self.kind
        if kind in ("print", "printf"):
            return self._print()
        if kind in ("next", "nextfile", "break", "continue"):
            return Jump(self.next().kind)
        if kind in ("exit", "return"):
            self.next()
            return Jump(kind, self.expression() if self.kind in STARTS or self.kind == "getline" else None)
        if kind == "delete":
            self.next()
            name = self.expect("name").text
            return Delete(name, self._subscripts() if self.kind == "[" else ())
        return Evaluate(self.expression())

    def _print(self) -> Statement:
        formatted = self.next().kind == "printf"
        self.no_greater = True
        arguments: list[Expression] = []
        if self.kind not in (";", "\n", "}", "", ">", ">>", "|"):
            arguments.append(self.expression())
            while self.accept(","):
                self.newlines()
                arguments.append(self.expression())
        self.no_greater = False
        if len(arguments) == 1 and isinstance(arguments[0], Grouped):
            arguments = list(arguments[0].parts)
        if self.kind in (">", ">>", "|"):
            redirect = self.next().kind
            self.no_greater = True
            destination = self._conditional() if redirect != "|" else self._concatenation(getline=False)
            self.no_greater = False
            return Print(tuple(arguments), formatted, redirect, destination)
        return Print(tuple(arguments), formatted)

    def _condition(self) -> Expression:
        self.expect("(")
        condition = self.expression()
        self.expect(")")
        self.newlines()
        return condition

    def _if(self) -> Statement:
        self.next()
        condition = self._condition()
        yes = self.statement()
        before = self.at
        self.separators()
        if not self.accept("else"):
            self.at = before
            return If(condition, yes, None)
        self.newlines()
        return If(condition, yes, self.statement())

    def _while(self) -> Statement:
        self.next()
        return Loop(None, self._condition(), None, self.statement())

    def _do(self) -> Statement:
        self.next()
        self.newlines()
        body = self.statement()
        self.separators()
        self.expect("while")
        return Loop(None, self._condition(), None, body, first=True)

    def _for(self) -> Statement:
        self.next()
        self.expect("(")
        ahead = [token.kind for token in self.tokens[self.at : self.at + 4]]
        if ahead == ["name", "in", "name", ")"]:
            variable, _, array, _ = (self.next().text for _ in range(4))
            self.newlines()
            return ForIn(variable, array, self.statement())
        start = None if self.kind == ";" else self.simple()
        self.expect(";")
        self.newlines()
        condition = None if self.kind == ";" else self.expression()
        self.expect(";")
        self.newlines()
        step = None if self.kind == ")" else self.simple()
        self.expect(")")
        self.newlines()
        return Loop(start, condition, step, self.statement())

    # -- expressions, from the loosest ------------------------------------------------------------------------------

    def expression(self) -> Expression:
        left = self._conditional()
        if self.kind in ASSIGNMENTS and isinstance(left, Variable | Element | Field):
            operator = self.next().kind[:-1]
            self.newlines()
            return Assign(left, operator, self.expression())
        return left

    def _conditional(self) -> Expression:
        condition = self._or()
        if not self.accept("?"):
            return condition
        self.newlines()
        yes = self.expression()
        self.newlines()
        self.expect(":")
        self.newlines()
        return Conditional(condition, yes, self.expression())

    def _or(self) -> Expression:
        left = self._and()
        while self.accept("||"):
            self.newlines()
            left = Binary("||", left, self._and())
        return left

    def _and(self) -> Expression:
        left = self._in()
        while self.accept("&&"):
            self.newlines()
            left = Binary("&&", left, self._in())
        return left

    def _in(self) -> Expression:
        left = self._match()
        while self.kind == "in":
            self.next()
            subscripts = left.parts if isinstance(left, Grouped) else (left,)
            left = Member(subscripts, self.expect("name").text)
        return left

    def _match(self) -> Expression:
        left = self._comparison()
        while self.kind in ("~", "!~"):
            left = Binary(self.next().kind, left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._concatenation()
        if self.kind in COMPARISONS and not (self.kind == ">" and self.no_greater):
            left = Binary(self.next().kind, left, self._concatenation())
        return left

    def _concatenation(self, *, getline: bool = True) -> Expression:
        left = self._sum()
        while True:
            if self.kind == "|" and getline and self.tokens[self.at + 1].kind == "getline":
                self.next()
                self.next()
                left = Getline("|", left, self._target())
            elif self.kind in STARTS and self.kind not in ("-", "+"):
                left = Binary(".", left, self._sum())
            else:
                return left

    def _sum(self) -> Expression:
        left = self._product()
        while self.kind in ("+", "-"):
            left = Binary(self.next().kind, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._unary()
        while self.kind in ("*", "/", "%"):
            left = Binary(self.next().kind, left, self._unary())
        return left

    def _unary(self) -> Expression:
        if self.kind in ("!", "-", "+"):
            return Unary(self.next().kind, self._unary())
        return self._power()

    def _power(self) -> Expression:
        left = self._postfix()
        if not self.accept("^"):
            return left
        right = Unary(self.next().kind, self._unary()) if self.kind in ("-", "+", "!") else self._power()
        return Binary("^", left, right)

    def _postfix(self) -> Expression:
        if self.kind in ("++", "--"):
            step = 1 if self.next().kind == "++" else -1
            return Increment(self._primary(), step, before=True)
        operand = self._primary()
        if self.kind in ("++", "--") and isinstance(operand, Variable | Element | Field):
            return Increment(operand, 1 if self.next().kind == "++" else -1, before=False)
        return operand

    def _primary(self) -> Expression:
        token = self.next()
        kind, text = token.kind, token.text
        if kind == "number":
            return Number(float(int(text, 16)) if text[:2] in ("0x", "0X") else float(text))
        if kind == "string":
            return Text(text)
        if kind == "regex":
            return Regex(text)
        if kind == "$":
            operand = self._postfix() if self.kind in ("++", "--") else self._primary_or_sign()
            return Field(operand)
        if kind == "(":
            return self._grouped()
        if kind == "getline":
            return self._getline()
        if kind == "name":
            return Element(text, self._subscripts()) if self.kind == "[" else Variable(text)
        if kind in ("call", "builtin"):
            return Call(text, self._arguments(optional=text == "length"))
        self.at -= 1 if kind else 0
        raise self.bad()

    def _primary_or_sign(self) -> Expression:
        return Unary(self.next().kind, self._primary()) if self.kind in ("-", "+", "!") else self._primary()

    def _grouped(self) -> Expression:
        before, self.no_greater = self.no_greater, False
        parts = [self.expression()]
        while self.accept(","):
            self.newlines()
            parts.append(self.expression())
        self.expect(")")
        self.no_greater = before
        return Grouped(tuple(parts))

    def _getline(self) -> Expression:
        target = self._target()
        if self.accept("<"):
            return Getline("<", self._primary(), target)
        return Getline("", None, target)

    def _target(self) -> Expression | None:
        return self._primary() if self.kind in ("name", "$") else None

    def _arguments(self, *, optional: bool) -> tuple[Expression, ...]:
        if self.kind != "(" and optional:
            return ()
        self.expect("(")
        before, self.no_greater = self.no_greater, False
        arguments: list[Expression] = []
        self.newlines()
        while self.kind != ")":
            arguments.append(self.expression())
            self.newlines()
            if not self.accept(","):
                break
            self.newlines()
        self.expect(")")
        self.no_greater = before
        return tuple(arguments)

    def _subscripts(self) -> tuple[Expression, ...]:
        self.expect("[")
        before, self.no_greater = self.no_greater, False
        subscripts = [self.expression()]
        while self.accept(","):
            subscripts.append(self.expression())
        self.expect("]")
        self.no_greater = before
        return tuple(subscripts)
