"""The /etc/resolv.conf that the engine writes for a container. Mirrors libnetwork's resolvconf and sandbox_dns_unix.go.

Three cases: the host's file is filtered (no loopback servers, no IPv6 ones without IPv6); it is built anew when --dns,
--dns-search or --dns-opt was given; and on a network with embedded DNS it is rebuilt to point at 127.0.0.11. See
resolv.conf(5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

EMBEDDED_SERVER = "127.0.0.11"
NDOTS = "ndots:0"  # the embedded server knows names without dots

# What a container gets when the host has no server that it could reach.
DEFAULT_SERVERS = {4: ("8.8.8.8", "8.8.4.4"), 6: ("2001:4860:4860::8888", "2001:4860:4860::8844")}

# systemd-resolved listens here; its own list of servers is in the alternate file.
SYSTEMD_STUB = "127.0.0.53"
PATH, ALTERNATE_PATH = "/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"

_IPV4_PART = r"(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
_IPV4 = rf"(?:{_IPV4_PART}\.){{3}}{_IPV4_PART}"
_IPV6 = r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:%\w+)?"
_SERVER = re.compile(rf"\s*nameserver\s*({_IPV4}|{_IPV6})\s*", re.ASCII)
_LOOPBACK_LINE = re.compile(r"^nameserver\s+(?:127(?:\.\d{1,3}){3}|::1\b)\s*\n*", re.MULTILINE | re.ASCII)
_IPV6_LINE = re.compile(rf"^nameserver\s+{_IPV6}\s*\n*", re.MULTILINE | re.ASCII)


class DnsOptions(Struct, frozen=True):
    """What was asked for with --dns, --dns-search and --dns-opt."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        return bool(self.servers or self.search or self.options)


def _lines(text: str) -> list[str]:
    return [line.partition("#")[0] for line in text.split("\n")]


def servers(text: str, *, version: int | None = None) -> list[str]:
    """The name servers in a resolv.conf, of one address family or of both."""
    found = [match.group(1) for line in _lines(text) if (match := _SERVER.fullmatch(line))]
    return [server for server in found if version is None or (version == 6) == (":" in server)]


def _last(text: str, keyword: str) -> list[str]:
    """The words of the last line with this keyword."""
    words: list[str] = []
    for line in _lines(text):
        if line.lstrip().startswith(keyword):
            words = line.lstrip()[len(keyword) :].split()
    return words


def search_domains(text: str) -> list[str]:
    return _last(text, "search")


def resolver_options(text: str) -> list[str]:
    return _last(text, "options")


def resolv_text(server_list: Sequence[str], search: Sequence[str], options: Sequence[str]) -> str:
    """A new file. A search list of one dot means none."""
    domains, words = " ".join(search), " ".join(options)
    head = f"search {domains}\n" if domains and domains.strip() != "." else ""
    tail = f"options {words}\n" if words.strip() else ""
    return head + "".join(f"nameserver {server}\n" for server in server_list) + tail


def chosen(host_text: str, given: DnsOptions) -> str:
    """The file of a container that was given options: what it was not given comes from the host's file."""
    return resolv_text(
        given.servers or servers(host_text),
        given.search or search_domains(host_text),
        given.options or resolver_options(host_text),
    )


def filtered(text: str, *, ipv6: bool) -> str:
    """The file without the servers that a container cannot reach; with the public ones if none is left."""
    text = _LOOPBACK_LINE.sub("", text)
    if not ipv6:
        text = _IPV6_LINE.sub("", text)
    if servers(text):
        return text
    public = DEFAULT_SERVERS[4] + (DEFAULT_SERVERS[6] if ipv6 else ())
    return text + "\n" + "\n".join(f"nameserver {server}" for server in public)


def embedded(text: str) -> tuple[str, bool]:
    """The file of a container with embedded DNS, and whether the old one sets ndots. Raises ValueError."""
    options = resolver_options(text)
    own_ndots = next((option for option in options if "ndots" in option), None)
    if own_ndots is not None:
        _, colon, number = own_ndots.partition(":")
        if not colon or not number.isdecimal():
            raise ValueError(f"invalid ndots option {own_ndots}")
    else:
        options = [*options, NDOTS]
    server_list = [EMBEDDED_SERVER, *servers(text, version=6)]
    return resolv_text(server_list, search_domains(text), options), own_ndots is not None


def is_systemd_stub(text: str) -> bool:
    """Whether the host's file names systemd-resolved's stub and nothing else."""
    return servers(text) == [SYSTEMD_STUB]
