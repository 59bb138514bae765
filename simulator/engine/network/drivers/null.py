"""The null driver: containers have a loopback device and nothing else. Mirrors libnetwork's drivers/null."""

from __future__ import annotations

from simulator.engine.network.drivers.host import Single


class NullDriver(Single):
    """The network `none`."""

    name = "null"
