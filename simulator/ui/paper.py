"""How docklab's own texts look on a terminal: broken between words, later lines below the last column, a little colour.

What programs of the lab print is never touched: it goes to the terminal as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

WIDEST_INDENT = 0.6  # of the width: a column that begins further right is too narrow to write in
STYLES = (
    (r"(?m)^(docklab|docklab play):", "yellow"),
    (r"=> (DROPPED \w+|UNRESOLVED)", "bold red"),
    (r"=> DELIVERED", "bold green"),
    (r"\b[A-Z]+(_[A-Z]+)+: ", "red"),
    (r"made by: .*", "dim"),
    (r"'[^']*'(?= on [\w-]+ \(tried)|(?<=typed )'[^']*'(?= instead)", "bold"),
    (r"\(tried in a replay: it does\)", "green"),
    (r"(?m)^> .*", "bold"),
    (r"(?m)^\+ .*", "green"),
    (r"(?m)^- .*", "red"),
)


def laid_out(text: str, width: int) -> Text:
    """A text, perhaps with colours of its own (ANSI), for a terminal of this width."""
    whole = Text.from_ansi(text)
    for pattern, style in STYLES:
        whole.highlight_regex(pattern, style)
    lines = [part for line in whole.split("\n", allow_blank=True) for part in _folded(line, width)]
    return Text("\n").join(lines)


def show(text: str) -> None:
    """Writes a text to the terminal."""
    console = Console(highlight=False)
    console.print(laid_out(text, console.width), soft_wrap=True)


def _folded(line: Text, width: int) -> Iterator[Text]:
    """The lines that a line needs."""
    indent = _indent(line.plain, width)
    for number, (start, end) in enumerate(_pieces(line.plain, width, indent)):
        yield Text(" " * indent if number else "").append_text(line[start:end])


def _indent(line: str, width: int) -> int:
    """Where the last column begins: behind two spaces or more; without columns where the line does."""
    begins = [cell_len(line[: match.end()]) for match in re.finditer(r"(?:^ +|(?<=\S) {2,})(?=\S)", line)]
    return next((begin for begin in reversed(begins) if begin <= width * WIDEST_INDENT), 0)


def _pieces(line: str, width: int, indent: int) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends: broken between words; a word only where it is wider than a line."""
    start, room = 0, width
    while cell_len(line[start:]) > room:
        fits = start + 1
        while cell_len(line[start : fits + 1]) <= room:
            fits += 1
        space = line.rfind(" ", start, fits + 1)
        end = space if line[start : max(space, start)].strip() else fits
        yield start, end
        start, room = end + len(line[end:]) - len(line[end:].lstrip(" ")), width - indent
    yield start, len(line)
