"""The documents that `docker run` and `docker create` send: Config, HostConfig and NetworkingConfig of the API.

Mirrors `parse` of docker/cli/cli/command/container/opts.go; what is wrong is told in the order in which it looks.
"""

from __future__ import annotations

from typing import Any

from simulator.cli.container import attachment, health, mounts, security
from simulator.cli.container.host_config import host_config
from simulator.cli.errors import CommandError
from simulator.cli.keyvalues import in_order, pairs, read_files
from simulator.cli.options import Parsed
from simulator.golang.nat import Bindings, port_from_text, published, range_from_text, split_protocol
from simulator.kernel.process import Process

Document = dict[str, Any]
Ports = dict[str, dict[str, str]]

_MAC_LENGTHS = (6, 8, 20)


def create_document(process: Process, options: Parsed) -> Document:
    """The body of POST /containers/create. Raises CommandError."""
    _check_mac(options["mac-address"])
    swappiness = options["memory-swappiness"]
    if not -1 <= swappiness <= 100:
        raise CommandError(f"invalid value: {swappiness}. Valid memory swappiness range is 0-100")
    binds, volumes = mounts.binds_and_volumes(options["volume"])
    ports, bindings = _ports(options)
    devices = security.devices(options["device"])
    env = read_files(process, options["env-file"], process.env) + options["env"]
    labels = pairs(read_files(process, options["label-file"]) + options["label"])
    security.check_modes(options)
    host = host_config(process, options, binds=binds, bindings=bindings, devices=devices)
    config = _config(options, ports=ports, volumes=volumes, env=env, labels=labels)
    if options["rm"] and host["RestartPolicy"]["Name"] not in ("", "no"):
        raise CommandError("Conflicting options: --restart and --rm")
    return {
        **config,
        "HostConfig": host,
        "NetworkingConfig": {"EndpointsConfig": attachment.endpoints(options)},
    }


def _check_mac(text: str) -> None:
    """net.ParseMAC: 6, 8 or 20 octets with colons or hyphens, or groups of four digits with dots."""
    if not text:
        return
    stripped = text.strip()
    separator, width = (".", 4) if "." in stripped else (stripped[2:3], 2)
    parts = stripped.split(separator) if separator in tuple(".:-") else []
    digits = all(len(part) == width and all(char in "0123456789abcdefABCDEF" for char in part) for part in parts)
    if not (digits and len(parts) * width // 2 in _MAC_LENGTHS):
        raise CommandError(f"{text} is not a valid mac address")


def _ports(options: Parsed) -> tuple[Ports, Bindings]:
    """Exposed ports and bindings of -p and --expose."""
    try:
        ports, bindings = published(_standard(options["publish"]))
    except ValueError as error:
        raise CommandError(str(error)) from None
    for spec in options["expose"]:
        ports.update({port: {} for port in _exposed(spec)})
    return in_order(ports), in_order(bindings)


def _standard(specs: list[str]) -> list[str]:
    """-p published=8080,target=80,protocol=tcp in the usual notation."""
    made = []
    for spec in specs:
        if "=" not in spec:
            made.append(spec)
            continue
        fields = {"protocol": "tcp"}
        for field in spec.split(","):
            parts = field.split("=")
            if len(parts) < 2:
                raise CommandError(f"invalid publish opts format (should be name=value but got '{field}')")
            fields[parts[0]] = parts[1]
        made.append(f"{fields.get('published', '')}:{fields.get('target', '')}/{fields['protocol']}")
    return made


def _exposed(spec: str) -> list[str]:
    if ":" in spec:
        raise CommandError(f"invalid port format for --expose: {spec}")
    protocol, number = split_protocol(spec)
    try:
        first, last = range_from_text(number)
    except ValueError as error:
        raise CommandError(f"invalid range format for --expose: {spec}, error: {error}") from None
    return [port_from_text(protocol, str(port)) for port in range(first, last + 1)]


def _config(options: Parsed, *, ports: Ports, volumes: Ports, env: list[str], labels: dict[str, str]) -> Document:
    attached = _attached(options)
    health_config = health.health_config(options)
    image, *command = options.arguments
    entrypoint = [options["entrypoint"]] if options.changed("entrypoint") else None
    return {
        "Hostname": options["hostname"],
        "Domainname": options.get("domainname", ""),
        "User": options["user"],
        **attached,
        **({"ExposedPorts": ports} if ports else {}),
        "Tty": options["tty"],
        "OpenStdin": options["interactive"],
        "StdinOnce": options["interactive"] and attached["AttachStdin"],
        "Env": env or None,
        "Cmd": command or None,
        **({"Healthcheck": health_config} if health_config else {}),
        "Image": image,
        "Volumes": in_order(volumes),
        "WorkingDir": options["workdir"],
        "Entrypoint": entrypoint,
        **({"MacAddress": options["mac-address"]} if options["mac-address"] else {}),
        "OnBuild": None,
        "Labels": labels,
        **({"StopSignal": options["stop-signal"]} if options.changed("stop-signal") else {}),
        **({"StopTimeout": options["stop-timeout"]} if options.changed("stop-timeout") else {}),
    }


def _attached(options: Parsed) -> dict[str, bool]:
    """Which streams the client attaches to: those of -a, or else output and errors, and input with -i."""
    asked = options["attach"]
    return {
        "AttachStdin": "stdin" in asked or options["interactive"],
        "AttachStdout": "stdout" in asked or not asked,
        "AttachStderr": "stderr" in asked or not asked,
    }
