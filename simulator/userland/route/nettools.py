"""The route of net-tools (route.c, lib/inet_gr.c, lib/inet_sr.c, lib/inet6_gr.c)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.netdevice import not_simulated
from simulator.userland.program import options_or_usage
from simulator.userland.resolver import reverse
from simulator.userland.route.changes import Misused, Twin, UnknownHost, change, read_words
from simulator.userland.route.table import Row6, Style, rows6, show
from simulator.userland.usage_host import HOST

STYLE = Style(no_gateway="0.0.0.0", rejected=("-", "-", "-"))
_LONG = {"help": "h", "version": "V", "verbose": "v", "numeric": "n", "extend": "e", "fib": "F", "inet": "4"}
_LONG |= {"inet6": "6"}
MISUSED, UNKNOWN, REFUSED = 3, 6, 7  # exit statuses: E_OPTERR, the resolver's error, the errno's place


def route(process: Process) -> Steps:
    given = options_or_usage(process, "A:eCFhnN64Vv?", long=_LONG, permute=False, usage=HOST["route"], status=0)
    if "h" in given or "?" in given:
        process.print(HOST["route"])
        return 0
    if given.operands:
        return (yield from _change(process, given.operands))
    numeric = "n" in given
    if "6" in given or given.get("A") == "inet6":
        yield from show6(process, numeric=numeric)
        return 0
    layout = ("route", "netstat", "both")[min(len(given.all("e")), 2)]
    yield from show(process, STYLE, layout=layout, numeric=numeric)
    return 0


def _change(process: Process, words: list[str]) -> Steps:
    if words[0] not in ("add", "del", "delete"):
        process.error(HOST["route"])
        return MISUSED
    deleting = words[0] != "add"
    try:
        yield from change(process, read_words(words[1:]), deleting=deleting)
    except Misused as misused:
        if str(misused):
            process.error(f"route: {misused}\n{HOST['inet_route']}")
            return MISUSED
        process.error(HOST["inet_route"])
        return 0
    except UnknownHost as unknown:
        process.error(f"{unknown}: Unknown host")
        return UNKNOWN
    except Twin as twin:
        return not_simulated(process, f"a second route {twin.text}")
    except OSError as refusal:
        process.error(f"{'SIOCDELRT' if deleting else 'SIOCADDRT'}: {strerror(refusal.errno or 0)}")
        return REFUSED
    return 0


def show6(process: Process, *, numeric: bool) -> Steps:
    """The IPv6 table."""
    title = "Destination                    Next Hop                   Flag Met Ref  Use If"
    process.print(f"Kernel IPv6 routing table\n{title}")
    for row in rows6(process):
        destination, gateway = row.destination, row.gateway
        if not numeric:
            destination, gateway = yield from _names(process, row)
        head = f"{destination:<30} {gateway:<26} {row.flags:<4} {row.metric:<3}"
        process.print(f"{head} {row.references:<3}{0:>5} {row.device}")


def _names(process: Process, row: Row6) -> Steps:
    address, _, length = row.destination.partition("/")
    if address == "::":
        return f"[::]/{length}", "[::]" if row.gateway == "::" else row.gateway
    name = (yield from reverse(process, address)) if length == "128" else None
    return f"{name or address}/{length}", "[::]" if row.gateway == "::" else row.gateway
