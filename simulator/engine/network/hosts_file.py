"""The /etc/hosts that the engine writes for a container. Mirrors libnetwork's etchosts and the sandbox's use of it.

Lines are the address, one tab, the names. Order: the fixed lines, the extra hosts and links, then for each network that
the container joins its own name. Lines that the container's programs add stay.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

FIXED = (
    ("127.0.0.1", "localhost"),
    ("::1", "localhost ip6-localhost ip6-loopback"),
    ("fe00::0", "ip6-localnet"),
    ("ff00::0", "ip6-mcastprefix"),
    ("ff02::1", "ip6-allnodes"),
    ("ff02::2", "ip6-allrouters"),
)

Line = tuple[str, str]  # an address and its names


def hosts_text(extra: Iterable[Line]) -> str:
    """The file of a new sandbox: the fixed lines and the extra ones."""
    return with_lines("", (*FIXED, *extra))


def own_names(hostname: str, domainname: str) -> str:
    """What a container's own line says: the full name and the bare host name, if they differ."""
    full = f"{hostname}.{domainname}" if domainname else hostname
    bare = full.partition(".")[0]
    return full if bare == full else f"{full} {bare}"


def with_lines(text: str, lines: Iterable[Line]) -> str:
    """The text with these lines at its end."""
    return text + "".join(f"{address}\t{names}\n" for address, names in lines)


def without_names(text: str, names: Container[str]) -> str:
    """The text without the lines that end in a tab and one of these names; empty lines go as well."""
    if not names:
        return text
    lines = [line for line in text.splitlines() if line and (line.startswith("#") or _last(line) not in names)]
    return "".join(f"{line}\n" for line in lines)


def _last(line: str) -> str | None:
    """What stands behind a line's last tab."""
    return line.rpartition("\t")[2] if "\t" in line else None


def with_address(text: str, name: str, address: str) -> str:
    """The text with another address wherever the first name of a line is this one."""
    return re.sub(rf"\S*(\t{re.escape(name)})(\s|\.)", rf"{address}\1\2", text)
