"""The route of busybox (networking/route.c)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.netdevice import not_simulated
from simulator.userland.program import BUSYBOX
from simulator.userland.route.changes import Misused, Twin, UnknownHost, change, read_words
from simulator.userland.route.table import Style, rows6, show

STYLE = Style(no_gateway="*", rejected=None)


def route(process: Process) -> Steps:
    given = BUSYBOX.options(process, "A:ne", permute=False)
    if given.operands:
        return (yield from _change(process, given.operands))
    if given.get("A", "inet") == "inet6":
        show6(process)
        return 0
    layout = "netstat" if "e" in given else "route"
    yield from show(process, STYLE, layout=layout, numeric="n" in given)
    return 0


def _change(process: Process, words: list[str]) -> Steps:
    if words[0] not in ("add", "del", "delete"):
        BUSYBOX.refuse(process)
    deleting = words[0] != "add"
    try:
        yield from change(process, read_words(words[1:]), deleting=deleting)
    except Misused as bad:
        if not str(bad):
            BUSYBOX.refuse(process)
        process.error(f"route: {bad}")
        return 1
    except UnknownHost as unknown:
        process.error(f"route: resolving {unknown}")
        return 1
    except Twin as twin:
        return not_simulated(process, f"a second route {twin.text}")
    except OSError as refusal:
        process.error(f"route: {'SIOCDELRT' if deleting else 'SIOCADDRT'}: {strerror(refusal.errno or 0)}")
        return 1
    return 0


def show6(process: Process) -> None:
    """The IPv6 table."""
    process.print("Kernel IPv6 routing table")
    process.print(f"{'Destination':<44}{'Next Hop':<40}Flags Metric Ref    Use Iface")
    for row in rows6(process):
        head = f"{row.destination:<44}{row.gateway:<40}{row.flags:<5} {row.metric:<6}"
        process.print(f"{head} {row.references:<2} {0:>7} {row.device:<8}")
