"""A container starts, runs, ends, and perhaps starts again. Mirrors moby's daemon/start.go, monitor.go,
restartmanager.

Starting takes a while: networks are set up and refusals come at its beginning, the program runs at its end. What
follows the end of the program (leaving the networks, the restart policy, removal with --rm) comes a moment after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import MS, Event, S
from simulator.engine import (
    create,
    environment,
    files,
    health,
    links,
    log_options,
    mounts,
    namespaces,
    networking,
    runtime,
)
from simulator.engine import exec as execs
from simulator.engine.container import Container, RestartState, Status
from simulator.engine.errors import Conflict, EngineError, NotModified
from simulator.engine.fields import Document
from simulator.kernel.signals import SIGKILL

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

FIRST_RESTART, LAST_RESTART = 100 * MS, 60 * S  # the wait before a restart doubles from the one to the other
LONG_RUN = 10 * S  # whoever ran so long begins anew with the first wait


# -- starting ----------------------------------------------------------------------------------------------------------


def start(daemon: Daemon, container: Container) -> Event:
    """Starts a container by request. The event comes when its program runs; refusals are raised or fail the event."""
    if container.starting is not None:
        return after(daemon, container, lambda: start(daemon, container))
    if container.status in (Status.REMOVING, Status.DEAD):
        raise Conflict("container is marked for removal and cannot be started")
    if container.paused:
        raise Conflict("cannot start a paused container, try unpause instead")
    if container.running:
        raise NotModified("")
    container.restart = RestartState()
    container.restart_count = 0
    return begin(daemon, container)


def after(daemon: Daemon, container: Container, then: Callable[[], Event]) -> Event:
    """What is asked of a container while it starts waits until that has ended: moby's lock of the container."""
    result = daemon.clock.waiter()

    def proceed(_: Event) -> None:
        try:
            chain(then(), result)
        except EngineError as refused:
            result.fail(refused)

    assert container.starting is not None and container.starting.callbacks is not None
    container.starting.callbacks.append(proceed)
    return result


def chain(event: Event, result: Event) -> None:
    """Gives one event's outcome to another."""

    def pass_on(done: Event) -> None:
        if isinstance(done.value, Exception):
            result.fail(done.value)
        else:
            result.succeed(done.value)

    if event.callbacks is None:
        pass_on(event)
    else:
        event.callbacks.append(pass_on)


def begin(daemon: Daemon, container: Container) -> Event:
    """Starts a container by request or by its restart policy."""
    started = daemon.clock.waiter()
    try:
        links.check_linkable(container)
        linked = links.links_of(container)
        networking.set_up(daemon, container, linked)
    except EngineError as refused:
        _failed(daemon, container, refused, runtime.FAILED)
        raise
    mounts.mount_events(daemon, container, "mount")
    env = environment.daemon_environment(container, links.environment(links.links_of(container)), tty=container.tty)
    container.starting = daemon.clock.waiter()
    delay = daemon.clock.chance.delay("engine start", 300 * MS)
    daemon.clock.after(delay, _run, daemon, container, env, started)
    return started


def _run(daemon: Daemon, container: Container, env: list[str], started: Event) -> None:
    """The second half of a start: the program."""
    starting, container.starting = container.starting, None
    assert starting is not None
    try:
        _launch(daemon, container, env)
    except runtime.CannotRun as failure:
        refusal = runtime.start_refusal(daemon, failure)
        _failed(daemon, container, refusal, failure.code)
        started.fail(refusal)
    except EngineError as refused:
        _failed(daemon, container, refused, runtime.FAILED)
        started.fail(refused)
    else:
        started.succeed()
    starting.succeed()


def _launch(daemon: Daemon, container: Container, env: list[str]) -> None:
    networking.enter(container)
    runtime.check_spec(daemon, container)
    container.pids, container.uts = namespaces.of_container(daemon, container)
    runtime.mount_kernel(daemon, container)
    runtime.set_sysctls(container)
    log_options.check_values(container.host["LogConfig"])
    spec = runtime.main_spec(container, env)
    process = runtime.run(daemon, container, spec, wrapped=bool(container.host["Init"]))
    container.process = process
    container.shim_gone = daemon.clock.waiter()
    container.shim = runtime.shim(daemon, container, container.shim_gone)
    container.exit_code, container.error = 0, ""
    container.started_at = daemon.clock.wall()
    container.set_state(Status.RUNNING)
    daemon.container_event(container, "start")
    assert process.exited.callbacks is not None
    process.exited.callbacks.append(lambda exited: _ended(daemon, container, int(exited.value)))
    health.begin(daemon, container)


def _failed(daemon: Daemon, container: Container, refused: EngineError, code: int) -> None:
    """A start came to nothing: what it had set up goes, and why is kept."""
    container.error = refused.message
    container.exit_code = container.exit_code or code
    container.ports_noted = container.ports  # noted before all is taken down
    networking.tear_down(daemon, container)
    _renew_streams(daemon, container)
    if container.status is Status.RESTARTING:
        _stopped(daemon, container)
    elif container.host["AutoRemove"]:
        daemon.clock.after(0, auto_remove, daemon, container)


# -- ending ------------------------------------------------------------------------------------------------------------


def _ended(daemon: Daemon, container: Container, status: int) -> None:
    """The first process of a container is gone, and with it all others."""
    container.exit_code = status
    container.finished_at = daemon.clock.wall()
    container.process = None
    for process in runtime.members(container):
        process.kill(SIGKILL, from_outside=True)
    container.log.close()
    _renew_streams(daemon, container)
    health.end(container)
    daemon.clock.after(daemon.clock.chance.delay("container exit", 30 * MS), _clean_up, daemon, container)


def _renew_streams(daemon: Daemon, container: Container) -> None:
    """Clients get the end; who comes now waits for the next start."""
    container.streams.end()
    container.streams = create.new_streams(daemon, container.config, container.log)


def _clean_up(daemon: Daemon, container: Container) -> None:
    """The engine has heard of the end: it tells, takes the networks away, and follows the restart policy."""
    if container.shim_gone is not None:
        container.shim_gone.succeed()
        container.shim, container.shim_gone = None, None
    wait = _restart_after(container)
    daemon.container_event(container, "die", exitCode=str(container.exit_code))
    execs.forget(daemon, container)
    networking.tear_down(daemon, container)
    mounts.mount_events(daemon, container, "unmount")
    if wait is None:
        _stopped(daemon, container)
        return
    container.restart_count += 1
    container.set_state(Status.RESTARTING)
    container.restart.timer = daemon.clock.after(wait, _again, daemon, container)
    _tell(container.exit_waiters, _outcome(container))
    _tell(container.stop_waiters, _outcome(container))


def _stopped(daemon: Daemon, container: Container) -> None:
    container.set_state(Status.EXITED)
    _tell(container.exit_waiters, _outcome(container))
    _tell(container.stop_waiters, _outcome(container))
    if container.host["AutoRemove"] and not container.manually_restarted:
        daemon.clock.after(daemon.clock.chance.delay("container removal", 15 * MS), auto_remove, daemon, container)


def _tell(waiters: list[Event], outcome: Document) -> None:
    waiting = waiters[:]
    waiters.clear()
    for event in waiting:
        event.succeed(dict(outcome))


def _outcome(container: Container) -> Document:
    return {"Error": None, "StatusCode": container.exit_code}


def auto_remove(daemon: Daemon, container: Container) -> None:
    """--rm: the container goes, with its anonymous volumes."""
    if container.id in daemon.containers and container.status in (Status.CREATED, Status.EXITED):
        container.set_state(Status.REMOVING)
        vanish(daemon, container, with_volumes=True)


def vanish(daemon: Daemon, container: Container, *, with_volumes: bool) -> None:
    """The last of a container: its files, its names, its execs."""
    mounts.release(daemon, container, with_volumes=with_volumes)
    files.remove_folder(daemon, container)
    execs.forget(daemon, container)
    links.forget(daemon, container)
    container.set_state(Status.DEAD)
    daemon.containers.remove(container)
    container.streams.end()
    _tell(container.exit_waiters, _outcome(container))
    _tell(container.stop_waiters, _outcome(container))
    _tell(container.removal_waiters, _outcome(container))


# -- the restart policy ------------------------------------------------------------------------------------------------


def _restart_after(container: Container) -> int | None:
    """How long to wait before the container starts again; None: it does not."""
    policy, state = container.host["RestartPolicy"], container.restart
    if policy["Name"] in ("", "no") or state.cancelled:
        return None
    ran = (container.finished_at or 0) - (container.started_at or 0)
    state.delay = FIRST_RESTART if ran >= LONG_RUN or not state.delay else min(2 * state.delay, LAST_RESTART)
    if policy["Name"] == "on-failure":
        limit = policy["MaximumRetryCount"]
        if container.exit_code == 0 or (limit and container.restart_count >= limit):
            return None
    return state.delay


def _again(daemon: Daemon, container: Container) -> None:
    """The wait is over. What refuses to start now stays stopped."""
    container.restart.timer = None
    if container.status is not Status.RESTARTING:
        return
    try:
        begin(daemon, container)
    except EngineError:
        return  # `_failed` has kept why


def cancel_restart(daemon: Daemon, container: Container) -> None:
    """Somebody stops a container: its policy rests until somebody starts it; one that waits for a restart ends."""
    container.restart.cancelled = True
    timer = container.restart.timer
    if timer is not None and timer.pending:
        timer.cancel()
        container.restart.timer = None
        _stopped(daemon, container)
