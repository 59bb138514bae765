"""The shell as a program: how it is called, what it begins with, and where its commands come from.

sh [-abCefhimnuvxl] [-o option] [-c commands [name [argument ...]] | -s | file [argument ...]]
"""

from __future__ import annotations

import posixpath

from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.execve import DEFAULT_PATH, find_program
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGINT, SIGQUIT, SIGTERM, SIGTSTP
from simulator.userland.program import decode, strerror
from simulator.userland.shell import reader
from simulator.userland.shell.builtins import names, options
from simulator.userland.shell.dialect import ASH, BASH, BASH_VERSION, DASH, Dialect
from simulator.userland.shell.state import Shell
from simulator.userland.shell.variables import Variable

BASH_LONG = frozenset(
    "--login --norc --noprofile --posix --noediting --restricted --verbose --debug --debugger --pretty-print".split()
)
USAGE, NOT_EXECUTABLE, NOT_FOUND = 2, 126, 127
# Names that ash has in its table before it looks at the environment, which decides their place in `env`.
ASH_FIRST = ("IFS", "PATH", "PS1", "PS2", "PS4", "OPTIND", "LINENO", "RANDOM")


class Call(Struct):
    """The command line of a shell."""

    letters: str = ""
    unset: str = ""
    long: list[str] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)  # (+ or -, option) of -o
    words: list[str] = field(default_factory=list)
    error: str = ""


def sh(process: Process) -> Steps:
    """busybox's ash, by whatever name it is called."""
    return (yield from _shell(process, ASH))


def bash(process: Process) -> Steps:
    return (yield from _shell(process, BASH))


def dash(process: Process) -> Steps:
    return (yield from _shell(process, DASH))


def _shell(process: Process, dialect: Dialect) -> Steps:
    call = read_call(process.argv, dialect)
    if call.error:
        process.error(f"{process.argv[0]}: {call.error}")
        return USAGE
    if "--version" in call.long:
        return _version(process)
    return (yield from _run(process, dialect, call))


def read_call(argv: list[str], dialect: Dialect) -> Call:
    call = Call(words=list(argv[1:]))
    while call.words and call.words[0][:1] in ("-", "+") and len(call.words[0]) > 1:
        word = call.words.pop(0)
        if word == "--":
            break
        if word.startswith("--") and dialect is BASH:
            call.long.append(word)
            if word in ("--rcfile", "--init-file") and call.words:
                call.words.pop(0)
            elif word not in BASH_LONG and word != "--version":
                call.error = f"{word}: invalid option"
            continue
        _read_letters(call, word, dialect)
        if call.error:
            return call
    if "c" in call.letters and not call.words:
        call.error = {"bash": "-c: option requires an argument", "dash": "0: -c requires an argument"}.get(
            dialect.name, "-c requires an argument"
        )
    return call


def new_shell(process: Process, dialect: Dialect, *, name: str, source: str) -> Shell:
    """A shell with the variables it begins with."""
    shell = Shell(process, dialect, name=name, source=source)
    table = shell.variables.table
    if dialect is not BASH:
        table.update((each, Variable()) for each in ASH_FIRST)
    for each, value in process.env.items():
        if names.NAME.fullmatch(each):
            table[each] = Variable(value, exported=True)
    _own_variables(shell)
    return shell


def _own_variables(shell: Shell) -> None:
    process, table = shell.process, shell.variables.table
    parent = process.parent
    seen = parent.local_pid if parent is not None and parent.status is None and parent.pids is process.pids else 0
    initial = {"IFS": " \t\n", "PS4": "+ ", "OPTIND": "1", "PPID": str(seen)}
    if shell.dialect is not BASH or shell.interactive:
        initial |= {"PS2": "> "}
        table["PS1"] = Variable(process.env.get("PS1", shell.dialect.default_ps1), exported="PS1" in process.env)
    for name, value in initial.items():
        table[name] = Variable(value, exported=table.get(name, Variable()).exported)
    if shell.dialect.name != "dash":
        level = process.env.get("SHLVL", "0")
        table["SHLVL"] = Variable(str(int(level) + 1 if level.isdigit() else 1), exported=True)
    table["PWD"] = Variable(process.cwd, exported=True)
    if "PATH" not in process.env:
        table["PATH"] = Variable(DEFAULT_PATH)
    if shell.dialect is BASH:
        _bash_variables(shell)


def _bash_variables(shell: Shell) -> None:
    process, table = shell.process, shell.variables.table
    major, minor, patch = BASH_VERSION.split(".")
    values = {
        "BASH": find_program(process.disk, "bash", search=DEFAULT_PATH, cwd="/") or "/bin/bash",
        "BASH_VERSION": f"{BASH_VERSION}(1)-release",
        "EUID": str(process.uid),
        "HOSTTYPE": "x86_64",
        "MACHTYPE": "x86_64-pc-linux-gnu",
        "OPTERR": "1",
        "OSTYPE": "linux-gnu",
        "UID": str(process.uid),
    }
    for name, value in values.items():
        table[name] = Variable(value, readonly=name in ("EUID", "UID"))
    table["BASH_VERSINFO"] = Variable(
        array=dict(enumerate((major, minor, patch, "1", "release", "x86_64-pc-linux-gnu"))), readonly=True
    )
    table["PPID"] = Variable(table["PPID"].value, readonly=True)
    for name, value in (
        ("HOSTNAME", process.uts.hostname),
        ("SHELL", "/bin/bash"),
        ("HOME", "/root"),
        ("TERM", "dumb"),
    ):
        table.setdefault(name, Variable(value))
    table["_"] = Variable(process.argv[0], exported=True)


def _read_letters(call: Call, word: str, dialect: Dialect) -> None:
    known = "abefhikmnptuvxBCEHPTclsoD" if dialect is BASH else "abefhikmnuvxCclsoIVE"
    for letter in word[1:]:
        if letter not in known:
            bash = dialect is BASH
            call.error = f"{word}: invalid option" if bash else f"illegal option -{letter}"
            if dialect is DASH:
                call.error = f"0: Illegal option -{letter}"
            return
        if letter == "o":
            if call.words:
                call.named.append((word[0], call.words.pop(0)))
        elif word[0] == "-":
            call.letters += letter
        else:
            call.unset += letter


def _run(process: Process, dialect: Dialect, call: Call) -> Steps:
    name, words = process.argv[0], call.words
    if "c" in call.letters:
        text, source = words.pop(0), "-c"
        name = words.pop(0) if words else name
    elif words and "s" not in call.letters:
        text, source = "", words[0]
        name = words.pop(0)
    else:
        text = ""
        source = "prompt" if "i" in call.letters or (process.stdin.isatty and process.stderr.isatty) else "stdin"
    shell = process.state["shell"] = new_shell(process, dialect, name=name, source=source)
    shell.positional = words
    shell.options |= {options.LETTERS[letter] for letter in call.letters if letter in options.LETTERS}
    for sign, option in call.named:
        options.change(shell, option, on=sign == "-")
    if dialect is not BASH and source not in ("prompt", "stdin"):
        shell.traps.catch_interrupts(process)
    return (yield from shell.finish(_commands(shell, call, text)))


def _commands(shell: Shell, call: Call, text: str) -> Steps:
    if "l" in call.letters or "--login" in call.long or shell.process.argv[0].startswith("-"):
        yield from _startup(shell, ["/etc/profile", "~/.profile" if shell.dialect is not BASH else "~/.bash_profile"])
    if shell.source == "-c":
        return (yield from reader.run_text(shell, text, tail=True))
    if shell.source == "prompt":
        return (yield from _interactive(shell, call))
    if shell.source == "stdin":
        return (yield from reader.run_input(shell))
    return (yield from _script(shell))


def _interactive(shell: Shell, call: Call) -> Steps:
    process = shell.process
    shell.shielded = (SIGTERM, SIGQUIT, SIGTSTP)
    process.signals.ignore(*shell.shielded)
    process.signals.catch(SIGINT)
    if process.tty:
        process.tty.foreground = process.group
    if shell.dialect is BASH and "--norc" not in call.long:
        yield from _startup(shell, ["/etc/bash.bashrc", "~/.bashrc"])
    elif shell.dialect is not BASH and shell.get("ENV"):
        yield from _startup(shell, [shell.get("ENV") or ""])
    return (yield from reader.run_input(shell))


def _startup(shell: Shell, paths: list[str]) -> Steps:
    """Runs those of these files that exist."""
    disk = shell.process.disk
    for path in paths:
        full = path.replace("~", shell.get("HOME") or "/root", 1)
        if disk.exists(full) and not disk.is_directory(full):
            yield from reader.run_text(shell, decode(disk.read(full, shell.process)))
    shell.status = 0


def _script(shell: Shell) -> Steps:
    process, path = shell.process, shell.source
    full = process.path(path)
    if shell.dialect is BASH and "/" not in path and not process.disk.exists(full):
        full = find_program(process.disk, path, search=shell.get("PATH") or DEFAULT_PATH, cwd=process.cwd) or full
    try:
        text = decode(process.disk.read(full, process))
    except OSError as failure:
        own = posixpath.basename(process.argv[0]) if shell.dialect is ASH else process.argv[0]
        told = shell.texts.missing_script.format(path)
        process.error(f"{own}: {told.replace('No such file or directory', strerror(failure))}")
        return NOT_FOUND if shell.dialect is BASH else USAGE
    if shell.dialect is BASH and process.disk.lookup(full).kind == "program":
        process.error(f"{full}: {full}: cannot execute binary file")
        return NOT_EXECUTABLE
    return (yield from reader.run_lines(shell, text))


def _version(process: Process) -> int:
    process.print(f"GNU bash, version {BASH_VERSION}(1)-release (x86_64-pc-linux-gnu)")
    return 0
