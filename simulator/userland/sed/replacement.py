"""What `s` puts in a match's place, and what `l` shows of a line."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.userland.program import encode
from simulator.userland.sed.script import ESCAPES

WRAP = 70  # columns after which `l` goes on in the next line
PIECE = re.compile(r"\\(.)|&|[^\\&]+|\\$", re.DOTALL)
CASES: dict[str, Callable[[str], str]] = {"": str, "E": str, "U": str.upper, "L": str.lower}
FIRST: dict[str, Callable[[str], str]] = {"": str, "u": str.upper, "l": str.lower}
SHOWN = {char: f"\\{letter}" for letter, char in ESCAPES.items()} | {"\\": "\\\\", "\b": "\\b"}


def replaced(template: str, found: re.Match[str], *, gnu: bool) -> str:
    """The replacement with & and \\1 filled in; GNU's \\U \\L \\u \\l \\E change the case of what follows."""
    made, case, first = "", "", ""
    for piece in PIECE.finditer(template):
        escaped = piece[1] or ""
        if gnu and escaped and escaped in CASES:
            case = escaped
        elif gnu and escaped and escaped in FIRST:
            first = escaped
        elif text := CASES[case](_piece(piece, found)):
            made += FIRST[first](text[0]) + text[1:]
            first = ""
    return made


def _piece(piece: re.Match[str], found: re.Match[str]) -> str:
    escaped = piece[1]
    if piece[0] == "&" or escaped == "0":
        return found[0]
    if escaped and escaped.isdigit():
        return (found[int(escaped)] or "") if int(escaped) <= len(found.groups()) else ""
    return ESCAPES.get(escaped, escaped) if escaped else piece[0]


def visible(text: str) -> str:
    """Everything that does not print as an escape, long lines folded."""
    shown, line = [], ""
    for char in text:
        cell = SHOWN.get(char) or (char if " " <= char <= "~" else "".join(f"\\{byte:03o}" for byte in encode(char)))
        if len(line) + len(cell) > WRAP - 2:
            shown.append(line + "\\")
            line = ""
        line += cell
    return "\n".join([*shown, line + "$"])
