"""basename, dirname: the parts of a path as text (POSIX.1-2017)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style


def basename(process: Process) -> Steps:
    return (yield from _basename(process, BUSYBOX))


def gnu_basename(process: Process) -> Steps:
    return (yield from _basename(process, GNU))


def _basename(process: Process, style: Style) -> Steps:
    given = style.options(process, "as:z" if style.gnu else "", long={"multiple": "a", "suffix=": "s"}, permute=False)
    words = given.operands
    if not words:
        style.refuse(process, "missing operand" if style.gnu else "")
    several = "a" in given or "s" in given
    if len(words) > 2 and not several:
        style.refuse(process, f"extra operand ‘{words[2]}’" if style.gnu else "")
    suffix = given.get("s") or (words[1] if len(words) > 1 and not several else "")
    for word in words if several else words[:1]:
        name = word.rstrip("/").rpartition("/")[2] or word[:1]
        process.print(name.removesuffix(suffix) if name != suffix else name)
    return 0
    yield


def dirname(process: Process) -> Steps:
    return (yield from _dirname(process, BUSYBOX))


def gnu_dirname(process: Process) -> Steps:
    return (yield from _dirname(process, GNU))


def _dirname(process: Process, style: Style) -> Steps:
    given = style.options(process, "z" if style.gnu else "")
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    for word in given.operands if style.gnu else given.operands[:1]:
        above, slash, _ = word.rstrip("/").rpartition("/")
        process.print(above.rstrip("/") or ("/" if slash or word.startswith("/") else "."))
    return 0
    yield
