"""nsenter(1): runs a program in the namespaces of another process. In two flavours: util-linux 2.38, busybox 1.35.

Left out: IPC, user, cgroup and time namespaces (options for them change nothing), other users and directories.
"""

from __future__ import annotations

import errno
import re

from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.netdevice import not_simulated
from simulator.userland.program import BUSYBOX, GNU, visible_processes
from simulator.userland.usage_host import HOST

_LETTERS = "+ahVt:m::u::i::n::p::C::U::T::S:G:r::w::W:FZ"
_LONG = {"all": "a", "help": "h", "version": "V", "target=": "t", "mount?": "m", "uts?": "u", "ipc?": "i", "net?": "n"}
_LONG |= {"pid?": "p", "user?": "U", "cgroup?": "C", "time?": "T", "no-fork": "F", "setuid=": "S", "setgid=": "G"}
_LONG |= {"root?": "r", "wd?": "w", "wdns=": "W", "follow-context": "Z", "preserve-credentials": "0"}
_UNSIMULATED = {"S": "user", "G": "group", "r": "root directory", "w": "working directory", "W": "working directory"}
_FILES = {"m": "mnt", "u": "uts", "n": "net", "p": "pid", "i": "ipc", "C": "cgroup", "U": "user", "T": "time"}


class Bad(Exception):
    """Ends the program with a line on standard error and a status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class Texts(Struct, frozen=True):
    """How a flavour words that a file is not there, that the kernel refuses, that a program cannot be run."""

    absent: str
    refused: str
    failed: str


_UTIL_LINUX = Texts("cannot open {}", "reassociate to namespace 'ns/{}' failed", "failed to execute {}")
_BUSYBOX = Texts("can't open '{}'", "setns(): can't reassociate to namespace '{}'", "can't execute '{}'")


class Entering(Struct):
    """Whose namespaces are entered."""

    target: Process | None = None
    kinds: set[str] = field(default_factory=set)
    netns: NetNamespace | None = None


def nsenter(process: Process) -> Steps:
    given = GNU.options(process, _LETTERS, long=_LONG, permute=False)
    if "h" in given:
        process.print(HOST["nsenter"])
        return 0
    if "V" in given:
        process.print("nsenter from util-linux 2.38.1")
        return 0
    return (yield from _enter(process, given, _UTIL_LINUX))


def busybox_nsenter(process: Process) -> Steps:
    given = BUSYBOX.options(process, "+t:m::u::i::n::p::U::S:G:r::w::F", permute=False)
    return (yield from _enter(process, given, _BUSYBOX))


def _enter(process: Process, given: Options, texts: Texts) -> Steps:
    for letter, what in _UNSIMULATED.items():
        if letter in given:
            return not_simulated(process, f"another {what} (nsenter -{letter})")
    try:
        entering = _namespaces(process, given, texts)
        if entering.kinds and not process.may("SYS_ADMIN"):
            first = next(_FILES[kind] for kind in _FILES if kind in entering.kinds)
            raise Bad(f"{texts.refused.format(first)}: {strerror(errno.EPERM)}")
        argv = given.operands or [process.env.get("SHELL", "/bin/sh")]
        child = _spawn(process, entering, argv, texts)
    except Bad as bad:
        process.error(f"nsenter: {bad}")
        return bad.status
    return (yield child.exited)


def _namespaces(process: Process, given: Options, texts: Texts) -> Entering:
    """Raises Bad."""
    kinds = list(_FILES) if "a" in given else [kind for kind in _FILES if kind in given]
    entering = Entering(_target(process, given, kinds, texts))
    for kind in kinds:
        path = given.get(kind)
        if kind == "n" and path:
            entering.netns = _by_path(process, path, texts)
        elif entering.target is None:
            raise Bad(f"neither filename nor target pid supplied for ns/{_FILES[kind]}")
        entering.kinds.add(kind)
    return entering


def _target(process: Process, given: Options, kinds: list[str], texts: Texts) -> Process | None:
    if "t" not in given:
        return None
    text = given.get("t")
    if not text.isdigit():
        raise Bad(f"failed to parse pid: '{text}'")
    found = visible_processes(process).get(int(text))
    if found is None and kinds:
        raise Bad(f"{texts.absent.format(f'/proc/{text}/ns/{_FILES[kinds[0]]}')}: {strerror(errno.ENOENT)}")
    return found


def _by_path(process: Process, path: str, texts: Texts) -> NetNamespace:
    """/proc/PID/ns/net, or a file that stands for a namespace. Raises Bad."""
    found = re.fullmatch(r"/proc/(\d+)/ns/net", path)
    if found:
        other = visible_processes(process).get(int(found.group(1)))
        if other:
            return other.netns
    try:
        kept = process.disk.lookup(process.path(path)).content
    except OSError as failure:
        raise Bad(f"{texts.absent.format(path)}: {strerror(failure.errno or 0)}") from None
    if not isinstance(kept, NetNamespace):
        raise Bad(f"{texts.refused.format('net')}: {strerror(errno.EINVAL)}")
    return kept


def _spawn(process: Process, entering: Entering, argv: list[str], texts: Texts) -> Process:
    """Raises Bad with the status of a shell that cannot run a command."""
    target, kinds = entering.target, entering.kinds
    netns = entering.netns or (target.netns if target and "n" in kinds else process.netns)
    try:
        if target is None or not kinds & {"m", "u", "p"}:
            return process.spawn(argv, netns=netns)
        child = process.machine.spawn(
            argv,
            env=process.env,
            cwd="/" if "m" in kinds else process.cwd,
            files=process.files,
            netns=netns,
            disk=target.root if "m" in kinds else process.root,
            uts=target.uts if "u" in kinds else process.uts,
            pids=target.pids if "p" in kinds else process.pids,
        )
    except OSError as refusal:
        number = refusal.errno or errno.ENOENT
        text = f"{texts.failed.format(argv[0])}: {strerror(number)}"
        raise Bad(text, 127 if number == errno.ENOENT else 126) from None
    child.sit_at(process.tty, process.group)
    return child
