"""The environment that a container's programs begin with. Mirrors moby's CreateDaemonEnvironment and runc's HOME.

Order: PATH, HOSTNAME, TERM on a terminal, the variables of links, what the request and the image set, HOME.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.engine.container import Container
from simulator.kernel.disk import Disk
from simulator.kernel.execve import DEFAULT_PATH


def replaced_or_appended(defaults: Iterable[str], overrides: Iterable[str]) -> list[str]:
    """Entries with a name that is there already take its place; a name without `=` takes it out; others follow."""
    result = {entry.partition("=")[0]: entry for entry in defaults}
    for entry in overrides:
        name, equals, _ = entry.partition("=")
        if equals:
            result[name] = entry
        else:
            result.pop(name, None)
    return list(result.values())


def daemon_environment(container: Container, linked: Iterable[str], *, tty: bool) -> list[str]:
    """What dockerd gives to runc."""
    config = container.config
    domain = f".{config['Domainname']}" if config["Domainname"] else ""
    defaults = [f"PATH={DEFAULT_PATH}", f"HOSTNAME={config['Hostname']}{domain}"]
    defaults += ["TERM=xterm"] if tty else []
    return replaced_or_appended([*defaults, *linked], config["Env"] or [])


def as_mapping(entries: Iterable[str], *, home: str) -> dict[str, str]:
    """The process's environment, with HOME if nobody set it."""
    environment: dict[str, str] = {}
    for entry in entries:
        name, _, value = entry.partition("=")
        environment[name] = value
    environment.setdefault("HOME", home)
    return environment


class UnknownUser(LookupError):
    """No such user or group in the container's files."""


def user_from_text(disk: Disk, text: str) -> tuple[int, str, str]:
    """Number, name and home of a user given as name or number, with or without a group. Raises UnknownUser."""
    user, _, group = text.partition(":")
    account = _account(disk, user or "0")
    if group and not group.isdecimal() and group not in _groups(disk):
        raise UnknownUser(f"unable to find group {group}: no matching entries in group file")
    return account


def _account(disk: Disk, user: str) -> tuple[int, str, str]:
    for name, number, home in _accounts(disk):
        if user in (name, str(number)):
            return number, name, home
    if not user.isdecimal():
        raise UnknownUser(f"unable to find user {user}: no matching entries in passwd file")
    return int(user), user, "/"


def _groups(disk: Disk) -> list[str]:
    try:
        return [line.partition(":")[0] for line in disk.read("/etc/group").decode("utf-8", "replace").splitlines()]
    except OSError:
        return []


def _accounts(disk: Disk) -> list[tuple[str, int, str]]:
    try:
        lines = disk.read("/etc/passwd").decode("utf-8", "replace").splitlines()
    except OSError:
        return [("root", 0, "/root")]
    fields = [line.split(":") for line in lines]
    return [(parts[0], int(parts[2]), parts[5]) for parts in fields if len(parts) >= 6 and parts[2].isdecimal()]
