"""What `docker ps` can be filtered by. Mirrors foldFilter and includeContainerInList of moby's daemon/list.go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from simulator.engine.container import Container, Status
from simulator.engine.errors import EngineError, InvalidParameter, System
from simulator.engine.filters import Filters, check_filters, labels_match, matches

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

ACCEPTED = (
    "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network",
    "publish", "since", "status", "volume",
)  # fmt: skip
STATES = tuple(status.value for status in Status)
HEALTH = ("none", "starting", "healthy", "unhealthy")

Test = Callable[[Container], bool]
Ports = list[tuple[int, int, str]]  # first, last, protocol


def chooser(daemon: Daemon, filters: Filters) -> Test:
    """Whether a container is listed. Raises the refusals of values that cannot be."""
    check_filters(filters, ACCEPTED)
    tests = list(_tests(daemon, filters))
    return lambda container: all(test(container) for test in tests)


def _tests(daemon: Daemon, filters: Filters) -> Iterator[Test]:
    yield lambda container: labels_match(filters, container.config["Labels"])
    yield from _state_tests(filters)
    yield from _image_tests(daemon, filters)
    yield from _port_tests(filters)
    if filters.get("network"):
        yield lambda container: _on_network(filters["network"], container)
    if filters.get("volume"):
        yield lambda container: _has_mount(filters["volume"], container)
    if filters.get("is-task"):
        wanted = filters["is-task"]
        if wanted not in (["true"], ["false"]):
            raise InvalidParameter(f"Invalid filter 'is-task=[{' '.join(wanted)}]'")
        yield lambda container: wanted == ["false"]


def _state_tests(filters: Filters) -> Iterator[Test]:
    for state in filters.get("status", []):
        if state not in STATES:
            raise InvalidParameter(f"Invalid filter 'status={state}'")
    for health in filters.get("health", []):
        if health not in HEALTH:
            raise InvalidParameter(f"Unrecognised filter value for health: {health}")
    codes = [_code(text) for text in filters.get("exited", [])]
    if filters.get("status"):
        yield lambda container: container.status.value in filters["status"]
    if filters.get("health"):
        yield lambda container: (container.health.status if container.health else "none") in filters["health"]
    if codes:
        yield lambda container: container.status is Status.EXITED and container.exit_code in codes


def _code(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise System(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def walk(daemon: Daemon, filters: Filters) -> Iterator[Container]:
    """The containers from the newest on: those after the one of `before`, and up to the one of `since`.

    Where names or ids are asked for, only such are walked; a container of `before` or `since` that is not among them is
    never met.
    """
    before, since = (_containers(daemon, filters.get(key, [])) for key in ("before", "since"))
    first = min(before, key=lambda container: container.created, default=None)
    last = max(since, key=lambda container: container.created, default=None)
    for container in _candidates(daemon, filters):
        if first is not None:
            first = None if container is first else first
            continue
        if container is last:
            return
        yield container


def _candidates(daemon: Daemon, filters: Filters) -> list[Container]:
    newest_first = sorted(daemon.containers, key=lambda container: container.created)[::-1]
    if not filters.get("name") and not filters.get("id"):
        return newest_first
    return [container for container in newest_first if _named(filters, container)]


def _named(filters: Filters, container: Container) -> bool:
    """By the own name, with or without its slash, or by the beginning of the id."""
    begun = any(container.id.startswith(text) for text in filters.get("id") or ("",))
    return begun and any(matches(filters, "name", name) for name in (container.name, f"/{container.name}"))


def _containers(daemon: Daemon, names: list[str]) -> list[Container]:
    try:
        return [daemon.containers.find(name) for name in names]
    except EngineError as refused:
        raise System(refused.message.replace("No such container: ", "no such container ")) from None


def _image_tests(daemon: Daemon, filters: Filters) -> Iterator[Test]:
    if not filters.get("ancestor"):
        return
    wanted = []
    for name in filters["ancestor"]:
        try:
            wanted.append(daemon.images.find(name).id)
        except EngineError:
            continue  # an image that is not there has no containers
    yield lambda container: any(image.id in wanted for image in daemon.images.line(container.image))


def _port_tests(filters: Filters) -> Iterator[Test]:
    for key, public in (("publish", True), ("expose", False)):
        if filters.get(key):
            yield _port_test([_port_range(key, text) for text in filters[key]], public=public)


def _port_test(wanted: Ports, *, public: bool) -> Test:
    def test(container: Container) -> bool:
        for text, bindings in container.listed_ports.items():
            number, _, proto = text.partition("/")
            numbers = [int(binding["HostPort"]) for binding in bindings or []] if public else [int(number)]
            for first, last, wanted_proto in wanted:
                if proto == wanted_proto and any(first <= own <= last for own in numbers):
                    return True
        return False

    return test


def _port_range(key: str, text: str) -> tuple[int, int, str]:
    """`80`, `80/udp`, `8000-8010/tcp`."""
    ports, _, proto = text.partition("/")
    first, dash, last = ports.partition("-")
    bounds = [first, last] if dash else [first, first]
    for bound in bounds:
        failed = f'error while looking up for {key} {text}: strconv.ParseUint: parsing "{bound}"'
        if not bound.isdecimal():
            raise System(f"{failed}: invalid syntax")
        if int(bound) > 65535:
            raise System(f"{failed}: value out of range")
    return int(bounds[0]), int(bounds[1]), proto or "tcp"


def _on_network(wanted: list[str], container: Container) -> bool:
    """By a network's name or the beginning of its id (includeContainerInList)."""
    known = [(name, attachment.shown["NetworkID"]) for name, attachment in container.attachments.items()]
    return any(text == name or identity.startswith(text) for text in wanted for name, identity in known)


def _has_mount(wanted: list[str], container: Container) -> bool:
    return any(text in (mount.name or mount.source, mount.destination) for mount in container.mounts for text in wanted)
