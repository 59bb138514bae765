"""id, whoami, groups, logname: who the process runs as."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.chmod import accounts, user_name
from simulator.userland.program import BUSYBOX, GNU, Style

LONG = {"user": "u", "group": "g", "groups": "G", "name": "n", "real": "r"}


def id(process: Process) -> Steps:
    return (yield from _id(process, BUSYBOX))


def gnu_id(process: Process) -> Steps:
    return (yield from _id(process, GNU))


def _id(process: Process, style: Style) -> Steps:
    given = style.options(process, "ugGnr", long=LONG)
    uid = process.uid
    if given.operands:
        row = next((row for row in accounts(process) if row[0] == given.operands[0]), None)
        if row is None:
            name = given.operands[0]
            return style.complain(process, f"‘{name}’: no such user" if style.gnu else f"unknown user {name}")
        uid = int(row[2])
    numbers = _groups(process, uid)
    if "u" in given:
        process.print(user_name(process, uid) if "n" in given else str(uid))
    elif "g" in given or "G" in given:
        chosen = numbers if "G" in given else numbers[:1]
        process.print(" ".join(_group_name(process, number) if "n" in given else str(number) for number in chosen))
    else:
        groups = ",".join(f"{number}({_group_name(process, number)})" for number in numbers)
        group = f"{numbers[0]}({_group_name(process, numbers[0])})"
        process.print(f"uid={uid}({user_name(process, uid)}) gid={group} groups={groups}")
    return 0
    yield


def _groups(process: Process, uid: int) -> list[int]:
    """The user's own group and those that list the name."""
    row = next((row for row in accounts(process) if row[2] == str(uid)), None)
    own = int(row[3]) if row is not None and len(row) > 3 else uid
    name = row[0] if row is not None else ""
    others = [int(row[2]) for row in accounts(process, "/etc/group") if len(row) > 3 and name in row[3].split(",")]
    return [own, *(number for number in others if number != own)]


def _group_name(process: Process, number: int) -> str:
    rows = accounts(process, "/etc/group")
    return next((row[0] for row in rows if row[2] == str(number)), str(number))


def whoami(process: Process) -> Steps:
    process.print(user_name(process, process.uid))
    return 0
    yield


gnu_whoami = logname = gnu_logname = whoami


def groups(process: Process) -> Steps:
    process.print(" ".join(_group_name(process, number) for number in _groups(process, process.uid)))
    return 0
    yield


gnu_groups = groups
