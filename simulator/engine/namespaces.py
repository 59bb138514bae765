"""The namespaces of a container: its own, the host's, or another container's.

Mirrors adaptSharedNamespaceContainer and WithNamespaces of moby's daemon, and what runc says of settings that are not a
namespace's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.errors import EngineError, System
from simulator.engine.fields import Document
from simulator.kernel.namespaces import PidNamespace, Uts

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

_SHARED = "container:"
_IPC_SYSCTLS = frozenset(
    {
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    }
)  # fmt: skip


def other_container(mode: str) -> str:
    """Whose namespace a mode means; nothing if it is not another container's."""
    return mode.partition(":")[2] if mode.startswith(_SHARED) else ""


def settle_modes(daemon: Daemon, host: Document) -> None:
    """Ids take the place of names, so that a rename changes nothing. Raises InvalidParameter for one that is missing.

    A missing container whose network is to be shared is told of at starting.
    """
    for key in ("PidMode", "IpcMode", "NetworkMode"):
        name = other_container(host[key])
        if not name:
            continue
        try:
            host[key] = f"{_SHARED}{daemon.containers.find(name).id}"
        except EngineError:
            if key != "NetworkMode":
                daemon.find_for_option(name)


def of_container(daemon: Daemon, container: Container) -> tuple[PidNamespace, Uts]:
    """The PID and UTS namespaces of a container that starts. Raises System if it cannot share what it wants to."""
    _check_ipc(daemon, container.host["IpcMode"])
    pids = _pids(daemon, container.host["PidMode"])
    if container.host["UTSMode"] == "host":
        return pids, daemon.machine.uts
    return pids, Uts(container.config["Hostname"], container.config["Domainname"])


def _pids(daemon: Daemon, mode: str) -> PidNamespace:
    if mode == "host":
        return daemon.machine.pids
    other = other_container(mode)
    return _running(daemon, other, "cannot join PID of a non running container: {}").pids if other else PidNamespace()


def _running(daemon: Daemon, identity: str, missing: str) -> Container:
    try:
        other = daemon.containers.find(identity)
    except EngineError as refused:
        raise System(f"{missing.format(identity)}: {refused.message}") from None
    if not other.running:
        raise System(f"container {other.id} is not running")
    if other.process is None:
        raise System(f"Container {other.id} is restarting, wait until the container is running")
    return other


def _check_ipc(daemon: Daemon, mode: str) -> None:
    if mode in ("host", "private", "shareable", "none"):
        return
    if not other_container(mode):
        raise System(f"Invalid IPC mode: {mode}")
    cannot = f"can't join IPC of container {other_container(mode)}"
    try:
        other = _running(daemon, other_container(mode), "{}")
    except System as refused:
        raise System(f"{cannot}: {refused.message}") from None
    if other.host["IpcMode"] in ("private", "none"):
        raise System(f"{cannot}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)")


def wrong_sysctl(host: Document) -> str:
    """Why runc refuses a --sysctl before it makes anything; nothing if it does not."""
    for name in sorted(host["Sysctls"] or {}):
        if name in _IPC_SYSCTLS or name.startswith("fs.mqueue."):
            if host["IpcMode"] == "host":
                return f'sysctl "{name}" is not allowed in the hosts ipc namespace'
        elif name.startswith("net."):
            if host["NetworkMode"] == "host":
                return f'sysctl "{name}" not allowed in host network namespace'
        elif name != "kernel.domainname":
            return f'sysctl "{name}" is not in a separate kernel namespace'
    return ""
