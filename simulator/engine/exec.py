"""Further programs in a running container. Mirrors moby's daemon/exec.go.

An exec is made first and started then, once. What goes wrong at its start is written to the client that is attached,
because the connection is open by then; without one it is the request's refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.clock import MS, Event, S
from simulator.engine import environment, links, runtime
from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound
from simulator.engine.fields import Document
from simulator.engine.stream import STDOUT, Stream, detach_keys
from simulator.engine.streams import StandardStreams
from simulator.kernel.process import Process

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

NOT_STARTED = 126  # the exit code of an exec whose program did not start, whatever the reason
PATIENCE = 2 * S  # how long the engine waits for those that still write when the program has ended


@dataclass(slots=True, eq=False)
class Exec:
    """One exec of a container."""

    id: str
    container: Container
    argv: list[str]
    env: list[str]
    directory: str
    user: str
    tty: bool
    stdin: bool
    stdout: bool
    stderr: bool
    privileged: bool
    keys: bytes
    keys_text: str
    running: bool = False
    used: bool = False
    exit_code: int | None = None
    pid: int = 0
    process: Process | None = None
    streams: StandardStreams | None = None
    ended: bool = field(default=False)

    def document(self) -> Document:
        return {
            "ID": self.id,
            "Running": self.running,
            "ExitCode": self.exit_code,
            "ProcessConfig": {
                "tty": self.tty,
                "entrypoint": self.argv[0],
                "arguments": self.argv[1:],
                "privileged": self.privileged,
            }
            | ({"user": self.user} if self.user else {}),
            "OpenStdin": self.stdin,
            "OpenStderr": self.stderr,
            "OpenStdout": self.stdout,
            "CanRemove": self.ended,
            "ContainerID": self.container.id,
            "DetachKeys": self.keys_text,
            "Pid": self.pid,
        }


def find(daemon: Daemon, identity: str) -> Exec:
    if identity not in daemon.execs:
        raise NotFound(f"No such exec instance: {identity}")
    return daemon.execs[identity]


def create(daemon: Daemon, container: Container, name: str, config: Mapping[str, Any]) -> Document:
    """Notes what shall run. Raises Conflict unless the container runs. `name` is how the request called it."""
    argv = list(config.get("Cmd") or [])
    if not argv:
        raise InvalidParameter("No exec command specified")
    check_running(container)
    if container.paused:
        raise Conflict(f"Container {name} is paused, unpause the container before exec")
    tty = bool(config.get("Tty"))
    linked = links.environment(links.links_of(container))
    env = environment.daemon_environment(container, linked, tty=tty)
    made = Exec(
        id=daemon.clock.chance.hex("exec id", 64),
        container=container,
        argv=argv,
        env=environment.replaced_or_appended(env, config.get("Env") or []),
        directory=config.get("WorkingDir") or container.config["WorkingDir"] or "/",
        user=config.get("User") or container.config["User"],
        tty=tty,
        stdin=bool(config.get("AttachStdin")),
        stdout=bool(config.get("AttachStdout")),
        stderr=bool(config.get("AttachStderr")),
        privileged=bool(config.get("Privileged")),
        keys=detach_keys(config.get("DetachKeys") or ""),
        keys_text=_shown_keys(config.get("DetachKeys") or ""),
    )
    daemon.execs[made.id] = made
    container.execs[made.id] = made
    _told(daemon, made, "exec_create")
    return {"Id": made.id}


def _shown_keys(text: str) -> str:
    return detach_keys(text).decode("latin-1") if text else ""


def check_running(container: Container) -> None:
    if not container.running or container.process is None:
        raise Conflict(f"Container {container.id} is not running")


def start(daemon: Daemon, made: Exec, *, detach: bool) -> Event:
    """Runs it. The event comes with a Stream, or with None if detached, when the program runs or has failed to."""
    if made.used:
        raise Conflict(f"Error: Exec command {made.id} has already run")
    if made.container.paused:
        raise Conflict(f"Container {made.container.id} is paused, unpause the container before exec")
    check_running(made.container)
    made.used = made.running = True
    _told(daemon, made, "exec_start")
    made.streams = StandardStreams(
        daemon.clock,
        tty=made.tty,
        stdin=made.stdin,
        close_stdin=True,
        drained=lambda: _drained(made),
    )
    stream = None if detach else _attach(daemon, made)
    started = daemon.clock.waiter()
    daemon.clock.after(daemon.clock.chance.delay("exec start", 60 * MS), _run, daemon, made, stream, started)
    return started


def _attach(daemon: Daemon, made: Exec) -> Stream:
    assert made.streams is not None
    stream = made.streams.attach(stdin=made.stdin, stdout=made.stdout, stderr=made.stderr, keys=made.keys)
    stream.on_detach(lambda: daemon.container_event(made.container, "exec_detach", execID=made.id))
    return stream


def _run(daemon: Daemon, made: Exec, stream: Stream | None, started: Event) -> None:
    try:
        check_running(made.container)
        _launch(daemon, made)
    except (runtime.CannotRun, EngineError) as failure:
        refusal = runtime.exec_refusal(daemon, failure) if isinstance(failure, runtime.CannotRun) else failure
        made.running, made.ended, made.exit_code = False, True, NOT_STARTED
        if stream is None:
            started.fail(refusal)
            return
        stream.push(STDOUT, f"{refusal.message}\r\n".encode())
        stream.end()
    started.succeed(stream)


def _launch(daemon: Daemon, made: Exec) -> None:
    assert made.streams is not None
    files, tty = made.streams.files(), made.streams.tty
    if tty is not None:
        tty.number = _free_terminal(made.container)
    spec = runtime.Spec(made.argv, made.env, made.directory, made.user, files, tty, made.privileged)
    made.process = runtime.run(daemon, made.container, spec)
    made.pid = made.process.pid
    assert made.process.exited.callbacks is not None
    made.process.exited.callbacks.append(lambda exited: _ended(daemon, made, int(exited.value)))


def _free_terminal(container: Container) -> int:
    """The first number of the container's /dev/pts that nobody has; its own terminal is 0."""
    taken = {
        own.streams.tty.number for own in container.execs.values() if own.process and own.streams and own.streams.tty
    }
    taken |= {0} if container.tty else set()
    return next(number for number in range(len(taken) + 1) if number not in taken)


def _ended(daemon: Daemon, made: Exec, status: int) -> None:
    made.running, made.ended, made.exit_code = False, True, status
    made.process = None
    made.container.execs.pop(made.id, None)
    assert made.streams is not None
    if made.tty:
        made.streams.end()
    _drained(made)
    daemon.clock.after(PATIENCE, made.streams.end)
    daemon.container_event(made.container, "exec_die", execID=made.id, exitCode=str(status))


def _drained(made: Exec) -> None:
    """The client gets the end when the program has ended and nobody it started still writes, or after PATIENCE."""
    if made.ended and made.streams is not None and not made.streams.written_to:
        made.streams.end()


def _told(daemon: Daemon, made: Exec, action: str) -> None:
    daemon.container_event(made.container, f"{action}: {made.argv[0]} {' '.join(made.argv[1:])}", execID=made.id)
