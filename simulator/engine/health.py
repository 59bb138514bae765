"""Health checks: a command that runs in the container every now and then. Mirrors moby's daemon/health.go.

healthy after one success, unhealthy after `Retries` failures in a row; failures within the start period do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import S, Timer
from simulator.engine import runtime
from simulator.engine.environment import daemon_environment
from simulator.engine.errors import EngineError
from simulator.engine.fields import Document
from simulator.engine.streams import StandardStreams
from simulator.golang.duration import go_duration
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGKILL

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

INTERVAL, TIMEOUT, RETRIES = 30 * S, 30 * S, 3  # where neither image nor request says otherwise
KEPT = 5  # results
OUTPUT_SIZE = 4096  # bytes of each result
STARTING, HEALTHY, UNHEALTHY = "starting", "healthy", "unhealthy"


class Health(Struct):
    """What the checks of one run of a container have shown."""

    status: str = STARTING
    streak: int = 0  # failures in a row
    log: list[Document] = field(default_factory=list)
    timer: Timer | None = None
    process: Process | None = None
    over: bool = False

    def document(self) -> Document:
        return {"Status": self.status, "FailingStreak": self.streak, "Log": list(self.log)}


def _command(container: Container) -> list[str]:
    """What to run; nothing if there is no check."""
    test = (container.config["Healthcheck"] or {}).get("Test") or []
    if not test or test[0] == "NONE":
        return []
    if test[0] == "CMD-SHELL":
        return [*(container.config["Shell"] or ["/bin/sh", "-c"]), test[1]]
    return list(test[1:]) if test[0] == "CMD" else []


def _setting(container: Container, name: str, default: int) -> int:
    return int((container.config["Healthcheck"] or {}).get(name) or default)


def begin(daemon: Daemon, container: Container) -> None:
    """The container runs: its checks begin."""
    container.health = Health() if _command(container) else None
    if container.health is not None:
        _later(daemon, container, container.health)


def end(container: Container) -> None:
    health = container.health
    if health is not None:
        health.over, health.status = True, UNHEALTHY  # as CloseMonitorChannel of moby's container/health.go has it
        if health.timer is not None:
            health.timer.cancel()


def _later(daemon: Daemon, container: Container, health: Health) -> None:
    if not health.over:
        interval = _setting(container, "Interval", INTERVAL)
        health.timer = daemon.clock.after(interval, _Probe(daemon, container, health).run)


class _Probe:
    """One run of the command, as an exec that nobody can ask for. What it prints is part of the result."""

    def __init__(self, daemon: Daemon, container: Container, health: Health) -> None:
        self.daemon, self.container, self.health = daemon, container, health
        self.output = bytearray()

    def run(self) -> None:
        daemon = self.daemon
        self.began = daemon.clock.wall()
        self.words = {"execID": daemon.clock.chance.hex("exec id", 64)}
        argv = _command(self.container)
        for action in ("exec_create", "exec_start"):
            daemon.container_event(self.container, f"{action}: {argv[0]} {' '.join(argv[1:])}", **self.words)
        try:
            process = runtime.run(daemon, self.container, self._spec(argv))
        except (runtime.CannotRun, EngineError) as failure:
            refusal = failure if isinstance(failure, EngineError) else runtime.exec_refusal(daemon, failure)
            self._result(-1, refusal.message.encode())
            return
        self.health.process = process
        self.timeout = daemon.clock.after(_setting(self.container, "Timeout", TIMEOUT), self._expire, process)
        assert process.exited.callbacks is not None
        process.exited.callbacks.append(lambda exited: self._finish(int(exited.value)))

    def _spec(self, argv: list[str]) -> runtime.Spec:
        config = self.container.config
        env = daemon_environment(self.container, (), tty=False)
        streams = StandardStreams(
            self.daemon.clock, tty=False, stdin=False, close_stdin=False, sink=lambda _, data: self.output.extend(data)
        )
        return runtime.Spec(argv, env, config["WorkingDir"] or "/", config["User"], streams.files(), None)

    def _expire(self, process: Process) -> None:
        process.kill(SIGKILL)
        limit = go_duration(_setting(self.container, "Timeout", TIMEOUT))
        self._result(-1, f"Health check exceeded timeout ({limit})".encode())

    def _finish(self, status: int) -> None:
        self.daemon.container_event(self.container, "exec_die", **self.words, exitCode=str(status))
        if self.timeout.pending and not self.health.over:
            self._result(status, bytes(self.output))
        self.timeout.cancel()

    def _result(self, status: int, output: bytes) -> None:
        daemon, container, health = self.daemon, self.container, self.health
        now = daemon.clock.wall()
        entry = {
            "Start": daemon.local(self.began),
            "End": daemon.local(now),
            "ExitCode": status,
            "Output": output[:OUTPUT_SIZE].decode("utf-8", "replace"),
        }
        health.log = [*health.log, entry][-KEPT:]
        before = health.status
        if status == 0:
            health.status, health.streak = HEALTHY, 0
        elif now - (container.started_at or 0) > _setting(container, "StartPeriod", 0) or health.status != STARTING:
            health.streak += 1
            if health.streak >= _setting(container, "Retries", RETRIES):
                health.status = UNHEALTHY
        if health.status != before:
            daemon.container_event(container, f"health_status: {health.status}")
        _later(daemon, container, health)
