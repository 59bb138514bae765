"""From the syntax tree back to text: for `jobs`, `type`, error messages, and to check the parser.

`sequence_text` writes one line that parses to the same tree; `function_text` writes bash's laid-out form.
"""

from __future__ import annotations

import re

from simulator.userland.shell.syntax import (
    AndOr,
    AnsiQuoted,
    Arithmetic,
    ArithmeticCommand,
    ArrayLiteral,
    Assignment,
    BadSubstitution,
    Binary,
    Both,
    Case,
    Command,
    Condition,
    DoubleQuoted,
    Either,
    Escaped,
    Expression,
    For,
    ForArithmetic,
    Function,
    Group,
    If,
    Literal,
    Negation,
    Nonempty,
    Parameter,
    Part,
    Pipeline,
    ProcessSubstitution,
    Redirect,
    Sequence,
    Simple,
    SingleQuoted,
    Subshell,
    Substitution,
    Unary,
    While,
    Word,
)

# -- words -------------------------------------------------------------------------------------------------------------

KEYWORDS = frozenset("! { } if then elif else fi while until for do done case esac in [[ time function".split())


def word_text(word: Word) -> str:
    return "".join(part_text(part) for part in word.parts)


def part_text(part: Part, *, quoted: bool = False) -> str:
    if isinstance(part, Literal):
        return part.text
    if isinstance(part, Escaped):
        return "\\" + part.text
    if isinstance(part, SingleQuoted):
        return f"'{part.text}'"
    if isinstance(part, AnsiQuoted):
        return f"$'{part.text}'"
    if isinstance(part, DoubleQuoted):
        return '"' + "".join(part_text(inner, quoted=True) for inner in part.parts) + '"'
    if isinstance(part, Parameter):
        return _parameter_text(part)
    if isinstance(part, BadSubstitution):
        return part.text
    if isinstance(part, Substitution):
        body = sequence_text(part.body)
        if part.backticks:
            return "`" + re.sub(r"[\\`]", r"\\\g<0>", body) + "`"
        return f"$({body})" if not body.startswith("(") else f"$( {body})"
    if isinstance(part, Arithmetic):
        return f"$(({word_text(part.expression)}))"
    assert isinstance(part, ProcessSubstitution)
    return f"{part.direction}({sequence_text(part.body)})"


def _parameter_text(part: Parameter) -> str:
    if not part.braces:
        return "$" + part.name
    subscript = f"[{word_text(part.subscript)}]" if part.subscript is not None else ""
    head = ("#" if part.length else "") + ("!" if part.indirect else "") + part.name + subscript + part.operator
    argument = word_text(part.argument) if part.argument is not None else ""
    separator = "/" if part.operator.startswith("/") else ":"
    second = separator + word_text(part.second) if part.second is not None else ""
    return "${" + head + argument + second + "}"


# -- commands ----------------------------------------------------------------------------------------------------------


def sequence_text(sequence: Sequence) -> str:
    """The list on one line (here-documents add theirs)."""
    if not sequence.items:
        return ""
    texts = [and_or_text(item.command) + (" &" if item.background else ";") for item in sequence.items]
    return " ".join(texts).removesuffix(";")


def and_or_text(node: AndOr) -> str:
    return pipeline_text(node.first) + "".join(f" {operator} {pipeline_text(each)}" for operator, each in node.rest)


def pipeline_text(node: Pipeline) -> str:
    prefix = ("time " if node.timed else "") + ("! " if node.negated else "")
    return prefix + " | ".join(command_text(each) for each in node.commands)


def command_text(node: Command) -> str:
    if isinstance(node, Simple):
        return simple_text(node)
    if isinstance(node, Function):
        return f"{node.name} () {command_text(node.body)}"
    redirects = "".join(" " + redirect_text(redirect) for redirect in node.redirects)
    return _compound_text(node) + redirects


def simple_text(node: Simple) -> str:
    texts = [assignment_text(each) for each in node.assignments]
    texts += [assignment_text(word) if isinstance(word, Assignment) else word_text(word) for word in node.words]
    redirects = [redirect_text(redirect) for redirect in node.redirects]
    first = node.words[0] if node.words and not node.assignments else None
    if isinstance(first, Word) and first.literal in KEYWORDS:  # behind a redirection they are words like any other
        return " ".join(redirects + texts)
    return " ".join(texts + redirects)


def assignment_text(node: Assignment) -> str:
    subscript = f"[{word_text(node.subscript)}]" if node.subscript is not None else ""
    if isinstance(node.value, ArrayLiteral):
        items = (
            (f"[{word_text(item.subscript)}]=" if item.subscript is not None else "") + word_text(item.word)
            for item in node.value.items
        )
        value = f"({' '.join(items)})"
    else:
        value = word_text(node.value)
    return f"{node.name}{subscript}{'+=' if node.append else '='}{value}"


def redirect_text(node: Redirect) -> str:
    number = "" if node.fd is None else str(node.fd)
    gap = "" if node.operator in ("<&", ">&") else " "
    return f"{number}{node.operator}{gap}{word_text(node.target)}"


def _compound_text(node: Command) -> str:
    if isinstance(node, Group):
        return f"{{ {_closed(node.body)} }}"
    if isinstance(node, Subshell):
        return f"( {sequence_text(node.body)} )"
    if isinstance(node, If):
        return _if_text(node)
    if isinstance(node, While):
        keyword = "until" if node.until else "while"
        return f"{keyword} {_closed(node.condition)} do {_closed(node.body)} done"
    if isinstance(node, For):
        listed = "" if node.words is None else " in" + "".join(" " + word_text(word) for word in node.words)
        return f"for {node.name}{listed}; do {_closed(node.body)} done"
    if isinstance(node, ForArithmetic):
        parts = "; ".join(word_text(word) for word in (node.start, node.condition, node.step))
        return f"for (({parts})); do {_closed(node.body)} done"
    if isinstance(node, Case):
        return _case_text(node)
    if isinstance(node, ArithmeticCommand):
        return f"(({word_text(node.expression)}))"
    assert isinstance(node, Condition)
    return f"[[ {condition_text(node.expression)} ]]"


def _if_text(node: If) -> str:
    keyword, texts = "if", []
    for condition, body in node.branches:
        texts.append(f"{keyword} {_closed(condition)} then {_closed(body)}")
        keyword = "elif"
    if node.otherwise is not None:
        texts.append(f"else {_closed(node.otherwise)}")
    return " ".join([*texts, "fi"])


def _case_text(node: Case) -> str:
    texts = [f"case {word_text(node.word)} in"]
    for item in node.items:
        patterns = " | ".join(word_text(pattern) for pattern in item.patterns)
        body = sequence_text(item.body)
        texts.append(f"({patterns}) {body} {item.ending}")
    return " ".join([*texts, "esac"])


def condition_text(node: Expression) -> str:
    if isinstance(node, Unary):
        return f"{node.operator} {word_text(node.operand)}"
    if isinstance(node, Binary):
        return f"{word_text(node.left)} {node.operator} {word_text(node.right)}"
    if isinstance(node, Nonempty):
        return word_text(node.operand)
    if isinstance(node, Negation):
        return f"! ( {condition_text(node.operand)} )"
    operator = "&&" if isinstance(node, Both) else "||"
    assert isinstance(node, Both | Either)
    return f"( {condition_text(node.left)} ) {operator} ( {condition_text(node.right)} )"


def _closed(sequence: Sequence) -> str:
    """A list with the separator that a reserved word behind it needs."""
    text = sequence_text(sequence)
    return text if text.endswith("&") else text + ";"


# -- bash's laid-out form ----------------------------------------------------------------------------------------------


def function_text(node: Function) -> str:
    """A function as bash's `type` and `declare -f` show it."""
    body = node.body
    inner = body.body if isinstance(body, Group) else None
    if inner is None:
        return f"{node.name} () \n{_laid_out(body, 0)}"
    return f"{node.name} () \n{{ \n{_list_lines(inner, 4)}\n}}"


def _list_lines(sequence: Sequence, indent: int) -> str:
    rows = []
    for index, item in enumerate(sequence.items):
        last = index == len(sequence.items) - 1
        end = " &" if item.background else "" if last else ";"
        rows.append(" " * indent + _and_or_lines(item.command, indent) + end)
    return "\n".join(rows)


def _and_or_lines(node: AndOr, indent: int) -> str:
    texts = [_pipeline_lines(node.first, indent)]
    texts += [f"{operator} {_pipeline_lines(each, indent)}" for operator, each in node.rest]
    return " ".join(texts)


def _pipeline_lines(node: Pipeline, indent: int) -> str:
    prefix = ("time " if node.timed else "") + ("! " if node.negated else "")
    return prefix + " | ".join(_laid_out(each, indent) for each in node.commands)


def _laid_out(node: Command, indent: int) -> str:
    pad, deeper = " " * indent, indent + 4
    redirects = "" if isinstance(node, Simple | Function) else "".join(f" {redirect_text(r)}" for r in node.redirects)
    if isinstance(node, If):
        return _if_lines(node, indent) + redirects
    if isinstance(node, While):
        keyword = "until" if node.until else "while"
        condition = sequence_text(node.condition)
        return f"{keyword} {condition}; do\n{_list_lines(node.body, deeper)}\n{pad}done{redirects}"
    if isinstance(node, For):
        words = ['"$@"'] if node.words is None else [word_text(word) for word in node.words]
        head = f"for {node.name} in {' '.join(words)};\n{pad}do\n"
        return f"{head}{_list_lines(node.body, deeper)}\n{pad}done{redirects}"
    if isinstance(node, Group):
        return f"{{ \n{_list_lines(node.body, deeper)}\n{pad}}}{redirects}"
    if isinstance(node, Case):
        return _case_lines(node, indent) + redirects
    return command_text(node)


def _if_lines(node: If, indent: int) -> str:
    pad, deeper = " " * indent, indent + 4
    (condition, body), *others = node.branches
    text = f"if {sequence_text(condition)}; then\n{_list_lines(body, deeper)};\n"
    if others:
        rest = _if_lines(If(tuple(others), node.otherwise), deeper)
        text += f"{pad}else\n{' ' * deeper}{rest};\n"
    elif node.otherwise is not None:
        text += f"{pad}else\n{_list_lines(node.otherwise, deeper)};\n"
    return f"{text}{pad}fi"


def _case_lines(node: Case, indent: int) -> str:
    pad, deeper = " " * indent, " " * (indent + 4)
    rows = [f"case {word_text(node.word)} in "]
    for item in node.items:
        patterns = " | ".join(word_text(pattern) for pattern in item.patterns)
        body = _list_lines(item.body, indent + 8) + "\n" if item.body.items else ""
        rows.append(f"{deeper}{patterns})\n{body}{deeper}{item.ending}")
    return "\n".join(rows) + f"\n{pad}esac"
