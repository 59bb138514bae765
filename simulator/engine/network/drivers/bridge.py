"""The bridge driver: a Linux bridge for each network, a veth pair for each endpoint, iptables around them.

Mirrors libnetwork's drivers/bridge/bridge.go and the setup_*.go beside it. A bridge of the name that is there already
is used and not removed. Left out: ip6tables, hairpin mode, --bip and --fixed-cidr, links with icc off (they exist on
the default bridge alone, whose icc is on).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from ipaddress import ip_interface
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.engine.errors import EngineError, Forbidden, NotFound, System
from simulator.engine.network.addresses import SubnetSet, mac_for
from simulator.engine.network.drivers import bridge_options
from simulator.engine.network.drivers.bridge_options import DOCKER0, BridgeConfig
from simulator.engine.network.drivers.bridge_ports import PortMapper
from simulator.engine.network.drivers.bridge_rules import BridgeSettings, Firewall
from simulator.engine.network.drivers.driver import CONTAINER_PREFIX, VETH_DIGITS, VETH_PREFIX
from simulator.kernel import sysctl
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.errors import strerror
from simulator.kernel.veth import Veth, veth_pair

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.engine.network.network import Network
    from simulator.kernel.netns import NetNamespace

BRIDGE_MAC_PREFIX = "02:42"
LINK_LOCAL_GATEWAY = "fe80::1/64"  # each bridge with IPv6 has it
NAME_LIMIT = 15  # bytes of a device's name: IFNAMSIZ
NAME_ATTEMPTS = 3


class BridgeNetwork(Struct):
    """What the driver keeps of one network. A bridge that somebody else made is `found`."""

    network: Network
    config: BridgeConfig
    device: Bridge
    found: bool
    remove_rules: Callable[[], None] = field(default=lambda: None)


class BridgeDriver:
    """All bridge networks of a host."""

    plumbs = True

    def __init__(self, netns: NetNamespace, firewall: Firewall, mapper: PortMapper) -> None:
        self._netns, self._firewall, self._mapper = netns, firewall, mapper
        self._networks: dict[str, BridgeNetwork] = {}
        self._bridges: Counter[str] = Counter()
        self._subnets = SubnetSet()

    def set_up(self) -> None:
        """What the driver does once, when the engine starts: its chains, forwarding, bridges that ask iptables."""
        forwarding = sysctl.read(self._netns, sysctl.FORWARD) == "1"
        self._firewall.set_up(drop_forwarded=not forwarding)
        sysctl.write(self._netns, sysctl.FORWARD, "1")
        for name in ("iptables", "ip6tables"):
            # The module br_netfilter brings them so.
            sysctl.write(self._netns, f"net.bridge.bridge-nf-call-{name}", "1")

    # -- networks ---------------------------------------------------------------------------------------------------

    def create_network(self, network: Network) -> None:
        config = bridge_options.config_of(network)
        found = self._existing(config.bridge or DOCKER0)
        config = bridge_options.with_subnets(config, network)
        self._check_conflicts(network, config)
        if not config.bridge:
            config = replace(config, bridge=DOCKER0)
        device = found or self._new_bridge(config)
        own = self._networks[network.id] = BridgeNetwork(network, config, device, found is not None)
        self._bridges[config.bridge] += 1
        for subnet in config.subnets:
            self._subnets.add(subnet)
        self._set_addresses(own)
        own.remove_rules = self._firewall.add_network(self._settings(config))
        device.set_up()

    def _existing(self, name: str) -> Bridge | None:
        if len(name.encode()) > NAME_LIMIT:
            raise System("failed to check bridge interface existence: numerical result out of range")
        try:
            device = self._netns.device(name)
        except OSError:
            return None
        if not isinstance(device, Bridge):
            raise System(f"existing interface {name} is not a bridge")
        return device

    def _check_conflicts(self, network: Network, config: BridgeConfig) -> None:
        if config.bridge not in self._bridges and not any(map(self._subnets.overlaps, config.subnets)):
            return
        for other in list(self._networks.values()):
            reason = bridge_options.conflict(other.config, config)
            if reason and other.config.is_default:
                # The driver takes the default network for one that an earlier engine left behind, and removes it.
                self._remove(other)
                return
            if reason:
                raise Forbidden(
                    f"cannot create network {network.id} ({config.bridge}): "
                    f"conflicts with network {other.network.id} ({other.config.bridge}): {reason}"
                )

    def _new_bridge(self, config: BridgeConfig) -> Bridge:
        mac = self._netns.clock.chance.mac("bridge mac", BRIDGE_MAC_PREFIX)
        device = Bridge(self._netns, config.bridge, mac=mac)
        self._netns.sysctl[f"net.ipv6.conf.{config.bridge}.accept_ra"] = "0"
        return device

    def _set_addresses(self, own: BridgeNetwork) -> None:
        device, config = own.device, own.config
        if not config.inhibit_ipv4:
            set_ipv4(device, config.interface4)
        if config.ipv6:
            self._netns.sysctl[f"net.ipv6.conf.{device.name}.disable_ipv6"] = "0"
            for text in (LINK_LOCAL_GATEWAY, config.interface6):
                if text not in [str(address) for address in device.addresses]:
                    device.add_address(text)
            sysctl.write(self._netns, sysctl.FORWARD6_ALL, "1")

    @staticmethod
    def _settings(config: BridgeConfig) -> BridgeSettings:
        return BridgeSettings(
            config.bridge,
            str(ip_interface(config.interface4).network),
            icc=config.icc,
            masquerade=config.masquerade,
            internal=config.internal,
            host_ip=config.host_ip,
        )

    def delete_network(self, network: Network) -> None:
        own = self._networks.get(network.id)
        if own is not None:
            self._remove(own)

    def _remove(self, own: BridgeNetwork) -> None:
        for endpoint in own.network.endpoints.values():
            self._mapper.close(endpoint, own.config)
            self._delete_devices(endpoint)
        del self._networks[own.network.id]
        self._forget(own.config)
        if not own.found and not own.config.is_default and self._is_there(own.device):
            own.device.delete()
        own.remove_rules()

    def _forget(self, config: BridgeConfig) -> None:
        self._bridges[config.bridge] -= 1
        if not self._bridges[config.bridge]:
            del self._bridges[config.bridge]
        for subnet in config.subnets:
            self._subnets.remove(subnet)

    def _is_there(self, device: Device) -> bool:
        """Whether a device of the host has not been deleted by hand."""
        return self._netns.devices.get(device.ifindex) is device

    def _own(self, network: Network) -> BridgeNetwork:
        own = self._networks.get(network.id)
        if own is None:
            raise NotFound(f"network {network.id} does not exist")
        return own

    # -- endpoints --------------------------------------------------------------------------------------------------

    def create_endpoint(self, endpoint: Endpoint) -> None:
        own = self._own(endpoint.network)
        endpoint.mac = endpoint.mac or mac_for(endpoint.ip)
        inside, outside = self._veth_pair(endpoint)
        endpoint.device, endpoint.host_device = inside, outside
        if own.config.mtu:
            inside.mtu = outside.mtu = own.config.mtu
        self._plug(own, outside, endpoint)
        outside.set_up()

    def _plug(self, own: BridgeNetwork, outside: Veth, endpoint: Endpoint) -> None:
        """Adds the host's end to the bridge (addToBridge)."""
        bridge, reason = own.config.bridge, ""
        if not self._is_there(own.device):
            reason = f"could not find bridge {bridge}"
        else:
            try:
                own.device.attach(outside)
            except OSError as failure:
                reason = strerror(failure.errno or 0).lower()
        if reason:
            self._delete_devices(endpoint)
            raise System(f"adding interface {outside.name} to bridge {bridge} failed: {reason}")

    def _veth_pair(self, endpoint: Endpoint) -> tuple[Veth, Veth]:
        """The container's end and the host's. The kernel makes first, with the lower index, the one named as peer."""
        chance = self._netns.clock.chance
        for _ in range(NAME_ATTEMPTS):
            outside, inside = (VETH_PREFIX + chance.hex(kind, VETH_DIGITS) for kind in ("veth name", "veth peer name"))
            try:
                return veth_pair(self._netns, inside, outside, mac=endpoint.mac, peer_mac=chance.mac("veth mac"))
            except OSError:
                continue  # the name is taken
        raise System("could not generate interface name")

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        self._delete_devices(endpoint)

    def _delete_devices(self, endpoint: Endpoint) -> None:
        device, endpoint.device, endpoint.host_device = endpoint.host_device, None, None
        if device is not None and self._is_there(device):
            device.delete()

    def join(self, endpoint: Endpoint) -> None:
        config = self._own(endpoint.network).config
        endpoint.prefix = config.prefix or CONTAINER_PREFIX
        endpoint.gateway, endpoint.gateway6 = config.gateway4, config.gateway6

    def leave(self, endpoint: Endpoint) -> None:
        """Nothing of the bridge depends on who uses an endpoint."""

    # -- ports ------------------------------------------------------------------------------------------------------

    def publish(self, endpoint: Endpoint) -> None:
        config = self._own(endpoint.network).config
        assert endpoint.sandbox is not None
        settings = endpoint.sandbox.config.ports
        endpoint.exposed = settings.exposed
        self._mapper.open(endpoint, settings.bindings, config)

    def revoke(self, endpoint: Endpoint) -> None:
        """Closes the ports and forgets the connections to the container, whose address another may get next."""
        try:
            config = self._own(endpoint.network).config
        except EngineError:
            return
        self._mapper.close(endpoint, config)
        forget_connections(self._netns, endpoint.addresses)


def set_ipv4(device: Device, interface: str) -> None:
    """Gives a bridge its address, in place of one it has: setupBridgeIPv4."""
    wanted = ip_interface(interface)
    own = [address for address in device.addresses if address.version == 4]
    inside = [address for address in own if ip_interface(address.ip).ip in wanted.network]
    for current in (inside or own)[:1]:
        if str(current) == interface:
            return
        device.remove_address(str(current))
    device.add_address(interface, broadcast=broadcast_of(interface))


def broadcast_of(interface: str) -> str | None:
    """The broadcast address of an IPv4 interface; /31 and /32 have none."""
    network = ip_interface(interface).network
    return str(network.broadcast_address) if network.version == 4 and network.prefixlen < 31 else None


def forget_connections(netns: NetNamespace, addresses: list[str]) -> None:
    """Removes the connections that come back to or from these addresses: iptables.DeleteConntrackEntries."""
    gone = set(addresses)
    netns.netfilter.conntrack.flush(lambda entry: bool(gone & {entry.reply.src, entry.reply.dst}))
