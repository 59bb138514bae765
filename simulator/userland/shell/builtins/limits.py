"""Builtins about what a process may and has used: umask, ulimit, times. Limits are told, none is enforced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

# (letter, what it limits, unit, value in a container started by dockerd)
LIMITS = (
    ("c", "core file size", "blocks", "unlimited"),
    ("d", "data seg size", "kb", "unlimited"),
    ("e", "scheduling priority", "", "0"),
    ("f", "file size", "blocks", "unlimited"),
    ("i", "pending signals", "", "15616"),
    ("l", "max locked memory", "kb", "8192"),
    ("m", "max memory size", "kb", "unlimited"),
    ("n", "open files", "", "1048576"),
    ("q", "POSIX message queues", "bytes", "819200"),
    ("r", "real-time priority", "", "0"),
    ("s", "stack size", "kb", "8192"),
    ("t", "cpu time", "seconds", "unlimited"),
    ("u", "max user processes", "", "unlimited"),
    ("v", "virtual memory", "kb", "unlimited"),
    ("x", "file locks", "", "unlimited"),
)


def umask(shell: Shell, argv: list[str]) -> int:
    words = [word for word in argv[1:] if word not in ("-S", "-p")]
    if not words:
        symbolic = "-S" in argv
        shell.process.print(_symbolic(shell.umask) if symbolic else f"{shell.umask:04o}")
        return 0
    if re.fullmatch(r"[0-7]{1,4}", words[0]):
        shell.umask = int(words[0], 8)
        return 0
    if words[0].isdigit():
        if shell.dialect.name == "bash":
            return shell.refuse(f"{words[0]}: octal number out of range")
        raise ShellError(f"Illegal number: {words[0]}")
    changed = _from_symbolic(shell.umask, words[0])
    if changed is None:
        if shell.dialect.name == "bash":
            return shell.refuse(f"`{words[0][-1]}': invalid symbolic mode operator")
        letter = "I" if shell.dialect.name == "dash" else "i"
        raise ShellError(f"{letter}llegal mode: {words[0]}")
    shell.umask = changed
    return 0


def ulimit(shell: Shell, argv: list[str]) -> int:
    letters = "".join(word[1:] for word in argv[1:] if word.startswith("-")).replace("S", "").replace("H", "")
    values = [word for word in argv[1:] if not word.startswith("-")]
    known = {letter: value for letter, _, _, value in LIMITS}
    bad = next((letter for letter in letters if letter not in known and letter != "a"), None)
    if bad is not None:
        if shell.dialect.name == "bash":
            shell.refuse(f"-{bad}: invalid option")
            shell.process.error("ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]")
            return 2
        shell.process.error(f"ulimit: invalid option -- '{bad}'")
        return 1
    if values:
        return 0
    if "a" in letters:
        for letter, name, unit, value in LIMITS:
            shell.process.print(_limit(shell, letter, name, unit, value))
    else:
        for letter in letters or "f":
            shell.process.print(known[letter])
    return 0


def times(shell: Shell, argv: list[str]) -> int:
    row = "0m0.000s 0m0.000s" if shell.dialect.name != "dash" else "0m0.000000s 0m0.000000s"
    shell.process.print(f"{row}\n{row}")
    return 0


def _limit(shell: Shell, letter: str, name: str, unit: str, value: str) -> str:
    if shell.dialect.name == "bash":
        flag = f"({unit}, -{letter})" if unit else f"(-{letter})"
        return f"{name:<22}{flag:>18} {value}"
    label = f"{name} ({unit})" if unit else name
    return f"{label:<32}(-{letter}) {value}"


def _symbolic(mask: int) -> str:
    allowed = 0o777 & ~mask
    groups = [(allowed >> shift) & 7 for shift in (6, 3, 0)]
    texts = ["".join(letter for bit, letter in ((4, "r"), (2, "w"), (1, "x")) if group & bit) for group in groups]
    return ",".join(f"{who}={text}" for who, text in zip("ugo", texts, strict=True))


def _from_symbolic(mask: int, text: str) -> int | None:
    allowed = 0o777 & ~mask
    for clause in text.split(","):
        found = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", clause)
        if found is None:
            return None
        bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(found.group(3)))
        for who in (found.group(1) or "a").replace("a", "ugo"):
            shift = {"u": 6, "g": 3, "o": 0}[who]
            if found.group(2) == "+":
                allowed |= bits << shift
            elif found.group(2) == "-":
                allowed &= ~(bits << shift)
            else:
                allowed = allowed & ~(7 << shift) | bits << shift
    return 0o777 & ~allowed
