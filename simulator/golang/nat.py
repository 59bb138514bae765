"""Ports as they are written on a command line: -p and --expose. See docker/go-connections/nat."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from simulator.golang.numbers import uint_from_text

PROTOCOLS = ("tcp", "udp", "sctp")

Bindings = dict[str, list[dict[str, str]]]


def port_from_text(protocol: str, number: str) -> str:
    """`80/tcp` or `80-90/tcp`. Raises ValueError."""
    first, last = range_from_text(number) if number else (0, 0)
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"


def range_from_text(text: str) -> tuple[int, int]:
    """80 or 80-90. Raises ValueError."""
    if not text:
        raise ValueError("Empty string specified for ports.")
    parts = text.split("-")
    first = _number(parts[0])
    last = _number(parts[1]) if len(parts) > 1 else first
    if last < first:
        raise ValueError(f"Invalid range specified for the Port: {text}")
    return first, last


def _number(text: str) -> int:
    return uint_from_text(text, bits=16, base=10)


def split_protocol(text: str) -> tuple[str, str]:
    """The protocol and the number of `80/udp`; without one it is tcp."""
    number, _, protocol = text.partition("/")
    if not number:
        return "", ""
    return protocol.partition("/")[0] or "tcp", number


def published(specs: Iterable[str]) -> tuple[dict[str, dict[str, str]], Bindings]:
    """What -p options say: the exposed ports, and the bindings of each. Raises ValueError."""
    exposed: dict[str, dict[str, str]] = {}
    bindings: Bindings = {}
    for spec in specs:
        for port, binding in mappings(spec):
            exposed[port] = {}
            bindings.setdefault(port, []).append(binding)
    return exposed, bindings


def mappings(spec: str) -> list[tuple[str, dict[str, str]]]:
    """The ports of one -p: `80`, `8080:80/udp`, `127.0.0.1::80`, `[::1]:8000-8002:80-82`. Raises ValueError."""
    address, host, container = _split(spec)
    protocol, container = split_protocol(container)
    ip = _host_address(address)
    if not container:
        raise ValueError(f"No port specified: {spec}<empty>")
    first, last = _range(container, f"Invalid containerPort: {container}")
    host_first, host_last = _range(host, f"Invalid hostPort: {host}") if host else (0, 0)
    if host and last - first != host_last - host_first and last != first:
        raise ValueError(f"Invalid ranges specified for container and host Ports: {container} and {host}")
    if protocol.lower() not in PROTOCOLS:
        raise ValueError(f"Invalid proto: {protocol}")
    made = []
    for step in range(last - first + 1):
        bound = str(host_first + step) if host else ""
        if first == last and host_first != host_last:
            bound += f"-{host_last}"
        made.append((f"{first + step}/{protocol.lower()}", {"HostIp": ip, "HostPort": bound}))
    return made


def _split(spec: str) -> tuple[str, str, str]:
    """Address, host port and container port."""
    parts = spec.split(":")
    host = parts[-2] if len(parts) > 1 else ""
    return ":".join(parts[:-2]), host, parts[-1]


def _host_address(text: str) -> str:
    """An address, an IPv6 one in brackets; as net.SplitHostPort takes it."""
    if not text:
        return ""
    address = text
    if text.startswith("["):
        address, bracket, rest = text[1:].partition("]")
        if not bracket or rest:
            problem = "missing ']' in address" if not bracket else "too many colons in address"
            raise ValueError(f"Invalid ip address {text}: address {text}:: {problem}")
    elif ":" in text:
        raise ValueError(f"Invalid ip address {text}: address {text}:: too many colons in address")
    if address and parsed_ip(address) is None:
        raise ValueError(f"Invalid ip address: {address}")
    return address


def _range(text: str, problem: str) -> tuple[int, int]:
    try:
        return range_from_text(text)
    except ValueError:
        raise ValueError(problem) from None


def parsed_ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as net.ParseIP takes it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if getattr(address, "scope_id", None) else address
