"""nginx as the official image runs it: serves a folder on port 80 and logs to its output.

Left out: configuration files, proxying, worker processes.
"""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.apache import log_line
from simulator.userland.http_server import Answer, Request, accept_all, listen
from simulator.userland.program import strerror
from simulator.userland.static_files import Files, Manner

ROOT = "/usr/share/nginx/html"
VERSION = "nginx/1.15.5"
TITLES = {405: "405 Not Allowed"}  # where nginx does not use the standard's phrase


def _page(status: int, phrase: str, request: Request) -> str:
    title = TITLES.get(status, f"{status} {phrase}")
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body bgcolor=\"white\">\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>{VERSION}</center>\r\n</body>\r\n</html>\r\n"
    )  # fmt: skip


MANNER = Manner(
    server=VERSION,
    tag=lambda mtime, size: f"{mtime:x}-{size:x}",
    page=_page,
    default_type="application/octet-stream",
    page_type="text/html",
)


def nginx(process: Process) -> Steps:
    """nginx [-g directives]; -v tells the version."""
    if "-v" in process.argv:
        process.error(f"nginx version: {VERSION}")
        return 0
    files = Files(process, ROOT, MANNER)
    try:
        listener = listen(process, "0.0.0.0", 80)
    except OSError as failure:
        stamp = process.clock.at(process.clock.wall()).strftime("%Y/%m/%d %H:%M:%S")
        reason = f"({failure.errno}: {strerror(failure)})"
        process.error(f"{stamp} [emerg] {process.local_pid}#{process.local_pid}: bind() to 0.0.0.0:80 failed {reason}")
        return 1

    def answer(request: Request) -> Answer:
        made = files(request)
        agent = request.head.get("User-Agent") or "-"
        process.print(f'{log_line(process, request, made)} "{request.head.get("Referer") or "-"}" "{agent}" "-"')
        return made

    return (yield from accept_all(process, listener, answer))
