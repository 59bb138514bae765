"""The words in which each shell complains. Each text was taken down from the shell itself: busybox 1.35, bash 5.2, dash 0.5.12."""

from __future__ import annotations

import errno
from collections.abc import Callable

from msgspec import Struct

from simulator.kernel.errors import strerror
from simulator.userland.shell.arithmetic import BadArithmetic
from simulator.userland.shell.errors import Incomplete, ShellSyntaxError
from simulator.userland.shell.parser import RESERVED


class Messages(Struct, frozen=True):
    """One shell's texts. `{0}` is the name, path or word in question."""

    command_not_found: str = "{0}: not found"
    path_not_found: str = "{0}: not found"
    is_directory: str = "{0}: Permission denied"
    readonly: str = "{0}: is read only"
    null_or_unset: str = "{0}: parameter not set or null"
    unset: str = "{0}: parameter not set"
    unbound: str = "{0}: parameter not set"
    bad_name: str = "{0}: bad variable name"
    bad_substitution: str = "bad substitution"
    cannot_open: str = "can't open {0}: {1}"
    cannot_create: str = "can't create {0}: {1}"
    no_file: str = "no such file"
    no_directory: str = "nonexistent directory"
    exists: str = "File exists"
    bad_option: str = "illegal option {0}"
    bad_number: str = "Illegal number: {0}"
    bad_signal: str = "{0}: invalid signal specification"
    missing_script: str = "can't open '{0}': No such file or directory"


ASH = Messages()
BASH = Messages(
    command_not_found="{0}: command not found",
    path_not_found="{0}: No such file or directory",
    is_directory="{0}: Is a directory",
    readonly="{0}: readonly variable",
    null_or_unset="{0}: parameter null or not set",
    unbound="{0}: unbound variable",
    bad_name="`{0}': not a valid identifier",
    bad_substitution="{0}: bad substitution",
    cannot_open="{0}: {1}",
    cannot_create="{0}: {1}",
    no_file=strerror(errno.ENOENT),
    no_directory=strerror(errno.ENOENT),
    exists="cannot overwrite existing file",
    bad_option="{0}: invalid option",
    bad_number="{0}: numeric argument required",
    missing_script="{0}: No such file or directory",
)
DASH = Messages(
    cannot_open="cannot open {0}: {1}",
    cannot_create="cannot create {0}: {1}",
    no_file="No such file",
    no_directory="Directory nonexistent",
    bad_substitution="Bad substitution",
    bad_option="Illegal option {0}",
    bad_signal="{0}: bad trap",
    missing_script="0: cannot open {0}: No such file",
)
MESSAGES: dict[str, Messages] = {"ash": ASH, "bash": BASH, "dash": DASH}


def messages(dialect: str) -> Messages:
    return MESSAGES[dialect]


def open_failure(dialect: str, path: str, failure: OSError, *, writing: bool) -> str:
    """What a shell says of a redirection whose file cannot be opened."""
    texts = MESSAGES[dialect]
    reason = failure.strerror or ""
    if failure.errno == errno.ENOENT or (failure.errno == errno.ENOTDIR and dialect != "bash"):
        reason = texts.no_directory if writing else texts.no_file
    elif failure.errno == errno.EEXIST:
        reason = texts.exists
    return (texts.cannot_create if writing else texts.cannot_open).format(path, reason)


def arithmetic_failure(dialect: str, expression: str, failure: BadArithmetic) -> str:
    if dialect == "bash":
        blanks = expression[len(expression.rstrip()) :] if failure.reason == "division by 0" else ""
        return f'{expression}: {failure.reason} (error token is "{failure.rest}{blanks}")'
    if dialect == "dash":
        if failure.reason == "division by 0":
            return f'arithmetic expression: division by zero: "{expression}"'
        wanted = "EOF" if failure.reason == "syntax error in expression" else "primary"
        return f'arithmetic expression: expecting {wanted}: "{expression}"'
    known = {
        "division by 0": "divide by zero",
        "`:' expected for conditional expression": "malformed ?: operator",
        "exponent less than 0": "exponent less than 0",
        "expression recursion level exceeded": "expression recursion loop detected",
    }
    return known.get(failure.reason, "arithmetic syntax error")


def syntax_lines(dialect: str, prefix: Callable[[int], str], failure: ShellSyntaxError, *, text: str) -> list[str]:
    """The lines that tell of a syntax error: `prefix` gives what stands before one on a line, `text` is the program.

    bash shows the offending line unless `text` is empty (at a prompt).
    """
    if dialect == "bash":
        return _bash_syntax(prefix, failure, text)
    if dialect == "dash":
        return [f"{prefix(failure.line)}Syntax error: {_dash_syntax(failure)}"]
    return [f"{prefix(failure.line)}syntax error: {_ash_syntax(failure)}"]


def _bash_syntax(prefix: Callable[[int], str], failure: ShellSyntaxError, text: str) -> list[str]:
    if isinstance(failure, Incomplete) and failure.closing:
        wanted = "`]]'" if failure.closing == "]]" else f"matching `{failure.closing}'"
        return [f"{prefix(failure.opened)}unexpected EOF while looking for {wanted}"]
    if isinstance(failure, Incomplete):
        line = failure.line + (not text.endswith("\n"))
        return [f"{prefix(line)}syntax error: unexpected end of file"]
    at = prefix(failure.line)
    if failure.text:
        return [at + failure.text]
    token = "newline" if failure.token == "\n" else failure.token
    shown = [f"{at}syntax error near unexpected token `{token}'"]
    lines = text.split("\n") if text else []
    if 0 < failure.line <= len(lines):
        shown.append(f"{at}`{lines[failure.line - 1]}'")
    return shown


# What is missing where the text ends too soon, by what would have closed it.
_UNCLOSED = {
    '"': "unterminated quoted string",
    "'": "unterminated quoted string",
    "`": "EOF in backquote substitution",
    "}": "missing '}'",
    "))": "missing '))'",
}


def _ash_syntax(failure: ShellSyntaxError) -> str:
    return _told(failure) or f"unexpected {_token_name(failure.token)}{_expecting(failure)}"


def _dash_syntax(failure: ShellSyntaxError) -> str:
    told = _told(failure)
    return told[:1].upper() + told[1:] or f"{_token_name(failure.token)} unexpected{_expecting(failure)}"


def _told(failure: ShellSyntaxError) -> str:
    """What ash and dash say alike, but for the first letter."""
    if failure.text or not isinstance(failure, Incomplete):
        return failure.text
    return _UNCLOSED.get("))" if failure.expecting == "))" else failure.closing, "")


def _expecting(failure: ShellSyntaxError) -> str:
    wanted = failure.expecting if failure.expecting == "word" else f'"{failure.expecting}"'
    return f" (expecting {wanted})" if failure.expecting else ""


def _token_name(token: str) -> str:
    if not token:
        return "end of file"
    if token == "\n":
        return "newline"
    if token[0] in "<>" or token.rstrip("<>&|-") == "" and token[0] in "<>":
        return "redirection"
    if token in RESERVED or not token[0].isalnum() and set(token) <= set(";&|()"):
        return f'"{token}"'
    return "word"
