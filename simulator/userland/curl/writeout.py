"""--write-out: a text with %{variables} about a transfer. src/tool_writeout.c."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import US, S
from simulator.kernel.files import OpenFile

if TYPE_CHECKING:
    from simulator.userland.curl.output import Stdout
    from simulator.userland.curl.transfer import Transfer

_VARIABLE = re.compile(r"%\{([^}]*)\}|%%|\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Facts(Struct):
    """What --write-out may tell."""

    code: int = 0
    head_size: int = 0
    request_size: int = 0
    redirects: int = 0
    connects: int = 0
    local: tuple[str, int] = ("", 0)
    remote: tuple[str, int] = ("", 0)
    content_type: str | None = None
    redirect_url: str = ""
    version: str = "0"
    fields: int = 0
    times: dict[str, int] = field(default_factory=dict)  # ns from the beginning


class Outcome(Struct, frozen=True):
    """A transfer that is over, and how it ended."""

    transfer: Transfer
    status: int
    message: str
    number: int  # among the URLs of the command

    @property
    def facts(self) -> Facts:
        return self.transfer.facts

    def speed(self, size: int) -> int:
        """Bytes per second."""
        return size * S // self.transfer.elapsed if self.transfer.elapsed else 0

    def time(self, name: str) -> str:
        return _seconds(self.facts.times.get(name, 0))


def write_out(stdout: Stdout, text: str, outcome: Outcome) -> None:
    """Prints the text; %{stderr} and %{stdout} say where what follows goes."""
    process = outcome.transfer.process
    file: Stdout | OpenFile = stdout
    at = 0
    for found in _VARIABLE.finditer(text):
        file.write(text[at : found.start()].encode())
        at = found.end()
        name = found[1]
        if name in ("stdout", "stderr"):
            file = stdout if name == "stdout" else process.stderr
        elif name in VARIABLES:
            file.write(str(VARIABLES[name](outcome)).encode())
        elif name is not None:
            process.error(f"curl: unknown --write-out variable: '{name}'")
        else:
            file.write((_ESCAPES.get(found[2], found[0]) if found[2] else "%").encode())
    file.write(text[at:].encode())


def _seconds(duration: int) -> str:
    return f"{duration // S}.{duration % S // US:06}"


VARIABLES: dict[str, Callable[[Outcome], object]] = {
    "content_type": lambda done: done.facts.content_type or "",
    "errormsg": lambda done: done.message,
    "exitcode": lambda done: done.status,
    "filename_effective": lambda done: done.transfer.sink.path or "",
    "http_code": lambda done: f"{done.facts.code:03}",
    "http_connect": lambda done: "000",
    "http_version": lambda done: done.facts.version,
    "local_ip": lambda done: done.facts.local[0],
    "local_port": lambda done: done.facts.local[1],
    "method": lambda done: done.transfer.settings.get("request") or done.transfer.method,
    "num_connects": lambda done: done.facts.connects,
    "num_headers": lambda done: done.facts.fields,
    "num_redirects": lambda done: done.facts.redirects,
    "onerror": lambda done: "",
    "proxy_ssl_verify_result": lambda done: 0,
    "redirect_url": lambda done: done.facts.redirect_url,
    "referer": lambda done: done.transfer.settings.get("referer"),
    "remote_ip": lambda done: done.facts.remote[0],
    "remote_port": lambda done: done.facts.remote[1],
    "response_code": lambda done: f"{done.facts.code:03}",
    "scheme": lambda done: done.transfer.url.scheme.upper() if done.facts.connects or done.facts.code else "",
    "size_download": lambda done: done.transfer.sink.size,
    "size_header": lambda done: done.facts.head_size,
    "size_request": lambda done: done.facts.request_size,
    "size_upload": lambda done: done.transfer.meter.sent,
    "speed_download": lambda done: done.speed(done.transfer.sink.size),
    "speed_upload": lambda done: done.speed(done.transfer.meter.sent),
    "ssl_verify_result": lambda done: 0,
    "time_appconnect": lambda done: _seconds(0),
    "time_connect": lambda done: done.time("connect"),
    "time_namelookup": lambda done: done.time("namelookup"),
    "time_pretransfer": lambda done: done.time("pretransfer"),
    "time_redirect": lambda done: _seconds(0),
    "time_starttransfer": lambda done: done.time("starttransfer"),
    "time_total": lambda done: _seconds(done.transfer.elapsed),
    "url": lambda done: done.transfer.url,
    "url_effective": lambda done: done.transfer.url,
    "urlnum": lambda done: done.number,
}
