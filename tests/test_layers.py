"""Who may import whom. Adding an arrow here is a decision about the house; take it on purpose."""

from __future__ import annotations

import ast
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
    "server": KERNEL | {"apitypes", "engine.api", "engine.errors", "engine.stream"},
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
SCAPY_DOOR = "kernel/packet"
FORBIDDEN_BELOW_UI = {
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
# clock is where chance lives; Pyodide has no processes, and neither has anything else here.
EXCUSED = {("clock.py", "random")}


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0]


def imports(path: Path) -> list[str]:
    """Every module that a file imports, anywhere in it, except under TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def may_import(owner: str, name: str) -> bool:
    inside = name.removeprefix("simulator.")
    if inside.split(".")[0] == owner:
        return True
    return any(inside == allowed or inside.startswith(allowed + ".") for allowed in ALLOWED[owner])


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_its_layer_may(path: Path) -> None:
    owner = room(path)
    if owner in ("__init__", "__main__"):
        return
    own = [name for name in imports(path) if name.startswith("simulator.")]
    assert [name for name in own if not may_import(owner, name)] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_scapy_comes_in_by_one_door(path: Path) -> None:
    if path.parent != ROOT / SCAPY_DOOR:
        assert [name for name in imports(path) if name.split(".")[0] == "scapy" or "scapy_layers" in name] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_time_chance_and_the_real_machine_stay_outside_the_model(path: Path) -> None:
    if room(path) in ("ui", "server", "__main__", "testing"):
        return
    relative = str(path.relative_to(ROOT))
    used = {name.split(".")[0] for name in imports(path)} & FORBIDDEN_BELOW_UI
    assert {name for name in used if (relative, name) not in EXCUSED} == set()
