"""A Docker host with its networks, as the engine finds it when it starts, and containers without programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator.clock import Clock
from simulator.engine.network.controller import NetworkController
from simulator.engine.network.endpoint import Endpoint, EndpointConfig
from simulator.engine.network.network import is_user_defined
from simulator.engine.network.ports import port_settings
from simulator.engine.network.sandbox import Sandbox, SandboxConfig
from simulator.kernel.device import Card
from simulator.kernel.machine import Machine
from simulator.trace import Trace
from simulator.versions import version

FOLDER = "/var/lib/docker/containers"


@dataclass
class Host:
    """The host and what tests do to it."""

    machine: Machine
    controller: NetworkController
    started: dict[str, Sandbox] = field(default_factory=dict)
    made: int = 0

    @property
    def clock(self) -> Clock:
        return self.machine.clock

    def create(self, name: str, **settings: Any) -> str:
        """Makes a network; the id."""
        return str(self.controller.network_create({"Name": name, **settings})["Id"])

    def start(self, name: str, *networks: str, **settings: Any) -> Sandbox:
        """Starts a container on these networks. `exposed` and `bindings` are the API's documents."""
        made = self.prepare(name, *networks, **settings)
        made.populate()
        return made

    def prepare(self, name: str, *networks: str, **settings: Any) -> Sandbox:
        """The same, up to the moment before its namespace is made."""
        self.made += 1
        identity = f"{self.made:012x}" + "0" * 52
        folder = f"{FOLDER}/{identity}"
        self.machine.disk.make_directory(folder, parents=True)
        ports = port_settings(settings.pop("exposed", None), settings.pop("bindings", None))
        config = SandboxConfig(
            hostname=identity[:12],
            hosts_path=f"{folder}/hosts",
            resolv_path=f"{folder}/resolv.conf",
            ports=ports,
            **settings,
        )
        made = self.controller.sandbox(identity, config, label=name)
        self.started[name] = made
        for network in networks:
            self.connect(name, network)
        return made

    def connect(self, name: str, network: str, **config: Any) -> Endpoint:
        """Connects a container to a network as the daemon does: with its short id as alias where that counts."""
        own = self.started[name]
        user_defined = is_user_defined(network)
        if user_defined:
            config["aliases"] = (*config.get("aliases", ()), own.container_id[:12])
        config = {"anonymous": not user_defined, "resolves": user_defined, **config}
        return own.join(self.controller.find(network), name=name, config=EndpointConfig(**config))

    def disconnect(self, name: str, network: str) -> None:
        self.started[name].leave(self.controller.find(network))

    def stop(self, name: str) -> None:
        self.controller.close_sandbox(self.started.pop(name).container_id)

    def file(self, name: str, which: str) -> str:
        return self.machine.disk.read(f"{FOLDER}/{self.started[name].container_id}/{which}").decode()

    def rules(self, table: str, chain: str) -> list[str]:
        return [entry.text for entry in self.machine.netns.netfilter.table(table).chain(chain).rules]


def make_host(*, name: str = "20.10", seed: int = 0) -> Host:
    clock = Clock(seed=seed)
    machine = Machine("docker-host", clock, Trace(), version=version(name))
    machine.disk.make_directory("/etc", parents=True)
    machine.disk.write("/etc/resolv.conf", b"nameserver 10.0.2.3\n")
    machine.disk.write("/etc/hosts", b"127.0.0.1\tlocalhost\n127.0.1.1\tdocker-host\n")
    machine.netns.loopback.set_up()
    card = Card(machine.netns, "eth0", mac="08:00:27:d1:e8:e8")
    card.add_address("10.0.2.15/24", broadcast="10.0.2.255")
    card.set_up()
    return Host(machine, NetworkController(machine, version(name)))


@pytest.fixture
def host() -> Host:
    return make_host()


@pytest.fixture
def hosts() -> Callable[..., Host]:
    return make_host
