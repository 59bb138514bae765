"""awk: patterns and actions over the lines of files (awk(1p)): lexer, parser, interpreter.

Left out: user functions, getline, pipes and redirections of print, printf's rarer conversions.
"""

from __future__ import annotations

from simulator.userland.awk.main import awk, gnu_awk

__all__ = ["awk", "gnu_awk"]
