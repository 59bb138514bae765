"""The ipvlan driver: containers on the host's own wire, under the parent's MAC address. Mirrors drivers/ipvlan.

Its networks can be made and looked at. Starting a container on one fails as on a host whose kernel lacks ipvlan.
"""

from __future__ import annotations

from simulator.engine.network.drivers.parent import ParentDriver


class IpvlanDriver(ParentDriver):
    """Networks of the driver ipvlan."""

    name = "ipvlan"
    modes = ("l2", "l3")
