"""--write-out: a text with %{variables} about a transfer. src/tool_writeout.c."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.clock import US, S
from simulator.kernel.files import OpenFile

if TYPE_CHECKING:
    from simulator.userland.curl.output import Stdout
    from simulator.userland.curl.transfer import Transfer

_VARIABLE = re.compile(r"%\{([^}]*)\}|%%|\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def write_out(stdout: Stdout, text: str, transfer: Transfer, *, status: int, message: str, number: int) -> None:
    """Prints the text; %{stderr} and %{stdout} say where what follows goes."""
    values = variables(transfer, status=status, message=message, number=number)
    stderr = transfer.process.stderr
    file: Stdout | OpenFile = stdout
    at = 0
    for found in _VARIABLE.finditer(text):
        file.write(text[at : found.start()].encode())
        at = found.end()
        name = found[1]
        if name in ("stdout", "stderr"):
            file = stdout if name == "stdout" else stderr
        elif name is not None and name not in values:
            transfer.process.error(f"curl: unknown --write-out variable: '{name}'")
        elif name is not None:
            file.write(values[name].encode())
        else:
            file.write((_ESCAPES.get(found[2], found[0]) if found[2] else "%").encode())
    file.write(text[at:].encode())


def variables(transfer: Transfer, *, status: int, message: str, number: int) -> dict[str, str]:
    """All that can be asked for."""
    facts, sink = transfer.facts, transfer.sink
    total = transfer.elapsed
    values: dict[str, Any] = {
        "content_type": facts.content_type or "",
        "errormsg": message,
        "exitcode": status,
        "filename_effective": sink.path or "",
        "http_code": f"{facts.code:03}",
        "http_connect": "000",
        "http_version": facts.version,
        "local_ip": facts.local[0],
        "local_port": facts.local[1],
        "method": transfer.settings.get("request") or transfer.method,
        "num_connects": facts.connects,
        "num_headers": facts.fields,
        "num_redirects": facts.redirects,
        "onerror": "",
        "redirect_url": facts.redirect_url,
        "referer": transfer.settings.get("referer"),
        "remote_ip": facts.remote[0],
        "remote_port": facts.remote[1],
        "response_code": f"{facts.code:03}",
        "scheme": transfer.url.scheme.upper() if facts.connects or facts.code else "",
        "size_download": sink.size,
        "size_header": facts.head_size,
        "size_request": facts.request_size,
        "size_upload": transfer.meter.sent,
        "speed_download": sink.size * S // total if total else 0,
        "speed_upload": transfer.meter.sent * S // total if total else 0,
        "ssl_verify_result": 0,
        "proxy_ssl_verify_result": 0,
        "time_appconnect": _seconds(0),
        "time_redirect": _seconds(0),
        "time_total": _seconds(total),
        "url": str(transfer.url),
        "url_effective": str(transfer.url),
        "urlnum": number,
    }
    for name in ("namelookup", "connect", "pretransfer", "starttransfer"):
        values[f"time_{name}"] = _seconds(facts.times.get(name, 0))
    return {name: str(value) for name, value in values.items()}


def _seconds(duration: int) -> str:
    return f"{duration // S}.{duration % S // US:06}"
