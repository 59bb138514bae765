"""Running a simple command (POSIX.1-2017, chapter 2.9.1): expansion, redirection, then function, builtin or program."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Generator
from typing import TYPE_CHECKING

from simulator.clock import Steps
from simulator.kernel.execve import DEFAULT_PATH, find_program, load_program
from simulator.kernel.process import Process
from simulator.kernel.running import over
from simulator.kernel.signals import SIGPIPE
from simulator.userland.shell import assignments, builtins, execute, expand, jobs, quoting, reader, redirect, subshell
from simulator.userland.shell.builtins import output
from simulator.userland.shell.errors import RedirectionError, Return, ShellError, ShellExit, ToPrompt
from simulator.userland.shell.syntax import Assignment, Function, Simple, Word
from simulator.userland.shell.unparse import simple_text

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

NOT_FOUND, NOT_EXECUTABLE = 127, 126
APPLET_PATH = "/bin:/sbin:/usr/bin:/usr/sbin"  # where the links to busybox's applets are
MAX_CALLS = 1000  # functions inside functions; the real shells' limit is their stack


def simple(shell: Shell, node: Simple, *, tail: bool = False) -> Steps:
    """Runs a simple command; gives its status."""
    if node.line:
        shell.line = shell.first_line + node.line - 1
    shell.substitution_status = None
    argv = yield from _words(shell, node)
    if not argv:
        return (yield from _without_command(shell, node))
    saved = redirect.Saved(shell.process)
    try:
        yield from redirect.apply(shell, node.redirects, saved)
        return (yield from _dispatch(shell, node, argv, tail=tail, saved=saved))
    except RedirectionError as error:
        shell.complain(error.text)
        if shell.dialect.name != "bash" and builtins.is_special(shell, argv[0]):
            raise ShellExit(error.status) from None
        return error.status
    finally:
        saved.restore()
        while shell.substituted:
            shell.process.set_file(shell.substituted.pop(), None)


def invoke(shell: Shell, argv: list[str], *, functions: bool = True, tail: bool = False) -> Steps:
    """Runs a command whose words are known (also for `command`, `eval`-like builtins)."""
    if functions and argv[0] in shell.functions:
        return (yield from call(shell, shell.functions[argv[0]], argv))
    builtin = builtins.find(shell, argv[0])
    if builtin is not None:
        return (yield from run_builtin(shell, builtin, argv))
    return (yield from external(shell, argv, shell.environment(), tail=tail))


def run_builtin(shell: Shell, builtin: builtins.Builtin, argv: list[str]) -> Steps:
    before, shell.builtin = shell.builtin, argv[0]
    try:
        result = builtin(shell, argv)
        status = (yield from result) if isinstance(result, Generator) else result
    except BrokenPipeError:
        if not shell.process.survives(SIGPIPE):
            raise
        shell.process.kill(SIGPIPE)  # for its trap
        output.applet_refuse(shell, "write error: Broken pipe")
        return 1
    except ShellError as error:
        shell.refuse(error.text)
        if shell.dialect.name != "bash" and builtins.is_special(shell, argv[0]) or error.fatal:
            shell.status = error.status
            raise (ToPrompt if shell.at_prompt else ShellExit)(error.status) from None
        return error.status
    finally:
        shell.builtin = before
    return int(status or 0)


def call(shell: Shell, function: Function, argv: list[str]) -> Steps:
    """Runs a function: its arguments are the positional parameters meanwhile."""
    if len(shell.calls) >= MAX_CALLS:
        raise ShellError(f"{argv[0]}: maximum function nesting level exceeded ({MAX_CALLS})", 1)
    positional, loops, line = shell.positional, shell.loops, shell.line
    shell.positional, shell.loops = argv[1:], 0
    shell.variables.push()
    shell.calls.append(argv[0])
    try:
        return (yield from over(execute.command(shell, function.body)))
    except Return as end:
        return end.status
    finally:
        shell.calls.pop()
        shell.variables.pop()
        shell.positional, shell.loops, shell.line = positional, loops, line


def external(shell: Shell, argv: list[str], env: dict[str, str], *, tail: bool = False, text: str = "") -> Steps:
    """Runs a program in a child, or (tail) in the shell's own process."""
    process = shell.process
    search = env.get("PATH") or shell.variables.get("PATH") or DEFAULT_PATH
    if _finds_applet_first(shell, argv[0], search):
        search, tail = APPLET_PATH, False
    if shell.dialect.name == "bash":
        env = {name: value for name, value in env.items() if name != "_"} | {"_": process.find(argv[0]) or argv[0]}
    try:
        program, real = load_program(process.disk, argv, search=search, cwd=process.cwd)
    except OSError as failure:
        if failure.errno == errno.ENOEXEC:
            return (yield from _script(shell, argv, search))
        return cannot_run(shell, argv[0], failure)
    yield process.sleep(subshell.SPAWN_COST)
    if tail and not shell.traps.active:
        yield from replace(shell, argv, env)
    group = 0 if shell.job_control else None
    yield from subshell.room(shell)
    try:
        child = process.spawn(real, program=program, env=env, group=group)
    except OSError as refused:
        raise subshell.no_fork(shell, refused) from None
    subshell.inherit(shell, child)
    return (yield from jobs.foreground(shell, [child], [text or " ".join(argv)]))


def _finds_applet_first(shell: Shell, name: str, search: str) -> bool:
    """Whether ash takes an applet of its own for a name for which PATH has something else, or nothing."""
    process = shell.process
    if not shell.standalone or "/" in name:
        return False
    found = find_program(process.disk, name, search=search, cwd=process.cwd)
    if found is not None and posixpath.dirname(found) in APPLET_PATH.split(":"):
        return False
    applet = find_program(process.disk, name, search=APPLET_PATH, cwd="/")
    return applet is not None and process.disk.lookup(applet).kind == "program"


def replace(shell: Shell, argv: list[str], env: dict[str, str]) -> Steps:
    """The process becomes another program; never comes back. Raises OSError if there is none."""
    shell.process.env = env
    if shell.dialect.name == "bash" and "SHLVL" in env:
        shell.process.env = env | {"SHLVL": str(max(0, int(env["SHLVL"] or 0) - 1))}
    shell.process.signals.default(*shell.shielded)
    yield from shell.process.execute(argv, shell.process.env)


def cannot_run(shell: Shell, name: str, failure: OSError, *, replacing: bool = False) -> int:
    """Complains about a program that is not there or cannot be run; gives 127 or 126."""
    process, texts = shell.process, shell.texts
    if failure.errno == errno.ENOENT or (failure.errno == errno.ENOTDIR and shell.dialect.name != "bash"):
        text = texts.path_not_found if "/" in name else texts.command_not_found
        if replacing and "/" not in name:
            text = "{0}: not found"
        shell.complain(text.format(name))
        return NOT_FOUND
    if process.disk.is_directory(process.path(name)):
        shell.complain(texts.is_directory.format(name))
    else:
        shell.complain(f"{name}: {failure.strerror}")
    return NOT_EXECUTABLE


def _words(shell: Shell, node: Simple) -> Steps:
    """The words after expansion; those of a declaration's assignments are not split."""
    plain = [word for word in node.words if isinstance(word, Word)]
    first = plain[0].literal if plain else None
    if first not in builtins.DECLARATIONS or first in shell.functions:
        return (yield from expand.fields(shell, plain))
    argv: list[str] = []
    for word in node.words:
        if isinstance(word, Assignment):
            yield from assignments.assign_array_argument(shell, word, argv)
        else:
            argv += yield from assignments.declaration_word(shell, word)
    return argv


def _without_command(shell: Shell, node: Simple) -> Steps:
    """Assignments and redirections alone: they concern the shell itself."""
    saved = redirect.Saved(shell.process)
    try:
        yield from redirect.apply(shell, node.redirects, saved)
    except RedirectionError as error:
        shell.complain(error.text)
        return error.status
    finally:
        saved.restore()
    for assignment in node.assignments:
        told = yield from assignments.assign(shell, assignment)
        if "xtrace" in shell.options:
            shell.trace(told)
    return shell.substitution_status or 0


def _dispatch(shell: Shell, node: Simple, argv: list[str], *, tail: bool, saved: redirect.Saved) -> Steps:
    temporary, told = {}, []
    for assignment in node.assignments:
        name, value = yield from assignments.evaluate(shell, assignment)
        temporary[name] = value
        told.append(f"{name}={_traced(shell, value)}")
    if "xtrace" in shell.options:
        shell.trace(" ".join([*told, *(_traced(shell, word) for word in argv)]))
    name = argv[0]
    if name in shell.functions or builtins.find(shell, name) is not None:
        lasting = shell.dialect.name != "bash" and builtins.is_special(shell, name) and name not in shell.functions
        with assignments.Temporary(shell, temporary, lasting=lasting):
            status = yield from invoke(shell, argv)
        if name == "exec" and len(argv) == 1:
            saved.keep()
        return status
    env = shell.environment() | temporary
    return (yield from external(shell, argv, env, tail=tail, text=simple_text(node)))


def _traced(shell: Shell, word: str) -> str:
    if shell.dialect.name == "dash":
        return word
    return quoting.ash_trace(word) if shell.dialect.name == "ash" else quoting.as_needed(word)


def _script(shell: Shell, argv: list[str], search: str) -> Steps:
    """A file without #!: the shell runs it itself, in a child."""
    process = shell.process
    path = find_program(process.disk, argv[0], search=search, cwd=process.cwd) or argv[0]

    def program(child: Process) -> Steps:
        return (yield from reader.run_script(child, shell.dialect, path, argv))

    group = 0 if shell.job_control else None
    yield process.sleep(subshell.SPAWN_COST)
    spawned = process.spawn(argv, program=program, env=shell.environment(), group=group)
    subshell.inherit(shell, spawned)
    return (yield from jobs.foreground(shell, [spawned], [" ".join(argv)]))
