"""busybox nslookup: asks a name server and prints its answers as they come. busybox networking/nslookup.c (the big).

It reads /etc/resolv.conf but not /etc/hosts.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from simulator.clock import MS, US, S, Steps
from simulator.kernel.dns_message import Message, Rcode, Record, Type, from_bytes, query, reverse_name
from simulator.kernel.process import Process
from simulator.userland.busybox_net import address_of, not_connected, port_from_text, seconds_from_text
from simulator.userland.program import BUSYBOX, strerror
from simulator.userland.resolver import configuration, numeric

TYPES = {
    "soa": Type.SOA, "ns": Type.NS, "a": Type.A, "aaaa": Type.AAAA, "cname": Type.CNAME, "mx": Type.MX,
    "txt": Type.TXT, "ptr": Type.PTR, "srv": Type.SRV, "any": Type.ANY,
}  # fmt: skip
RCODES = {
    Rcode.FORMERR: "FORMERR", Rcode.SERVFAIL: "SERVFAIL", Rcode.NXDOMAIN: "NXDOMAIN", Rcode.NOTIMP: "NOTIMP",
    Rcode.REFUSED: "REFUSED", 6: "YXDOMAIN", 7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE",
}  # fmt: skip
WRITE = 500 * US  # typical time that one question takes: long enough for a refusal to come before the next
SOA_FIELDS = ("serial", "refresh", "retry", "expire", "minimum")


class Settings(Struct):
    """The options and operands."""

    types: list[Type]
    names: list[str]
    port: int = 53
    timeout: int = 5 * S
    retries: int = 2
    debug: bool = False


class Asked(Struct):
    """A question that was sent."""

    name: str
    message: Message
    answered: bool = False


def nslookup(process: Process) -> Steps:
    """nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]"""
    settings = Settings([], [])
    for word in process.argv[1:]:
        if not word.startswith("-"):
            settings.names.append(word)
        elif not _option(process, settings, word.lstrip("-")):
            BUSYBOX.refuse(process)
    if not settings.names:
        BUSYBOX.refuse(process)
    return (yield from _look_up(process, settings))


def _option(process: Process, settings: Settings, word: str) -> bool:
    name, _, value = word.partition("=")
    if name in ("type", "querytype", "query", "t", "q"):
        if value.lower() not in TYPES:
            process.exit(BUSYBOX.complain(process, f'invalid query type "{value}"'))
        settings.types.append(TYPES[value.lower()])
    elif name == "port":
        settings.port = port_from_text(process, value)
    elif name == "timeout":
        settings.timeout = seconds_from_text(process, value)
    elif name == "retry":
        settings.retries = max(seconds_from_text(process, value) // S, 1)
    elif name == "debug":
        settings.debug = True
    else:
        return False
    return True


def _look_up(process: Process, settings: Settings) -> Steps:
    config = configuration(process)
    servers = list(config.servers)
    *names, server = settings.names if len(settings.names) > 1 else [settings.names[0], ""]
    if server:
        servers = [(yield from address_of(process, server))]
    asked = [
        Asked(name, query(process.clock.chance.integer("dns ident", 0, 65535), name, kind))
        for host in names
        for kind, name in _questions(settings, host, config.search)
    ]
    for ip in servers:
        failed = yield from Inquiry(process, settings, ip, server or ip, asked).run()
        if failed is not None:
            return int(failed)
    process.print(";; connection timed out; no servers could be reached\n")
    return 1


def _questions(settings: Settings, host: str, search: tuple[str, ...]) -> list[tuple[Type, str]]:
    """What to ask about a host: its name if it is an address, else A and AAAA in each domain of the search list."""
    address = numeric(host) if host.count(".") == 3 or ":" in host else None
    if address and not settings.types:
        return [(Type.PTR, reverse_name(address))]
    names = [f"{host}.{domain}" for domain in search] if search and "." not in host else [host]
    return [(kind, name) for kind in settings.types or [Type.A, Type.AAAA] for name in names]


class Inquiry:
    """The questions to one server."""

    def __init__(self, process: Process, settings: Settings, ip: str, shown: str, asked: list[Asked]) -> None:
        self._process, self._settings, self._asked = process, settings, asked
        self._ip, self._shown = ip, shown
        self._began = int(process.clock.now)
        self._replies = 0
        self._failed = False

    def run(self) -> Steps:
        """Whether an answer was a refusal; None if no answer came at all."""
        process, settings = self._process, self._settings
        socket: Any = process.socket("inet6" if ":" in self._ip else "inet", "dgram")
        try:
            self._connect(socket)
            while self._now < settings.timeout and not self._done:
                resend = self._now + settings.timeout // settings.retries
                if not (yield from self._send(socket)):
                    return None
                yield from self._collect(socket, resend)
        finally:
            socket.close()
        return self._failed if self._replies else None

    def _connect(self, socket: Any) -> None:
        try:
            socket.connect(self._ip, self._settings.port)
        except OSError as failure:
            not_connected(self._process, self._ip, failure)

    @property
    def _now(self) -> int:
        return int(self._process.clock.now) - self._began

    @property
    def _done(self) -> bool:
        return all(each.answered for each in self._asked)

    def _send(self, socket: Any) -> Steps:
        """Asks what is not answered; False if the server refuses to be asked."""
        for each in self._asked:
            if not each.answered:
                try:
                    socket.send(each.message.to_bytes())
                except OSError as failure:
                    BUSYBOX.complain(self._process, f"write to '{self._shown}': {strerror(failure)}")
                    return False
                yield self._process.sleep(self._process.clock.chance.delay("write", WRITE))
        return True

    def _collect(self, socket: Any, until: int) -> Steps:
        """Takes answers until all are here or it is time to ask again."""
        while not self._done and self._now < until:
            if not (yield from self._process.poll([socket], until - self._now)):
                return
            try:
                data, _, _ = socket.receive_nowait()
            except OSError as failure:
                BUSYBOX.complain(self._process, f"read: {strerror(failure)}")
                continue
            self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            answer = from_bytes(data)
        except ValueError:
            return
        for number, each in enumerate(self._asked):
            if each.message.ident == answer.ident and not each.answered:
                each.answered = True
                self._print(number, each, answer)
                return

    def _print(self, number: int, asked: Asked, answer: Message) -> None:
        process = self._process
        if not self._replies:
            end = f"[{self._ip}]" if ":" in self._ip else self._ip
            process.print(f"Server:\t\t{self._shown}\nAddress:\t{end}:{self._settings.port}\n")
        self._replies += 1
        if self._settings.debug:
            process.print(f"Query #{number} completed in {self._now // MS}ms:")
        if answer.rcode:
            self._failed = True
            process.print(f"** server can't find {asked.name}: {RCODES.get(answer.rcode, answer.rcode)}\n")
            return
        if not answer.authoritative:
            process.print("Non-authoritative answer:")
        for record in answer.answers:
            process.print(text_of(record), end="")
        process.print()


def text_of(record: Record) -> str:
    """A record as nslookup shows it; nothing for those it does not know."""
    words = record.data.split()
    if record.type in (Type.A, Type.AAAA):
        return f"Name:\t{record.name}\nAddress: {record.data}\n"
    if record.type == Type.MX:
        return f"{record.name}\tmail exchanger = {record.data}\n"
    if record.type == Type.TXT:
        return f'{record.name}\ttext = "{record.data}"\n'
    if record.type == Type.SRV:
        return f"{record.name}\tservice = {record.data}\n"
    if record.type == Type.SOA:
        rest = "".join(f"\t{name} = {value}\n" for name, value in zip(SOA_FIELDS, words[2:], strict=True))
        return f"{record.name}\n\torigin = {words[0]}\n\tmail addr = {words[1]}\n{rest}"
    what = {Type.PTR: "name", Type.CNAME: "canonical name", Type.NS: "nameserver"}.get(Type(record.type))
    return f"{record.name}\t{what} = {record.data}\n" if what else ""
