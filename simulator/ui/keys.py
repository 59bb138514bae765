"""Reading keys and lines from the real terminal; from a pipe, lines."""

from __future__ import annotations

import sys


def read_key() -> str:
    """One key, without Enter where there is a terminal. Raises KeyboardInterrupt for Ctrl-C, EOFError at the end."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()[:1]
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent

    bindings = KeyBindings()

    @bindings.add("<any>")
    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(result=event.key_sequence[0].data)

    @bindings.add("c-c")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    @bindings.add("c-d")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    session: PromptSession[str] = PromptSession(key_bindings=bindings)
    return session.prompt("").strip().lower()


def read_line(prompt: str) -> str | None:
    """A line, None at the end of the input (Ctrl-D) or for Ctrl-C."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None
    from prompt_toolkit import prompt as ask

    try:
        return ask(prompt)
    except (EOFError, KeyboardInterrupt):
        return None
