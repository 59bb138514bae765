"""Things by the text "module:name", loaded when they are first used, as dlopen(3) loads a shared object."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any


@cache
def linked(reference: str) -> Any:
    """What the name in the module stands for."""
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)
