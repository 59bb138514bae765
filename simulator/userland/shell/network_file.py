"""bash's own files /dev/tcp/HOST/PORT and /dev/udp/HOST/PORT: redirections that connect a socket. lib/sh/netopen.c."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Any

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland import services
from simulator.userland.resolver import Unresolved, resolve
from simulator.userland.shell.errors import RedirectionError

if TYPE_CHECKING:
    from simulator.userland.shell.state import Shell

PATH = re.compile(r"/dev/(tcp|udp)/([^/]+)/([^/]+)")
KINDS = {"tcp": "stream", "udp": "dgram"}


def connected(shell: Shell, path: str) -> Steps:
    """A socket, connected to the first address that answers; None for any other path. Raises RedirectionError."""
    found = PATH.fullmatch(path) if shell.dialect.name == "bash" else None
    if found is None:
        return None
    protocol, host, service = found.groups()
    try:
        addresses = yield from resolve(shell.process, host)
    except Unresolved:
        shell.complain(f"{host}: Name or service not known")
        raise _refused(path, errno.EINVAL) from None
    port = _port(shell.process, service, protocol)
    if port is None:
        shell.complain(f"{service}: Servname not supported for ai_socktype")
        raise _refused(path, errno.EINVAL)
    number = errno.EINVAL
    for address in addresses:
        socket: Any = shell.process.socket("inet6" if ":" in address else "inet", KINDS[protocol])
        try:
            if connecting := socket.connect(address, port):
                yield connecting
        except OSError as refusal:
            number = refusal.errno or number
            socket.close()
        else:
            return socket
    shell.process.error(f"{shell.name}: connect: {strerror(number)}")
    raise _refused(path, number)


def _port(process: Process, service: str, protocol: str) -> int | None:
    if service.isdigit():
        return int(service)
    return next((port for name, port, kind, _ in services.table(process) if (name, kind) == (service, protocol)), None)


def _refused(path: str, number: int) -> RedirectionError:
    return RedirectionError(f"{path}: {strerror(number)}", 1)
