"""A sandbox: the network side of one container, namespace and files. Mirrors libnetwork's sandbox.go, osl.

A container's endpoints are made before its namespace is there; `populate` makes the namespace and brings their devices
into it, in the order in which the sandbox prefers its endpoints. From then on endpoints come and go one by one. The
first endpoint in that order which has a gateway is the way out: it has the default route and the published ports.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.engine.errors import EngineError, Forbidden, System
from simulator.engine.network import hosts_file, interfaces
from simulator.engine.network.dns import Resolver
from simulator.engine.network.endpoint import Endpoint, EndpointConfig, before
from simulator.engine.network.ports import Document, PortSettings, ports_document
from simulator.engine.network.resolution_files import ResolutionFiles
from simulator.engine.network.resolv_conf import DnsOptions

if TYPE_CHECKING:
    from simulator.engine.network.network import Network
    from simulator.kernel.machine import Machine
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

KEYS = "/var/run/docker/netns"  # where namespaces are kept by name


class ParentUpdate(Struct, frozen=True):
    """Another container links to this one: its hosts file gets this address by the link's name."""

    container_id: str
    alias: str
    address: str


class SandboxConfig(Struct, frozen=True):
    """What a container says about its network as a whole. Paths are of the host's disk."""

    hostname: str = ""
    domainname: str = ""
    hosts_path: str = ""
    resolv_path: str = ""
    origin_resolv_path: str = "/etc/resolv.conf"
    dns: DnsOptions = field(default_factory=DnsOptions)
    extra_hosts: tuple[hosts_file.Line, ...] = ()
    parent_updates: tuple[ParentUpdate, ...] = ()
    ports: PortSettings = field(default_factory=PortSettings)
    host: bool = False  # the container shares the host's namespace


class Sandbox:
    """The network side of one container. `label` is what its namespace is called in traces: the container's name."""

    def __init__(
        self, own_id: str, container_id: str, machine: Machine, daemon: Process, config: SandboxConfig, label: str = ""
    ) -> None:
        self.id, self.container_id = own_id, container_id
        self.machine, self.daemon, self.config, self.label = machine, daemon, config, label
        self.endpoints: list[Endpoint] = []
        self.closing = False
        self.resolver: Resolver | None = None
        self._netns = machine.netns if config.host else None
        self._gateways: dict[int, str] = {}  # those of the default routes, by address family
        self._next_number: defaultdict[str, int] = defaultdict(int)
        self._files = ResolutionFiles(machine.disk, config)
        if self._netns is not None:
            machine.disk.keep_namespace(self.key, self._netns)

    # -- what others ask --------------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        return f"{KEYS}/{'default' if self.config.host else self.id[:12]}"

    @property
    def netns(self) -> NetNamespace:
        """The namespace; it is there once the sandbox has been populated."""
        assert self._netns is not None
        return self._netns

    @property
    def way_out(self) -> Endpoint | None:
        """The endpoint that connects the container to the world."""
        plumbed = [endpoint for endpoint in self.endpoints if endpoint.network.driver.plumbs]
        return next((endpoint for endpoint in plumbed if endpoint.gateway), None)

    @property
    def own_ndots(self) -> bool:
        """Whether the container set ndots: then names without a dot are not asked outside."""
        return self._files.own_ndots

    @property
    def external_servers(self) -> list[tuple[str, bool]]:
        """Where the embedded DNS asks further, and whether from the host's namespace."""
        return self._files.external_servers

    def ports(self) -> Document:
        """The API's Ports: those of the first endpoint that has any."""
        documents = (ports_document(endpoint.exposed, endpoint.ports) for endpoint in self.endpoints)
        return next((document for document in documents if document), {})

    def write_files(self) -> None:
        """Writes hosts and resolv.conf anew: when the sandbox is made, and when links change."""
        self._files = ResolutionFiles(self.machine.disk, self.config)
        self._files.write()

    def update_hosts(self, alias: str, address: str) -> None:
        """A container that this one links to has another address."""
        self._files.change_hosts(lambda text: hosts_file.with_address(text, alias, address))

    # -- joining ----------------------------------------------------------------------------------------------------

    def join(self, network: Network, *, name: str, config: EndpointConfig) -> Endpoint:
        """Makes an endpoint of this name and attaches it. Raises EngineError and leaves nothing behind."""
        endpoint = network.create_endpoint(name, config)
        try:
            self.attach(endpoint)
        except EngineError:
            network.delete_endpoint(endpoint)
            raise
        return endpoint

    def leave(self, network: Network) -> None:
        """Detaches the endpoint on a network and removes it. Raises Forbidden if there is none."""
        for endpoint in self.endpoints:
            if endpoint.network is network:
                self.detach(endpoint)
                network.delete_endpoint(endpoint)
                return
        raise Forbidden("cannot leave endpoint with no attached sandbox")

    def attach(self, endpoint: Endpoint) -> None:
        """The sandbox takes an endpoint: files, devices, routes, ports. Raises EngineError, and has not taken it."""
        if endpoint.sandbox is not None:
            raise Forbidden("another container is attached to the same network endpoint")
        network, driver = endpoint.network, endpoint.network.driver
        endpoint.sandbox = self
        try:
            driver.join(endpoint)
        except EngineError:
            endpoint.sandbox = None
            raise
        self._files.add_own_lines(endpoint.addresses)
        self._files.update_resolv(ipv6=network.enable_ipv6)
        before_way_out = self.way_out
        self._insert(endpoint)
        try:
            self._populate_endpoint(endpoint)
            self._move_way_out(before_way_out, endpoint)
        except EngineError:
            self._clear_endpoint(endpoint)
            driver.leave(endpoint)
            endpoint.sandbox = None
            self._republish(before_way_out)
            raise

    def _insert(self, endpoint: Endpoint) -> None:
        place = next((i for i, other in enumerate(self.endpoints) if before(endpoint, other)), len(self.endpoints))
        self.endpoints.insert(place, endpoint)

    def _move_way_out(self, former: Endpoint | None, endpoint: Endpoint) -> None:
        """Ports follow the way out when a new endpoint has become it."""
        if self.way_out is former:
            return
        if former is not None:
            former.network.driver.revoke(former)
        if endpoint.network.internal:
            return
        try:
            endpoint.network.driver.publish(endpoint)
        except EngineError as failure:
            where = f"endpoint {endpoint.name} ({endpoint.id})"
            raise System(f"driver failed programming external connectivity on {where}: {failure.message}") from None

    @staticmethod
    def _republish(endpoint: Endpoint | None) -> None:
        """Opens the ports of what is the way out now; a failure is only logged by the real engine."""
        if endpoint is not None and not endpoint.ports:
            with suppress(EngineError):
                endpoint.network.driver.publish(endpoint)

    def detach(self, endpoint: Endpoint) -> None:
        """The sandbox gives an endpoint up; the next one becomes the way out if this was it."""
        was_way_out = self.way_out is endpoint
        if was_way_out:
            endpoint.network.driver.revoke(endpoint)
        endpoint.network.driver.leave(endpoint)
        endpoint.sandbox = None
        self._clear_endpoint(endpoint)
        names = endpoint.network.records.names(without=endpoint.name)
        self._files.change_hosts(lambda text: hosts_file.without_names(text, names))
        if was_way_out:
            self._republish(self.way_out)

    # -- the namespace ----------------------------------------------------------------------------------------------

    def populate(self) -> None:
        """Makes the namespace and brings the endpoints' devices into it. Raises System."""
        if self._netns is not None:
            return
        self._netns = interfaces.new_namespace(self.machine, self.label)
        self.machine.disk.keep_namespace(self.key, self._netns)
        for endpoint in self.endpoints:
            self._populate_endpoint(endpoint)

    def _populate_endpoint(self, endpoint: Endpoint) -> None:
        if self._netns is None:
            return
        if endpoint.needs_resolver:
            self.start_resolver()
        if endpoint.device is not None:
            name = f"{endpoint.prefix}{self._next_number[endpoint.prefix]}"
            self._next_number[endpoint.prefix] += 1
            interfaces.add(self._netns, endpoint, name)
        if endpoint is self.way_out:
            self._set_gateways(endpoint)

    def _clear_endpoint(self, endpoint: Endpoint) -> None:
        former = self.way_out
        if self._netns is not None and endpoint.device is not None:
            interfaces.remove(self._netns, endpoint)
        self.endpoints.remove(endpoint)
        if self.way_out is not None and self.way_out is not former:
            self._set_gateways(self.way_out)

    def _set_gateways(self, endpoint: Endpoint) -> None:
        """The default routes become those of an endpoint."""
        if self._netns is None:
            return
        for version, gateway in ((4, endpoint.gateway), (6, endpoint.gateway6)):
            interfaces.remove_default_route(self._netns, version, self._gateways.pop(version, ""))
            if gateway:
                interfaces.add_default_route(self._netns, version, gateway)
                self._gateways[version] = gateway

    def start_resolver(self) -> None:
        """Starts the embedded DNS, once; resolv.conf points at it from then on."""
        if self.resolver is None and self._netns is not None and self._files.embed():
            self.resolver = Resolver(self, self._netns, self.daemon)
            self.resolver.start()

    def refresh(self, config: SandboxConfig) -> None:
        """Leaves all networks and joins them again with other settings: the files are new, and so are device names."""
        endpoints = list(self.endpoints)
        for endpoint in endpoints:
            self.detach(endpoint)
        self.config = config
        self.write_files()
        for endpoint in endpoints:
            try:
                self.attach(endpoint)
            except EngineError:
                continue  # the real engine logs it and goes on

    def rename(self, name: str) -> None:
        """The container has another name: the networks' names follow."""
        for endpoint in self.endpoints:
            endpoint.network.rename_endpoint(endpoint, name)

    def close(self) -> None:
        """Gives up all endpoints and stops: the container has ended."""
        self.closing = True
        for endpoint in list(self.endpoints):
            self.detach(endpoint)
            endpoint.network.delete_endpoint(endpoint)
        if self.resolver is not None:
            self.resolver.stop()
        if self._netns is not None and not self.config.host:
            self.machine.disk.remove(self.key)
