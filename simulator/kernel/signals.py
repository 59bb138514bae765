"""Signal numbers and names, as signal(7) lists them for x86."""

from __future__ import annotations

SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2 = 1, 2, 3, 9, 10, 11, 12
SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGWINCH = 13, 14, 15, 17, 18, 19, 20, 28

_ORDER = (
    "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG "
    "XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS"
)
NAMES: dict[int, str] = dict(enumerate(_ORDER.split(), 1))
NUMBERS: dict[str, int] = {name: number for number, name in NAMES.items()} | {"IOT": 6, "CLD": 17, "IO": 29}

# What a process does about a signal that it neither catches nor ignores, where that is not to die.
IGNORED_BY_DEFAULT = frozenset({SIGCHLD, SIGCONT, SIGWINCH, NUMBERS["URG"]})
STOPPING = frozenset({SIGSTOP, SIGTSTP, NUMBERS["TTIN"], NUMBERS["TTOU"]})


def number_from_text(text: str) -> int | None:
    """15, TERM, term and SIGTERM are all 15; None for anything else."""
    if text.isdigit():
        return int(text) if int(text) in NAMES or int(text) == 0 else None
    name = text.upper()
    return NUMBERS.get(name.removeprefix("SIG"))
