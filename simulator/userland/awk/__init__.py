"""awk: patterns and actions over the lines of files (awk(1p)).

`lexer`, `expressions` and `parser` make a tree of a program, `interpreter` carries it out over one `record` after
another, `main` is the command. Left out: getline but from a file, printf's rarer conversions.
"""

from __future__ import annotations

from simulator.userland.awk.main import awk, gnu_awk

__all__ = ["awk", "gnu_awk"]
