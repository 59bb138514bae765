"""Docker in tests: fixtures for pytest (`plugin`), and the same without pytest.

from simulator.testing import World

with World() as world:
    client = world.docker_client()          # the docker SDK, joined in the process
    with world.serve() as host:             # a server thread, for programs that read DOCKER_HOST
        ...
"""

from __future__ import annotations

from simulator.testing.faults import Faults
from simulator.testing.world import World

__all__ = ["Faults", "World"]
