"""Every way to die has a code, and every code a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import simulator
from simulator.kernel.drops import DROP_CODES

ROOT = Path(simulator.__file__).parent


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if f"{name}(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path, node


def codes(call: ast.Call) -> set[str]:
    """The codes that a call may give; none where it passes on what it was given."""
    argument = call.args[2] if len(call.args) > 2 else None
    inside = ast.walk(argument) if argument is not None and not isinstance(argument, ast.Compare) else ()
    return {node.value for node in inside if isinstance(node, ast.Constant) and str(node.value).isupper()}


def test_every_code_that_is_dropped_with_is_documented() -> None:
    used = {code for _, call in calls("drop") for code in codes(call)}
    assert len(used) >= 15
    assert used <= set(DROP_CODES)


def test_records_of_drops_are_made_in_one_place() -> None:
    assert {path.name for path, _ in calls("Dropped")} == {"drops.py"}


def test_a_code_is_one_word_and_its_meaning_one_sentence() -> None:
    for code, meaning in DROP_CODES.items():
        assert code.isupper() and " " not in code
        assert meaning.endswith(".") and "\n" not in meaning
