"""All networks of one engine: making, finding, removing them, and the sandboxes of containers.

Mirrors libnetwork's controller.go and the part of moby's daemon/network.go that answers the API.

How a container comes to its networks (engine/networking.py drives it): `sandbox` makes its network side, `Sandbox.join` an
endpoint on each network, `Sandbox.populate` the namespace when its first process is about to start; later joins act on
the namespace at once. `Sandbox.leave` takes one network away, `Sandbox.close` all of them when the container has ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from simulator.clock import Steps
from simulator.engine import filters as matching
from simulator.engine.errors import Conflict, EngineError, Forbidden, InvalidParameter, NotFound, System
from simulator.engine.filters import Filters
from simulator.engine.network import creation, documents, drivers, resolv_conf
from simulator.engine.network.addresses import Subnet
from simulator.engine.network.drivers.bridge_options import DOCKER0
from simulator.engine.network.drivers.bridge_rules import Firewall
from simulator.engine.network.ipam import Allocator, predefined_pools
from simulator.engine.network.leases import Lease
from simulator.engine.network.network import ID_DIGITS, PREDEFINED, Network
from simulator.engine.network.sandbox import Sandbox, SandboxConfig

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine
    from simulator.kernel.process import Process
    from simulator.versions import Version

Document = dict[str, Any]
Documents = list[Document]
Networks = list[Network]
Listener = Callable[[Network, str], object]

DOCKERD = "/usr/sbin/dockerd"
TASKS_MAX = 2**22  # docker.service says TasksMax=infinity; then the numbers of processes are the limit
PRUNE_FILTERS = ("label", "label!", "until")


class NetworkController:
    """The networks of one engine. `current_cause` says on whose behalf rules are made, for those who ask later.

    `listener(network, action)` hears of networks being created and destroyed. `daemon` is the engine's own process.
    """

    def __init__(self, machine: Machine, version: Version, *, daemon: Process | None = None) -> None:
        self.machine, self.version = machine, version
        self.clock, self.netns = machine.clock, machine.netns
        self.current_cause = "docker daemon start"
        self.typed: Callable[[], str] = lambda: ""  # the command line behind it, for who watches the machine
        self.listener: Listener = lambda network, action: None
        self.daemon = daemon or machine.spawn([DOCKERD], program=_idle)
        self.daemon.cgroup.limit = TASKS_MAX
        self.allocator = Allocator()
        self.firewall = Firewall(machine.netns.netfilter, lambda: self.typed() or self.current_cause)
        self.drivers = drivers.table(self)
        self.networks: dict[str, Network] = {}
        self._named: defaultdict[str, Networks] = defaultdict(list)
        self.sandboxes: dict[str, Sandbox] = {}  # by container
        creation.create_predefined(self)

    # -- looking up -------------------------------------------------------------------------------------------------

    def list(self) -> Networks:
        """All networks, in the order in which they were made."""
        return [*self.networks.values()]

    def named(self, name: str) -> Networks:
        """The networks of this name: it need not be one."""
        return self._named.get(name, [])

    def take_in(self, network: Network) -> None:
        self.networks[network.id] = network
        self._named[network.name].append(network)

    def find(self, term: str) -> Network:
        """The network of this id, name or beginning of an id: what starting and connecting containers ask."""
        if not term:
            raise NotFound("page not found")  # what is asked of no network is no path of the API
        return self._search(term, "network {term} is ambiguous ({count} matches found {how})", "on name")

    def find_unique(self, term: str) -> Network:
        """The same with the words of `docker network rm`."""
        return self._search(term, "network {term} is ambiguous ({count} matches found {how})", "based on name")

    def _search(self, term: str, ambiguous: str, by_name: str) -> Network:
        if term in self.networks:
            return self.networks[term]
        found, how = self.named(term), by_name
        if not found:
            found = [network for identity, network in self.networks.items() if identity.startswith(term)]
            how = "based on ID prefix"
        if not found:
            raise NotFound(f"network {term} not found")
        if len(found) > 1:
            raise InvalidParameter(ambiguous.format(term=term, count=len(found), how=how))
        return found[0]

    # -- what the API asks ------------------------------------------------------------------------------------------

    def network_list(self, filters: Filters, *, detailed: bool = False) -> Documents:
        """The documents of a list, without containers unless detailed."""
        found = documents.filtered(self.list(), filters)
        return [documents.network_document(network, self.clock, detailed=detailed) for network in found]

    def network_inspect(self, term: str, *, verbose: bool = False, scope: str = "") -> Document:
        """One network's document. `verbose` would add services, which only swarm has."""
        network = self._search(term, "{count} matches found {how}: network {term} is ambiguous", "based on name")
        if scope and network.scope != scope:
            raise NotFound(f"network {term} not found")
        return self.document(network, verbose=verbose)

    def document(self, network: Network, *, verbose: bool = False) -> Document:
        return documents.network_document(network, self.clock, detailed=True)

    def network_create(self, document: Mapping[str, Any]) -> Document:
        """Makes a network of the API's document. A second one of a name is a warning unless that is to be checked."""
        name = str(document.get("Name") or "")
        # No name at all finds the default network, as the real engine's search does.
        namesake = next(iter(self.named(name or "bridge")), None)
        if namesake is not None and document.get("CheckDuplicate") and name not in PREDEFINED:
            raise Conflict(f"network with name {name} already exists")
        network = self.create(document)
        warning = f"Network with name {name} (id : {namesake.id}) already exists" if namesake else ""
        return {"Id": network.id, "Warning": warning}

    def create(self, document: Mapping[str, Any]) -> Network:
        """Makes a network. Raises EngineError and leaves nothing behind, but for the subnets it went past."""
        network = creation.create(self, document)
        self.listener(network, "create")
        return network

    def remove(self, term: str) -> Network:
        """Removes a network that no running container is on."""
        network = self.find_unique(term)
        if network.name in PREDEFINED:
            raise Forbidden(f"{network.name} is a pre-defined network and cannot be removed")
        self._check_unused(network)
        self._delete(network)
        return network

    def _check_unused(self, network: Network) -> None:
        failed = "error while removing network"
        if network.in_use and network.config_only:
            raise Forbidden(f'{failed}: configuration network "{network.name}" is in use')
        if network.in_use or network.ingress:
            raise Forbidden(f"{failed}: network {network.name} id {network.id} has active endpoints")

    def _delete(self, network: Network) -> None:
        if network.config_from:
            creation.config_network(self, network.config_from).dependants -= 1
        if not network.config_only:
            network.release()
            network.driver.delete_network(network)
        del self.networks[network.id]
        self._named[network.name].remove(network)
        if not network.config_only:
            self.listener(network, "destroy")

    def networks_prune(self, filters: Filters) -> Document:
        """Removes the networks that nobody is on and that pass the filters."""
        matching.check_filters(filters, PRUNE_FILTERS)
        until = matching.until(filters, self.clock)
        deleted = []
        for network in self.list():
            young = until is not None and network.created > until
            kept = network.config_only or network.name in PREDEFINED or bool(network.endpoints)
            if young or kept or not matching.prune_match(filters, network.labels):
                continue
            try:
                self.remove(network.id)
            except EngineError:
                continue  # the real engine logs it and goes on
            deleted.append(network.name)
        return {"NetworksDeleted": deleted or None}

    def force_disconnect(self, name: str, term: str) -> None:
        """Removes the endpoint of this name, whoever has it: `docker network disconnect -f` of a lost container."""
        endpoint = self.find(term).endpoint(name)
        if endpoint is None:
            raise NotFound(f"endpoint {name} not found")
        if endpoint.sandbox is not None:
            endpoint.sandbox.detach(endpoint)
        endpoint.network.delete_endpoint(endpoint)

    # -- sandboxes --------------------------------------------------------------------------------------------------

    def sandbox(self, container_id: str, config: SandboxConfig, *, label: str = "") -> Sandbox:
        """The network side of a container that starts; its files are written. `label` names its namespace in traces."""
        stale = self.sandboxes.pop(container_id, None)
        if stale is not None:
            stale.close()
        made = Sandbox(
            self.clock.chance.hex("sandbox id", ID_DIGITS), container_id, self.machine, self.daemon, config, label
        )
        made.write_files()
        self.update_parents(config)
        self.sandboxes[container_id] = made
        return made

    def update_parents(self, config: SandboxConfig) -> None:
        """Tells the containers that link to this one its address."""
        for update in config.parent_updates:
            parent = self.sandboxes.get(update.container_id)
            if parent is not None:
                parent.update_hosts(update.alias, update.address)

    def close_sandbox(self, container_id: str) -> None:
        """The container has ended; without a sandbox nothing happens."""
        sandbox = self.sandboxes.pop(container_id, None)
        if sandbox is not None:
            sandbox.close()

    # -- the host ---------------------------------------------------------------------------------------------------

    @property
    def host_gateway(self) -> str:
        """What `--add-host NAME:host-gateway` stands for: the address of the default bridge."""
        return self.find("bridge").leases4[0].gateway

    @property
    def resolv_path(self) -> str:
        """The resolv.conf of the host that containers without embedded DNS get."""
        stub = resolv_conf.is_systemd_stub(self._host_resolv())
        return resolv_conf.ALTERNATE_PATH if stub else resolv_conf.PATH

    def _host_resolv(self) -> str:
        try:
            return self.machine.disk.read(resolv_conf.PATH).decode("utf-8", "replace")
        except OSError:
            return ""

    def free_on_host(self, lease: Lease) -> bool:
        """Whether a subnet overlaps neither a network that the host is on nor one of its name servers."""
        subnet = lease.pool.subnet
        servers = [server.partition("%")[0] for server in resolv_conf.servers(self._host_resolv())]
        if any(ip_address(server) in subnet for server in servers):
            return False
        return not self._linked(subnet)

    def _linked(self, subnet: Subnet) -> bool:
        """Whether the host is on a link that shares addresses with a subnet (netutils.CheckRouteOverlaps)."""
        return any(route.scope == "link" for route in self.netns.fib.overlapping(subnet))

    def default_subnet(self) -> str:
        """The subnet of the default bridge: the one docker0 has, or the first predefined one that is free."""
        for device in self.netns.devices.values():
            own = [address for address in device.addresses if address.version == 4 and device.name == DOCKER0]
            if own:
                return str(ip_network(str(own[0]), strict=False))
        for pool in predefined_pools():
            if not self._linked(pool):
                return str(pool)
        raise System("list bridge addresses failed: PredefinedLocalScopeDefaultNetworks List: no available network")


def _idle(process: Process) -> Steps:
    """dockerd as a process: it is there, and its work is done by the engine."""
    yield process.clock.waiter()
