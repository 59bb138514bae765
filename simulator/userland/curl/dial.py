"""How curl finds a host and connects: --connect-to, --resolve, names, then the addresses of both families in a race.
See RFC 8305.

The family of the first address begins; if it does not connect within 200 ms the other begins as well.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from simpy import AnyOf

from simulator.clock import MS, Event, S, Steps
from simulator.kernel.errors import strerror
from simulator.userland.curl.words import INTERFACE_FAILED, TIMEOUT, UNCONNECTED, UNRESOLVED, Failure
from simulator.userland.resolver import Unresolved, numeric, resolve

if TYPE_CHECKING:
    from simulator.userland.curl.transfer import Transfer

HEAD_START = 200 * MS  # CURL_HET_DEFAULT


class Lane(Struct):
    """The addresses of one family, tried one after the other."""

    addresses: list[str]
    socket: Any = None
    failure: int = 0

    @property
    def alive(self) -> bool:
        return self.socket is not None or bool(self.addresses)


class Race(Struct):
    """The lanes of one connection, and when the second may begin."""

    lanes: list[Lane]
    second: int


def place(transfer: Transfer) -> tuple[str, int]:
    """The host and port to connect to: the proxy's, what --connect-to puts in their place, or those of the URL."""
    url = transfer.url
    if transfer.proxy:
        return transfer.proxy.host, transfer.proxy.port
    for entry in transfer.settings.all("connect-to"):
        host, port, other, other_port = [*entry.split(":"), "", "", ""][:4]
        if host.lower() in ("", url.host.lower()) and port in ("", str(url.port)):
            return other or url.host, int(other_port) if other_port.isdigit() else url.port
    return url.host, url.port


def addresses(transfer: Transfer) -> Steps:
    """The addresses of the host, in the order to try them. Raises Failure."""
    settings, (host, _) = transfer.settings, transfer.place
    family = "inet" if settings.has("ipv4") else "inet6" if settings.has("ipv6") else "any"
    number = numeric(host)
    if number is not None:
        if family != "any" and (":" in number) != (family == "inet6"):
            raise Failure(UNCONNECTED, "Couldn't connect to server")
        return [number]
    named = _resolve_option(transfer)
    if named:
        return named
    if transfer.words.localhost_itself and (host == "localhost" or host.endswith(".localhost")):
        own = {"inet": ["127.0.0.1"], "inet6": ["::1"], "any": ["127.0.0.1", "::1"]}
        return own[family]
    try:
        return (yield from resolve(transfer.process, host, family))
    except Unresolved:
        raise Failure(UNRESOLVED, transfer.words.unresolved.format(host=host)) from None


def _resolve_option(transfer: Transfer) -> list[str]:
    for entry in transfer.settings.all("resolve"):
        host, _, rest = entry.lstrip("+").partition(":")
        port, _, known = rest.partition(":")
        if host.lower() in (transfer.place[0].lower(), "*") and port == str(transfer.place[1]):
            return [address.strip("[]") for address in known.split(",")]
    return []


def connect(transfer: Transfer, found: list[str]) -> Steps:
    """A socket that is connected to one of the addresses. Raises Failure."""
    first = [address for address in found if (":" in address) == (":" in found[0])]
    other = [address for address in found if address not in first]
    lanes = [Lane(first)] + ([Lane(other)] if other else [])
    race = Race(lanes, transfer.now + HEAD_START)
    while True:
        socket = _round(transfer, race)
        if socket:
            return socket
        if not any(lane.alive for lane in race.lanes):
            raise _unconnected(transfer, race)
        yield from _wait(transfer, race)


def _round(transfer: Transfer, race: Race) -> Any:
    """Looks at each lane, begins what may begin; gives a socket that has connected."""
    for lane in race.lanes:
        if lane.socket and _is_decided(transfer, lane):
            return lane.socket
    first_over = not race.lanes[0].alive
    for index, lane in enumerate(race.lanes):
        may = index == 0 or first_over or transfer.now >= race.second
        while may and lane.socket is None and lane.addresses:
            _begin(transfer, race, lane)
            if lane.socket and _is_decided(transfer, lane):
                return lane.socket
        first_over = first_over or not lane.alive
    return None


def _begin(transfer: Transfer, race: Race, lane: Lane) -> None:
    """Sends a SYN to the next address of a lane."""
    address = lane.addresses.pop(0)
    shown = f"[{address}]" if ":" in address else address
    transfer.note(transfer.words.trying.format(address=shown, bare=address, port=transfer.place[1]))
    socket: Any = transfer.process.socket("inet6" if ":" in address else "inet", "stream")
    socket.set("no_delay", True)
    _bind(transfer, socket)
    lane.socket = socket
    socket.blocking = False
    socket.connect(address, transfer.place[1])
    _is_decided(transfer, lane, at_once=True)


def _bind(transfer: Transfer, socket: Any) -> None:
    """--interface: a device, or an address of one's own; --local-port: the first port of a range that is free."""
    wanted = transfer.settings.get("interface")
    own = numeric(wanted) if wanted else None
    try:
        if wanted and own is None:
            socket.set("device", wanted)
    except OSError:
        raise Failure(INTERFACE_FAILED, f"Couldn't bind to '{wanted}'") from None
    first, _, last = transfer.settings.get("local-port", "0").partition("-")
    if own is None and first == "0":
        return
    refusal: OSError | None = None
    for port in range(int(first), int(last or first) + 1):
        try:
            socket.bind(own or "", port)
            return
        except OSError as failure:
            refusal = failure
    told = f"Couldn't bind to '{wanted}'" if wanted else f"bind failed with errno {refusal and refusal.errno}: "
    raise Failure(INTERFACE_FAILED, told if wanted or not refusal else told + strerror(refusal.errno or 0))


def _is_decided(transfer: Transfer, lane: Lane, *, at_once: bool = False) -> bool:
    """Whether the lane's socket has connected; one that failed is put aside."""
    outcome = lane.socket.connect_result()
    if outcome is None:
        return False
    if outcome == 0:
        return True
    address, port = lane.socket.goal
    text = transfer.words.immediate if at_once else transfer.words.one_failed
    transfer.note(text.format(address=address, port=port, reason=strerror(outcome)))
    lane.failure = outcome
    lane.socket.close()
    lane.socket = None
    return False


def _wait(transfer: Transfer, race: Race) -> Steps:
    """Until something happens to one of the sockets, or the next deadline."""
    sockets = [lane.socket for lane in race.lanes if lane.socket]
    events: list[Event] = [socket.wait_decided() for socket in sockets]
    waiting = [lane for lane in race.lanes[1:] if lane.addresses and lane.socket is None]
    pause = race.second - transfer.now if waiting and transfer.now < race.second else S
    events.append(transfer.process.sleep(min(pause, S)))
    try:
        yield AnyOf(transfer.process.clock, events)
    except OSError:
        return  # one has failed; which one, and why, stands in its socket
    finally:
        transfer.meter.tick()


def _unconnected(transfer: Transfer, race: Race) -> Failure:
    """What to say when no address is left."""
    reason = next((lane.failure for lane in race.lanes if lane.failure), errno.ECONNREFUSED)
    text = transfer.words.unconnected.format(
        host=transfer.place[0], port=transfer.place[1], ms=transfer.elapsed // MS, reason=strerror(reason)
    )
    status = TIMEOUT if reason == errno.ETIMEDOUT and transfer.words.localhost_itself else UNCONNECTED
    return Failure(status, text)
