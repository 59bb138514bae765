"""echo: writes its arguments (POSIX.1-2017, echo). -n, -e and -E as busybox, bash and coreutils have them."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process

ESCAPES = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
ESCAPE = re.compile(r"\\(?:0([0-7]{0,3})|x([0-9a-fA-F]{1,2})|([abefnrtv\\])|(c))")
OPTION = re.compile(r"-[neE]+")


def echo_text(arguments: list[str], *, always_escapes: bool = False) -> str:
    """What echo writes for these arguments; dash takes escapes always and knows -n alone."""
    words, newline, escapes = list(arguments), True, always_escapes
    while words and OPTION.fullmatch(words[0]) and not (always_escapes and words[0] != "-n"):
        for letter in words.pop(0)[1:]:
            if letter == "n":
                newline = False
            else:
                escapes = letter == "e"
    text = " ".join(words)
    if escapes:
        text, stopped = unescape(text)
        newline = newline and not stopped
    return text + ("\n" if newline else "")


def unescape(text: str) -> tuple[str, bool]:
    r"""The text with its escapes replaced, and whether \c cut it short."""
    pieces, position = [], 0
    for found in ESCAPE.finditer(text):
        pieces.append(text[position : found.start()])
        position = found.end()
        octal, hexadecimal, letter, stop = found.groups()
        if stop:
            return "".join(pieces), True
        if letter:
            pieces.append(ESCAPES[letter])
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(octal or "0", 8)
            pieces.append(bytes([code & 0xFF]).decode("utf-8", "surrogateescape"))
    return "".join(pieces) + text[position:], False


def echo(process: Process) -> Steps:
    process.print(echo_text(process.argv[1:]), end="")
    return 0
    yield
