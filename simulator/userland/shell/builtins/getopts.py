"""getopts: the options of a script, one a call (POSIX.1-2017, getopts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.userland.shell.errors import ShellError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

MISUSED = {
    "bash": "getopts: usage: getopts optstring name [arg ...]",
    "dash": "Usage: getopts optstring var [arg...]",
    "ash": "usage: getopts optstring var [arg]",
}


def getopts(shell: Shell, argv: list[str]) -> int:
    """The next option of the positional parameters (or of the words given)."""
    if len(argv) < 3:
        return _misused(shell)
    letters, name = argv[1], argv[2]
    words = argv[3:] or shell.positional
    index = int(shell.get("OPTIND") or "1")
    word = words[index - 1] if 1 <= index <= len(words) else ""
    if not word.startswith("-") or word in ("-", "--"):
        shell.set("OPTIND", str(index + (word == "--")))
        shell.set(name, "?")
        return 1
    offset = shell.getopts_offset if shell.getopts_index == index else 1
    shell.set(name, _Place(shell, letters, words, index, offset).option())
    return 0


def _misused(shell: Shell) -> int:
    told = MISUSED[shell.dialect.name]
    if shell.dialect.name != "bash":
        raise ShellError(told)
    shell.process.error(told)
    return 2


class _Place(Struct):
    """A letter in a word: `offset` in the word at OPTIND. What an option is, is what its variable gets."""

    shell: Shell
    letters: str
    words: list[str]
    index: int
    offset: int

    @property
    def word(self) -> str:
        return self.words[self.index - 1]

    def option(self) -> str:
        letter = self.word[self.offset]
        at = self.letters.find(letter) if letter != ":" else -1
        if at >= 0 and self.letters[at + 1 : at + 2] == ":":
            return self._with_argument(letter)
        self._advance()
        if at < 0:
            return self._wrong(letter, "?", bash="illegal option -- {}", other="Illegal option -{}")
        self.shell.variables.unset("OPTARG")
        return letter

    def _with_argument(self, letter: str) -> str:
        rest = self.word[self.offset + 1 :]
        if not rest and self.index == len(self.words):
            self.shell.set("OPTIND", str(self.index + 1))
            return self._wrong(letter, ":", bash="option requires an argument -- {}", other="No arg for -{} option")
        self.shell.set("OPTARG", rest or self.words[self.index])
        self.shell.set("OPTIND", str(self.index + (1 if rest else 2)))
        return letter

    def _advance(self) -> None:
        shell, more = self.shell, self.offset + 1 < len(self.word)
        shell.getopts_index, shell.getopts_offset = (self.index, self.offset + 1) if more else (0, 1)
        shell.set("OPTIND", str(self.index if more else self.index + 1))

    def _wrong(self, letter: str, silent: str, *, bash: str, other: str) -> str:
        """Letters that begin with a colon leave the complaining to the script."""
        if self.letters.startswith(":"):
            self.shell.set("OPTARG", letter)
            return silent
        self.shell.variables.unset("OPTARG")
        if self.shell.dialect.name == "bash":
            self.shell.process.error(f"{self.shell.name}: {bash.format(letter)}")
        else:
            self.shell.process.error(other.format(letter))
        return "?"
