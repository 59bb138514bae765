"""sysctl(8): settings of the kernel, in two flavours: procps 4.0 (`sysctl`) and busybox 1.35 (`busybox_sysctl`).

The model has those of the network namespace (net.*) and the host's names; the rest of /proc/sys does not exist here.
"""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel import sysctl as kernel
from simulator.kernel.errors import error, strerror
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, lines, options_or_usage
from simulator.userland.usage_host import HOST

_LONG = {"all": "a", "binary": "b", "ignore": "e", "names": "N", "values": "n", "load?": "p", "pattern=": "r"}
_LONG |= {"quiet": "q", "write": "w", "help": "h", "version": "V", "dry-run": "0", "deprecated": "1", "system": "2"}
DEFAULT_FILE = "/etc/sysctl.conf"


# -- the settings ------------------------------------------------------------------------------------------------------


def settings(process: Process) -> dict[str, str]:
    """All keys of this namespace in their order, those of each device included."""
    own = {key: kernel.read(process.netns, key) for key in kernel.keys(process.netns)}
    own["kernel.hostname"] = process.uts.hostname
    own["kernel.domainname"] = process.uts.domainname or "(none)"
    return dict(sorted(own.items()))


def read(process: Process, key: str) -> str:
    """Raises OSError ENOENT."""
    if key not in ("kernel.hostname", "kernel.domainname"):
        return kernel.read(process.netns, key)
    return settings(process)[key]


def write(process: Process, key: str, value: str) -> None:
    """Raises OSError ENOENT, EROFS in a container, EINVAL for what is no number."""
    read(process, key)
    if not process.may("SYS_ADMIN"):
        raise error(errno.EROFS)
    if key == "kernel.hostname":
        process.uts.hostname = value
    else:
        kernel.write(process.netns, key, value)


def key_from_text(text: str) -> str:
    """net/ipv4/ip_forward is net.ipv4.ip_forward."""
    return text.replace("/", ".") if "/" in text.partition(".")[0] else text


def under(process: Process, key: str) -> list[str]:
    """The keys of a directory."""
    return [known for known in settings(process) if known.startswith(key + ".")]


# -- procps ------------------------------------------------------------------------------------------------------------


def sysctl(process: Process) -> Steps:
    given = options_or_usage(process, "neNabwqop::fr:AXxdhV", long=_LONG, usage=HOST["sysctl"], status=0)
    if "h" in given or "d" in given:
        process.print(HOST["sysctl"])
        return 0
    if "V" in given:
        process.print("sysctl from procps-ng 4.0.2")
        return 0
    if any(letter in given for letter in "aAX"):
        for key, value in settings(process).items():
            _show(process, given, key, value)
        return 0
    if "p" in given or "f" in given:
        return (yield from _load(process, given))
    if not given.operands:
        text = "sysctl: no variables specified\nTry `sysctl --help' for more information."
        process.error(text if given.given else HOST["sysctl"])
        return 1
    if "w" in given and not all("=" in word for word in given.operands):
        process.error("sysctl: command line(0): invalid syntax, continuing...")
        return 1
    return max([_one(process, given, word) for word in given.operands])


def _one(process: Process, given: Options, word: str) -> int:
    text, equals, value = word.partition("=")
    key = key_from_text(text.strip())
    try:
        if equals:
            write(process, key, value.strip())
            if "q" not in given:
                _show(process, given, key, value.strip())
            return 0
        _show(process, given, key, read(process, key))
    except OSError as refusal:
        return _complain(process, given, key, refusal)
    return 0


def _complain(process: Process, given: Options, key: str, refusal: OSError) -> int:
    if refusal.errno != errno.ENOENT:
        process.error(f'sysctl: setting key "{key}": {strerror(refusal.errno or 0)}')
        return 1
    inside = under(process, key)
    for known in inside:
        _show(process, given, known, read(process, known))
    if inside or "e" in given:
        return 0
    process.error(f"sysctl: cannot stat /proc/sys/{key.replace('.', '/')}: {strerror(errno.ENOENT)}")
    return 1


def _show(process: Process, given: Options, key: str, value: str) -> None:
    if "N" in given:
        process.print(key)
    elif "n" in given or "b" in given:
        process.print(value, end="" if "b" in given else "\n")
    else:
        process.print(f"{key} = {value}")


def _load(process: Process, given: Options) -> Steps:
    status = 0
    for path in [given.get("p"), *given.operands] if given.get("p") else given.operands or [DEFAULT_FILE]:
        try:
            found = yield from lines(process.open(path))
        except OSError as refusal:
            if path == DEFAULT_FILE:
                continue
            process.error(f'sysctl: cannot open "{path}": {strerror(refusal.errno or 0)}')
            return 1
        for line in found:
            if line.strip() and line.strip()[0] not in "#;":
                status |= _one(process, given, line)
    return status


# -- busybox -----------------------------------------------------------------------------------------------------------


def busybox_sysctl(process: Process) -> Steps:
    given = BUSYBOX.options(process, "+neAapwq")
    if "a" in given or "A" in given:
        for key, value in settings(process).items():
            _show(process, given, key, value)
        return 0
    words = given.operands
    if "p" in given:
        found: list[str] = []
        for path in words or [DEFAULT_FILE]:
            try:
                found += yield from lines(process.open(path))
            except OSError as refusal:
                process.error(f"sysctl: {path}: {strerror(refusal.errno or 0)}")
        words = ["".join(line.split()) for line in found if line.strip() and line.strip()[0] not in "#;"]
    return max([_busybox_one(process, given, word) for word in words], default=0)


def _busybox_one(process: Process, given: Options, word: str) -> int:
    text, equals, value = word.partition("=")
    key = key_from_text(text)
    if "w" in given and not equals:
        process.error(f"sysctl: error: '{key}' must be of the form name=value")
        return 1
    try:
        if equals:
            write(process, key, value)
            if "q" not in given:
                _show(process, given, key, value)
            return 0
        _show(process, given, key, read(process, key))
    except OSError as refusal:
        return _busybox_complain(process, given, key, refusal, writing=bool(equals))
    return 0


def _busybox_complain(process: Process, given: Options, key: str, refusal: OSError, *, writing: bool) -> int:
    if refusal.errno != errno.ENOENT:
        process.error(f"sysctl: error setting key '{key}': {strerror(refusal.errno or 0)}")
        return 1
    inside: list[str] = [] if writing else under(process, key)
    for known in inside:
        _show(process, given, known, read(process, known))
    if inside:
        return 0
    if "e" not in given:
        process.error(f"sysctl: error: '{key}' is an unknown key")
    return 1
