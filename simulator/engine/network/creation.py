"""Making a network: the checks and steps in the order in which the real engine takes them.

Mirrors moby's daemon.createNetwork and libnetwork's controller.NewNetwork. A check that comes late has the earlier
steps undone; only the subnets that a search went past stay passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine.errors import EngineError, Forbidden, NotFound, System
from simulator.engine.network.addresses import subnet_from_text
from simulator.engine.network.drivers import bridge_options
from simulator.engine.network.leases import IpamConfig
from simulator.engine.network.network import ID_DIGITS, PREDEFINED, Network

if TYPE_CHECKING:
    from simulator.engine.network.controller import NetworkController

NO_SWARM = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again."
)
IPAM_DRIVERS = ("default", "null")
GLOBAL_DRIVERS = ("overlay",)  # of swarm: they are there, and nothing can be made with them


def create_predefined(controller: NetworkController) -> None:
    """The networks none, host and bridge, when the engine starts."""
    for name, driver in (("none", "null"), ("host", "host")):
        _make(controller, _blank(controller, name, driver))
    bridge = _blank(controller, "bridge", "bridge")
    bridge.options = {
        bridge_options.DEFAULT_BRIDGE: "true",
        bridge_options.ICC: "true",
        bridge_options.MASQUERADE: "true",
        bridge_options.BINDING_IP: bridge_options.ANY,
        bridge_options.BRIDGE_NAME: bridge_options.DOCKER0,
        bridge_options.MTU: "1500",
    }
    subnet = controller.default_subnet()
    bridge.ipam4 = [IpamConfig(subnet)]
    _make(controller, bridge)
    if controller.version.default_bridge_gateway:
        bridge.ipam4 = [IpamConfig(subnet, gateway=bridge.leases4[0].gateway)]


def create(controller: NetworkController, document: Mapping[str, Any]) -> Network:
    """A network of the API's document. Raises EngineError."""
    name = str(document.get("Name") or "")
    if name in PREDEFINED:
        raise Forbidden(f"operation is not permitted on predefined {name} network ")
    ipam = document.get("IPAM") or {}
    four, six = _ipam_configs(ipam.get("Config") or [])
    if not name.strip():
        raise System(f"invalid name: {name}")
    network = _blank(controller, name, str(document.get("Driver") or "bridge"))
    _describe(network, document)
    network.ipam4, network.ipam6 = four, six
    _check_configuration(network)
    if network.config_only:
        network.scope, network.driver_name = "local", "null"
        controller.take_in(network)
        return network
    _check_driver(controller, network)
    _apply_configuration(controller, network)
    _make(controller, network)
    if network.config_from:
        config_network(controller, network.config_from).dependants += 1
    return network


def _describe(network: Network, document: Mapping[str, Any]) -> None:
    """Takes over what the document says, all but the subnets."""
    ipam = document.get("IPAM") or {}
    network.enable_ipv6 = bool(document.get("EnableIPv6"))
    network.options = dict(document.get("Options") or {})
    network.labels = dict(document.get("Labels") or {})
    network.attachable, network.ingress = bool(document.get("Attachable")), bool(document.get("Ingress"))
    network.internal = bool(document.get("Internal"))
    network.scope = str(document.get("Scope") or "")
    network.config_only = bool(document.get("ConfigOnly"))
    network.config_from = str((document.get("ConfigFrom") or {}).get("Network") or "")
    network.ipam_driver, network.ipam_options = str(ipam.get("Driver") or "default"), ipam.get("Options")


def _blank(controller: NetworkController, name: str, driver: str) -> Network:
    chance, clock = controller.clock.chance, controller.clock
    made = controller.drivers.get(driver) or controller.drivers["null"]
    identity = chance.hex("network id", ID_DIGITS)
    return Network(identity, name, driver, made, controller.allocator, chance, created=clock.wall())


def _ipam_configs(documents: list[Mapping[str, Any]]) -> tuple[list[IpamConfig], list[IpamConfig]]:
    """The subnets that are asked for, by address family."""
    configs: dict[int, list[IpamConfig]] = {4: [], 6: []}
    for document in documents:
        text = str(document.get("Subnet") or "")
        subnet = subnet_from_text(text)
        if subnet is None:
            raise System(f"Invalid subnet {text} : invalid CIDR address: {text}")
        auxiliary = dict(sorted((document.get("AuxiliaryAddresses") or {}).items()))
        config = IpamConfig(text, document.get("IPRange") or "", document.get("Gateway") or "", auxiliary)
        configs[subnet.version].append(config)
    return configs[4], configs[6]


def _check_configuration(network: Network) -> None:
    """What does not go together: network.validateConfiguration."""
    if network.config_only and (network.ingress or network.internal or network.attachable or network.scope):
        raise Forbidden(
            "configuration network can only contain network specific fields. Network operator fields like "
            "[ ingress | internal | attachable | scope ] are not supported."
        )
    if not network.config_from:
        return
    if network.config_only:
        raise Forbidden("a configuration network cannot depend on another configuration network")
    given = network.enable_ipv6 or network.labels or network.ipam_options or network.ipam4 or network.ipam6
    if given or network.ipam_driver != "default":
        depends = "if the network depends on a configuration network"
        raise Forbidden(f"user specified configurations are not supported {depends}")
    if network.options:
        raise Forbidden("network driver options are not supported if the network depends on a configuration network")


def _check_driver(controller: NetworkController, network: Network) -> None:
    if network.driver_name in GLOBAL_DRIVERS:
        if network.scope == "local":
            raise Forbidden(f"cannot downgrade network scope for {network.driver_name} networks")
        raise System(NO_SWARM)
    if network.driver_name not in controller.drivers:
        raise NotFound(f'plugin "{network.driver_name}" not found')
    if network.ingress:
        raise Forbidden("Ingress network can only be global scope network")
    if network.scope == "swarm":
        raise Forbidden("cannot create a swarm scoped network when swarm is not active")


def config_network(controller: NetworkController, name: str) -> Network:
    """The configuration-only network of this name. Raises NotFound."""
    for network in controller.named(name):
        if network.config_only:
            return network
    raise NotFound(f'configuration network "{name}" does not exist')


def _apply_configuration(controller: NetworkController, network: Network) -> None:
    """Takes over what a configuration-only network says: network.applyConfigurationTo."""
    if not network.config_from:
        return
    source = config_network(controller, network.config_from)
    network.enable_ipv6 = source.enable_ipv6
    network.labels, network.options = dict(source.labels), dict(source.options)
    network.ipam_driver = source.ipam_driver
    if source.ipam_options:
        network.ipam_options = dict(source.ipam_options)
    network.ipam4, network.ipam6 = list(source.ipam4), list(source.ipam6)


def _make(controller: NetworkController, network: Network) -> None:
    """Gets the network its subnets and its devices and takes it in; nothing of it is left when that fails."""
    if network.ipam_driver not in IPAM_DRIVERS:
        raise NotFound(f'plugin "{network.ipam_driver}" not found')
    if network.ipam_driver == "null" and network.driver.plumbs:
        raise System("ipv4 pool is empty")
    network.allocate(controller.free_on_host)
    try:
        network.driver.create_network(network)
        _check_scope(network)
    except EngineError:
        network.release()
        raise
    controller.take_in(network)
    controller.firewall.arrange_user_chain()


def _check_scope(network: Network) -> None:
    """The engine stores networks by scope, and has no store but the local one: it notices last."""
    if network.scope not in ("", "local"):
        network.driver.delete_network(network)
        raise System(NO_SWARM)
    network.scope = "local"
