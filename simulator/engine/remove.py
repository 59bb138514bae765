"""Renaming, removing, waiting, pruning. Mirrors moby's daemon/rename.go, delete.go, wait.go, prune.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import MS, Event
from simulator.engine import lifecycle, links, networking, stop
from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict, InvalidParameter
from simulator.engine.fields import Document
from simulator.engine.filters import Filters, check_filters, prune_match, until
from simulator.engine.names import check_name

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

PRUNE_FILTERS = ("label", "label!", "until")


def rename(daemon: Daemon, container: Container, name: str) -> None:
    """Gives a container another name; its links' names and the names of its networks follow."""
    new = name.removeprefix("/")
    if not new:
        raise InvalidParameter("Neither old nor new names may be empty")
    if new == container.name:
        raise InvalidParameter("Renaming a container with the same name as its current name")
    try:
        check_name(f"/{new}")
        daemon.containers.reserve(new, container)
    except (InvalidParameter, Conflict) as refused:
        raise type(refused)(f"Error when allocating new name: {refused.message}") from None
    old, container.name = container.name, new
    daemon.containers.release(old)
    links.rename(daemon, container, new)
    networking.rename(container)
    daemon.container_event(container, "rename", oldName=f"/{old}")


def remove(daemon: Daemon, container: Container, name: str, *, volumes: bool = False, force: bool = False) -> Event:
    """Removes a container; the event comes when it is gone. `name` is how the request called it."""
    if container.starting is not None:
        again = lambda: remove(daemon, container, name, volumes=volumes, force=force)  # noqa: E731
        return lifecycle.after(daemon, container, again)
    if container.removal_in_progress or container.status in (Status.REMOVING, Status.DEAD):
        raise Conflict(f"removal of container {name} is already in progress")
    if container.running and not force:
        raise Conflict(_runs(container))
    container.removal_in_progress = True
    removed = daemon.clock.waiter()

    def proceed(_: Event | None = None) -> None:
        if container.status not in (Status.CREATED, Status.EXITED):
            removed.succeed()  # --rm was faster
            return
        container.set_state(Status.REMOVING)
        daemon.clock.after(daemon.clock.chance.delay("container removal", 15 * MS), finish)

    def finish() -> None:
        lifecycle.vanish(daemon, container, with_volumes=volumes)
        removed.succeed()

    if container.running:
        gone = stop.kill_now(daemon, container)
        assert gone.callbacks is not None
        gone.callbacks.append(proceed)
    else:
        proceed()
    return removed


def _runs(container: Container) -> str:
    procedure = "Stop the container before attempting removal or force remove"
    if container.paused:
        procedure = f"Unpause and then {procedure[0].lower()}{procedure[1:]}"
    return f"You cannot remove a {container.status.value} container {container.id}. {procedure}"


def wait(daemon: Daemon, container: Container, condition: str = "not-running") -> Event:
    """An event with the exit code, when the condition holds: not-running (the default), next-exit or removed."""
    event = daemon.clock.waiter()
    if condition == "next-exit":
        container.exit_waiters.append(event)
    elif condition == "removed":
        container.removal_waiters.append(event)
    elif container.running or container.starting is not None:
        container.stop_waiters.append(event)
    else:
        event.succeed({"Error": None, "StatusCode": container.exit_code})
    return event


def prune(daemon: Daemon, filters: Filters) -> Document:
    """Removes every container that does not run and may go."""
    check_filters(filters, PRUNE_FILTERS)
    before = until(filters, daemon.clock)
    deleted, reclaimed = [], 0
    for container in daemon.containers:
        if container.running or container.starting or container.status not in (Status.CREATED, Status.EXITED):
            continue
        if before is not None and container.created > before:
            continue
        if not prune_match(filters, container.config["Labels"]):
            continue
        reclaimed += container.size
        container.set_state(Status.REMOVING)
        lifecycle.vanish(daemon, container, with_volumes=False)
        deleted.append(container.id)
    daemon.events.publish("container", "prune", "", {"reclaimed": str(reclaimed)})
    return {"ContainersDeleted": deleted or None, "SpaceReclaimed": reclaimed}
