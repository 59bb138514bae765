"""`docker update`: other limits and another restart policy for a container. Mirrors moby's daemon/update.go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict
from simulator.engine.fields import HOST_CONFIG, Document, filled
from simulator.engine.resources import check_resources
from simulator.engine.validate import check_restart_policy

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

RESOURCES = (
    "CpuShares", "Memory", "NanoCpus", "BlkioWeight", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod",
    "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "KernelMemory", "MemoryReservation", "MemorySwap", "PidsLimit",
)  # fmt: skip


# What the limits that a container has do not let pass: one in the request, another that is there.
_CONFLICTS = (
    ("NanoCpus", "CpuPeriod", "Nano CPUs cannot be updated as CPU Period has already been set"),
    ("NanoCpus", "CpuQuota", "Nano CPUs cannot be updated as CPU Quota has already been set"),
    ("CpuPeriod", "NanoCpus", "CPU Period cannot be updated as NanoCPUs has already been set"),
    ("CpuQuota", "NanoCpus", "CPU Quota cannot be updated as NanoCPUs has already been set"),
)


def update(daemon: Daemon, container: Container, request: Mapping[str, Any]) -> Document:
    """Changes what the request gives; the rest stays. Raises InvalidParameter, Conflict."""
    wanted = filled({key: value for key, value in request.items() if value is not None}, HOST_CONFIG)
    policy = {"Name": "", "MaximumRetryCount": 0} | wanted["RestartPolicy"]
    check_restart_policy(policy)
    warnings = check_resources(wanted, update=True)
    wrong = _conflict(container, wanted, policy)
    if wrong:
        raise Conflict(f"Cannot update container {container.id}: {wrong}")
    container.host = dict(container.host) | {key: wanted[key] for key in RESOURCES if wanted[key]}
    if policy["Name"]:
        container.host["RestartPolicy"] = policy
    container.ports_noted = {}
    daemon.container_event(container, "update")
    return {"Warnings": warnings or None}


def _conflict(container: Container, wanted: Document, policy: Document) -> str:
    """Why what is asked for does not go with what the container is (Container.UpdateContainer)."""
    host = container.host
    if container.status in (Status.REMOVING, Status.DEAD):
        return 'container is marked for removal and cannot be "update"'
    for new, old, text in _CONFLICTS:
        if wanted[new] > 0 and host[old] > 0:
            return f"Conflicting options: {text}"
    if wanted["Memory"] > host["MemorySwap"] and not wanted["MemorySwap"]:
        return (
            "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time"
        )
    if host["AutoRemove"] and policy["Name"] not in ("", "no"):
        return "Restart policy cannot be updated because AutoRemove is enabled for the container"
    return ""
