"""The services of the machine beyond the Docker host: a name server, and a web server that tells who called.

They are what a home router's dnsmasq and some server in the Internet would be. The name server knows what stands in a
file of the form of hosts(5); without one it knows outside.test.
"""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.dns_message import Message, Question, Rcode, Record, Type, from_bytes, reverse_name
from simulator.kernel.process import Process
from simulator.userland.http_server import Answer, Request, http_date, serve
from simulator.userland.program import strerror

ZONE = "10.0.2.2 outside.test\n"
TTL = 60  # seconds
ERROR_PAGE = """\
<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: {code}</p>
        <p>Message: {reason}.</p>
        <p>Error code explanation: {code} - {explanation}.</p>
    </body>
</html>
"""


def outside_dns(process: Process) -> Steps:
    """outside-dns ADDRESS [HOSTS_FILE]: answers A, AAAA and PTR; any other name does not exist."""
    address = process.argv[1] if len(process.argv) > 1 else "0.0.0.0"
    try:
        zone = process.disk.read(process.argv[2], process).decode() if len(process.argv) > 2 else ZONE
        socket = process.socket("inet6" if ":" in address else "inet", "dgram")
        socket.bind(address, 53)
    except OSError as failure:
        process.error(f"{process.argv[0]}: {strerror(failure)}")
        return 1
    names = records_from_text(zone)
    while True:
        data, ip, port = yield socket.receive()
        answer = answer_to(data, names)
        if answer:
            socket.send_to(answer.to_bytes(), ip, port)


def outside_web(process: Process) -> Steps:
    """outside-web ADDRESS: answers every GET on port 80 with the address of the caller."""
    address = process.argv[1] if len(process.argv) > 1 else "0.0.0.0"

    def answer(request: Request) -> Answer:
        if request.method != "GET":
            return _unsupported(process, request.method)
        headers = [("Content-Type", "text/plain")]
        return Answer(200, headers, f"You are {request.peer}\n".encode(), version="HTTP/1.0")

    return (yield from serve(process, address, 80, answer))


def _unsupported(process: Process, method: str) -> Answer:
    """What Python's http.server says of a method that it has no function for."""
    reason = f"Unsupported method ({method!r})"
    page = ERROR_PAGE.format(code=501, reason=reason, explanation="Server does not support this operation").encode()
    fields = [
        ("Server", "BaseHTTP/0.6 Python/3.11.7"),
        ("Date", http_date(process.clock)),
        ("Connection", "close"),
        ("Content-Type", "text/html;charset=utf-8"),
        ("Content-Length", str(len(page))),
    ]
    return Answer(501, fields, page, version="HTTP/1.0", bodiless=method == "HEAD", reason=reason)


def records_from_text(text: str) -> dict[tuple[str, int], list[Record]]:
    """The records of a hosts file: an address for each name, and a name for each address."""
    records: dict[tuple[str, int], list[Record]] = {}
    for line in text.splitlines():
        address, *names = line.split("#")[0].split() or [""]
        kind = Type.AAAA if ":" in address else Type.A
        for name in names:
            records.setdefault((name.lower(), kind), []).append(Record(name, kind, TTL, address))
            back = reverse_name(address)
            records.setdefault((back, Type.PTR), []).append(Record(back, Type.PTR, TTL, name))
    return records


def answer_to(data: bytes, records: dict[tuple[str, int], list[Record]]) -> Message | None:
    """The answer to a question; None for bytes that are none."""
    try:
        asked = from_bytes(data)
        question: Question = asked.questions[0]
    except (ValueError, IndexError):
        return None
    known = {name for name, _ in records}
    answers = tuple(records.get((question.name.lower(), question.type), ()))
    return Message(
        asked.ident,
        (question,),
        answers,
        response=True,
        recursion_available=True,
        rcode=Rcode.NOERROR if question.name.lower() in known else Rcode.NXDOMAIN,
    )
