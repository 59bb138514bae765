"""Stopping, killing, pausing, restarting. Mirrors moby's daemon/stop.go, kill.go, pause.go, restart.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Event, S
from simulator.engine import lifecycle, runtime
from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict, EngineError, NotModified, System
from simulator.engine.signals import check_supported, signal_from_text
from simulator.kernel.signals import SIGKILL, SIGTERM

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

STOP_TIMEOUT = 10  # seconds, unless the container or the request says otherwise


def stop(daemon: Daemon, container: Container, timeout: int | None = None) -> Event:
    """Asks the first process to end, and kills it when it has not after `timeout` seconds (negative: never)."""
    if container.starting is not None:
        return lifecycle.after(daemon, container, lambda: stop(daemon, container, timeout))
    if not container.running:
        raise NotModified("")
    stopped = daemon.clock.waiter()
    gone = ended(daemon, container)
    _signal(daemon, container, stop_signal(container))
    seconds = _timeout(container) if timeout is None else timeout
    if seconds >= 0:
        daemon.clock.after(seconds * S, _kill_late, daemon, container, gone)

    def finish(_: Event) -> None:
        daemon.container_event(container, "stop")
        stopped.succeed()

    assert gone.callbacks is not None
    gone.callbacks.append(finish)
    return stopped


def _kill_late(daemon: Daemon, container: Container, gone: Event) -> None:
    if not gone.triggered and container.process is not None:
        _signal(daemon, container, SIGKILL)


def _timeout(container: Container) -> int:
    own = container.config["StopTimeout"]
    return STOP_TIMEOUT if own is None else int(own)


def stop_signal(container: Container) -> int:
    return signal_from_text(container.config["StopSignal"]) if container.config["StopSignal"] else SIGTERM


def ended(daemon: Daemon, container: Container) -> Event:
    """An event that comes when a running container has stopped and is not about to be restarted."""
    event = daemon.clock.waiter()
    container.stop_waiters.append(event)
    return event


def kill(daemon: Daemon, container: Container, name: str, number: int) -> Event:
    """`docker kill`: a signal to the first process. `name` is how the request called the container.

    The event comes at once, or when the container has ended if the signal is SIGKILL.
    """
    check_supported(name, number)
    if container.starting is not None:
        return lifecycle.after(daemon, container, lambda: kill(daemon, container, name, number))
    if not container.running:
        raise Conflict(f"Cannot kill container: {name}: Container {container.id} is not running")
    if number == SIGKILL:
        return kill_now(daemon, container)
    _signal(daemon, container, number)
    return daemon.clock.done()


def kill_now(daemon: Daemon, container: Container) -> Event:
    """SIGKILL; the event comes when the container has stopped."""
    gone = ended(daemon, container)
    _signal(daemon, container, SIGKILL)
    return gone


def _signal(daemon: Daemon, container: Container, number: int) -> None:
    """Sends a signal as the engine does: the restart policy rests, a paused container is thawed to hear it."""
    own = container.config["StopSignal"]
    resumes = False
    if not own or number in (SIGKILL, stop_signal(container)):
        resumes = container.paused
        lifecycle.cancel_restart(daemon, container)
    if container.process is None:
        return
    container.process.kill(number, from_outside=True)
    daemon.container_event(container, "kill", signal=str(number))
    if resumes:
        _thaw(container)
        container.set_state(Status.RUNNING)


# -- pausing -----------------------------------------------------------------------------------------------------------


def pause(container: Container) -> None:
    """Freezes every process of a container."""
    if not container.running:
        raise Conflict(f"Container {container.id} is not running")
    if container.paused:
        raise Conflict(f"Container {container.id} is already paused")
    if container.status is Status.RESTARTING:
        raise Conflict(f"Container {container.id} is restarting, wait until the container is running")
    for process in runtime.members(container):
        process.jobctl.freeze()
    container.set_state(Status.PAUSED)


def unpause(container: Container) -> None:
    if not container.paused:
        raise System(f"Container {container.id} is not paused")
    _thaw(container)
    container.set_state(Status.RUNNING)


def _thaw(container: Container) -> None:
    for process in runtime.members(container):
        process.jobctl.thaw()


# -- restarting --------------------------------------------------------------------------------------------------------


def restart(daemon: Daemon, container: Container, name: str, timeout: int | None = None) -> Event:
    """Stops a container if it runs, and starts it. `name` is how the request called it."""
    if container.starting is not None:
        return lifecycle.after(daemon, container, lambda: restart(daemon, container, name, timeout))
    restarted = daemon.clock.waiter()
    container.manually_restarted = True

    def start(_: Event | None = None) -> None:
        container.manually_restarted = False
        try:
            started = lifecycle.start(daemon, container)
        except EngineError as refused:
            restarted.fail(_refused(name, refused))
            return
        assert started.callbacks is not None
        started.callbacks.append(tell)

    def tell(started: Event) -> None:
        if isinstance(started.value, EngineError):
            restarted.fail(_refused(name, started.value))
        else:
            daemon.container_event(container, "restart")
            restarted.succeed()

    if container.running:
        stopped = stop(daemon, container, timeout)
        assert stopped.callbacks is not None
        stopped.callbacks.append(start)
    else:
        start()
    return restarted


def _refused(name: str, refused: EngineError) -> EngineError:
    return type(refused)(f"Cannot restart container {name}: {refused.message}")
