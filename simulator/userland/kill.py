"""kill: sends a signal to processes (kill(1)); the shells' builtin takes its pieces from here."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.signals import NAMES, NUMBERS, SIGTERM
from simulator.userland.program import BUSYBOX, GNU, Style, visible_processes


def signal_number(text: str) -> int | None:
    """9, KILL, SIGKILL, 0; None for anything else."""
    if text.isdigit():
        return int(text) if int(text) <= max(NAMES) else None
    name = text.upper().removeprefix("SIG")
    return 0 if name == "EXIT" else NUMBERS.get(name)


def send(process: Process, pid: int, signal: int) -> bool:
    """Sends a signal to a process (to a group for a negative number, to all for -1); False if there is none."""
    seen = visible_processes(process)
    if pid == -1:
        found = [other for other in seen.values() if other is not process and not other.pids.is_init(other)]
    elif pid < 0:
        leader = seen.get(-pid)
        found = [other for other in seen.values() if other.group == (leader.group if leader else -pid)]
    elif pid == 0:
        found = [other for other in seen.values() if other.group == process.group]
    else:
        found = [seen[pid]] if pid in seen else []
    for other in found:
        other.kill(signal, from_outside=other.pids is not process.pids)
    return bool(found)


def listing(style: Style) -> str:
    """kill -l: busybox one a line, procps in columns."""
    if not style.gnu:
        return "\n".join(f"{number:2}) {name}" for number, name in NAMES.items())
    cells = [f"{number:2}) SIG{name}" for number, name in NAMES.items()]
    return "\n".join("\t".join(cells[start : start + 5]) for start in range(0, len(cells), 5))


def other_spelling(text: str) -> str | None:
    """kill -l 9 is KILL, kill -l KILL is 9; an exit status above 128 names its signal."""
    if text.isdigit():
        number = int(text)
        return NAMES.get(number - 128 if number > 128 else number)
    found = signal_number(text)
    return None if found is None else str(found)


def kill(process: Process, style: Style = BUSYBOX) -> Steps:
    signal, words = SIGTERM, process.argv[1:]
    if words and words[0] == "-l":
        names = [other_spelling(word) or word for word in words[1:]]
        process.print("\n".join(names) if names else listing(style))
        return 0
    if words and words[0].startswith("-") and words[0] not in ("--", "-"):
        text = words.pop(0)[1:]
        if text == "s" and words:
            text = words.pop(0)
        chosen = signal_number(text)
        if chosen is None:
            return style.complain(process, f"bad signal name '{text}'")
        signal = chosen
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        return style.complain(process, "you need to specify whom to kill")
    status = 0
    for word in words:
        status = _kill_one(process, word, signal, style) or status
    yield process.sleep(0)  # a signal to itself arrives here
    return status


def _kill_one(process: Process, word: str, signal: int, style: Style) -> int:
    if not word.removeprefix("-").isdigit():
        return style.complain(
            process, f"invalid number '{word}'" if not style.gnu else f"failed to parse argument: '{word}'"
        )
    if send(process, int(word), signal):
        return 0
    if style.gnu:
        return style.complain(process, f"({word}): No such process")
    return style.complain(process, f"can't kill pid {word}: No such process")


def gnu_kill(process: Process) -> Steps:
    return kill(process, GNU)
