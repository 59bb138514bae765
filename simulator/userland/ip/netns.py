"""ip netns: namespaces with names (ip/ipnetns.c). A name is a file of /run/netns that stands for the namespace."""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, matches
from simulator.userland.netdevice import NAMED, namespaces, not_simulated
from simulator.userland.program import visible_processes
from simulator.userland.usage_iproute import IPROUTE

_NO_SPACE = f"Cannot open network namespace: {strerror(errno.ENOENT)}"


def netns(process: Process, words: Words, out: Output) -> Steps:
    """ip netns list, add, del, exec, identify, pids."""
    word = words.take() if words else "list"
    for name, command in _COMMANDS.items():
        if matches(word, name):
            return (yield from command(process, words, out))
    if matches(word, "help"):
        raise Complaint(IPROUTE["netns"], USAGE)
    if word in ("set", "attach", "monitor", "list-id"):
        return not_simulated(process, f"`ip netns {word}`")
    raise Complaint(f'Command "{word}" is unknown, try "ip netns help".', USAGE)


def named(process: Process, name: str) -> NetNamespace:
    """The namespace of this name. Raises Complaint."""
    found = namespaces(process).get(name)
    if found is None:
        raise Complaint(f'Cannot open network namespace "{name}": No such file or directory', USAGE)
    return found


def _list(process: Process, words: Words, out: Output) -> Steps:
    for name, namespace in namespaces(process).items():
        number = process.netns.known_ids().get(namespace)
        out.print(name if number is None else f"{name} (id: {number})")
    return 0
    yield


def _add(process: Process, words: Words, out: Output) -> Steps:
    if not words:
        raise Complaint("No netns name specified")
    name = words.take()
    if not process.may("SYS_ADMIN"):
        raise Complaint(f"mkdir {NAMED} failed: {strerror(errno.EPERM)}")
    if name in namespaces(process):
        raise Complaint(f'Cannot create namespace file "{NAMED}/{name}": File exists')
    process.disk.keep_namespace(f"{NAMED}/{name}", process.machine.new_netns(name))
    return 0
    yield


def _delete(process: Process, words: Words, out: Output) -> Steps:
    if not words:
        raise Complaint("No netns name specified")
    name = words.take()
    gone = namespaces(process).get(name)
    if gone is None:
        raise Complaint(f'Cannot remove namespace file "{NAMED}/{name}": No such file or directory')
    process.disk.remove(f"{NAMED}/{name}")
    if not any(other.netns is gone for other in process.machine.processes.values()):
        for device in list(gone.listed()):
            if device.kind != "loopback" and device.ifindex in gone.devices:
                device.delete()
    return 0
    yield


def _exec(process: Process, words: Words, out: Output) -> Steps:
    if not words:
        raise Complaint("No netns name specified")
    space = named(process, words.take())
    if not words:
        raise Complaint("No command specified")
    argv = words.rest()
    try:
        child = process.spawn(argv, netns=space)
    except OSError as refusal:
        text = f'exec of "{argv[0]}" failed: {strerror(refusal.errno or errno.ENOENT)}'
        raise Complaint(text) from None
    return (yield child.exited)


def _identify(process: Process, words: Words, out: Output) -> Steps:
    space = process.netns
    if words and (word := words.take()) != "self":
        other = visible_processes(process).get(int(word) if word.isdigit() else 0)
        if other is None:
            raise Complaint(_NO_SPACE if word.isdigit() else f"Specified string '{word}' is not a pid")
        space = other.netns
    names = [name for name, known in namespaces(process).items() if known is space]
    out.print("\n".join(names))
    return 0
    yield


def _pids(process: Process, words: Words, out: Output) -> Steps:
    if not words:
        raise Complaint("No netns name specified")
    space = namespaces(process).get(words.take())
    if space is None:
        raise Complaint(_NO_SPACE)
    for number, other in visible_processes(process).items():
        if other.netns is space:
            out.print(str(number))
    return 0
    yield


_COMMANDS = {
    "list": _list,
    "show": _list,
    "lst": _list,
    "add": _add,
    "delete": _delete,
    "identify": _identify,
    "pids": _pids,
    "exec": _exec,
}
