"""Begins a sandbox: a new one, or the last one again.

On a terminal the prompt is there at once: the world is made while the first line is being typed.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from simulator.journal import Journal, Line, Settings
from simulator.ui.shell import folder, texts
from simulator.ui.shell.editor import Editor
from simulator.ui.shell.pressed import Pressed

if TYPE_CHECKING:
    from simulator.ui.shell.terminal import Terminal

MISUSE = 2
PROMPT = "root@docker-host:~# "  # what the first shell will show


def shell(*, engine: str, seed: int, resume: bool) -> int:
    """`docklab shell`; the exit status."""
    journal = _resumed() if resume else _fresh(engine, seed)
    if journal is None:
        print("docklab: there is no earlier sandbox to go on with", file=sys.stderr)
        return MISUSE
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _at_terminal(journal, resume=resume)
    from simulator.ui.shell.pipe import Pipe

    return Pipe(journal).run(resumed=resume)


def _at_terminal(journal: Journal, *, resume: bool) -> int:
    world = World(journal, replay=resume)
    editor = Editor(
        history=folder.history(),
        completer=LateCompleter(world),
        toolbar=lambda: world.screen.toolbar() if world.is_there else " ",
        in_program=lambda: world.is_there and world.screen.in_program,
        complete=lambda text: world.wait().is_complete(text),
    )
    world.tell = editor.redraw
    if resume:
        world.wait()
        print(f"Back where you were ({_lines(journal.position)} played again).")
        return world.screen.run(editor, None)
    print(texts.WELCOME)
    first = _outcome(lambda: editor.read(PROMPT))
    return world.wait().run(editor, first)


def _outcome(read: Callable[[], str]) -> Callable[[], str]:
    """Reads now, and says later what came of it."""
    try:
        line = read()
    except (Pressed, KeyboardInterrupt, EOFError) as refused:
        failure = refused

        def again() -> str:
            raise failure

        return again
    return lambda: line


class World:
    """Makes the world in another thread; `wait` gives it."""

    screen: Terminal

    def __init__(self, journal: Journal, *, replay: bool) -> None:
        self._journal, self._replay = journal, replay
        self.tell: Callable[[], None] = lambda: None  # called when it is there
        self._failure: BaseException | None = None
        self.is_there = False
        self._thread = threading.Thread(target=self._make, daemon=True)
        self._thread.start()

    def _make(self) -> None:
        try:
            from simulator.ui.shell.completion import LabCompleter
            from simulator.ui.shell.terminal import Terminal

            screen = Terminal(self._journal)
            if self._replay:
                screen.sandbox.replay()
            self.completer = LabCompleter(lambda: screen.sandbox, lambda: screen.commands.about)
            self.screen, self.is_there = screen, True
            self.tell()
        except BaseException as failure:  # noqa: BLE001 - told to whoever waits
            self._failure = failure

    def wait(self) -> Terminal:
        self._thread.join()
        if self._failure:
            raise self._failure
        return self.screen


class LateCompleter(Completer):
    """Completes once the world is there."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        self._world.wait()
        return self._world.completer.get_completions(document, complete_event)


def _fresh(engine: str, seed: int) -> Journal:
    before = folder.interrupted()
    if before and sys.stdin.isatty():
        print(f"The last sandbox was cut off after {_lines(before.position)}: 'docklab shell --resume' goes on.")
    size = shutil.get_terminal_size()
    return folder.new_journal(Settings(engine, seed, size.lines, size.columns))


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _resumed() -> Journal | None:
    """The last journal; what ended its shell is taken back."""
    found = folder.last()
    if found is None:
        return None
    journal, ended = found
    last = journal.past[-1] if journal.past else None
    if ended and isinstance(last, Line) and last.text.split()[:1] == ["exit"]:
        journal.go_to(journal.position - 1)
    elif ended:
        journal.drop_end()
    return journal
