"""sed: edits a stream line by line (POSIX.1-2017, sed; busybox editors/sed.c, GNU sed 4.9).

`script` reads a script into commands, `addresses` say for which lines, `commands` is the table of what each letter
does to the `editor`'s two spaces, `run` takes the script over the lines of files.

Left out: GNU's e, R and v, special file names but /dev/stdout and /dev/stderr.
"""

from __future__ import annotations

from simulator.userland.sed.main import gnu_sed, sed

__all__ = ["gnu_sed", "sed"]
