"""Whom a container's program runs as: `USER`, `USER:GROUP`, by name or number. Mirrors libcontainer's GetExecUser."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from simulator.engine.errors import System
from simulator.kernel.credentials import Credentials
from simulator.kernel.disk import Disk

_HIGHEST = 2**31 - 1


class User(Struct, frozen=True):
    """The credentials, and the home that /etc/passwd gives."""

    credentials: Credentials
    home: str = "/"


def user_from_text(disk: Disk, text: str, more_groups: Iterable[str] = ()) -> User:
    """The user of a specification; `more_groups` are those of --group-add. Raises System."""
    name, group, *_ = [*text.split(":"), ""]
    row = next((row for row in _rows(disk, "/etc/passwd") if (name or "0") in (row[0], row[2])), None)
    if row is None and name and _number(name) is None:
        raise System(f"unable to find user {name}: no matching entries in passwd file")
    uid, gid, home = _from_row(row) if row else (_in_range(int(name or "0")), 0, "/")
    groups = _rows(disk, "/etc/group")
    own: tuple[int, ...] = ()
    if group:
        gid = _group(groups, group, "unable to find group {}: no matching entries in group file")
    elif row is not None:
        own = tuple(int(found[2]) for found in groups if row[0] in found[3].split(","))
    added = (_group(groups, more, "Unable to find group {}: no matching entries in group file") for more in more_groups)
    return User(Credentials(uid, gid, (*own, *added), row[0] if row else str(uid)), home)


def _from_row(row: list[str]) -> tuple[int, int, str]:
    return int(row[2]), int(row[3] or 0), row[5] if len(row) > 5 else "/"


def _group(rows: list[list[str]], text: str, missing: str) -> int:
    found = next((row for row in rows if text in (row[0], row[2])), None)
    if found is not None:
        return int(found[2])
    number = _number(text)
    if number is None:
        raise System(missing.format(text))
    return _in_range(number)


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _in_range(number: int) -> int:
    if not 0 <= number <= _HIGHEST:
        raise System(f"uids and gids must be in range 0-{_HIGHEST}")
    return number


def _rows(disk: Disk, path: str) -> list[list[str]]:
    """The lines of a file with accounts, cut into fields; those that make no sense are left out."""
    try:
        lines = disk.read(path).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    rows = [line.split(":") for line in lines]
    return [row for row in rows if len(row) > 3 and row[2].isdecimal()]
