"""Further programs in a running container. Mirrors moby's daemon/exec.go.

An exec is made first and started then, once. What goes wrong at its start is written to the client that is attached,
because the connection is open by then; without one it is the request's refusal.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from simulator.clock import MS, Event, S
from simulator.engine import attach, environment, links, runtime
from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound, System
from simulator.engine.fields import EXEC, Document, filled
from simulator.engine.stream import STDOUT, Stream, detach_keys
from simulator.engine.streams import StandardStreams
from simulator.kernel.process import Process

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

NOT_STARTED = 126  # the exit code of an exec whose program did not start, whatever the reason
READY = 10 * S  # how long a resize waits for an exec that has not begun
PATIENCE = 2 * S  # how long the engine waits for those that still write when the program has ended


class Resize(Struct, frozen=True):
    """A client's window, and who waits until an exec that has not begun has its size."""

    height: int
    width: int
    done: Event


class Exec(Struct, eq=False):
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
    keys_text: str  # as the API shows bytes
    running: bool = False
    used: bool = False
    exit_code: int | None = None
    pid: int = 0
    process: Process | None = None
    streams: StandardStreams | None = None
    ended: bool = False
    waiting: list[Resize] = field(default_factory=list)

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
            "CanRemove": False,
            "ContainerID": self.container.id,
            "DetachKeys": self.keys_text,
            "Pid": self.pid,
        }


def find(daemon: Daemon, identity: str) -> Exec:
    if identity not in daemon.execs:
        raise NotFound(f"No such exec instance: {identity}")
    return daemon.execs[identity]


def startable(daemon: Daemon, identity: str) -> Exec:
    """One whose container can be asked (getExecConfig). Raises NotFound, Conflict."""
    made = find(daemon, identity)
    check_running(made.container)
    if made.container.paused:
        raise Conflict(f"Container {made.container.id} is paused, unpause the container before exec")
    return made


def create(daemon: Daemon, container: Container, name: str, config: Mapping[str, Any]) -> Document:
    """Notes what shall run. Raises Conflict unless the container runs. `name` is how the request called it."""
    wanted = filled(config, EXEC)
    if not wanted["Cmd"]:
        raise InvalidParameter("No exec command specified")
    check_running(container)
    if container.paused:
        raise Conflict(f"Container {name} is paused, unpause the container before exec")
    linked = links.environment(links.links_of(container))
    env = environment.daemon_environment(container, linked, tty=wanted["Tty"])
    made = Exec(
        id=daemon.clock.chance.hex("exec id", 64),
        container=container,
        argv=list(wanted["Cmd"]),
        env=environment.replaced_or_appended(env, wanted["Env"] or []),
        directory=wanted["WorkingDir"] or container.config["WorkingDir"] or "/",
        user=wanted["User"] or container.config["User"],
        tty=wanted["Tty"],
        stdin=wanted["AttachStdin"],
        stdout=wanted["AttachStdout"],
        stderr=wanted["AttachStderr"],
        privileged=wanted["Privileged"],
        keys=detach_keys(wanted["DetachKeys"]),
        keys_text=_shown_keys(wanted["DetachKeys"]),
    )
    daemon.execs[made.id] = made
    container.execs[made.id] = made
    _told(daemon, made, "exec_create")
    return {"Id": made.id}


def _shown_keys(text: str) -> str:
    return base64.b64encode(detach_keys(text)).decode() if text else ""


def check_running(container: Container) -> None:
    if not container.running or container.process is None:
        raise Conflict(f"Container {container.id} is not running")


def start(daemon: Daemon, made: Exec, *, detach: bool) -> Event:
    """Runs it. The event comes with a Stream, or with None if detached, when the program runs or has failed to."""
    if made.used:
        raise Conflict(f"Error: Exec command {made.id} has already run")
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
    for wanted in made.waiting:
        if not wanted.done.triggered:
            _fit(made, wanted.height, wanted.width)
            wanted.done.succeed()
    assert made.process.exited.callbacks is not None
    made.process.exited.callbacks.append(lambda exited: _ended(daemon, made, int(exited.value)))


def resize(daemon: Daemon, made: Exec, height: int, width: int) -> Event:
    """The client's window has another size. The event comes at once, or when the exec has begun; it may fail."""
    if made.ended:
        raise NotFound("no such exec")
    if made.process is not None:
        _fit(made, height, width)
        return daemon.clock.done()
    done = daemon.clock.waiter()
    made.waiting.append(Resize(height, width, done))
    daemon.clock.after(READY, _not_ready, done)
    return done


def _fit(made: Exec, height: int, width: int) -> None:
    attach.fit(made.streams.tty if made.streams else None, height, width)


def _not_ready(done: Event) -> None:
    if not done.triggered:
        done.fail(System("timeout waiting for exec session ready"))


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


def forget(daemon: Daemon, container: Container) -> None:
    """The container has ended, and nobody can ask for its execs any more."""
    for identity in [known.id for known in daemon.execs.values() if known.container is container]:
        del daemon.execs[identity]


def _drained(made: Exec) -> None:
    """The client gets the end when the program has ended and nobody it started still writes, or after PATIENCE."""
    if made.ended and made.streams is not None and not made.streams.written_to:
        made.streams.end()


def _told(daemon: Daemon, made: Exec, action: str) -> None:
    daemon.container_event(made.container, f"{action}: {made.argv[0]} {' '.join(made.argv[1:])}", execID=made.id)
