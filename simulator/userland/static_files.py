"""Files of a folder as answers, in the ways of Apache and nginx; what distinguishes the two is a `Manner`."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.process import Process
from simulator.userland.http_message import REASONS
from simulator.userland.http_server import Answer, Request, http_date, unquote, within

TYPES = {
    ".html": "text/html", ".htm": "text/html", ".css": "text/css", ".js": "application/javascript",
    ".txt": "text/plain", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
    ".json": "application/json", ".xml": "text/xml",
}  # fmt: skip


class Manner(Struct, frozen=True):
    """What a server calls itself, how it tags a file, how its error pages look, and its type for unknown endings."""

    server: str
    tag: Callable[[int, int], str]  # (mtime in s, size)
    page: Callable[[int, str, Request], str]  # (status, its phrase, request)
    default_type: str
    page_type: str


class Files:
    """Answers requests from a folder of the process's disk."""

    def __init__(self, process: Process, root: str, manner: Manner) -> None:
        self._process, self._root, self._manner = process, root, manner

    def __call__(self, request: Request) -> Answer:
        if request.method not in ("GET", "HEAD"):
            return self.refusal(request, 405 if request.method else 400)
        path = unquote(request.path)
        if path is None or not path.startswith("/"):
            return self.refusal(request, 400)
        full = within(self._root, path)
        disk = self._process.disk
        if disk.is_directory(full):
            if not path.endswith("/"):
                return self.elsewhere(request, path + "/")
            full = posixpath.join(full, "index.html")
        if not disk.exists(full):
            return self.refusal(request, 403 if full.endswith("/index.html") and path.endswith("/") else 404)
        return self._file(request, full)

    def _file(self, request: Request, path: str) -> Answer:
        process, manner = self._process, self._manner
        data, mtime = process.disk.read(path, process), process.disk.lookup(path).mtime
        tag = f'"{manner.tag(mtime // S, len(data))}"'
        if request.head.get("If-None-Match") == tag:
            return Answer(304, [*self._common(), ("ETag", tag)], bodiless=True)
        fields = [
            *self._common(),
            ("Last-Modified", http_date(process.clock, mtime)),
            ("ETag", tag),
            ("Accept-Ranges", "bytes"),
            ("Content-Length", str(len(data))),
            ("Content-Type", TYPES.get(posixpath.splitext(path)[1].lower(), manner.default_type)),
        ]
        return Answer(200, fields, data, bodiless=request.method == "HEAD")

    def refusal(self, request: Request, status: int) -> Answer:
        """The server's own page about what went wrong."""
        page = self._manner.page(status, REASONS[status], request).encode()
        fields = [*self._common(), ("Content-Length", str(len(page))), ("Content-Type", self._manner.page_type)]
        return Answer(status, fields, page, bodiless=request.method == "HEAD", close=status == 400)

    def elsewhere(self, request: Request, path: str) -> Answer:
        """The folder's name wants a slash."""
        answer = self.refusal(request, 301)
        host = request.head.get("Host") or "localhost"
        answer.fields.insert(2, ("Location", f"http://{host}{path}"))
        return answer

    def _common(self) -> list[tuple[str, str]]:
        return [("Date", http_date(self._process.clock)), ("Server", self._manner.server)]
