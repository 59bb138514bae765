"""Capabilities of containers: Docker's own choice, --cap-add and --cap-drop. Mirrors moby's oci/caps."""

from __future__ import annotations

from functools import lru_cache

from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import Document

KNOWN = frozenset(
    {
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
        "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
        "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST",
        "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT",
        "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG",
        "WAKE_ALARM",
    }
)  # fmt: skip
DEFAULT = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip


def bare_name(name: str) -> str:
    """NET_ADMIN for cap_net_admin."""
    return name.upper().removeprefix("CAP_")


def check_capabilities(host: Document) -> None:
    """Raises InvalidParameter for a name that is none."""
    for option in ("CapAdd", "CapDrop"):
        for name in host[option] or []:
            if bare_name(name) not in KNOWN:
                raise InvalidParameter(f'invalid {option}: unknown capability: "CAP_{bare_name(name)}"')


def granted(host: Document) -> frozenset[str] | None:
    """What a container's root may do; None: everything."""
    added = tuple(bare_name(name) for name in host["CapAdd"] or [])
    dropped = tuple(bare_name(name) for name in host["CapDrop"] or [])
    if host["Privileged"] or ("ALL" in added and not dropped):
        return None
    return _tweaked(added, dropped)


@lru_cache
def _tweaked(added: tuple[str, ...], dropped: tuple[str, ...]) -> frozenset[str]:
    """One set for all containers that ask for the same."""
    base = KNOWN if "ALL" in added else frozenset() if "ALL" in dropped else DEFAULT
    return (base | frozenset(added)) - frozenset(dropped)
