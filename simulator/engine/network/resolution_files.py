"""The two files of a container that name things: /etc/hosts and /etc/resolv.conf, on the host's disk.

Mirrors the part of libnetwork's sandbox_dns_unix.go that touches files. A resolv.conf that somebody has changed is left
alone, until the embedded DNS takes it over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.engine.network import hosts_file, resolv_conf

if TYPE_CHECKING:
    from simulator.engine.network.sandbox import SandboxConfig
    from simulator.kernel.disk import Disk

HOSTS = "/etc/hosts"
LOOPBACK_PREFIX = "127."


class ResolutionFiles:
    """The files of one sandbox."""

    def __init__(self, disk: Disk, config: SandboxConfig) -> None:
        self._disk, self._config = disk, config
        self._written: str | None = None  # resolv.conf as the engine wrote it last
        self._embedding_failed = False
        self.own_ndots = False
        self.external_servers: list[tuple[str, bool]] = []

    def write(self) -> None:
        """Both files anew."""
        config = self._config
        if config.host and not config.extra_hosts:
            self._write(config.hosts_path, self._read(HOSTS))
        else:
            self._write(config.hosts_path, hosts_file.hosts_text(config.extra_hosts))
        self._write_resolv()

    def _write_resolv(self) -> None:
        config, origin = self._config, self._read(self._config.origin_resolv_path)
        if config.host and not config.dns.given:
            self._write(config.resolv_path, origin)
            return
        if config.dns.given:
            text = resolv_conf.chosen(origin, config.dns)
            self._use_servers(text, from_host=False)
        else:
            text = resolv_conf.filtered(origin, ipv6=True)
            self._use_servers(origin, from_host=True)
        self._write(config.resolv_path, text)
        self._written = text

    def _use_servers(self, text: str, *, from_host: bool) -> None:
        """Loopback servers of the host's file are the host's own, those that were chosen the container's."""
        self.external_servers += [
            (server, from_host and server.startswith(LOOPBACK_PREFIX))
            for server in resolv_conf.servers(text, version=4)
        ]

    def add_own_lines(self, addresses: list[str]) -> None:
        """The container has joined a network: its own name gets a line for each address there."""
        if addresses and not self._config.host:
            names = hosts_file.own_names(self._config.hostname, self._config.domainname)
            self.change_hosts(lambda text: hosts_file.with_lines(text, [(address, names) for address in addresses]))

    def change_hosts(self, change: Callable[[str], str]) -> None:
        text = self._read(self._config.hosts_path)
        changed = change(text)
        if changed != text:
            self._write(self._config.hosts_path, changed)

    def update_resolv(self, *, ipv6: bool) -> None:
        """The container has joined a network: without IPv6 there, servers of IPv6 go."""
        config = self._config
        if config.host or config.dns.given:
            return
        current = self._read(config.resolv_path)
        if self._written is not None and current != self._written:
            return
        self._written = resolv_conf.filtered(current, ipv6=ipv6)
        self._write(config.resolv_path, self._written)

    def embed(self) -> bool:
        """Points resolv.conf at the embedded DNS; False if its options make that impossible, then and for good."""
        if self._embedding_failed:
            return False
        current = self._read(self._config.resolv_path)
        if not self.external_servers:
            self._use_servers(current, from_host=False)
        try:
            text, self.own_ndots = resolv_conf.embedded(current)
        except ValueError:
            self._embedding_failed = True
            return False
        self._write(self._config.resolv_path, text)
        return True

    def _read(self, path: str) -> str:
        try:
            return self._disk.read(path).decode("utf-8", "surrogateescape")
        except OSError:
            return ""

    def _write(self, path: str, text: str) -> None:
        if path:
            self._disk.write(path, text.encode("utf-8", "surrogateescape"))
