"""busybox: the program behind all applets, called by its own name."""

from __future__ import annotations

import posixpath

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.applets import BUSYBOX as APPLETS
from simulator.userland.applets_net import BUSYBOX_NET
from simulator.userland.program import BUSYBOX_BANNER

ABOUT = """\
BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

\tBusyBox is a multi-call binary that combines many common Unix
\tutilities into a single executable.  The shell in this build
\tis configured to run built-in utilities without $PATH search.
\tYou don't need to install a link to busybox for each utility.
\tTo run external program, use full path (/sbin/ip instead of ip).

Currently defined functions:"""
WIDTH = 79
NOT_FOUND = 127
FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin")


def busybox(process: Process) -> Steps:
    words = process.argv[1:]
    if not words or words[0] == "--help" and len(words) == 1:
        process.print(f"{BUSYBOX_BANNER}\n{ABOUT}\n" + "\n".join(_wrapped(_names())))
        return 0
    if words[0] in ("--list", "--list-full"):
        _list(process, full=words[0].endswith("full"))
        return 0
    name = words[1] if words[0] == "--help" else posixpath.basename(words[0])
    if name not in _names():
        process.error(f"{name}: applet not found")
        return NOT_FOUND
    rest = ["--help"] if words[0] == "--help" else words[1:]
    path = next((found for folder in FOLDERS if process.disk.exists(found := f"{folder}/{name}")), name)
    program, _ = process.load([path])
    process.argv = [name, *rest]
    return (yield from program(process))


def _names() -> list[str]:
    return sorted({**APPLETS, **BUSYBOX_NET})


def _list(process: Process, *, full: bool) -> None:
    for name in _names():
        if not full:
            process.print(name)
            continue
        for folder in FOLDERS:
            if process.disk.exists(f"{folder}/{name}"):
                process.print(f"{folder[1:]}/{name}")
                break


def _wrapped(names: list[str]) -> list[str]:
    lines, line = [], "\t"
    for index, name in enumerate(names):
        word = name + (", " if index < len(names) - 1 else "")
        if len(line.expandtabs()) + len(word.rstrip()) > WIDTH - 1:
            lines.append(line.rstrip())
            line = "\t"
        line += word
    return [*lines, line]
