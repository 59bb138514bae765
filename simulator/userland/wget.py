"""busybox wget: files over HTTP, with a bar that shows how far they are. busybox networking/wget.c.

Left out: ftp beyond the connection, https beyond the connection, proxies, continuing (-c begins anew).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGALRM
from simulator.userland.alarm import Alarm
from simulator.userland.base64_text import base64_text
from simulator.userland.busybox_net import MAX_PORT, address_of, connect, port_from_text, seconds_from_text
from simulator.userland.getopt import Options
from simulator.userland.http_message import Body, Connection, Head, Malformed, status_of
from simulator.userland.program import BUSYBOX, read_all, strerror
from simulator.userland.progress_bar import Bar

PORTS = {"http": 80, "ftp": 21, "https": 443}
MAX_REDIRECTIONS = 20
# The errno of a call long before: there is none for an answer that is no HTTP.
NO_RESPONSE = "error getting response: No such file or directory"
LONG = {
    "spider": "spider", "header=": "header", "post-data=": "post-data", "post-file=": "post-file",
    "no-check-certificate": "", "continue": "c", "quiet": "q", "server-response": "S", "output-document=": "O",
    "output-file=": "o", "directory-prefix=": "P", "user-agent=": "U", "timeout=": "T", "proxy=": "Y",
}  # fmt: skip


class Url(Struct, frozen=True):
    """http://user:password@host:port/path"""

    scheme: str
    host: str
    port: str
    path: str
    user: str = ""

    @property
    def authority(self) -> str:
        """As it goes into the Host field, and into complaints."""
        return f"{self.host}:{self.port}" if self.port else self.host


def wget(process: Process) -> Steps:
    """wget [-qS] [--spider] [-O FILE] [-P DIR] [-T SEC] [--header STR] [--post-data STR] [-U AGENT] URL..."""
    given = BUSYBOX.options(process, "cqSO:o:P:U:T:Y:", long=LONG)
    if not given.operands:
        BUSYBOX.refuse(process)
    if given.get("o"):
        process.set_file(2, process.open(given.get("o"), "w"))
    download = Download(process, given)
    try:
        for text in given.operands:
            yield from download.fetch(text)
    except Signalled as signal:
        if signal.signal != SIGALRM:
            raise
        return BUSYBOX.complain(process, "download timed out")
    finally:
        download.alarm.cancel()
    return 0


# -- one URL --------------------------------------------------------------------------------------------------------


class Download:
    """What is common to the URLs of one call: options, the file with -O, the patience with -T."""

    def __init__(self, process: Process, given: Options) -> None:
        self.process, self.given = process, given
        self.alarm = Alarm(process)
        self._patience = seconds_from_text(process, given.get("T", "0"))
        self._output = Output(process, given, self.still_there)

    def still_there(self) -> None:
        """Something happened: the patience begins anew."""
        self.alarm.set(self._patience)

    def fetch(self, text: str) -> Steps:
        """Fetches one URL, through redirections. Ends the program if it cannot."""
        process = self.process
        url = url_from_text(process, text)
        known: str | None = None
        for _ in range(MAX_REDIRECTIONS):
            port = port_from_text(process, url.port, PORTS[url.scheme])
            if url.authority != known:
                ip = yield from address_of(process, url.host, shown=url.authority)
                _say(process, self.given, f"Connecting to {url.authority} ({f'[{ip}]' if ':' in ip else ip}:{port})")
            known = url.authority
            self.still_there()
            socket = yield from connect(process, ip, port)
            if url.scheme != "http":
                process.exit(BUSYBOX.complain(process, f"docklab does not simulate {url.scheme}"))
            redirection = yield from self._talk(url, socket)
            socket.close()
            if not redirection:
                return
            url = _follow(process, url, redirection)
        process.exit(BUSYBOX.complain(process, "too many redirections"))

    def _talk(self, url: Url, socket: Any) -> Steps:
        """Asks and saves the answer; gives the new place if there is one."""
        process, given = self.process, self.given
        body = yield from _posted(process, given)
        connection = Connection(socket)
        try:
            socket.send(_request(given, url, body))
            head = yield from _answer_head(process, connection)
        except OSError as failure:
            process.exit(BUSYBOX.complain(process, f"error getting response: {strerror(failure)}"))
        code = _judge(process, given, head)
        if code >= 300:
            no_place = "bad redirection (no Location: header)"
            return head.get("Location") or process.exit(BUSYBOX.complain(process, no_place))
        if "spider" in given:
            _say(process, given, "remote file exists")
        else:
            yield from self._output.save(url, Body(connection, head, empty=code == 204))
        return ""


def _judge(process: Process, given: Options, head: Head) -> int:
    """The status of an answer, shown with -S. Ends the program for one that is neither a file nor another place."""
    code, shows = status_of(head), "S" in given
    if shows:
        process.error(f"  {head.start}")
    if not 200 <= code < 300 and code not in (301, 302, 303, 307, 308):
        process.exit(BUSYBOX.complain(process, f"server returned error: {head.start}"))
    if shows:
        for name, value in head.fields:
            process.error(f"  {name}: {value}")
        if code < 300:
            process.error("  ")
    return code


def url_from_text(process: Process, text: str) -> Url:
    """The parts of a URL. Ends the program for a scheme that it does not know."""
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest = "http", text
    if scheme not in PORTS:
        process.exit(BUSYBOX.complain(process, f"not an http or ftp url: {text}"))
    for index, char in enumerate(rest):
        if char in "/?#":
            authority, path = rest[:index], rest[index:]
            break
    else:
        authority, path = rest, "/"
    user, at, host = authority.rpartition("@")
    if host.startswith("["):
        host, _, port = host[1:].partition("]")
        return Url(scheme, host, port.removeprefix(":"), _absolute(path), user if at else "")
    host, _, port = host.partition(":")
    if port.isdigit() and int(port) > MAX_PORT:
        port_from_text(process, port)
    return Url(scheme, host, port, _absolute(path), user if at else "")


def _absolute(path: str) -> str:
    return (path if path.startswith("/") else "/" + path).partition("#")[0]


def _follow(process: Process, url: Url, location: str) -> Url:
    if "://" in location:
        return url_from_text(process, location)
    return Url(url.scheme, url.host, url.port, _absolute(location), url.user)


def _posted(process: Process, given: Options) -> Steps:
    if "post-file" not in given:
        return given.get("post-data").encode() if "post-data" in given else None
    path = given.get("post-file")
    try:
        return (yield from read_all(process.stdin if path == "-" else process.open(path)))
    except OSError as failure:
        process.exit(BUSYBOX.cannot_open(process, path, failure))


def _request(given: Options, url: Url, body: bytes | None) -> bytes:
    own = {line.partition(":")[0].lower() for line in given.all("header")}
    host = f"[{url.host}]" if ":" in url.host else url.host
    fields = [("Host", f"{host}:{url.port}" if url.port else host)]
    fields.append(("User-Agent", given.get("U", "Wget")))
    fields.append(("Connection", "close"))
    if url.user:
        fields.append(("Authorization", "Basic " + base64_text(url.user)))
    fields = [pair for pair in fields if pair[0].lower() not in own]
    fields += [(name, value.strip()) for name, _, value in (line.partition(":") for line in given.all("header"))]
    if body is not None:
        fields += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body)))]
    head = Head(f"{'GET' if body is None else 'POST'} {url.path} HTTP/1.1", fields)
    return head.to_bytes() + (body or b"")


def _answer_head(process: Process, connection: Connection) -> Steps:
    """The head of the answer, past any 100 Continue. Ends the program for what is no HTTP."""
    try:
        while True:
            head = yield from connection.head()
            if head is None:
                process.exit(BUSYBOX.complain(process, NO_RESPONSE))
            if status_of(head) != 100:
                return head
    except Malformed:
        process.exit(BUSYBOX.complain(process, NO_RESPONSE))


def _say(process: Process, given: Options, text: str) -> None:
    if "q" not in given:
        process.error(text)


# -- where it goes --------------------------------------------------------------------------------------------------


class Output:
    """The file that is written: one for all URLs with -O, else one for each."""

    def __init__(self, process: Process, given: Options, still_there: Callable[[], None]) -> None:
        self._process, self._given, self._still_there = process, given, still_there
        self._path = given.get("O")
        self._file: OpenFile | None = process.stdout if self._path == "-" else None

    def save(self, url: Url, body: Body) -> Steps:
        """Writes the body to its file. Ends the program if the file cannot be made."""
        process, given = self._process, self._given
        path = self._path or self._name(url)
        file = self._file or self._open(path)
        to_stdout = path == "-"
        _say(process, given, "writing to stdout" if to_stdout else f"saving to '{path}'")
        bar = Bar(process, posixpath.basename(path), body.length, quiet="q" in given)
        while part := (yield from body.part()):
            self._still_there()
            file.write(part)
            yield file.drain()
            bar.advance(len(part))
        if body.left:
            process.exit(BUSYBOX.complain(process, "connection closed prematurely"))
        if bar.done:
            bar.finish()
        _say(process, given, "written to stdout" if to_stdout else f"'{path}' saved")

    def _name(self, url: Url) -> str:
        name = posixpath.basename(url.path) or "index.html"
        path = posixpath.join(self._given.get("P"), name) if "P" in self._given else name
        if self._process.disk.exists(self._process.path(path)):
            self._process.exit(BUSYBOX.complain(self._process, f"can't open '{path}': File exists"))
        return path

    def _open(self, path: str) -> OpenFile:
        try:
            file = self._process.open(path, "w")
        except OSError as failure:
            self._process.exit(BUSYBOX.cannot_open(self._process, path, failure))
        if self._path:
            self._file = file
        return file
