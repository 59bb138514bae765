"""What interrupts the ordinary course of a shell: errors of its own and jumps that scripts ask for."""

from __future__ import annotations


class ShellSyntaxError(Exception):
    """The text is no program. `token` is what was found, `expecting` what had to be there; or `text` says it all.

    `token` is "" at the end of the text, "\\n" at a newline.
    """

    def __init__(self, token: str, *, expecting: str = "", text: str = "", line: int = 1) -> None:
        super().__init__(text or token)
        self.token = token
        self.expecting = expecting
        self.text = text
        self.line = line
        self.program = ""  # the text that was read up to the error


class Incomplete(ShellSyntaxError):
    """The text ended inside something that goes on: another line may complete it. `closing` is an open quote."""

    def __init__(self, *, expecting: str = "", closing: str = "", line: int = 1, opened: int = 1) -> None:
        super().__init__("", expecting=expecting, line=line)
        self.closing = closing
        self.opened = opened


class ShellError(Exception):
    """An error that ends a script: the text is printed behind the shell's name.

    bash goes on with the next line of a file unless it is `fatal`; at a prompt only the command line ends.
    """

    def __init__(self, text: str, status: int = 2, *, fatal: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        self.fatal = fatal


def too_large(size: int) -> ShellError:
    """What bash says whose memory is used up."""
    return ShellError(f"xrealloc: cannot allocate {size} bytes", fatal=True)


class RedirectionError(ShellError):
    """A file that cannot be opened: the command does not run, the script goes on."""


class Jump(Exception):
    """Leaves the commands that run now; see the subclasses for where to."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ShellExit(Jump):
    """exit, or a failure under set -e. The EXIT trap still runs."""


class ToPrompt(Jump):
    """An error of ash's special builtins at a prompt: what is left of the line is given up."""


class Return(Jump):
    """return from a function or a sourced file."""


class LoopJump(Exception):
    """break or continue: `levels` loops, the innermost being 1."""

    def __init__(self, levels: int) -> None:
        super().__init__(levels)
        self.levels = levels


class Break(LoopJump):
    pass


class Continue(LoopJump):
    pass
