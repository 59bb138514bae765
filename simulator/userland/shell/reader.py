"""Reading programs: texts (-c, eval, traps), script files, and lines from standard input with or without a prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled, over
from simulator.kernel.signals import SIGINT, SIGWINCH
from simulator.userland.program import decode, read_line, strerror
from simulator.userland.shell import execute, jobs, prompt
from simulator.userland.shell.dialect import Dialect
from simulator.userland.shell.errors import Incomplete, Jump, LoopJump, ShellError, ShellExit, ShellSyntaxError
from simulator.userland.shell.messages import syntax_lines
from simulator.userland.shell.parser import Parser, parser_of

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

SYNTAX_STATUS = 2
MAX_TEXTS = 1000  # eval inside eval, files inside files; the real shells' limit is their stack
INTERRUPTED = 128 + SIGINT


def run_text(shell: Shell, text: str, *, name: str = "", tail: bool = False) -> Steps:
    """Runs a whole text, line by line, in the shell as it stands (-c, eval, a sourced file, a trap)."""
    if shell.inner_texts >= MAX_TEXTS:
        kind = "eval" if name else "source"
        raise ShellError(f"{name or '.'}: maximum {kind} nesting level exceeded ({MAX_TEXTS})", 1)
    before = shell.first_line
    if name:
        shell.first_line = shell.line
    parser = _parser(shell, text)
    shell.status = 0 if not text.strip() else shell.status
    shell.inner_texts += 1
    try:
        while True:
            sequence = parser.line()
            _warn(shell, parser)
            if sequence is None:
                return shell.status
            yield from over(execute.run(shell, sequence, tail=tail and parser.finished))
    except ShellSyntaxError as failure:
        tell_syntax(shell, failure, text, name=name)
        shell.status = SYNTAX_STATUS
        if shell.dialect.name != "bash" and not shell.interactive:
            raise ShellExit(SYNTAX_STATUS) from None
        return SYNTAX_STATUS
    finally:
        shell.inner_texts -= 1
        shell.first_line = before


def run_lines(shell: Shell, text: str) -> Steps:
    """Runs a script file: like `run_text`, but bash goes on behind a line that failed."""
    parser = _parser(shell, text)
    while True:
        try:
            sequence = parser.line()
            _warn(shell, parser)
            if sequence is None:
                return shell.status
            yield from execute.run(shell, sequence)
        except ShellSyntaxError as failure:
            tell_syntax(shell, failure, text)
            return SYNTAX_STATUS
        except ShellError as error:
            if shell.dialect.name != "bash" or error.fatal:
                raise
            shell.complain(error.text)
            shell.status = error.status


def run_script(process: Process, dialect: Dialect, path: str, argv: list[str]) -> Steps:
    """A new shell that runs a script file; argv[0] becomes $0."""
    from simulator.userland.shell.main import new_shell

    shell = new_shell(process, dialect, name=argv[0], source=argv[0])
    shell.positional = argv[1:]
    try:
        text = decode(process.disk.read(process.path(path), process))
    except OSError as failure:
        process.error(f"{argv[0]}: {strerror(failure)}")
        return 126
    return (yield from shell.finish(run_lines(shell, text)))


def run_input(shell: Shell) -> Steps:
    """Reads commands from standard input until it ends; at a terminal with prompts."""
    number = 1
    while True:
        jobs.tell_finished(shell)
        try:
            text, parser, ended = yield from _command(shell, number)
            yield from _run(shell, text, parser)
        except ShellSyntaxError as failure:
            tell_syntax(shell, failure, failure.program)
            text, ended = failure.program, False
            shell.status = SYNTAX_STATUS
            if not shell.interactive:
                return SYNTAX_STATUS
        except ShellError as error:
            _survive(shell, error)
        except RecursionError:  # a command nested deeper than it could be written
            _survive(shell, ShellError("memory exhausted", SYNTAX_STATUS))
        except (LoopJump, Jump) as jump:
            if isinstance(jump, ShellExit):
                raise
        except Signalled as signalled:
            _interrupted(shell, signalled)
            text, ended = "", False
        if ended:
            return (yield from _end(shell))
        number += text.count("\n")


def _run(shell: Shell, text: str, parser: Parser) -> Steps:
    """Runs what one command's text says, and keeps it as history."""
    sequence = parser.line() if text else None
    _warn(shell, parser)
    if shell.interactive and text.strip():
        shell.history.append(text.rstrip("\n"))
    if sequence is not None:
        shell.first_line = 1
        yield from execute.run(shell, sequence)


def tell_syntax(shell: Shell, failure: ShellSyntaxError, text: str, *, name: str = "") -> None:
    """Prints what a syntax error has to say."""
    bash = shell.dialect.name == "bash"

    def prefix(line: int) -> str:
        if bash and not shell.interactive and shell.source == "-c" and not shell.sourced:
            return f"{shell.name}: {name or '-c'}: line {line}: "
        return shell.prefix(line)

    shown = "" if shell.interactive and bash else text
    for line in syntax_lines(shell.dialect.name, prefix, failure, text=shown):
        shell.process.error(line)


def _parser(shell: Shell, text: str, *, final: bool = True, line: int = 1) -> Parser:
    aliases = shell.aliases if shell.interactive or shell.dialect.aliases_in_scripts else None
    if "expand_aliases" in shell.options:
        aliases = shell.aliases
    return parser_of(text, shell.dialect, aliases=aliases, final=final, line=line)


def _warn(shell: Shell, parser: Parser) -> None:
    if shell.dialect.name == "bash":
        for warning in parser.lexer.warnings:
            shell.process.error(f"{shell.name}: {warning}")
    parser.lexer.warnings.clear()


def _command(shell: Shell, number: int) -> Steps:
    """The lines of one command: as many as it takes to be complete; and whether the input has ended."""
    text, mark = "", "PS1"
    while True:
        if shell.interactive:
            shown = yield from prompt.text(shell, mark)
            shell.process.error(shown, end="")
            _redraw_on_resize(shell, shown)
        line = yield from _line(shell)
        shell.process.signals.default(SIGWINCH)
        text += "" if line is None else line + "\n"
        parser = _parser(shell, text, final=line is None, line=number)
        if line is None:
            return text, parser, True
        if not _complete(shell, text, number):
            mark = "PS2"
            continue
        return text, parser, False


def _redraw_on_resize(shell: Shell, shown: str) -> None:
    """busybox's line editor shows the prompt again in a window of another size; that is what who attaches sees."""
    if shell.dialect.name != "bash" and shell.process.stdin.isatty:
        shell.process.signals.handle(SIGWINCH, lambda signal: shell.process.error(f"\r{shown}", end=""))


def _line(shell: Shell) -> Steps:
    """One line of standard input; None at its end. At a terminal the terminal gives whole lines."""
    stdin = shell.process.stdin
    if not stdin.isatty:
        return (yield from read_line(stdin))
    data = b""
    while not data.endswith(b"\n"):
        chunk = yield stdin.read()
        if not chunk:
            return decode(data) if data else None
        data += chunk
    return decode(data[:-1])


def _complete(shell: Shell, text: str, number: int) -> bool:
    """Whether the text is a whole command (or can never become one)."""
    if text.endswith("\\\n") and (len(text) - len(text.rstrip("\n").rstrip("\\"))) % 2 == 0:
        return False
    try:
        parser = _parser(shell, text, final=False, line=number)
        while parser.line() is not None:
            pass
    except Incomplete:
        return False
    except ShellSyntaxError as failure:
        failure.program = text
        raise
    return True


def _survive(shell: Shell, error: ShellError) -> None:
    """After an error a prompt comes back; bash reading a file goes on, too."""
    if not shell.interactive and (shell.dialect.name != "bash" or error.fatal):
        raise error
    shell.complain(error.text)
    shell.status = error.status


def _interrupted(shell: Shell, signalled: Signalled) -> None:
    if signalled.signal != SIGINT:
        raise signalled
    shell.process.error("")
    shell.status = INTERRUPTED
    shell.loops = shell.unchecked = 0


def _end(shell: Shell) -> Steps:
    if shell.interactive and shell.dialect.name == "bash":
        shell.process.error("exit")
    return shell.status
    yield
