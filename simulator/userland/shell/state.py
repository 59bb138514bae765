"""One shell: its process, variables, functions, options, jobs and traps, and how it names itself when it complains.

A subshell is a copy of this in a process of its own; nothing flows back but its output and its status.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.shell.dialect import Dialect
from simulator.userland.shell.errors import Jump, LoopJump, ShellError, ShellExit
from simulator.userland.shell.jobs import Jobs
from simulator.userland.shell.messages import Messages, messages
from simulator.userland.shell.syntax import Function
from simulator.userland.shell.traps import Traps
from simulator.userland.shell.variables import ReadonlyVariable, Variables

RANDOM_MAX = 32767


class Shell:
    """What a shell knows. `source` says where its commands come from: "-c", "prompt", "stdin" or the path of a file."""

    def __init__(self, process: Process, dialect: Dialect, *, name: str, source: str) -> None:
        self.process: Process = process
        self.dialect = dialect
        self.name: str = name
        self.source = source
        self.variables = Variables(dialect.name)
        self.functions: dict[str, Function] = {}
        self.aliases: dict[str, str] = {}
        self.options: set[str] = set()
        self.positional: list[str] = []
        self.status = 0
        self.substitution_status: int | None = None  # of the last $(...) in the command being expanded
        self.pid = process.local_pid
        self.last_background: int | None = None
        self.jobs: Jobs = Jobs()
        self.traps = Traps()
        self.history: list[str] = []
        self.line = 1
        self.first_line = 1  # what line 1 of the text being run counts as
        self.builtin = ""  # the builtin that runs now
        self.loops = 0
        self.sourced = self.inner_texts = 0
        self.unchecked = 0  # inside conditions, where set -e does not count
        self.subshells = 0
        self.substitutions = 0  # how deep in $(...)
        self.calls: list[str] = []  # functions that run, innermost last
        self.directories: list[str] = []  # pushd's
        self.substituted: list[int] = []  # descriptors that process substitutions hold open
        self.shielded: tuple[int, ...] = ()  # signals that a prompt ignores for itself alone
        self.umask = 0o022
        self.getopts_index, self.getopts_offset = 0, 1  # where getopts is inside a cluster such as -abc
        self.pipe_statuses: Sequence[int] = (0,)  # of the last pipeline's commands
        self._compute_variables()

    @property
    def texts(self) -> Messages:
        return messages(self.dialect.name)

    @property
    def standalone(self) -> bool:
        """Whether it finds the applets of its own binary before PATH (FEATURE_SH_STANDALONE)."""
        return self.dialect.name == "ash" and self.process.machine.version.standalone_ash

    @property
    def at_prompt(self) -> bool:
        """Whether it is the shell that prompts, not a subshell of it."""
        return self.interactive and not self.subshells

    @property
    def interactive(self) -> bool:
        return self.source == "prompt"

    @property
    def job_control(self) -> bool:
        """Whether each pipeline gets a process group of its own, which the terminal serves while it runs in front."""
        return self.at_prompt and self.process.tty is not None

    def copy(self) -> Shell:
        """The shell as a subshell has it; its process is set by whoever starts that."""
        twin = Shell.__new__(Shell)
        twin.__dict__.update(self.__dict__)
        twin.variables = self.variables.copy()
        twin.functions, twin.aliases = dict(self.functions), dict(self.aliases)
        twin.options, twin.positional = set(self.options), list(self.positional)
        twin.jobs, twin.traps = Jobs(), self.traps.inherited()
        twin.calls, twin.directories = list(self.calls), list(self.directories)
        twin.subshells = self.subshells + 1
        twin.loops = twin.unchecked = 0
        twin.substituted, twin.shielded = [], ()
        twin._compute_variables()
        return twin

    # -- complaints -------------------------------------------------------------------------------------------------

    def prefix(self, line: int | None = None) -> str:
        """What stands before every complaint: the shell's name and, in a script, the line."""
        number = self.line if line is None else line
        if self.dialect.name == "bash":
            if self.interactive:
                return posixpath.basename(self.name) + ": "
            if self.source == "stdin":
                return self.name + ": "
            return f"{self._bash_origin()}: line {number}: "
        if self.dialect.name == "dash":
            return f"{self.name}: {number}: " + (f"{self.builtin}: " if self.builtin else "")
        if self.builtin:
            at = "" if self.interactive else f"line {number - (self.source == '-c')}: "
            return f"{self.name}: {self.builtin}: {at}"
        return f"{self.name}: line {number}: " if self._is_script() else f"{self.name}: "

    def complain(self, text: str) -> None:
        self.process.error(self.prefix() + text)

    def trace(self, text: str) -> None:
        """A line of set -x; bash repeats its mark within command substitutions."""
        mark = self.variables.get("PS4")
        mark = self.dialect.default_ps4 if mark is None else mark
        deeper = mark[:1] * self.substitutions if self.dialect.name == "bash" else ""
        self.process.error(deeper + mark + text)

    def refuse(self, text: str, status: int = 1) -> int:
        """A builtin's complaint about itself; gives the status."""
        named = self.dialect.name == "bash" and self.builtin
        self.process.error(self.prefix() + (f"{self.builtin}: " if named else "") + text)
        return status

    def _bash_origin(self) -> str:
        if self.calls and self.source == "-c":
            return "environment"
        return self.source if self._is_script() else self.name

    def _is_script(self) -> bool:
        return self.source not in ("-c", "prompt", "stdin")

    # -- variables --------------------------------------------------------------------------------------------------

    def get(self, name: str) -> str | None:
        """The value of a variable or special parameter as one text; None if it is unset."""
        if name.isdigit():
            number = int(name)
            if number == 0:
                return self.name
            return self.positional[number - 1] if number <= len(self.positional) else None
        special = SPECIAL.get(name)
        return special(self) if special else self.variables.get(name)

    def set(self, name: str, value: str) -> None:
        """Sets a variable; a readonly one ends the script."""
        try:
            self.variables.set(name, value)
        except ReadonlyVariable:
            fatal = self.dialect.name == "bash"
            raise ShellError(self.texts.readonly.format(name), 1 if fatal else 2) from None
        if "allexport" in self.options:
            self.variables.mark(name, exported=True)

    def environment(self) -> dict[str, str]:
        return self.variables.environment()

    def _compute_variables(self) -> None:
        clock = self.process.clock
        chance = clock.chance
        computed: dict[str, Callable[[], str]] = {"LINENO": lambda: str(self.line)}
        if self.dialect.name != "dash":
            computed["RANDOM"] = lambda: str(chance.integer("random", 0, RANDOM_MAX))
            computed["EPOCHSECONDS"] = lambda: str(clock.wall() // S)
        if self.dialect.name == "bash":
            started = self.process.started
            computed["SECONDS"] = lambda: str((int(clock.now) - started) // S)
            self.variables.lists = {
                "PIPESTATUS": lambda: [str(status) for status in self.pipe_statuses],
                "FUNCNAME": lambda: [*reversed(self.calls), *(["main"] if self.calls and self._is_script() else [])],
            }
            computed["BASHPID"] = lambda: str(self.process.local_pid)
        self.variables.computed = computed

    # -- running ----------------------------------------------------------------------------------------------------

    def finish(self, steps: Steps) -> Steps:
        """Runs to the end and through the EXIT trap; gives the exit status."""
        try:
            self.status = (yield from steps) or 0
        except ShellError as error:
            self.complain(error.text)
            self.status = error.status
        except ShellExit as end:
            self.status = end.status
        except Jump as end:
            self.status = end.status
        except LoopJump:
            self.status = 0
        return (yield from self.traps.at_exit(self))


def _joined(shell: Shell) -> str:
    separator = shell.variables.get("IFS")
    return (" " if separator is None else separator[:1]).join(shell.positional)


# The letters of $- in the order of each shell: busybox's ash goes through its table backwards.
_FLAG_ORDERS = {"ash": "ubaCvxcsnmiIfe", "dash": "efIimnsxvVECabu"}


def _flags(shell: Shell) -> str:
    from simulator.userland.shell.builtins.options import LETTERS

    letters = {letter for letter, option in LETTERS.items() if option in shell.options}
    source = "c" if shell.source == "-c" else "s" if shell.source in ("prompt", "stdin") else ""
    if shell.dialect.name == "bash":
        letters |= {"h", "B"} | ({"H", "m", "i"} if shell.interactive else set())
        return "".join(sorted(letters, key=_flag_order)) + source
    letters |= {source} | ({"i", "m"} if shell.interactive else set())
    return "".join(letter for letter in _FLAG_ORDERS[shell.dialect.name] if letter in letters)


def _flag_order(letter: str) -> tuple[bool, str]:
    return (letter.isupper(), letter)


SPECIAL: dict[str, Callable[[Shell], str | None]] = {
    "?": lambda shell: str(shell.status),
    "#": lambda shell: str(len(shell.positional)),
    "$": lambda shell: str(shell.pid),
    "!": lambda shell: None if shell.last_background is None else str(shell.last_background),
    "-": _flags,
    "*": _joined,
    "@": _joined,
}
