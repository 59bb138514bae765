"""Keys that end the editing of a line without being one."""

from __future__ import annotations


class Pressed(Exception):
    """These keys go to the program as they are."""

    def __init__(self, keys: str) -> None:
        super().__init__(keys)
        self.keys = keys
