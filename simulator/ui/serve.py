"""`docklab serve`: the Engine API of a fresh lab on a socket, until it is interrupted."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from simulator.images.registry import registry
from simulator.lab import Lab
from simulator.server.address import Address, address_from_text
from simulator.server.loop import Server
from simulator.server.pace import Tempo

DEFAULT_HOST = "tcp://127.0.0.1:2375"
SUCCESS, FAILURE = 0, 1


def serve(host: str, *, engine: str, seed: int, realtime: bool, expose: bool) -> int:
    """Serves until SIGINT or SIGTERM; the exit status."""
    try:
        address = address_from_text(host)
        lab = Lab(engine=engine, seed=seed, start=time.time_ns())
        lab.engine.daemon.registry = registry(lab.version, online=True, preloaded=())
        outside = lab.machine(lab.layout.beyond).netns if expose else None
        server = Server(lab.engine, address, tempo=Tempo.LOCKED if realtime else Tempo.FREE, outside=outside)
    except (OSError, ValueError) as failure:
        print(f"docklab serve: {_reason(failure)}", file=sys.stderr)
        return FAILURE
    server.pace.owed = time.time_ns() - lab.clock.wall()  # what it took to come this far
    lab.listen_at(server.address.path)  # clients have containers mount the socket that they themselves use
    _announce(server.address, expose=expose)
    _stop_on_signals(server)
    server.run()
    return SUCCESS


def _reason(failure: OSError | ValueError) -> str:
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.strerror}: {failure.filename}" if failure.filename else failure.strerror
    return str(failure)


def _announce(address: Address, *, expose: bool) -> None:
    if address.open_to_others:
        print(f"docklab serve: everybody who reaches {address} can use this engine", file=sys.stderr)
    print(f"The simulated engine listens at {address}\n  export DOCKER_HOST={address}", flush=True)
    if expose:
        print("Published ports are those of 127.0.0.1", flush=True)


def _stop_on_signals(server: Server) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
