"""The bytes of an executable: what is in a program's file when it is read, copied or put into an archive.

Programs of the lab are Python, so their files hold a name and no machine code. They begin with ELF's magic number and
a class that no real executable has (ELFCLASSNONE); real ones are told apart by it and refused as of another machine
(ENOEXEC). Mirrors the kernel's binfmt_elf. See elf(5), execve(2).
"""

from __future__ import annotations

import re
from typing import Any

MAGIC = b"\x7fELF\x00docklab\x00"
_OWN = re.compile(rb"simulator(?:\.\w+)+:\w+")  # what comes in from outside must not name just any Python function


def contents(program: Any) -> bytes:
    """A program (a function, or the text "module:function") as a file."""
    name = program if isinstance(program, str) else f"{program.__module__}:{program.__qualname__}"
    return MAGIC + name.encode() + b"\n"


def program_named(data: bytes) -> str | None:
    """The program whose file this is, as "module:function"; None if it is none of the lab's own."""
    name = data[len(MAGIC) : -1]
    return name.decode() if data.startswith(MAGIC) and _OWN.fullmatch(name) else None
