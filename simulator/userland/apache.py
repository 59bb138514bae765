"""Apache's httpd as the official image runs it: `httpd-foreground` serves a folder on port 80 and logs to its output.

Left out: configuration files, modules, every process model but a process for each connection.
"""

from __future__ import annotations

from html import escape

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.http_server import Answer, Request, accept_all, listen
from simulator.userland.program import strerror
from simulator.userland.static_files import Files, Manner

ROOT = "/usr/local/apache2/htdocs"
EXPLANATIONS = {
    301: "The document has moved <a href=\"{path}/\">here</a>.",
    400: "Your browser sent a request that this server could not understand.<br />",
    403: "You don't have permission to access {path} on this server.<br />",
    404: "The requested URL {path} was not found on this server.",
    405: "The requested method {method} is not allowed for the URL {path}.",
}  # fmt: skip


def _page(status: int, phrase: str, request: Request) -> str:
    text = EXPLANATIONS[status].format(path=escape(request.path), method=escape(request.method))
    return (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{status} {phrase}</title>\n</head><body>\n<h1>{phrase}</h1>\n<p>{text}</p>\n</body></html>\n"
    )


MANNER = Manner(
    server="Apache/2.4.35 (Unix)",
    tag=lambda mtime, size: f"{size:x}-{mtime * 1_000_000:x}",
    page=_page,
    default_type="text/plain",
    page_type="text/html; charset=iso-8859-1",
)


def httpd_foreground(process: Process) -> Steps:
    """httpd -DFOREGROUND"""
    files = Files(process, ROOT, MANNER)
    try:
        listener = listen(process, "0.0.0.0", 80)
    except OSError as failure:
        process.error(
            f"({failure.errno}){strerror(failure)}: AH00072: make_sock: could not bind to address 0.0.0.0:80\n"
            "no listening sockets available, shutting down\nAH00015: Unable to open logs"
        )
        return 1
    _greet(process)

    def answer(request: Request) -> Answer:
        made = files(request)
        process.print(log_line(process, request, made))
        return made

    return (yield from accept_all(process, listener, answer))


def _greet(process: Process) -> None:
    own = next(
        (a.ip for d in process.netns.listed() for a in d.addresses if a.scope == "global" and a.version == 4), ""
    )
    name = own or "127.0.0.1"
    unnamed = (
        "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, "
        f"using {name}. Set the 'ServerName' directive globally to suppress this message"
    )
    process.error(f"{unnamed}\n{unnamed}")
    stamp = process.clock.at(process.clock.wall()).strftime("%a %b %d %H:%M:%S.%f %Y")
    where = f"[{stamp}] {{}} [pid {process.local_pid}:tid 140000000000000]"
    process.error(
        f"{where.format('[mpm_event:notice]')} AH00489: {MANNER.server} configured -- resuming normal operations\n"
        f"{where.format('[core:notice]')} AH00094: Command line: 'httpd -D FOREGROUND'"
    )


def log_line(process: Process, request: Request, answer: Answer) -> str:
    """A line of the access log in the common format."""
    stamp = process.clock.at(process.clock.wall()).strftime("%d/%b/%Y:%H:%M:%S %z")
    size = "-" if answer.bodiless else str(len(answer.body))
    return f'{request.peer} - - [{stamp}] "{request.method} {request.target} {request.version}" {answer.status} {size}'
