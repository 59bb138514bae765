"""The example of README's "Test with it" is a test that passes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from simulator.testing import Faults, World

pytest_plugins = ["simulator.testing.plugin"]
README = Path(__file__).parents[2] / "README.md"


def test_the_example_holds(lab: World, docker_client: Any, faults: Faults) -> None:
    section = README.read_text(encoding="utf-8").partition("## Test with it")[2]
    example = re.search(r"```python\n(def (test_\w+).*?)```", section, re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {"pytest": pytest}
    exec(example[1], names)
    names[example[2]](lab, docker_client, faults)
