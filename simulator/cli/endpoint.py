"""Where the engine is that the client talks to: --host, --context, TLS, the version of the API.

Mirrors docker/cli's context resolution and its opts.ParseHost. No context but the default one exists, and no engine
listens anywhere but at a unix socket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.errors import CommandError
from simulator.golang.quote import quote

if TYPE_CHECKING:
    from simulator.cli.options import Parsed
    from simulator.kernel.process import Process
    from simulator.versions import Version

DEFAULT_HOST = "unix:///var/run/docker.sock"
_SCHEMES = ("unix", "tcp", "fd", "npipe", "ssh")
DEFAULT_PORT = 2375
_CERTIFICATES = ("tlscacert", "tlscert", "tlskey")


def check_endpoint(process: Process, options: Parsed) -> None:
    """Raises CommandError when there is no such endpoint."""
    hosts, context = options["host"], options.get("context", "")
    if hosts and context:
        raise CommandError("conflicting options: either specify --host or --context, not both")
    host = (hosts or [process.env.get("DOCKER_HOST", "")])[0]
    name = context or ("" if host else process.env.get("DOCKER_CONTEXT", ""))
    wrong = ""
    if len(hosts) > 1:
        wrong = "Please specify only one -H"
    elif name not in ("", "default"):
        wrong = f"context {quote(name)} does not exist"
    elif "://" in host and host.partition("://")[0] not in _SCHEMES:
        wrong = f"Invalid bind address format: {host}"
    elif _is_tcp(host) and not _authority(host)[1].isdecimal():
        wrong = f'parse "tcp://{host.removeprefix("tcp://")}": invalid port ":{_authority(host)[1]}" after host'
    elif options["tls"] or options["tlsverify"] or process.env.get("DOCKER_TLS_VERIFY"):
        wrong = _missing_certificate(process, options)
    if wrong:
        raise CommandError(f"unable to resolve docker endpoint: {wrong}")


def _missing_certificate(process: Process, options: Parsed) -> str:
    for option in _CERTIFICATES:
        if not process.disk.exists(process.path(options[option])):
            return f"open {options[option]}: no such file or directory"
    return ""


def check_api(wanted: str, version: Version) -> None:
    """What the engine says of a version of the API that it does not speak (api/server/middleware/version.go)."""
    number = _number(wanted)
    if number > _number(version.api):
        problem = f"client version {wanted} is too new. Maximum supported API version is {version.api}"
        raise CommandError(f"Error response from daemon: {problem}")
    if number < _number(version.minimum_api):
        problem = f"client version {wanted} is too old. Minimum supported API version is {version.minimum_api}"
        raise CommandError(f"Error response from daemon: {problem}, please upgrade your client to a newer version")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def socket_path(host: str) -> str:
    """The path of a unix:// address. Raises CommandError for what docklab cannot reach."""
    scheme, _, path = host.partition("://")
    if scheme == "unix":
        return path
    if _is_tcp(host):
        name, port, rest = _authority(host)
        raise CommandError(
            f"Cannot connect to the Docker daemon at tcp://{name}:{port}{rest}. Is the docker daemon running?"
        )
    raise CommandError(f"docklab does not simulate '{scheme}://' daemon addresses.")


def _is_tcp(host: str) -> bool:
    """What has no scheme is the address of a machine, too."""
    return bool(host) and (host.startswith("tcp://") or "://" not in host)


def _authority(host: str) -> tuple[str, str, str]:
    """Machine, port and path of a tcp:// address; what is left out has its default (ParseTCPAddr)."""
    authority, slash, path = host.removeprefix("tcp://").partition("/")
    name, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        name, port = authority, ""
    return name or "localhost", port or str(DEFAULT_PORT), slash + path
