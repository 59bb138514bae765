"""Which program stands behind which name: busybox's applets, and the GNU tools of a Debian host.

Values are references "module:function", imported when the program first runs. Network programs are in `applets_net`.
"""

from __future__ import annotations

PACKAGE = "simulator.userland"

ASH = f"{PACKAGE}.shell:sh"
BASH = f"{PACKAGE}.shell:bash"
DASH = f"{PACKAGE}.shell:dash"

# module: the programs in it that are the same in both styles
_COMMON = {
    "cat": "nl rev",
    "echo": "echo",
    "pwd": "pwd",
    "more": "more less",
    "not_simulated": "vi ed df mount umount",
    "test": "[ test",
    "truth": "true false sync",
}
# module: the programs that are `NAME` in busybox's style and `gnu_NAME` in GNU's
_BOTH = {
    "awk": "awk",
    "basename": "basename dirname",
    "base64": "base64",
    "cat": "cat tac",
    "checksum": "md5sum sha1sum sha256sum sha512sum",
    "chmod": "chmod chown chgrp",
    "cmp": "cmp",
    "cp": "cp mv",
    "cut": "cut",
    "date": "date",
    "diff": "diff",
    "dmesg": "dmesg",
    "du": "du",
    "env": "env printenv",
    "expr": "expr",
    "find": "find",
    "fold": "fold",
    "free": "free",
    "grep": "grep egrep fgrep",
    "head": "head",
    "hexdump": "hexdump od xxd",
    "hostname": "hostname",
    "id": "id whoami groups logname",
    "kill": "kill",
    "ln": "ln readlink realpath",
    "ls": "ls",
    "mkdir": "mkdir rmdir mktemp",
    "nohup": "setsid",
    "paste": "paste",
    "pgrep": "pidof killall",
    "printf": "printf",
    "ps": "ps",
    "rm": "rm unlink",
    "sed": "sed",
    "seq": "seq",
    "shuf": "shuf",
    "sleep": "sleep",
    "sort": "sort",
    "stat": "stat",
    "su": "su",
    "tail": "tail",
    "tar": "tar",
    "tee": "tee",
    "terminal": "clear reset tty stty",
    "time": "time",
    "timeout": "timeout",
    "touch": "touch truncate",
    "tr": "tr",
    "uname": "uname arch nproc",
    "uniq": "uniq",
    "uptime": "uptime",
    "watch": "watch",
    "wc": "wc",
    "which": "which",
    "who": "w who",
    "xargs": "xargs",
    "yes": "yes",
}
_GNU_ONLY = {
    "column": "column",
    "nohup": "nohup nice",
    "not_simulated": "vim nano emacs jq",
    "pgrep": "pgrep pkill",
}
_BUSYBOX_ONLY = {"sleep": "usleep", "strings": "strings", "top": "top"}


def _references(table: dict[str, str], prefix: str = "") -> dict[str, str]:
    return {
        name: f"{PACKAGE}.{module}:{prefix}{_FUNCTIONS.get(name, name)}"
        for module, names in table.items()
        for name in names.split()
    }


# Names that are no names in Python, or that several names share.
_FUNCTIONS = {
    "[": "test", "[[": "test", "egrep": "grep", "fgrep": "grep", "less": "more", "true": "true", "false": "false",
    "ed": "editor", "vi": "editor", "vim": "editor", "nano": "editor", "emacs": "editor", "sync": "true",
    "df": "unsimulated", "mount": "unsimulated", "umount": "unsimulated", "jq": "unsimulated",
    "sha1sum": "checksum", "sha256sum": "checksum", "sha512sum": "checksum", "md5sum": "checksum",
    "chgrp": "chown",
}  # fmt: skip

BUSYBOX: dict[str, str] = {
    **_references(_COMMON),
    **_references(_BOTH),
    **_references(_BUSYBOX_ONLY),
    "[[": f"{PACKAGE}.test:test",
    "ash": ASH,
    "sh": ASH,
    "busybox": f"{PACKAGE}.busybox:busybox",
}
GNU: dict[str, str] = {
    **_references(_COMMON),
    **_references(_BOTH, "gnu_"),
    **_references(_GNU_ONLY),
    "dash": DASH,
    "top": f"{PACKAGE}.not_simulated:unsimulated",
}
