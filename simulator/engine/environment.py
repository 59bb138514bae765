"""The environment that a container's programs begin with. Mirrors moby's CreateDaemonEnvironment and runc's HOME.

Order: PATH, HOSTNAME, TERM on a terminal, the variables of links, what the request and the image set, HOME.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.engine.container import Container
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
