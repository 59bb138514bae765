"""stat: everything that stat(2) tells of a file (stat(1)). Left out: the file system (-f), which a lab has no figures of."""

from __future__ import annotations

from simulator.clock import S, Steps
from simulator.kernel.disk import Node
from simulator.kernel.process import Process
from simulator.userland import inode
from simulator.userland.date import formatted
from simulator.userland.getopt import Options
from simulator.userland.ls_layout import Entry, owner
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

LONG = {"format=": "c", "printf=": "printf", "dereference": "L", "terse": "t", "file-system": "f"}
MOMENT = "%Y-%m-%d %H:%M:%S.%N %z"
DEVICE = (254, 0)
OVERLAY = (0, 214)
TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z {birth}%o"


def stat(process: Process) -> Steps:
    return (yield from _stat(process, BUSYBOX))


def gnu_stat(process: Process) -> Steps:
    return (yield from _stat(process, GNU))


def _stat(process: Process, style: Style) -> Steps:
    given = style.options(process, "c:Ltf", long=LONG if style.gnu else {})
    if not given.operands:
        style.refuse(process, "missing operand" if style.gnu else "")
    if "f" in given:
        return style.complain(process, "docklab does not simulate file systems' figures")
    status = 0
    for name in given.operands:
        path = process.path(name)
        try:
            node = process.disk.lookup(path, follow="L" in given)
        except OSError as failure:
            told = f"cannot statx '{name}'" if style.gnu else f"can't stat '{name}'"
            status = style.complain(process, f"{told}: {strerror(failure)}")
            continue
        process.print(_shown(process, style, given, Entry(name, path, node)), end="" if "printf" in given else "\n")
    return status
    yield


def _shown(process: Process, style: Style, given: Options, entry: Entry) -> str:
    if "printf" in given:
        return _filled(process, given.get("printf").replace("\\n", "\n").replace("\\t", "\t"), entry)
    if "c" in given:
        return _filled(process, given.get("c"), entry)
    if "t" in given:
        return _filled(process, TERSE.replace("{birth}", "%W " if style.gnu else ""), entry)
    return _filled(process, _page(style, entry.node), entry)


def _page(style: Style, node: Node) -> str:
    """What is shown if no format is asked for."""
    major, minor = DEVICE if style.gnu else OVERLAY
    device = f"{major},{minor}" if style.gnu else f"{major * 256 + minor:x}h/{major * 256 + minor}d"
    special = "     Device type: %t,%T" if inode.letter(node) == "c" else ""
    name = "  File: %N" if style.gnu or inode.letter(node) != "l" else "  File: '%n' -> '{target}'"
    if inode.letter(node) != "l":
        name = "  File: %n"
    name = name.replace("{target}", inode.link_target(node))
    lines = [
        name,
        f"  Size: {inode.size(node):<10}\tBlocks: {inode.kilobytes(node) * 2:<10} IO Block: {inode.BLOCK:<6} %F",
        f"Device: {device}\tInode: %i{{pad}}  Links: %h{special}",
        "Access: (%04a/%A)  Uid: ({uid}/{user})   Gid: ({gid}/{group})",
        "Access: %x",
        "Modify: %y",
        "Change: %z",
    ]
    return "\n".join([*lines, " Birth: %w"] if style.gnu else lines)


def _filled(process: Process, template: str, entry: Entry) -> str:
    values = _values(process, entry)
    template = template.replace("{pad}", " " * max(0, 10 - len(values["i"])))
    for name, letter in (("uid", "u"), ("gid", "g")):
        template = template.replace("{" + name + "}", values[letter].rjust(5))
    for name, letter in (("user", "U"), ("group", "G")):
        template = template.replace("{" + name + "}", values[letter].rjust(8))
    template = template.replace("%04a", values["a"].rjust(4, "0"))
    shown, index = "", 0
    while index < len(template):
        char = template[index]
        index += 1
        if char == "%" and index < len(template):
            shown += values.get(template[index], "?")
            index += 1
        else:
            shown += char
    return shown


def _values(process: Process, entry: Entry) -> dict[str, str]:
    """What each letter of a format stands for."""
    node, disk = entry.node, process.disk
    user, group = owner(process, entry, numbers=False)
    moment = formatted(MOMENT, process.clock.at(node.mtime), node.mtime % S)
    seconds = str(node.mtime // S)
    major, minor = inode.device_numbers(node) if inode.letter(node) == "c" else (0, 0)
    link = f" -> '{inode.link_target(node)}'" if inode.letter(node) == "l" else ""
    return {
        "%": "%", "n": entry.name, "N": f"'{entry.name}'{link}" if link else entry.name, "s": str(inode.size(node)),
        "a": f"{inode.permissions(node):o}", "A": inode.mode_text(node), "b": str(inode.kilobytes(node) * 2), "B": "512",
        "d": str(DEVICE[0] * 256 + DEVICE[1]), "D": f"{DEVICE[0] * 256 + DEVICE[1]:x}", "f": f"{inode.raw_mode(node):x}",
        "F": inode.type_name(node), "g": str(node.uid), "G": group, "h": str(inode.links(disk, entry.path, node)),
        "i": str(inode.number(disk, entry.path)), "o": str(inode.BLOCK), "t": f"{major:x}", "T": f"{minor:x}",
        "u": str(node.uid), "U": user, "x": moment, "y": moment, "z": moment, "w": moment,
        "X": seconds, "Y": seconds, "Z": seconds, "W": seconds, "m": "/",
    }  # fmt: skip
