"""busybox httpd: files of a folder over HTTP/1.1, one process for each connection. busybox networking/httpd.c.

Left out: CGI, configuration files, authentication, compressed files, inetd mode.
"""

from __future__ import annotations

import posixpath
from functools import partial
from typing import Any

from msgspec import Struct

from simulator.clock import US, S, Steps
from simulator.kernel.disk import Node
from simulator.kernel.process import Process
from simulator.userland.busybox_net import listen, port_from_text
from simulator.userland.getopt import Options
from simulator.userland.http_message import Connection, Head, Malformed, fields_text, status_line
from simulator.userland.http_server import http_date, unquote
from simulator.userland.program import BUSYBOX, strerror

BACKLOG = 9
CHUNK = 8192
FILE = 12 * US  # typical time to hand a file to the connection: less than it takes the client to wake up
INDEX = "index.html"

TYPES = {
    ".txt": "text/plain", ".h": "text/plain", ".c": "text/plain", ".cc": "text/plain", ".cpp": "text/plain",
    ".htm": "text/html", ".html": "text/html", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".png": "image/png", ".svg": "image/svg+xml", ".css": "text/css", ".js": "application/javascript",
    ".wav": "audio/wav", ".avi": "video/x-msvideo", ".qt": "video/quicktime", ".mov": "video/quicktime",
    ".mpe": "video/mpeg", ".mpeg": "video/mpeg", ".mid": "audio/midi", ".midi": "audio/midi", ".mp3": "audio/mpeg",
}  # fmt: skip

EXPLANATIONS = {
    400: "Unsupported method",
    404: "The requested URL was not found",
    501: "The requested method is not recognized",
}


def httpd(process: Process) -> Steps:
    """httpd [-fv] [-p [IP:]PORT] [-h HOME]; without -f it goes on in the background."""
    given = BUSYBOX.options(process, "fvip:h:u:r:c:m:e:d:")
    if "e" in given or "d" in given:
        process.print(_encoded(given.get("e")) if "e" in given else unquote(given.get("d")) or "", end="")
        return 0
    if any(letter in given for letter in "ircm"):
        process.error("httpd: docklab does not simulate the options -i, -r, -c and -m")
        return 1
    return (yield from _start(process, given))


def _start(process: Process, given: Options) -> Steps:
    home = given.get("h", ".")
    try:
        process.chdir(home)
    except OSError as failure:
        process.error(f"httpd: can't change directory to '{home}': {strerror(failure)}")
        return 1
    ip, _, port = given.get("p", "80").rpartition(":")
    listener = listen(process, ip.strip("[]"), port_from_text(process, port), backlog=BACKLOG)
    verbosity = len(given.all("v"))
    if "f" in given:
        return (yield from _accept_all(listener, verbosity, process))
    child = process.spawn(process.argv, program=partial(_accept_all, listener, verbosity), files={}, group=0)
    listener.give(child)
    return 0


def _accept_all(listener: Any, verbosity: int, process: Process) -> Steps:
    while True:
        connection = yield listener.accept()
        child = process.spawn(process.argv, program=partial(_answer_one, connection, verbosity))
        connection.give(child)


def _encoded(text: str) -> str:
    """-e: every character that is no letter or digit as a numeric entity."""
    return "".join(char if char.isalnum() and char.isascii() else f"&#{ord(char)};" for char in text)


# -- one request ----------------------------------------------------------------------------------------------------


class Found(Struct, frozen=True):
    """The file that is asked for."""

    path: str
    node: Node
    type: str


def _answer_one(socket: Any, verbosity: int, process: Process) -> Steps:
    """Answers the one request of a connection."""
    connection = Connection(socket)
    ip, port = socket.peer
    caller = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
    try:
        head = yield from connection.head()
        if head is None or not head.start:
            return 0
        status, data = _respond(process, head, partial(_log, process, caller) if verbosity > 1 else None)
        if verbosity:
            _log(process, caller, f"response:{status}")
        for part in data:
            socket.send(part)
            yield socket.drain()
            yield process.sleep(process.clock.chance.delay("file", FILE))
        socket.shutdown_write()
        while (yield socket.read(CHUNK)):
            continue
    except (Malformed, OSError):
        return 0
    return 0


def _log(process: Process, caller: str, text: str) -> None:
    process.error(f"{caller}: {text}")


def _respond(process: Process, head: Head, log: Any) -> tuple[int, list[bytes]]:
    """The status, and what to write: the head first, then the file."""
    method, target = _request_line(head.start)
    if not target:
        return 400, [_refusal(process, 400)]
    if method not in ("GET", "HEAD"):
        return 501, [_refusal(process, 501)]
    path, question, rest = target.partition("?")
    decoded = unquote(path)
    simple = _simplified(decoded) if decoded is not None and "\0" not in decoded else None
    if simple is None:
        return 400, [_refusal(process, 400)]
    if log:
        log(f"url:{simple}")
    if not simple.endswith("/") and process.disk.is_directory(process.path("." + simple)):
        return 302, [_head(process, 302, [("Location", f"{simple}/{question}{rest}")])]
    found = _find(process, simple + (INDEX if simple.endswith("/") else ""))
    if found is None:
        return 404, [_refusal(process, 404)]
    return _file(process, head, found)


def _request_line(line: str) -> tuple[str, str]:
    """Method and target; no target if the line is not as it should be."""
    method, _, rest = line.partition(" ")
    target, _, version = rest.lstrip().partition(" ")
    if not target.startswith("/") or not version.startswith("HTTP/"):
        return method, ""
    return method, target


def _simplified(path: str) -> str | None:
    """The path without //, . and ..; None if it leads out of the root."""
    names: list[str] = []
    for name in path.split("/"):
        if name == ".." and not names:
            return None
        if name == "..":
            names.pop()
        elif name not in ("", "."):
            names.append(name)
    simple = "/" + "/".join(names)
    return simple + "/" if names and path.endswith(("/", "/.", "/..")) else simple


def _find(process: Process, path: str) -> Found | None:
    full = process.path("." + path)
    try:
        node = process.disk.lookup(full)
    except OSError:
        return None
    if node.kind == "directory":
        return None
    return Found(full, node, TYPES.get(posixpath.splitext(full)[1].lower(), ""))


def _file(process: Process, head: Head, found: Found) -> tuple[int, list[bytes]]:
    try:
        data = process.disk.read(found.path, process)
    except OSError:
        return 404, [_refusal(process, 404)]
    mtime = found.node.mtime // S
    tag = f'"{mtime:x}-{len(data):x}"'
    if head.get("If-None-Match") == tag:
        return 304, [_head(process, 304)]
    start, end = _range(head.get("Range") or "", len(data))
    partial_content = (start, end) != (0, len(data))
    fields = [("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")] if partial_content else []
    fields += [
        ("Accept-Ranges", "bytes"),
        ("Last-Modified", http_date(process.clock, found.node.mtime)),
        ("ETag", tag),
        ("Content-Length", str(end - start)),
    ]
    status = 206 if partial_content else 200
    return status, [_head(process, status, fields, kind=found.type), data[start:end]]


def _range(text: str, size: int) -> tuple[int, int]:
    """The part that "bytes=3-7" or "bytes=3-" asks for; all of it if that cannot be."""
    first, dash, last = text.removeprefix("bytes=").partition("-")
    if not text.startswith("bytes=") or not first.isdigit() or not dash or int(first) >= size:
        return 0, size
    end = int(last) + 1 if last.isdigit() else size
    return int(first), min(max(end, int(first)), size)


def _head(
    process: Process, status: int, fields: list[tuple[str, str]] | None = None, *, kind: str = "text/html"
) -> bytes:
    common = [("Date", http_date(process.clock)), ("Connection", "close")]
    if kind:
        common.append(("Content-type", kind))
    return (status_line(status) + "\r\n" + fields_text([*common, *(fields or [])]) + "\r\n").encode()


def _refusal(process: Process, status: int) -> bytes:
    title = status_line(status).partition(" ")[2]
    page = (
        f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD>\n<BODY><H1>{title}</H1>\n{EXPLANATIONS[status]}\n</BODY></HTML>\n"
    )
    return _head(process, status) + page.encode()
