"""hostname: the name of the host or container, its addresses and domain (hostname(1), of busybox and net-tools)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, options_or_usage
from simulator.userland.resolver import EAI_AGAIN, Unresolved, hosts, resolve

LONG = {"fqdn": "f", "long": "f", "ip-address": "i", "all-ip-addresses": "I", "short": "s", "domain": "d", "alias": "a",
        "all-fqdns": "A", "file=": "F", "boot": "b", "yp": "y", "nis": "y"}  # fmt: skip
GNU_USAGE = """\
Usage: hostname [-b] {hostname|-F file}         set host name (from file)
       hostname [-a|-A|-d|-f|-i|-I|-s|-y]       display formatted name
       hostname                                 display host name"""


def hostname(process: Process) -> Steps:
    """busybox's: -s -i -d -f, and setting the name, which containers may not."""
    given = BUSYBOX.options(process, "sidfvF:")
    if given.operands or "F" in given:
        return BUSYBOX.complain(process, "sethostname: Operation not permitted")
    return (yield from _show(process, given, gnu=False))


def gnu_hostname(process: Process) -> Steps:
    given = options_or_usage(process, "fiIsdaAbF:y", long=LONG, usage=GNU_USAGE, status=255)
    if given.operands:
        process.uts.hostname = given.operands[0]
        return 0
    return (yield from _show(process, given, gnu=True))


def _show(process: Process, given: Options, *, gnu: bool) -> Steps:
    name = process.uts.hostname
    wanted = given.last_of("fiIsdaA")
    if wanted == "I":
        process.print(" ".join(_own_addresses(process)), end=" \n")
    elif wanted == "s":
        process.print(name.partition(".")[0])
    elif wanted == "i":
        return (yield from _addresses(process, name, gnu=gnu))
    elif wanted in ("f", "A"):
        process.print(_full_name(process, name))
    elif wanted == "d":
        domain = _full_name(process, name).partition(".")[2]
        if domain or not gnu:
            process.print(domain)
    elif wanted == "a":
        process.print(" ".join(_aliases(process, name)))
    else:
        process.print(name)
    return 0


def _addresses(process: Process, name: str, *, gnu: bool) -> Steps:
    try:
        found = yield from resolve(process, name, "inet")
    except Unresolved as failure:
        why = "Host name lookup failure" if failure.errno == EAI_AGAIN else "Unknown host"  # hstrerror(3)
        process.error(f"hostname: {name}: {failure.strerror if gnu else why}")
        return 1
    process.print(" ".join(found))
    return 0


def _full_name(process: Process, name: str) -> str:
    """The first name of the line of /etc/hosts that has ours: gethostbyname's canonical name."""
    return next((names[0] for _, names in hosts(process) if name in names), name)


def _aliases(process: Process, name: str) -> list[str]:
    return next((names[1:] for _, names in hosts(process) if name in names), [])


def _own_addresses(process: Process) -> list[str]:
    """Every address of the machine that is neither a loopback nor a link-local one."""
    addresses = [
        address.ip
        for device in process.netns.devices.values()
        if device.kind != "loopback" and device.up
        for address in device.addresses
        if address.scope == "global"
    ]
    return sorted(addresses, key=lambda ip: ":" in ip)
