"""What one more container or network costs does not depend on how many there are. Costs are calls, not seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.costs import calls
from tests.engine.conftest import World, make_world

FEW, MANY = 10, 150
LEEWAY = 1.5  # caches may know the first ones from elsewhere; a walk of all would cost several times as much


class Town:
    """A host with equally many containers and networks, without the noise of IPv6 on the host's devices."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.world.machine.netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
        self.size = 0

    def grow(self, size: int) -> None:
        for number in range(self.size, size):
            self.network(number)
            self.start(number)
            self.publish(number)
        self.size = size

    def network(self, number: int) -> None:
        subnet = {"Config": [{"Subnet": f"10.{number}.0.0/16"}]}
        self.world.engine.network_create({"Name": f"net{number}", "IPAM": subnet})

    def start(self, number: int) -> None:
        self.world.start("sleep", "100000", name=f"one{number}")

    def publish(self, number: int) -> None:
        ports = {"80/tcp": [{"HostPort": str(8000 + number)}]}
        networks = {"NetworkMode": "net0", "PortBindings": ports}
        self.world.start("sleep", "100000", name=f"two{number}", ExposedPorts={"80/tcp": {}}, host=networks)

    def stop(self, number: int) -> None:
        self.world.wait(self.world.engine.container_remove(f"two{number}", force=True))

    def leave(self, number: int) -> None:
        self.world.engine.network_remove(f"net{number}")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    yield Town()


def test_one_more_costs_what_one_of_the_first_did(town: Town) -> None:
    steps = (town.network, town.start, town.publish, town.stop, town.leave)
    costs: dict[int, dict[str, int]] = {}
    for size in (FEW, MANY):
        town.grow(size)
        costs[size] = {step.__name__: calls(step, size) for step in steps}
        town.world.wait(town.world.engine.container_remove(f"one{size}", force=True))
    assert {name for name, cost in costs[MANY].items() if cost > LEEWAY * costs[FEW][name]} == set(), costs
