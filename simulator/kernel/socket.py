"""What all sockets share: an address, options, an error to be told, a program that owns it. socket(2), socket(7).

A socket is closed when its program closes it or ends; if it stands at a descriptor of further processes (a child that
inherited it), when the last of them lets go.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulator.clock import Event
from simulator.kernel import socket_address
from simulator.kernel.errors import error
from simulator.kernel.files import OpenFile
from simulator.kernel.ports import PortUse
from simulator.kernel.sleepers import Sleepers

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

Address = tuple[str, int]

# setsockopt(2) names in the model, and what they are until somebody sets them.
DEFAULTS: Mapping[str, Any] = {
    "reuse_address": False,  # SO_REUSEADDR
    "reuse_port": False,  # SO_REUSEPORT
    "broadcast": False,  # SO_BROADCAST
    "v6only": False,  # IPV6_V6ONLY
    "no_delay": False,  # TCP_NODELAY
    "device": "",  # SO_BINDTODEVICE
    "mark": 0,  # SO_MARK
    "ttl": None,  # IP_TTL
    "tos": 0,  # IP_TOS
    "df": None,  # IP_MTU_DISCOVER: True do, False dont, None want (as long as it fits)
    "recverr": False,  # IP_RECVERR
    "hdrincl": False,  # IP_HDRINCL
}


class Row(Struct, frozen=True):
    """A socket as ss(8), netstat(8) and /proc/net show it. `backlog` is of a listener; `pid` 0 if nobody owns it."""

    proto: str  # tcp, udp, icmp, raw, packet
    family: str
    local: Address
    peer: Address
    state: str  # as netstat spells it; "" for those without states
    recv_q: int
    send_q: int
    pid: int
    program: str
    inode: int
    uid: int = 0
    backlog: int = 0
    device: str = ""
    v6only: bool = False


class Socket(OpenFile):
    """The base of all sockets."""

    proto = ""

    def __init__(self, netns: NetNamespace, family: str, kind: str, *, owner: Process | None) -> None:
        super().__init__(netns.clock)
        self.netns, self.family, self.kind, self.owner = netns, family, kind, owner
        self.options = DEFAULTS  # shared until one is set
        self.inode = netns.sockets.new_inode()
        self.closed = False
        self._given_up = False
        self._local: Address = (socket_address.ANY.get(family, ""), 0)
        self._peer: Address | None = None
        self.readers = Sleepers(self.clock, lambda: self.readable)

    # -- names ------------------------------------------------------------------------------------------------------

    @property
    def local(self) -> Address:
        """Its own address: getsockname(2)."""
        return (socket_address.shown(self._local[0], self.family), self._local[1])

    @property
    def peer(self) -> Address:
        """The other side's: getpeername(2). Raises OSError ENOTCONN."""
        if self._peer is None:
            raise error(errno.ENOTCONN)
        return (socket_address.shown(self._peer[0], self.family), self._peer[1])

    @property
    def dual(self) -> bool:
        """Whether it speaks IPv4 by mapped addresses."""
        return self.family == "inet6" and not self.options["v6only"]

    def set(self, option: str, value: Any) -> None:
        """Sets an option: setsockopt(2). Raises OSError ENOPROTOOPT, ENODEV."""
        if option not in self.options:
            raise error(errno.ENOPROTOOPT)
        if option == "device" and value:
            self.netns.device(value)
        self.options = {**self.options, option: value}

    @property
    def device(self) -> Device | None:
        """The device it is bound to."""
        return self.netns.device(self.options["device"]) if self.options["device"] else None

    # -- sleeping ---------------------------------------------------------------------------------------------------

    def wait_readable(self) -> Event:
        return self.readers.wait(lambda: None)

    def arrived(self) -> None:
        """Something came: those asleep are woken."""
        self.readers.wake()

    @property
    def has_reader(self) -> bool:
        return False

    # -- the end ----------------------------------------------------------------------------------------------------

    def give(self, process: Process) -> None:
        """Another process owns the socket from now on: what a parent left to its child."""
        if self.owner and self in self.owner.sockets:
            self.owner.sockets.remove(self)
        self.owner = process
        process.sockets.append(self)

    def close(self) -> None:
        """The program lets go: close(2)."""
        self._given_up = True
        if self._holders <= 0:
            self._close_once()

    def release(self) -> None:
        self._holders -= 1
        if self._holders <= 0 and (self._given_up or self.owner is None):
            self._close_once()

    def _close_once(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self.owner and self in self.owner.sockets:
            self.owner.sockets.remove(self)
        self.shut()

    def shut(self) -> None:
        """Gives back what the kernel keeps for the socket."""

    def _usable(self) -> None:
        if self.closed:
            raise error(errno.EBADF)

    def list_row(self) -> Row:
        """How ss and netstat show it."""
        return self.row("", 0, 0)

    # -- helpers of the kinds ---------------------------------------------------------------------------------------

    def _parse(self, ip: str) -> tuple[str, str]:
        """An address as the wire has it, and the scope's device."""
        return socket_address.parse(ip, self.family)

    def _towards(self, ip: str) -> str:
        """The address to connect to, as the wire has it; its scope binds the socket to a device."""
        ip, scope = self._parse(ip)
        if scope:
            self.set("device", scope)
        return socket_address.LOOPBACK.get(ip, ip)

    def _port_use(self, ip: str, port: int) -> PortUse:
        """What the socket would occupy."""
        return PortUse(
            ip,
            port,
            dual=self.dual,
            device=self.options["device"],
            reuse_address=self.options["reuse_address"],
            reuse_port=self.options["reuse_port"],
        )

    def _check_own(self, ip: str) -> None:
        """Raises OSError EADDRNOTAVAIL unless packets may carry this address as their source."""
        if ip in ("0.0.0.0", "::") or self.netns.fib.kind_of(ip) in ("broadcast", "multicast"):
            return
        if not self.netns.is_local(ip):
            raise error(errno.EADDRNOTAVAIL)

    def _source_towards(self, ip: str) -> str:
        """The address to speak to a destination from. Raises OSError as a route lookup does.

        Without any IPv6 address Linux looks for a source before it misses the route: EADDRNOTAVAIL.
        """
        try:
            return str(self.netns.source_for(ip, device=self.device))
        except OSError as refusal:
            own = [address for device in self.netns.listed() for address in device.addresses if address.version == 6]
            if ":" in ip and not own and refusal.errno == errno.ENETUNREACH:
                raise error(errno.EADDRNOTAVAIL) from None
            raise

    def _ttl(self, default: int | None = None) -> int:
        own = self.options["ttl"]
        return int(own if own is not None else default or self.netns.sysctl["net.ipv4.ip_default_ttl"])

    def row(self, state: str, recv_q: int, send_q: int, *, backlog: int = 0) -> Row:
        any_address = "::" if self.family == "inet6" else "0.0.0.0"
        return Row(
            self.proto,
            self.family,
            self.local,
            self.peer if self._peer else (any_address, 0),
            state,
            recv_q,
            send_q,
            *owner_fields(self.owner),
            self.inode,
            backlog=backlog,
            device=self.options["device"],
            v6only=self.options["v6only"],
        )


def owner_fields(owner: Process | None) -> tuple[int, str]:
    """The pid and the name (comm) of a process."""
    if owner is None or not owner.argv:
        return (0, "")
    return (owner.pid, owner.argv[0].rpartition("/")[2].lstrip("-")[:15])
