"""Users and groups by /etc/passwd and /etc/group: passwd(5), group(5)."""

from __future__ import annotations

from simulator.kernel.credentials import Credentials
from simulator.kernel.process import Process


def user_number(process: Process, name: str) -> int | None:
    """The number of a user by /etc/passwd; a number is itself."""
    if name.isdigit():
        return int(name)
    return next((int(row[2]) for row in accounts(process) if row[0] == name), None)


def user_name(process: Process, uid: int) -> str:
    return next((row[0] for row in accounts(process) if row[2] == str(uid)), str(uid))


def accounts(process: Process, path: str = "/etc/passwd") -> list[list[str]]:
    """The rows of /etc/passwd or /etc/group, cut into fields."""
    try:
        text = process.disk.read(path, process).decode("utf-8", "replace")
    except OSError:
        return []
    return [row for row in (line.split(":") for line in text.splitlines()) if len(row) > 2]


def credentials_of(process: Process, row: list[str]) -> Credentials:
    """What a user of /etc/passwd is: with the own group, and those that list the name."""
    name, uid, gid = row[0], int(row[2]), int(row[3]) if len(row) > 3 else int(row[2])
    rows = accounts(process, "/etc/group")
    return Credentials(uid, gid, tuple(int(row[2]) for row in rows if len(row) > 3 and name in row[3].split(",")), name)
