"""find: files below a path for which an expression holds (POSIX.1-2017, find; busybox 1.35, findutils 4.9).

Left out: times other than that of the last change of contents, groups, -printf's rarer letters, -ok.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.disk import Node
from simulator.kernel.process import Process
from simulator.userland.find_expression import BUSYBOX_TESTS, BadWord, Expression, Reader
from simulator.userland.find_tests import File, matches, printed
from simulator.userland.program import BUSYBOX, GNU, Style, encode, strerror


def find(process: Process) -> Steps:
    return (yield from _find(process, BUSYBOX))


def gnu_find(process: Process) -> Steps:
    return (yield from _find(process, GNU))


def _find(process: Process, style: Style) -> Steps:
    words = process.argv[1:]
    follow = False
    while words and words[0] in ("-L", "-H", "-P"):
        follow = words.pop(0) == "-L"
    starts: list[str] = []
    while words and not words[0].startswith("-") and words[0] not in ("(", "!", ")", ","):
        starts.append(words.pop(0))
    try:
        reader = Reader(words, gnu=style.gnu)
        expression = reader.read()
    except BadWord as bad:
        if bad.unknown and not style.gnu:
            style.refuse(process, f"unrecognized: {bad.unknown}")
        return style.complain(process, bad.gnu if style.gnu else bad.busybox)
    for path in reader.references:
        try:
            process.disk.lookup(process.path(path))
        except OSError as failure:
            return style.complain(process, f"{f'‘{path}’' if style.gnu else path}: {strerror(failure)}")
    walk = _Walk(process, style, reader, expression, follow=follow or reader.follow)
    for start in starts or ["."]:
        yield from walk.start(start)
        if walk.quit:
            break
    yield from walk.finish()
    return walk.status


class _Walk(Struct):
    """One walk through the trees that find was given."""

    process: Process
    style: Style
    reader: Reader
    expression: Expression
    follow: bool
    status: int = 0
    quit: bool = False
    pruned: bool = False
    gathered: dict[int, list[str]] = field(default_factory=dict)  # names for -exec ... +

    def start(self, name: str) -> Steps:
        try:
            node = self.process.disk.lookup(self.process.path(name), follow=self.follow)
        except OSError as failure:
            shown = f"‘{name}’" if self.style.gnu else name
            self.status = self.style.complain(self.process, f"{shown}: {strerror(failure)}")
            return
        yield from self._visit(name, node, 0)

    def _visit(self, name: str, node: Node, depth: int) -> Steps:
        file = File(name, self.process.path(name), node)
        acts = depth >= self.reader.least and not self.quit
        self.pruned = False
        if acts and not self.reader.depth_first:
            yield from self.holds(self.expression, file)
            yield self.process.stdout.drain()
        below = node.kind == "directory" and not self.pruned and not self.quit
        if below and (self.reader.most is None or depth < self.reader.most):
            for inner, inner_node in self._inside(file):
                yield from self._visit(inner, inner_node, depth + 1)
                if self.quit:
                    return
        if acts and self.reader.depth_first:
            yield from self.holds(self.expression, file)

    def _inside(self, file: File) -> Iterator[tuple[str, Node]]:
        disk = self.process.disk
        if not disk.exists(file.path):
            return
        for name in disk.listdir(file.path):
            path = posixpath.join(file.path, name)
            try:
                node = disk.lookup(path, follow=self.follow)
            except OSError:  # a link to nowhere, or a file that has gone meanwhile
                try:
                    node = disk.lookup(path, follow=False)
                except OSError:
                    continue
            yield posixpath.join(file.name, name), node

    # -- expression -------------------------------------------------------------------------------------------------

    def holds(self, expression: Expression, file: File) -> Steps:
        """Whether the expression is true of the file; its actions are carried out on the way."""
        kind, parts = expression.name, expression.parts
        if kind == "not":
            return not (yield from self.holds(parts[0], file))
        if kind in ("and", "or", "list"):
            truth = False
            for part in parts:
                truth = yield from self.holds(part, file)
                if kind != "list" and truth == (kind == "or"):
                    return truth
            return truth
        if kind in BUSYBOX_TESTS:
            return matches(self.process, expression, file, gnu=self.style.gnu)
        return (yield from self._act(expression, file))

    def _act(self, expression: Expression, file: File) -> Steps:
        process, kind = self.process, expression.name
        if kind in ("-print", "-print0", "-printf", "-ls"):
            process.write(encode(printed(process, expression, file)))
        elif kind == "-prune":
            self.pruned = True
        elif kind == "-quit":
            self.quit = True
        elif kind == "-delete":
            return self._delete(file)
        elif kind == "-exec" and expression.words[-1] == "+":
            self.gathered.setdefault(id(expression), []).append(file.name)
        elif kind in ("-exec", "-execdir"):
            argv = [word.replace("{}", file.name) for word in expression.words[:-1]]
            return (yield from self._run(argv)) == 0
        return True

    def _delete(self, file: File) -> bool:
        if file.name == ".":
            return True
        try:
            self.process.disk.remove(file.path)
        except OSError as failure:
            self.status = self.style.complain(self.process, f"cannot delete ‘{file.name}’: {strerror(failure)}")
            return False
        return True

    def _run(self, argv: list[str]) -> Steps:
        try:
            child = self.process.spawn(argv)
        except OSError as failure:
            shown = f"‘{argv[0]}’" if self.style.gnu else argv[0]
            self.style.complain(self.process, f"{shown}: {strerror(failure)}")
            return 1
        return (yield child.exited)

    def finish(self) -> Steps:
        """Runs what -exec ... + has gathered."""
        for expression in self.reader.batched:
            names = self.gathered.get(id(expression), [])
            if names:
                argv = [part for word in expression.words[:-1] for part in (names if word == "{}" else [word])]
                self.status = int((yield from self._run(argv)) != 0) or self.status
