"""The netstat of net-tools (netstat.c)."""

from __future__ import annotations

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGINT
from simulator.kernel.socket import Row
from simulator.userland.getopt import Options
from simulator.userland.ifconfig.interfaces import interfaces
from simulator.userland.ifconfig.nettools import row as interface_row
from simulator.userland.ifconfig.nettools import stanza
from simulator.userland.ip.groups import inet6_groups, inet_groups
from simulator.userland.netdevice import not_simulated
from simulator.userland.netstat.sockets import PROTOCOLS, Choice, Names, chosen, joined
from simulator.userland.program import options_or_usage, visible_processes
from simulator.userland.resolver import reverse
from simulator.userland.route.nettools import STYLE, show6
from simulator.userland.route.table import show
from simulator.userland.usage_host import HOST

WIDTH = 23  # of an address with its port
_LONG = {"tcp": "t", "udp": "u", "raw": "w", "unix": "x", "listening": "l", "all": "a", "numeric": "n", "programs": "p"}
_LONG |= {"route": "r", "interfaces": "i", "groups": "g", "statistics": "s", "extend": "e", "timers": "o", "wide": "W"}
_LONG |= {"continuous": "c", "help": "h", "version": "V", "verbose": "v", "inet": "4", "inet6": "6", "fib": "F"}
_LONG |= {"numeric-hosts": "1", "numeric-ports": "2", "numeric-users": "3", "symbolic": "N", "masquerade": "M"}


def netstat(process: Process) -> Steps:
    given = options_or_usage(process, "A:CFMacdeghilnNoprsStuUVvWwxZ46?", long=_LONG, usage=HOST["netstat"], status=3)
    if "h" in given or "?" in given:
        process.print(HOST["netstat"])
        return 0
    if "M" in given:
        process.error("netstat: no support for `ip_masquerade' on this system.")
        return 1
    for letter, what in (("s", "protocol statistics (netstat -s)"), ("Z", "SELinux")):
        if letter in given:
            return not_simulated(process, what)
    process.signals.catch(SIGINT)
    try:
        while True:
            yield from _once(process, given)
            if "c" not in given:
                return 0
            yield process.sleep(S)
    except Signalled:
        return 128 + SIGINT


def _once(process: Process, given: Options) -> Steps:
    if "r" in given:
        yield from _routes(process, given)
    elif "i" in given:
        _interfaces(process, given)
    elif "g" in given:
        yield from _groups(process, numeric="n" in given or "1" in given)
    else:
        yield from _sockets(process, given)


def _routes(process: Process, given: Options) -> Steps:
    numeric = "n" in given or "1" in given
    if "6" in given or given.get("A") == "inet6":
        yield from show6(process, numeric=numeric)
        return
    yield from show(process, STYLE, layout="route" if "e" in given else "netstat", numeric=numeric)


def _interfaces(process: Process, given: Options) -> None:
    process.print("Kernel Interface table")
    shown = interfaces(process.netns, every="a" in given)
    if "e" not in given:
        process.print(f"{'Iface':<15}   MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg")
    for each in shown:
        process.print(stanza(each) if "e" in given else interface_row(each))


def _groups(process: Process, *, numeric: bool) -> Steps:
    process.print("IPv6/IPv4 Group Memberships\nInterface       RefCnt Group\n" + "-" * 15 + " ------ " + "-" * 21)
    for groups in (inet_groups, inet6_groups):
        for device in process.netns.listed():
            for group in groups(device):
                name = None if numeric else (yield from reverse(process, group))
                process.print(f"{device.name:<15} {1:<6} {name or group}")


# -- sockets -----------------------------------------------------------------------------------------------------------


def _sockets(process: Process, given: Options) -> Steps:
    letters = {"t": "tcp", "u": "udp", "w": "raw"}
    picked = tuple(letters[letter] for letter in "tuw" if letter in given)
    everything = not picked and "x" not in given
    families = ("inet6",) if "6" in given and "4" not in given else ("inet",) if "4" in given else ("inet", "inet6")
    if "4" in given and "6" in given:
        families = ("inet", "inet6")
    choice = Choice(PROTOCOLS if everything else picked, "l" in given, "a" in given, families)
    if choice.protocols:
        yield from _internet(process, given, choice)
    if "x" in given or (everything and "4" not in given and "6" not in given):
        _unix(process, given, choice)


def _internet(process: Process, given: Options, choice: Choice) -> Steps:
    process.print(f"Active Internet connections ({choice.title})")
    head = f"Proto Recv-Q Send-Q {'Local Address':<{WIDTH}} {'Foreign Address':<{WIDTH}} State      "
    head += " User       Inode     " if "e" in given else ""
    head += " PID/Program name    " if "p" in given else ""
    process.print(head + (" Timer" if "o" in given else ""))
    names = Names(process, numeric="n" in given, numeric_hosts="1" in given)
    width = WIDTH if "W" not in given else 1000
    for row in chosen(process.netns.sockets.list(), choice):
        process.print((yield from _line(process, row, names, width)) + _extras(process, given, row))


def _line(process: Process, row: Row, names: Names, width: int) -> Steps:
    local = joined((yield from names.host(row.local[0])), names.port(row.local[1], row.proto), width)
    peer = joined((yield from names.host(row.peer[0])), names.port(row.peer[1], row.proto), width)
    proto = row.proto + ("6" if row.family == "inet6" else "")
    state = "7" if row.proto == "raw" else row.state
    return f"{proto:<5} {row.recv_q:>6} {row.send_q:>6} {local:<{WIDTH}} {peer:<{WIDTH}} {state:<11}"


def _extras(process: Process, given: Options, row: Row) -> str:
    text = ""
    if "e" in given:
        user = "root" if row.uid == 0 and "n" not in given else str(row.uid)
        text += f" {user:<10} {row.inode:<10}"
    if "p" in given:
        text += f" {_program(process, row):<20}"
    return text + (" off (0.00/0/0)" if "o" in given else "")


def _program(process: Process, row: Row) -> str:
    """The pid and the name of the owner, if this process sees it."""
    for number, owner in visible_processes(process).items():
        if row.pid and owner.pid == row.pid:
            return f"{number}/{owner.argv[0].rpartition('/')[2]}"[:20]
    return "-"


def _unix(process: Process, given: Options, choice: Choice) -> None:
    path = "PID/Program name     Path" if "p" in given else "Path"
    process.print(f"Active UNIX domain sockets ({choice.title})")
    process.print(f"Proto RefCnt Flags       Type       State         I-Node   {path}")
