"""sed at work: the cycles of a script over the lines of files."""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import US, Steps
from simulator.userland.inputs import InputLines, plain_refusal
from simulator.userland.sed.addresses import Range
from simulator.userland.sed.commands import COMMANDS, Flow
from simulator.userland.sed.editor import Editor
from simulator.userland.sed.script import Script

UNREADABLE = 2
JUMP_COST = 1 * US  # a jump back takes a moment, so that any loop can be interrupted


class Run(Struct):
    """A script, and the editor that it drives."""

    script: Script
    editor: Editor

    def over(self, paths: list[str], *, separate: bool) -> Steps:
        """Runs the script over the lines of all files as one stream, or of each as its own; gives the status."""
        for command in self.script.commands:
            if command.path and command.name in "swW":
                self.editor.output(command.path)
        status = 0
        for stream in [[path] for path in paths] if separate and paths else [paths]:
            status = (yield from self._stream(stream)) or status
            if self.editor.ending is not None:
                return self.editor.ending
        return status

    def _stream(self, paths: list[str]) -> Steps:
        editor, again = self.editor, False
        self._rewind()
        source = self._source(paths)
        yield from editor.begin(source)
        while (again or not editor.last) and editor.ending is None:
            if not again:
                yield from editor.advance()
            again = (yield from self._cycle()) is Flow.AGAIN
            yield editor.process.stdout.drain()
        return source.status

    def _rewind(self) -> None:
        self.editor.number = 0
        for command in self.script.commands:
            if isinstance(command.where, Range):
                command.where.rewind()

    def _source(self, paths: list[str]) -> InputLines:
        process, style = self.editor.process, self.editor.style
        if not style.gnu:
            return InputLines(process, paths, style)
        end = self.editor.end.encode()
        return InputLines(process, paths, style, refusal=_gnu_refusal, failed=UNREADABLE, end=end)

    def _cycle(self) -> Steps:
        """Runs the script once over the pattern space; how that ended."""
        flow = yield from self._commands()
        if flow is Flow.END:
            self._print()
        self.editor.flush()
        return flow

    def _commands(self) -> Steps:
        """One command after another, up to one that ends the cycle."""
        editor, commands, at = self.editor, self.script.commands, 0
        editor.substituted = False
        while at < len(commands):
            command = commands[at]
            at += 1
            flow = COMMANDS[command.name](editor, command) if command.selects(editor) else None
            if flow is Flow.JUMP:
                if command.target < at:
                    yield editor.process.sleep(JUMP_COST)
                at = command.target
            elif flow is Flow.READ or flow is Flow.JOIN:
                yield from self._read(joined=flow is Flow.JOIN)
            elif flow:
                return flow
        return Flow.END

    def _read(self, *, joined: bool) -> Steps:
        """n and N."""
        if not joined:
            self._print()
        self.editor.flush()
        yield from self.editor.advance(joined=joined)

    def _print(self) -> None:
        if not self.script.quiet:
            self.editor.print_space()


def _gnu_refusal(path: str, failure: OSError) -> str:
    return f"can't read {plain_refusal(path, failure)}"
