"""From a command's words to the program that runs: PATH, permissions and `#!` scripts. See execve(2), environ(7)."""

from __future__ import annotations

import errno
import posixpath
from typing import Any

from simulator.kernel import binary
from simulator.kernel.disk import Disk
from simulator.kernel.errors import error
from simulator.kernel.linking import linked
from simulator.kernel.running import Program

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MAX_SCRIPTS = 4  # scripts whose interpreter is a script: execve(2)


def find_program(disk: Disk, name: str, *, search: str, cwd: str) -> str | None:
    """The path of an executable: by the folders of `search` (a PATH), or `name` itself if it has a slash."""
    if "/" in name:
        path = posixpath.normpath(posixpath.join(cwd, name))
        return path if disk.exists(path) else None
    for folder in search.split(":"):
        path = posixpath.join(folder or cwd, name)
        node = disk.find(path)
        if node is not None and node.kind != "directory" and node.mode & 0o111:
            return path
    return None


def load_program(disk: Disk, argv: list[str], *, search: str, cwd: str, depth: int = 0) -> tuple[Program, list[str]]:
    """The program that argv names and the arguments it gets; `#!` scripts lead to their interpreter.

    Raises OSError: ENOENT not found, EACCES not executable, ENOEXEC neither program nor script.
    """
    path = find_program(disk, argv[0], search=search, cwd=cwd)
    if path is None:
        raise error(errno.ENOENT, argv[0])
    node = disk.lookup(path)
    if node.kind == "directory" or not node.mode & 0o111:
        raise error(errno.EACCES, argv[0])
    if node.kind == "program":
        return program_from(node.content), argv
    named = binary.program_named(node.data)
    if named is not None:
        return program_from(named), argv
    if not node.data.startswith(b"#!") or depth >= MAX_SCRIPTS:
        raise error(errno.ENOEXEC, argv[0])
    interpreter = node.data[2:].split(b"\n", 1)[0].decode().strip().split(None, 1)
    return load_program(disk, [*interpreter, path, *argv[1:]], search=search, cwd=cwd, depth=depth + 1)


def program_from(content: Any) -> Program:
    """The program that a disk's node holds: itself, or the text "module:function"."""
    program: Program = linked(content) if isinstance(content, str) else content
    return program
