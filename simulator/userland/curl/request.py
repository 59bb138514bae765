"""What curl asks: the method, the header fields in curl's order, and the data. lib/http.c Curl_http."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.base64_text import base64_text
from simulator.userland.curl.options import BadUsage, Given
from simulator.userland.http_message import Head
from simulator.userland.program import read_all

if TYPE_CHECKING:
    from simulator.userland.curl.transfer import Transfer

FORM = "application/x-www-form-urlencoded"
DATA_OPTIONS = ("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json")


class Payload(Struct, frozen=True):
    """The method, the data that is sent and its type; `query` goes into the URL, `name` behind its last slash."""

    method: str
    data: bytes | None = None
    type: str = ""
    chunked: bool = False
    query: str = ""
    name: str = ""


def payload(process: Process, settings: Given) -> Steps:
    """What the options say is to be sent. Raises BadUsage for files that cannot be read."""
    parts = []
    for name in DATA_OPTIONS:
        for value in settings.all(name):
            parts.append((yield from _data(process, name, value)))
    if settings.has("upload-file"):
        path = settings.get("upload-file")
        data = yield from _file(process, path)
        piped = path in ("-", ".")
        return Payload("PUT", data, chunked=piped, name="" if piped else posixpath.basename(path))
    method = "HEAD" if settings.has("head") else "GET"
    if not parts or settings.has("get"):
        return Payload(method, query=b"&".join(parts).decode("utf-8", "surrogateescape"))
    if settings.has("json"):
        return Payload("POST", b"".join(parts), "application/json")
    return Payload("POST", b"&".join(parts), FORM)


def _data(process: Process, option: str, value: str) -> Steps:
    if option == "data-urlencode":
        name, equals, content = value.partition("=")
        text = f"{name}={quote(content, safe='').replace('%20', '+')}" if equals and name else ""
        return (text or quote(content or value, safe="").replace("%20", "+")).encode()
    if value.startswith("@") and option != "data-raw":
        data: bytes = yield from _file(process, value[1:])
        return data if option in ("data-binary", "json") else data.replace(b"\r", b"").replace(b"\n", b"")
    return value.encode("utf-8", "surrogateescape")


def _file(process: Process, path: str) -> Steps:
    try:
        return (yield from read_all(process.stdin if path in ("-", ".") else process.open(path)))
    except OSError:
        raise CannotRead(path) from None


class CannotRead(BadUsage):
    """A local file that cannot be sent."""


def request_head(transfer: Transfer) -> Head:
    """The head of the request, own fields in place of curl's."""
    settings, data = transfer.settings, transfer.payload
    own = [_field(line) for line in settings.all("header")]
    removed = {name.lower() for name, _ in own}
    fields = [(name, value) for name, value in _standard(transfer) if name.lower() not in removed]
    hosts = [(name, value) for name, value in own if value is not None and name.lower() == "host"]
    at = 0 if transfer.words.host_first else min(1, len(fields))
    fields[at:at] = hosts[:1]
    fields += [(name, value) for name, value in own if value is not None and name.lower() != "host"]
    fields += [(name, value) for name, value in _about_data(data) if name.lower() not in removed]
    method = settings.get("request") or transfer.method
    version = "HTTP/1.0" if settings.has("http1.0") else "HTTP/1.1"
    path = transfer.url.path
    if data.query:
        path += ("&" if "?" in path else "?") + data.query
    if path.endswith("/"):
        path += data.name
    if transfer.proxy:
        path = f"{transfer.url.scheme}://{transfer.url.authority}{path}"
    return Head(f"{method} {path} {version}", fields)


def _standard(transfer: Transfer) -> list[tuple[str, str]]:
    settings, url = transfer.settings, transfer.url
    user = settings.get("user") or (unquote(url.user) if url.user is not None else "")
    agent = settings.get("user-agent", f"curl/{transfer.words.version}")
    host = [("Host", url.authority)]
    named = [("User-Agent", agent)] if agent else []
    credentials = [("Authorization", "Basic " + base64_text(user if ":" in user else user + ":"))] if user else []
    if user:
        transfer.note(f"Server auth using Basic with user '{user.partition(':')[0]}'")
    fields = host + credentials if transfer.words.host_first else credentials + named + host
    if settings.has("range"):
        fields.append(("Range", f"bytes={settings.get('range')}"))
    fields += named if transfer.words.host_first else []
    if settings.has("json"):
        fields += [("Content-Type", "application/json"), ("Accept", "application/json")]
    else:
        fields.append(("Accept", "*/*"))
    if transfer.proxy:
        fields.append(("Proxy-Connection", "Keep-Alive"))
    if settings.has("compressed"):
        fields.append(("Accept-Encoding", "deflate, gzip, br, zstd"))
    if settings.has("referer"):
        fields.append(("Referer", settings.get("referer")))
    if settings.has("cookie"):
        fields.append(("Cookie", settings.get("cookie")))
    return fields


def _about_data(data: Payload) -> list[tuple[str, str]]:
    if data.data is None:
        return []
    fields = [("Transfer-Encoding", "chunked")] if data.chunked else [("Content-Length", str(len(data.data)))]
    if data.type == FORM:
        fields.append(("Content-Type", FORM))
    if data.method == "PUT" or len(data.data) > 1 << 20:
        fields.append(("Expect", "100-continue"))
    return fields


def _field(line: str) -> tuple[str, str | None]:
    """A header of the command line: "Name: value", "Name:" takes curl's own away, "Name;" is an empty one."""
    name, colon, value = line.partition(":")
    if colon:
        return name, value.strip() or None
    return line.rstrip(";"), "" if line.endswith(";") else None
