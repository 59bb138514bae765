"""What sed's commands do, by their letters (POSIX.1-2017, sed: Editing Commands in sed)."""

from __future__ import annotations

import errno
from collections.abc import Callable
from enum import Enum, auto

from simulator.userland.program import encode
from simulator.userland.sed.addresses import Phase, Range
from simulator.userland.sed.editor import Editor
from simulator.userland.sed.replacement import replaced, visible
from simulator.userland.sed.script import Command

LONGEST = 1 << 20  # characters of the pattern space


class Flow(Enum):
    """How the script goes on, where not with the next command."""

    JUMP = auto()  # where the command leads
    READ = auto()  # with the next line, this one being printed
    JOIN = auto()  # with the next line behind this one
    END = auto()  # at the script's end
    DROP = auto()  # with the next cycle; nothing is printed
    AGAIN = auto()  # with the next cycle, which takes in no line


# -- control -----------------------------------------------------------------------------------------------------------


def _branch(editor: Editor, command: Command) -> Flow:
    return Flow.JUMP


def _branch_if(editor: Editor, command: Command) -> Flow | None:
    done, editor.substituted = editor.substituted, False
    return Flow.JUMP if done else None


def _branch_unless(editor: Editor, command: Command) -> Flow | None:
    done, editor.substituted = editor.substituted, False
    return None if done else Flow.JUMP


def _next(editor: Editor, command: Command) -> Flow:
    return Flow.END if editor.last else Flow.READ


def _join(editor: Editor, command: Command) -> Flow:
    return Flow.END if editor.last else Flow.JOIN


def _delete(editor: Editor, command: Command) -> Flow:
    return Flow.DROP


def _delete_first(editor: Editor, command: Command) -> Flow:
    if editor.end not in editor.space:
        return Flow.DROP
    editor.space = editor.space.partition(editor.end)[2]
    return Flow.AGAIN


def _change(editor: Editor, command: Command) -> Flow:
    """The text stands for all lines of a range: it comes with the last."""
    where = command.where
    if command.negated or not isinstance(where, Range) or where.phase is Phase.AFTER:
        editor.print_text(command.text)
    return Flow.DROP


def _quit(editor: Editor, command: Command) -> Flow:
    editor.ending = command.number
    return Flow.END


def _quit_silently(editor: Editor, command: Command) -> Flow:
    editor.ending = command.number
    editor.forget()
    return Flow.DROP


# -- the two spaces ----------------------------------------------------------------------------------------------------


def _get(editor: Editor, command: Command) -> None:
    editor.space = editor.hold


def _get_behind(editor: Editor, command: Command) -> None:
    editor.space = editor.joined(editor.space, editor.hold)


def _hold(editor: Editor, command: Command) -> None:
    editor.hold = editor.space


def _hold_behind(editor: Editor, command: Command) -> None:
    editor.hold = editor.joined(editor.hold, editor.space)


def _exchange(editor: Editor, command: Command) -> None:
    editor.space, editor.hold = editor.hold, editor.space


def _empty(editor: Editor, command: Command) -> None:
    editor.space = ""


def _transliterate(editor: Editor, command: Command) -> None:
    editor.space = editor.space.translate(command.table)


def _substitute(editor: Editor, command: Command) -> None:
    made = _substituted(editor, command)
    if made is None:
        return
    if len(made) > LONGEST:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")
    editor.space, editor.substituted = made, True
    if "p" in command.flags:
        editor.print_space()
    if command.path:
        _write(editor, command)


def _substituted(editor: Editor, command: Command) -> str | None:
    """The pattern space with the wanted matches replaced; None if there are none."""
    space, made, at, count = editor.space, "", 0, 0
    for found in editor.pattern(command.pattern).finditer(space):
        if found.end() == found.start() == at and count and at:
            continue
        count += 1
        if count < command.number:
            continue
        made += space[at : found.start()] + replaced(command.text, found, gnu=editor.style.gnu)
        at = found.end()
        if "g" not in command.flags:
            break
    return made + space[at:] if count and count >= command.number else None


# -- output ------------------------------------------------------------------------------------------------------------


def _print(editor: Editor, command: Command) -> None:
    editor.print_space()


def _print_first(editor: Editor, command: Command) -> None:
    editor.print_first()


def _write_first(editor: Editor, command: Command) -> None:
    editor.output(command.path).write(encode(editor.space.partition(editor.end)[0] + editor.end))


def _print_number(editor: Editor, command: Command) -> None:
    editor.print(str(editor.number))


def _print_path(editor: Editor, command: Command) -> None:
    editor.print(editor.path)


def _print_visible(editor: Editor, command: Command) -> None:
    if editor.style.gnu:
        editor.print(visible(editor.space))


def _insert(editor: Editor, command: Command) -> None:
    if command.text or not editor.style.gnu:
        editor.print_text(command.text)


def _append(editor: Editor, command: Command) -> None:
    if command.text:
        editor.append(command.text)


def _read(editor: Editor, command: Command) -> None:
    editor.append_file(command.path)


def _write(editor: Editor, command: Command) -> None:
    editor.output(command.path).write(encode(editor.space + editor.end * editor.newline))


COMMANDS: dict[str, Callable[[Editor, Command], Flow | None]] = {
    "{": _branch,  # over the block, for the lines it is not for
    "b": _branch,
    "t": _branch_if,
    "T": _branch_unless,
    "n": _next,
    "N": _join,
    "d": _delete,
    "D": _delete_first,
    "c": _change,
    "q": _quit,
    "Q": _quit_silently,
    "g": _get,
    "G": _get_behind,
    "h": _hold,
    "H": _hold_behind,
    "x": _exchange,
    "z": _empty,
    "y": _transliterate,
    "s": _substitute,
    "p": _print,
    "P": _print_first,
    "=": _print_number,
    "F": _print_path,
    "l": _print_visible,
    "i": _insert,
    "a": _append,
    "r": _read,
    "w": _write,
    "W": _write_first,
}
