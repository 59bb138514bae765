"""The ports of a container in one line: runs of ports that are the same on both sides are joined.

See DisplayablePorts in docker/cli/cli/command/formatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def ports_text(ports: Sequence[dict[str, Any]]) -> str:
    """`80/tcp, 0.0.0.0:443->443/tcp, 0.0.0.0:8080->80/tcp`"""
    runs: dict[str, tuple[int, int]] = {}  # by protocol, or address/protocol
    texts: list[str] = []
    mapped: list[str] = []
    for port in sorted(ports, key=_order):
        private, protocol, address = port["PrivatePort"], port["Type"], port.get("IP", "")
        if address and port.get("PublicPort", 0) != private:
            mapped.append(f"{address}:{port.get('PublicPort', 0)}->{private}/{protocol}")
            continue
        key = f"{address}/{protocol}" if address else protocol
        first, last = runs.get(key, (private, private - 1))
        if private != last + 1:
            texts.append(_run(key, first, last))
            first = private
        runs[key] = first, private
    texts += [_run(key, first, last) for key, (first, last) in runs.items()]
    return ", ".join(texts + mapped)


def _order(port: dict[str, Any]) -> tuple[int, str, int, str]:
    return port["PrivatePort"], port.get("IP", ""), port.get("PublicPort", 0), port["Type"]


def _run(key: str, first: int, last: int) -> str:
    address, slash, protocol = key.partition("/")
    span = str(first) if first == last else f"{first}-{last}"
    return f"{address}:{span}->{span}/{protocol}" if slash else f"{span}/{key}"
