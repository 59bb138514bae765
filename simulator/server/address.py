"""Where a server listens, as DOCKER_HOST writes it: unix://PATH or tcp://HOST:PORT."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
import stat
from urllib.parse import urlsplit

from msgspec import Struct

DEFAULT_PORT = 2375


class Address(Struct, frozen=True):
    """`path` of a unix socket, or `host` and `port`; port 0 is any that is free."""

    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        if self.path:
            return f"unix://{self.path}"
        return f"tcp://[{self.host}]:{self.port}" if ":" in self.host else f"tcp://{self.host}:{self.port}"

    @property
    def hosts(self) -> frozenset[str] | None:
        """The names by which clients may call it; None for a unix socket, which no web page reaches."""
        return None if self.path else frozenset({self.host, "localhost"})

    @property
    def open_to_others(self) -> bool:
        """Whether other machines could reach it."""
        if self.path or self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True

    def listen(self, backlog: int) -> tuple[socket.socket, Address]:
        """A listening socket, and the address with the port it got. Raises OSError."""
        if self.path:
            return _listen_unix(self.path, backlog), self
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.host, self.port))
            listener.listen(backlog)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        return listener, Address(host=self.host, port=listener.getsockname()[1])

    def remove(self) -> None:
        """Removes the file of a unix socket."""
        if self.path:
            with contextlib.suppress(OSError):
                os.unlink(self.path)


def address_from_text(text: str) -> Address:
    """Raises ValueError with one clear line."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme == "unix" and rest:
        return Address(path=os.path.abspath(rest))
    if separator and scheme == "tcp":
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError(f"'{text}' has no port that could be") from None
        if parts.hostname:
            return Address(host=parts.hostname, port=DEFAULT_PORT if port is None else port)
    raise ValueError(f"'{text}' is no address; give unix://PATH or tcp://127.0.0.1:PORT")


def _listen_unix(path: str, backlog: int) -> socket.socket:
    """A socket that only its owner may use; one that was left behind by a server that is gone is replaced."""
    _remove_left(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(path)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    listener.setblocking(False)
    return listener


def _remove_left(path: str) -> None:
    """Removes a socket that nobody answers at. Raises OSError if somebody does, or if it is no socket."""
    try:
        kind = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise OSError(errno.EEXIST, "is there already and is no socket", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)  # a server that is too busy to answer is there all the same
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except BlockingIOError:
            pass
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), path)
