"""Who a process is, and what it may therefore do: credentials(7)."""

from __future__ import annotations

from msgspec import Struct


class Credentials(Struct, frozen=True):
    """User, group and supplementary groups; `name` is what the user was called when the process began."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    name: str = "root"

    @property
    def all_groups(self) -> tuple[int, ...]:
        """The group and the supplementary ones, each once."""
        return tuple(dict.fromkeys((self.gid, *self.groups)))


ROOT = Credentials()
