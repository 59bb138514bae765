"""What the shells differ in: busybox ash, bash and dash, one row each.

The interpreter is one; it asks its dialect which words are known and how a complaint is spelled. ash is busybox 1.35
built with its bash compatibility (as in Alpine), bash is 5.2, dash is 0.5.12 (/bin/sh of Debian).
"""

from __future__ import annotations

from msgspec import Struct

BASH_VERSION = "5.2.15"


class Dialect(Struct, frozen=True):
    """What a shell knows beyond POSIX."""

    name: str
    arrays: bool = False  # a=(1 2), declare, ${a[0]}
    conditions: bool = False  # [[ ]] and (( )) as syntax
    braces: bool = False  # {a,b} {1..3}
    here_strings: bool = False  # <<<
    process_substitution: bool = False  # <( )
    both_outputs: bool = False  # &> file
    ansi_quotes: bool = False  # $'...'
    substrings: bool = False  # ${x:1:2} ${x/a/b}
    case_modification: bool = False  # ${x^^} ${x@Q} ${!x}
    function_keyword: bool = False
    newline_at_end: bool = False  # the end of a text counts as the end of a line
    late_substitution_errors: bool = False  # ${a b} is an error when it is reached, not when it is read
    aliases_in_scripts: bool = True
    default_ps1: str = "\\w \\$ "
    default_ps4: str = "+ "


ASH = Dialect(
    "ash",
    process_substitution=True,
    both_outputs=True,
    ansi_quotes=True,
    substrings=True,
    function_keyword=True,
)
BASH = Dialect(
    "bash",
    arrays=True,
    conditions=True,
    braces=True,
    here_strings=True,
    process_substitution=True,
    both_outputs=True,
    ansi_quotes=True,
    substrings=True,
    case_modification=True,
    function_keyword=True,
    newline_at_end=True,
    late_substitution_errors=True,
    aliases_in_scripts=False,
    default_ps1="\\s-\\v\\$ ",
)
DASH = Dialect("dash", default_ps1="\\$ ")
