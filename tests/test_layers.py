"""Who may import whom. Adding an arrow here is a decision about the house; take it on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import simulator

ROOT = Path(simulator.__file__).parent

BASE = {"clock", "trace", "versions"}
KERNEL = BASE | {"kernel"}
LAB = KERNEL | {
    "apitypes",
    "golang",
    "engine",
    "userland",
    "images",
    "cli",
    "server",
    "layout",
    "capture",
    "screen",
    "terminal",
    "digest",
    "lab",
}
ALLOWED: dict[str, set[str]] = {
    "clock": set(),
    "trace": set(),
    "versions": set(),
    "kernel": BASE,
    "userland": KERNEL,
    "golang": {"clock"},
    "apitypes": set(),
    "engine": KERNEL | {"golang"},
    "images": KERNEL | {"engine.image", "engine.image_json", "engine.layer", "engine.reference", "userland"},
    "cli": KERNEL | {"apitypes", "golang", "engine.api", "engine.errors", "engine.stream", "userland.program"},
    "server": KERNEL | {"apitypes", "golang", "engine.api", "engine.errors", "engine.stream"},
    "layout": set(),
    "screen": set(),
    "capture": KERNEL,
    "terminal": KERNEL,
    "lab": LAB,
    "digest": LAB - {"lab"},
    "journal": set(),
    "why": LAB,
    "seat": LAB,
    "sandbox": LAB | {"journal", "seat", "why"},
    "trial": LAB | {"sandbox", "seat", "why"},
    "pcapng": KERNEL | {"why"},
    "session": LAB | {"journal", "sandbox", "seat"},
    "support": LAB,
    "lesson": LAB | {"session"},
    "testing": LAB | {"session"},
    "ui": LAB | {"journal", "lesson", "pcapng", "sandbox", "seat", "session", "trial", "why"},
}
SCAPY_DOOR = "kernel/packet/"
FORBIDDEN_BELOW_UI = {
    "os",
    "time",
    "random",
    "uuid",
    "threading",
    "asyncio",
    "subprocess",
    "select",
    "signal",
    "secrets",
    "rich",
}
# clock is where chance lives, and the journal's file survives a kill; Pyodide has no processes, and neither has anything
# else here. The texts of os.strerror differ from one C library to the next.
EXCUSED = {("clock.py", "random"), ("journal.py", "os")}


def room(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").parts[0]


ROOMS = sorted({room(path) for path in ROOT.rglob("*.py")})


@cache
def imports(of: str) -> list[tuple[str, str]]:
    """Every (file, module) that the files of a room import, anywhere in them, except under TYPE_CHECKING."""
    paths = sorted(path for path in ROOT.rglob("*.py") if room(path) == of)
    return [(path.relative_to(ROOT).as_posix(), name) for path in paths for name in _imports(path)]


def _imports(path: Path) -> Iterator[str]:
    """Walks the file's statements as the interpreter meets them."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    for node in waiting:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting += [
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]


def may_import(owner: str, name: str) -> bool:
    inside = name.removeprefix("simulator.")
    if inside.split(".")[0] == owner:
        return True
    return any(inside == allowed or inside.startswith(allowed + ".") for allowed in ALLOWED[owner])


@pytest.mark.parametrize("owner", [name for name in ROOMS if name not in ("__init__", "__main__")])
def test_a_room_imports_only_what_its_layer_may(owner: str) -> None:
    own = [(path, name) for path, name in imports(owner) if name.startswith("simulator.")]
    assert [found for found in own if not may_import(owner, found[1])] == []


@pytest.mark.parametrize("owner", ROOMS)
def test_scapy_comes_in_by_one_door(owner: str) -> None:
    outside = [(path, name) for path, name in imports(owner) if not path.startswith(SCAPY_DOOR)]
    assert [found for found in outside if found[1].split(".")[0] == "scapy" or "scapy_layers" in found[1]] == []


@pytest.mark.parametrize("owner", ROOMS)
def test_records_are_structs(owner: str) -> None:
    """A dataclass takes forty times as long to be made, and there are hundreds."""
    assert [path for path, name in imports(owner) if name.split(".")[0] == "dataclasses"] == []


@pytest.mark.parametrize("owner", [name for name in ROOMS if name not in ("ui", "server", "__main__", "testing")])
def test_time_chance_and_the_real_machine_stay_outside_the_model(owner: str) -> None:
    used = {(path, name.split(".")[0]) for path, name in imports(owner)}
    assert {found for found in used - EXCUSED if found[1] in FORBIDDEN_BELOW_UI} == set()
