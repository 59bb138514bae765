"""`docker update`: other limits and another restart policy for a container. Mirrors moby's daemon/update.go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine import validate
from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict, InvalidParameter
from simulator.engine.fields import Document

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

RESOURCES = (
    "CpuShares", "Memory", "NanoCpus", "BlkioWeight", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod",
    "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "KernelMemory", "MemoryReservation", "MemorySwap", "PidsLimit",
)  # fmt: skip


def update(daemon: Daemon, container: Container, request: Mapping[str, Any]) -> Document:
    """Changes what the request gives; the rest stays. Raises InvalidParameter, Conflict."""
    if container.status in (Status.REMOVING, Status.DEAD):
        dead = 'Container is marked for removal and cannot be "update".'
        raise Conflict(f"Cannot update container {container.id}: {dead}")
    changed = dict(container.host) | {key: request[key] for key in RESOURCES if request.get(key)}
    policy = request.get("RestartPolicy") or {}
    if policy.get("Name"):
        validate.check_restart_policy(policy)
        if container.host["AutoRemove"] and policy["Name"] != "no":
            raise InvalidParameter("Restart policy cannot be updated because AutoRemove is enabled for the container")
        changed["RestartPolicy"] = {"MaximumRetryCount": 0} | dict(policy)
        changed["RestartPolicy"] = {key: changed["RestartPolicy"][key] for key in ("Name", "MaximumRetryCount")}
    validate.check_resources(changed)
    container.host = changed
    daemon.container_event(container, "update")
    return {"Warnings": []}
