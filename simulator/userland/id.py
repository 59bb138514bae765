"""id, whoami, groups, logname: who the process runs as."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.accounts import accounts, credentials_of, user_name
from simulator.userland.program import BUSYBOX, GNU, Style

LONG = {"user": "u", "group": "g", "groups": "G", "name": "n", "real": "r"}


def id(process: Process) -> Steps:
    return (yield from _id(process, BUSYBOX))


def gnu_id(process: Process) -> Steps:
    return (yield from _id(process, GNU))


def _id(process: Process, style: Style) -> Steps:
    given = style.options(process, "ugGnr", long=LONG)
    who = process.credentials
    if given.operands:
        row = next((row for row in accounts(process) if row[0] == given.operands[0]), None)
        if row is None:
            name = given.operands[0]
            return style.complain(process, f"‘{name}’: no such user" if style.gnu else f"unknown user {name}")
        who = credentials_of(process, row)
    uid, numbers = who.uid, who.all_groups
    if "u" in given:
        process.print(user_name(process, uid) if "n" in given else str(uid))
    elif "g" in given or "G" in given:
        chosen = numbers if "G" in given else numbers[:1]
        process.print(" ".join(_group_name(process, number) if "n" in given else str(number) for number in chosen))
    else:
        groups = ",".join(_labelled(number, _group_name(process, number)) for number in numbers)
        group = _labelled(numbers[0], _group_name(process, numbers[0]))
        process.print(f"uid={_labelled(uid, user_name(process, uid))} gid={group} groups={groups}")
    return 0
    yield


def _labelled(number: int, name: str) -> str:
    """A number with its name, where it has one."""
    return f"{number}({name})" if name != str(number) else name


def _group_name(process: Process, number: int) -> str:
    rows = accounts(process, "/etc/group")
    return next((row[0] for row in rows if row[2] == str(number)), str(number))


def whoami(process: Process) -> Steps:
    return (yield from _whoami(process, BUSYBOX, "unknown uid"))


def gnu_whoami(process: Process) -> Steps:
    return (yield from _whoami(process, GNU, "cannot find name for user ID"))


def _whoami(process: Process, style: Style, unknown: str) -> Steps:
    name = user_name(process, process.uid)
    if name == str(process.uid):
        return style.complain(process, f"{unknown} {name}")
    process.print(name)
    return 0
    yield


logname, gnu_logname = whoami, gnu_whoami


def groups(process: Process) -> Steps:
    process.print(" ".join(_group_name(process, number) for number in process.credentials.all_groups))
    return 0
    yield


gnu_groups = groups
