"""find's tests of one file, and what its actions print about one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.disk import Node
from simulator.kernel.process import Process
from simulator.userland import inode
from simulator.userland.accounts import user_name, user_number
from simulator.userland.chmod import mode_from_text
from simulator.userland.find_expression import Expression
from simulator.userland.ls_layout import moment
from simulator.userland.posix_regex import BadExpression, compile_posix
from simulator.userland.shell.pattern import text_matches

DAY, MINUTE = 86400, 60
SIZE_UNITS = {"c": 1, "w": 2, "b": 512, "": 512, "k": 1024, "M": 1 << 20, "G": 1 << 30}
ESCAPES = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


class File(Struct, frozen=True):
    """A file as find calls it, where it is, and what is there."""

    name: str
    path: str
    node: Node

    @property
    def base(self) -> str:
        return posixpath.basename(self.name.rstrip("/")) or self.name


def _glob(text: str, pattern: str, *, ignore_case: bool = False) -> bool:
    return text_matches(pattern.lower(), text.lower()) if ignore_case else text_matches(pattern, text)


def _compared(text: str, value: int) -> bool:
    """+N more, -N less, N exactly."""
    digits = text.lstrip("+-")
    if not digits.isdigit():
        return False
    wanted = int(digits)
    return value > wanted if text.startswith("+") else value < wanted if text.startswith("-") else value == wanted


def _size(text: str, node: Node, *, gnu: bool) -> bool:
    unit = text[-1:] if text[-1:].isalpha() else ""
    scale = SIZE_UNITS.get(unit, 512)
    digits = text.removesuffix(unit) if unit else text
    if gnu:
        return _compared(digits, -(-inode.size(node) // scale))
    sign = digits[:1] if digits[:1] in "+-" else ""
    return _compared(f"{sign}{int(digits.lstrip('+-') or 0) * scale}", inode.size(node))


def _age(process: Process, text: str, node: Node, unit: int) -> bool:
    return _compared(text, (process.clock.wall() - node.mtime) // (unit * S))


def _perm(text: str, mode: int) -> bool:
    way = text[0] if text[:1] in ("-", "/", "+") else ""
    wanted = mode_from_text(text[len(way) :], 0, directory=False) or 0
    if way == "-":
        return mode & wanted == wanted
    return bool(mode & wanted) or not wanted if way else mode & 0o7777 == wanted


def _regex(text: str, pattern: str, *, ignore_case: bool = False) -> bool:
    try:
        return compile_posix(pattern, ignore_case=ignore_case).fullmatch(text) is not None
    except BadExpression:
        return False


def _empty(process: Process, file: File) -> bool:
    if file.node.kind == "directory":
        return not process.disk.listdir(file.path)
    return file.node.kind == "file" and not file.node.data


def _newer(process: Process, text: str, node: Node, *, gnu: bool) -> bool:
    """busybox looks at whole seconds."""
    grain = 1 if gnu else S
    return node.mtime // grain > process.disk.lookup(process.path(text)).mtime // grain


class Asked(Struct, frozen=True):
    """A test's argument, and the file it is asked about."""

    process: Process
    text: str
    file: File
    gnu: bool

    @property
    def node(self) -> Node:
        return self.file.node


TESTS: dict[str, Callable[[Asked], bool]] = {
    "-name": lambda ask: _glob(ask.file.base, ask.text),
    "-iname": lambda ask: _glob(ask.file.base, ask.text, ignore_case=True),
    "-path": lambda ask: _glob(ask.file.name, ask.text),
    "-wholename": lambda ask: _glob(ask.file.name, ask.text),
    "-ipath": lambda ask: _glob(ask.file.name, ask.text, ignore_case=True),
    "-lname": lambda ask: _glob(inode.link_target(ask.node), ask.text),
    "-regex": lambda ask: _regex(ask.file.name, ask.text),
    "-iregex": lambda ask: _regex(ask.file.name, ask.text, ignore_case=True),
    "-type": lambda ask: inode.letter(ask.node).replace("-", "f") in ask.text,
    "-executable": lambda ask: bool(ask.node.mode & 0o111),
    "-perm": lambda ask: _perm(ask.text, inode.permissions(ask.node)),
    "-mtime": lambda ask: _age(ask.process, ask.text, ask.node, DAY),
    "-mmin": lambda ask: _age(ask.process, ask.text, ask.node, MINUTE),
    "-newer": lambda ask: _newer(ask.process, ask.text, ask.node, gnu=ask.gnu),
    "-inum": lambda ask: _compared(ask.text, inode.number(ask.process.disk, ask.file.path)),
    "-samefile": lambda ask: (
        ask.process.disk.locate(ask.file.path) == ask.process.disk.locate(ask.process.path(ask.text))
    ),
    "-user": lambda ask: ask.node.uid == user_number(ask.process, ask.text),
    "-uid": lambda ask: _compared(ask.text, ask.node.uid),
    "-nouser": lambda ask: user_name(ask.process, ask.node.uid).isdigit(),
    "-size": lambda ask: _size(ask.text, ask.node, gnu=ask.gnu),
    "-links": lambda ask: _compared(ask.text, inode.links(ask.process.disk, ask.file.path, ask.node)),
    "-empty": lambda ask: _empty(ask.process, ask.file),
    "-false": lambda ask: False,
}


def matches(process: Process, test: Expression, file: File, *, gnu: bool) -> bool:
    """Whether one test is true of the file; options among the tests are."""
    asked = TESTS.get(test.name)
    return asked is None or asked(Asked(process, (test.words or ("",))[0], file, gnu))


def printed(process: Process, action: Expression, file: File) -> str:
    """What -print, -print0, -ls and -printf write."""
    if action.name == "-print0":
        return file.name + "\0"
    if action.name == "-ls":
        return _listed(process, file)
    if action.name == "-printf":
        return _filled(process, action.words[0], file)
    return file.name + "\n"


def _listed(process: Process, file: File) -> str:
    node, disk = file.node, process.disk
    user = user_name(process, node.uid)
    arrow = f" -> {inode.link_target(node)}" if inode.letter(node) == "l" else ""
    return (
        f"{inode.number(disk, file.path):>9} {inode.kilobytes(node):>6} {inode.mode_text(node)} "
        f"{inode.links(disk, file.path, node):>3} {user:<8} {user:<8} {inode.size(node):>8} "
        f"{moment(process, node.mtime)} {file.name}{arrow}\n"
    )


def _filled(process: Process, template: str, file: File) -> str:
    node = file.node
    user = user_name(process, node.uid)
    values = {
        "p": file.name, "f": file.base, "h": posixpath.dirname(file.name) or ".", "s": str(inode.size(node)),
        "m": f"{inode.permissions(node):o}", "M": inode.mode_text(node), "u": user, "g": user, "%": "%",
        "y": inode.letter(node).replace("-", "f"), "l": inode.link_target(node), "k": str(inode.kilobytes(node)),
        "U": str(node.uid), "G": str(node.uid), "i": str(inode.number(process.disk, file.path)),
        "P": file.name.partition("/")[2], "n": str(inode.links(process.disk, file.path, node)), "d": str(file.name.count("/")),
    }  # fmt: skip
    text = re.sub(r"\\(.)", lambda found: ESCAPES.get(found.group(1), found.group()), template)
    return re.sub(r"%(.)", lambda found: values.get(found.group(1), found.group()), text)
