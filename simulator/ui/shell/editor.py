"""The line that somebody types: editing, history, search, several lines, completion, and the toolbar below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from simulator.journal import DETACH, END
from simulator.ui.shell.pressed import Pressed


class Editor:
    """Reads lines. `in_program` says whether a program, not the shell, asks; `complete` whether a text is whole."""

    def __init__(
        self,
        *,
        history: Path | None,
        completer: Completer,
        toolbar: Callable[[], str],
        in_program: Callable[[], bool],
        complete: Callable[[str], bool],
    ) -> None:
        self._in_program, self._complete = in_program, complete
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=completer,
            complete_while_typing=False,
            complete_style=CompleteStyle.MULTI_COLUMN,
            enable_history_search=True,
            bottom_toolbar=toolbar,
            key_bindings=self._bindings(),
            multiline=True,
            prompt_continuation="> ",
            editing_mode=EditingMode.EMACS,
            enable_open_in_editor=False,
            enable_suspend=False,
        )

    def read(self, prompt: str, *, default: str = "") -> str:
        """A line. Raises Pressed for ^D and ^P^Q, KeyboardInterrupt for ^C."""
        return self._session.prompt(ANSI(prompt), default=default)

    def redraw(self) -> None:
        """Shows the toolbar anew; any thread may ask for it."""
        self._session.app.invalidate()

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add("enter", filter=~Condition(self._searching))
        def _(event: KeyPressEvent) -> None:
            buffer = event.current_buffer
            if self._complete(buffer.text):
                buffer.validate_and_handle()
            else:
                buffer.insert_text("\n")

        @bindings.add("c-d", filter=Condition(self._empty))
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=Pressed(END))

        @bindings.add("c-p", "c-q", filter=Condition(self._in_program))
        def _(event: KeyPressEvent) -> None:
            event.app.exit(exception=Pressed(DETACH))

        return bindings

    def _searching(self) -> bool:
        return self._session.app.layout.is_searching

    def _empty(self) -> bool:
        return not self._session.default_buffer.text


def _history(path: Path | None) -> History:
    """The lines of earlier days; without a place to keep them, of this one."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
