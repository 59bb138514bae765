"""What `ip -d link` adds: the settings of a device's kind, as the kernel has them until somebody changes them."""

from __future__ import annotations

from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.userland.netdevice import MAX_MTU, MIN_MTU

_BRIDGE = (
    "bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 priority 32768 "
    "vlan_filtering 0 bridge_id {own} designated_root {own} root_port 0 root_path_cost 0 topology_change 0 "
    "topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 topology_change_timer    0.00 "
    "gc_timer    0.00 group_fwd_mask 0 group_address 01:80:c2:00:00:00 mcast_snooping 1 no_linklocal_learn 0 "
    "mcast_vlan_snooping 0 mcast_router 1 mcast_query_use_ifaddr 0 mcast_querier 0 mcast_hash_elasticity 16 "
    "mcast_hash_max 4096 mcast_last_member_count 2 mcast_startup_query_count 2 mcast_last_member_interval 100 "
    "mcast_membership_interval 26000 mcast_querier_interval 25500 mcast_query_interval 12500 "
    "mcast_query_response_interval 1000 mcast_startup_query_interval 3124 mcast_stats_enabled 0 "
    "mcast_igmp_version 2 mcast_mld_version 1 nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0 "
)
_PORT = (
    "bridge_slave state {state} priority 32 cost 2 hairpin {hairpin} guard off root_block off fastleave off "
    "learning on flood on port_id 0x{number:04x} port_no 0x{place:x} designated_port {number} designated_cost 0 "
    "designated_bridge {bridge} designated_root {bridge} hold_timer    0.00 message_age_timer    0.00 "
    "forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 proxy_arp off proxy_arp_wifi off "
    "mcast_router 1 mcast_fast_leave off mcast_flood on bcast_flood on mcast_to_unicast off neigh_suppress off "
    "group_fwd_mask 0 group_fwd_mask_str 0x0 vlan_tunnel off isolated off locked off "
)


def with_details(link: str, device: Device) -> list[str]:
    """The second line about a device, and the lines that -d adds."""
    lines = [link + _promiscuity(device)]
    if isinstance(device, Bridge):
        lines.append("    " + _BRIDGE.format(own=identity(device)))
    elif device.kind in ("veth", "macvlan"):
        lines.append(f"    {device.kind} ")
    if device.master:
        lines.append("    " + _port(device, device.master))
    queues = 2 if device.kind == "veth" else 1
    lines[-1] += (
        f"addrgenmode eui64 numtxqueues {queues} numrxqueues {queues} gso_max_size 65536 gso_max_segs 65535 "
        "tso_max_size 524280 tso_max_segs 65535 gro_max_size 65536 "
    )
    return lines


def _promiscuity(device: Device) -> str:
    """A bridge listens to everything that its ports hear."""
    level = int(device.promiscuous) + (device.master is not None)
    least, most = (0, 0) if device.kind == "loopback" else (MIN_MTU, MAX_MTU.get(device.kind, 0))
    return f" promiscuity {level}  allmulti {int(device.master is not None)} minmtu {least} maxmtu {most} "


def identity(bridge: Bridge) -> str:
    """8000.2:42:ee:70:ae:dc: octets without leading zeros."""
    return "8000." + ":".join(f"{int(octet, 16):x}" for octet in bridge.mac.split(":"))


def _port(device: Device, bridge: Bridge) -> str:
    place = bridge.ports.index(device) + 1
    return _PORT.format(
        state="forwarding" if device.running else "disabled",
        hairpin="on" if device.ifindex in bridge.hairpin else "off",
        number=0x8000 + place,
        place=place,
        bridge=identity(bridge),
    )
