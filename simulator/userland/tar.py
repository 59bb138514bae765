"""tar: files into an archive, out of it, or listed (GNU tar 1.34; busybox's). See tar(1), tar(5).

Left out: adding to an archive, tapes, excluding, compressing with anything but gzip.
"""

from __future__ import annotations

import gzip
import posixpath
from collections.abc import Iterator

from simulator.clock import S, Steps
from simulator.kernel.archive import NoArchive, below, pack, unpack
from simulator.kernel.disk import Disk, Node
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inode import mode_text
from simulator.userland.program import BUSYBOX, GNU, Style, read_all, strerror

LETTERS = "cxtvzhmokpOf:C:"
LONG = {
    "create": "c", "extract": "x", "get": "x", "list": "t", "verbose": "v", "gzip": "z", "file=": "f", "directory=": "C",
    "to-stdout": "O", "dereference": "h",
}  # fmt: skip
RECORD = 10240  # bytes: GNU writes whole records
OWNER_COLUMNS = 19  # of user, group and size together


def tar(process: Process) -> Steps:
    return (yield from _tar(process, BUSYBOX))


def gnu_tar(process: Process) -> Steps:
    return (yield from _tar(process, GNU))


def _tar(process: Process, style: Style) -> Steps:
    if len(process.argv) > 1 and not process.argv[1].startswith("-"):
        process.argv[1] = f"-{process.argv[1]}"  # the old way
    given = style.options(process, LETTERS, long=LONG, status=2 if style.gnu else 1)
    action = given.last_of("cxt")
    if not action:
        if style.gnu:
            _two_lines(process, "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
            return 2
        style.refuse(process)
    if "C" in given and not process.disk.is_directory(process.path(given.get("C"))):
        return _fatal(process, style, given.get("C"), "No such file or directory", changing=True)
    return (yield from (_create(process, style, given) if action == "c" else _read(process, style, given, action)))


def _two_lines(process: Process, text: str) -> None:
    process.error(f"tar: {text}\nTry 'tar --help' or 'tar --usage' for more information.")


def _fatal(process: Process, style: Style, name: str, why: str, *, changing: bool = False) -> int:
    if style.gnu:
        process.error(f"tar: {name}: Cannot open: {why}\ntar: Error is not recoverable: exiting now")
        return 2
    verb = "change directory to" if changing else "open"
    process.error(f"tar: can't {verb} '{name}': {why}")
    return 1


def _delayed(process: Process, style: Style) -> int:
    """What is said at the end when something was wrong before."""
    if style.gnu:
        process.error("tar: Exiting with failure status due to previous errors")
        return 2
    process.error("tar: error exit delayed from previous errors")
    return 1


# -- creating ----------------------------------------------------------------------------------------------------------


def _create(process: Process, style: Style, given: Options) -> Steps:
    folder = process.path(given.get("C") or ".")
    members: list[tuple[str, Node]] = []
    missing = False
    for name in given.operands:
        if name.startswith("/"):
            quoted = "Removing leading `/' from" if style.gnu else "removing leading '/' from"
            process.error(f"tar: {quoted} member names")
        try:
            members += _members(process.disk, posixpath.join(folder, name), name, follow="h" in given)
        except OSError as failure:
            missing = True
            why = f"Cannot stat: {strerror(failure)}" if style.gnu else strerror(failure)
            process.error(f"tar: {name}: {why}")
    data = pack(members)
    data += bytes(-len(data) % RECORD) if style.gnu else b""
    target = given.get("f", "-")
    for name, _ in members if "v" in given else ():
        (process.error if target == "-" else process.print)(name)
    data = gzip.compress(data, mtime=0) if "z" in given else data
    if target == "-":
        process.write(data)
        yield process.stdout.drain()
    else:
        process.disk.write(process.path(target), data, process=process)
    return _delayed(process, style) if missing else 0


def _members(disk: Disk, path: str, name: str, *, follow: bool) -> Iterator[tuple[str, Node]]:
    for inside, node in below(disk, posixpath.normpath(path), name.strip("/") or ".", follow=follow):
        yield inside + ("/" if node.kind == "directory" else ""), node


# -- reading -----------------------------------------------------------------------------------------------------------


def _read(process: Process, style: Style, given: Options, action: str) -> Steps:
    source = given.get("f", "-")
    try:
        data = (
            (yield from read_all(process.stdin)) if source == "-" else process.disk.read(process.path(source), process)
        )
    except OSError as failure:
        return _fatal(process, style, source, strerror(failure))
    try:
        members = list(unpack(data))
    except NoArchive:
        process.error("tar: This does not look like a tar archive" if style.gnu else "tar: short read")
        return _delayed(process, style) if style.gnu else 1
    wanted = [name.strip("/") for name in given.operands]
    for name, node in members:
        if not wanted or any(name == one or name.startswith(f"{one}/") for one in wanted):
            _take(process, style, given, action, name, node)
    absent = [one for one in wanted if not any(name == one or name.startswith(f"{one}/") for name, _ in members)]
    for one in absent:
        process.error(f"tar: {one}: {'Not' if style.gnu else 'not'} found in archive")
    yield process.stdout.drain()
    return 0 if not absent else _delayed(process, style) if style.gnu else 1


def _take(process: Process, style: Style, given: Options, action: str, name: str, node: Node) -> None:
    """Lists or extracts one member."""
    shown = (name or ".") + ("/" if node.kind == "directory" else "")
    if action == "t":
        process.print(_line(process, style, shown, node) if "v" in given else shown)
        return
    if "O" in given:
        process.write(node.data)
        return
    if "v" in given:
        process.print(shown)
    path = posixpath.join(process.path(given.get("C") or "."), name)
    disk = process.disk
    disk.make_directory(posixpath.dirname(path) or "/", parents=True)
    if not (node.kind == "directory" and disk.is_directory(path)):
        disk.place(path, node)


def _line(process: Process, style: Style, shown: str, node: Node) -> str:
    moment = process.clock.at(node.mtime // S * S)
    time = f"{moment:%Y-%m-%d %H:%M}" if style.gnu else f"{moment:%Y-%m-%d %H:%M:%S}"
    owner = "root/root" if node.uid == 0 else f"{node.uid}/0"
    size = f"{len(node.data):>{max(OWNER_COLUMNS - len(owner) - 1, 1)}}"
    target = f" -> {node.target}" if node.kind == "link" else ""
    return f"{mode_text(node)} {owner} {size} {time} {shown}{target}"
