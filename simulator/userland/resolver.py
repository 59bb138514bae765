"""Names to addresses and back, as glibc finds them: getaddrinfo(3), getnameinfo(3), resolv.conf(5), hosts(5).

Every name is looked for in /etc/hosts of the process's disk, then asked from the name servers of /etc/resolv.conf:
A and AAAA from one socket at once, server after server, twice. Left out: nsswitch.conf (always files, then dns), TCP
for truncated answers, `rotate` and the rarer options, gai.conf.
"""

from __future__ import annotations

import errno
from ipaddress import ip_address

from msgspec import Struct

from simulator.clock import S, Steps
from simulator.kernel.dns_message import Message, Rcode, Type, from_bytes, query, reverse_name
from simulator.kernel.process import Process

PORT = 53
MAX_SERVERS, MAX_SEARCH = 3, 6

# getaddrinfo's own error numbers and texts (gai_strerror).
EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_NODATA = -2, -3, -4, -5
TEXTS = {
    EAI_NONAME: "Name or service not known",
    EAI_AGAIN: "Temporary failure in name resolution",
    EAI_FAIL: "Non-recoverable failure in name resolution",
    EAI_NODATA: "No address associated with hostname",
}
TYPES = {"inet": (Type.A,), "inet6": (Type.AAAA,), "any": (Type.A, Type.AAAA)}


class Unresolved(OSError):
    """A name without an address. `errno` is one of the EAI numbers, `strerror` its text."""

    def __init__(self, code: int) -> None:
        super().__init__(code, TEXTS[code])


class Configuration(Struct, frozen=True):
    """/etc/resolv.conf."""

    servers: tuple[str, ...] = ("127.0.0.1",)
    search: tuple[str, ...] = ()
    ndots: int = 1
    timeout: int = 5
    attempts: int = 2


def resolve(process: Process, name: str, family: str = "any") -> Steps:
    """The addresses of a name, best first. `family`: inet, inet6 or any. Raises Unresolved."""
    number = numeric(name)
    if not name:
        raise Unresolved(EAI_NONAME)
    if number is not None:
        if family != "any" and (":" in number) != (family == "inet6"):
            raise Unresolved(EAI_NONAME)
        return [number]
    known = in_hosts(process, name, family)
    if known:
        return by_preference(process, known)
    return by_preference(process, (yield from _ask_servers(process, name, family)))


def reverse(process: Process, ip: str) -> Steps:
    """The name of an address, None if nobody knows it."""
    for address, names in hosts(process):
        if address == ip:
            return names[0]
    try:
        answer = yield from ask(process, configuration(process), reverse_name(ip), (Type.PTR,))
    except Unresolved:
        return None
    return next((record.data for record in answer if record.type == Type.PTR), None)


def numeric(text: str) -> str | None:
    """The address that a text is by itself, if any: 10.0.2.2, also 10.2 and 0x7f.1 (inet_aton), ::1, fe80::1%eth0."""
    bare, percent, scope = text.partition("%")
    if ":" in bare:
        try:
            return str(ip_address(bare)) + percent + scope
        except ValueError:
            return None
    return inet_aton(text)


def inet_aton(text: str) -> str | None:
    """An IPv4 address of one to four numbers, the last of which fills what is left: inet(3)."""
    parts = text.split(".")
    try:
        numbers = [_c_number(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
        return None
    rest = 5 - len(numbers)
    if numbers[-1] >= 256**rest:
        return None
    packed = bytes(numbers[:-1]) + numbers[-1].to_bytes(rest, "big")
    return ".".join(map(str, packed))


def _c_number(text: str) -> int:
    if not text.isascii() or not text[:1].isdigit():
        raise ValueError(text)
    if text[:2].lower() == "0x":
        return int(text[2:], 16)
    return int(text, 8 if text[0] == "0" and len(text) > 1 else 10)


# -- files ----------------------------------------------------------------------------------------------------------


def hosts(process: Process) -> list[tuple[str, list[str]]]:
    """The lines of /etc/hosts: (address, names)."""
    found = []
    for words in _words(process, "/etc/hosts"):
        if len(words) > 1:
            found.append((words[0], words[1:]))
    return found


def in_hosts(process: Process, name: str, family: str) -> list[str]:
    """The addresses that /etc/hosts has for a name: those of its first line there, unless host.conf(5) says multi."""
    wanted = name.rstrip(".").lower()
    found = []
    for address, names in hosts(process):
        fits = family == "any" or (":" in address) == (family == "inet6")
        if fits and any(known.lower() == wanted for known in names) and numeric(address):
            found.append(address)
    return found if ["multi", "on"] in _words(process, "/etc/host.conf") else found[:1]


def configuration(process: Process) -> Configuration:
    """What /etc/resolv.conf says; the domain of the host's name is searched if it names none."""
    _, _, domain = process.uts.hostname.partition(".")
    servers: list[str] = []
    search = [domain] if domain else []
    options: dict[str, int] = {}
    for words in _words(process, "/etc/resolv.conf"):
        if words[0] == "nameserver" and len(words) > 1 and numeric(words[1]):
            servers.append(words[1])
        elif words[0] in ("search", "domain"):
            search = words[1:]
        elif words[0] == "options":
            settings = (word.partition(":") for word in words[1:])
            options |= {key: int(value) for key, _, value in settings if value.isdigit()}
    return Configuration(
        tuple(servers[:MAX_SERVERS]) or ("127.0.0.1",),
        tuple(search[:MAX_SEARCH]),
        options.get("ndots", 1),
        options.get("timeout", 5),
        options.get("attempts", 2),
    )


def _words(process: Process, path: str) -> list[list[str]]:
    try:
        text = process.disk.read(path, process).decode("utf-8", "replace")
    except OSError:
        return []
    lines = (line.split("#")[0].split(";")[0].split() for line in text.splitlines())
    return [words for words in lines if words]


# -- questions ------------------------------------------------------------------------------------------------------


def _ask_servers(process: Process, name: str, family: str) -> Steps:
    """Asks for a name and, if it is unknown, for it in each domain of the search list (res_search)."""
    config = configuration(process)
    failure = Unresolved(EAI_NONAME)
    for candidate in candidates(name, config):
        try:
            records = yield from ask(process, config, candidate, TYPES[family])
        except Unresolved as unknown:
            failure = unknown
            if unknown.errno in (EAI_NONAME, EAI_NODATA):
                continue
            raise
        addresses = [record.data for record in records if record.type in TYPES[family]]
        if addresses:
            return addresses
        failure = Unresolved(EAI_NODATA)
    raise failure


def candidates(name: str, config: Configuration) -> list[str]:
    """The full names to try, in order."""
    if name.endswith("."):
        return [name.rstrip(".")]
    searched = [f"{name}.{domain.rstrip('.')}" if domain.rstrip(".") else name for domain in config.search]
    return [name, *searched] if name.count(".") >= config.ndots else [*searched, name]


def ask(process: Process, config: Configuration, name: str, types: tuple[Type, ...]) -> Steps:
    """Asks the servers about one full name; the records of all answers. Raises Unresolved."""
    for _ in range(config.attempts):
        for server in config.servers:
            try:
                answers = yield from _exchange(process, server, name, types, timeout=config.timeout * S)
            except Unresolved:
                raise
            except OSError:
                continue
            codes = {answer.rcode for answer in answers}
            if Rcode.NOERROR in codes:
                return [record for answer in answers for record in answer.answers]
            if Rcode.NXDOMAIN in codes:
                raise Unresolved(EAI_NONAME)
    raise Unresolved(EAI_AGAIN)


def _exchange(process: Process, server: str, name: str, types: tuple[Type, ...], *, timeout: int) -> Steps:
    """Sends one question for each type from one socket and waits for all answers. Raises OSError."""
    socket = process.socket("inet6" if ":" in server else "inet", "dgram")
    try:
        socket.set("recverr", True)
        socket.connect(server, PORT)
        asked: dict[int, Message] = {}
        for kind in types:
            ident = process.clock.chance.integer("dns ident", 0, 65535)
            asked[ident] = query(ident, name, kind)
            socket.send(asked[ident].to_bytes())
        answers = []
        deadline = int(process.clock.now) + timeout
        while asked:
            answers.append((yield from _next_answer(process, socket, asked, deadline)))
        return answers
    except ValueError:
        raise Unresolved(EAI_NONAME) from None  # a name that no DNS message can hold
    finally:
        socket.close()


def _next_answer(process: Process, socket: object, asked: dict[int, Message], deadline: int) -> Steps:
    """The next message that answers one of the questions. Raises OSError ETIMEDOUT, ECONNREFUSED ..."""
    while True:
        ready = yield from process.poll([socket], max(deadline - int(process.clock.now), 0))
        if not ready:
            raise OSError(errno.ETIMEDOUT, "Connection timed out")
        data, _, _ = ready[0].receive_nowait()
        try:
            answer = from_bytes(data)
        except ValueError:
            continue
        question = asked.get(answer.ident)
        if question and answer.response and _same(question, answer):
            del asked[answer.ident]
            return answer


def _same(question: Message, answer: Message) -> bool:
    asked, echoed = question.questions[0], answer.questions[:1]
    return not echoed or (echoed[0].name.lower(), echoed[0].type) == (asked.name.lower(), asked.type)


# -- order ----------------------------------------------------------------------------------------------------------


def by_preference(process: Process, addresses: list[str]) -> list[str]:
    """Sorted as RFC 6724 has it: those that can be reached, of our scope, IPv6 before IPv4."""
    unique = list(dict.fromkeys(addresses))
    return unique if len(unique) < 2 else sorted(unique, key=lambda address: _rank(process, address))


def _rank(process: Process, address: str) -> tuple[bool, bool, int]:
    bare = address.partition("%")[0]
    try:
        source = process.netns.source_for(bare)
    except OSError:
        return (True, True, 0)
    return (False, _scope(bare) != _scope(source), -_precedence(bare))


def _scope(address: str) -> str:
    parsed = ip_address(address)
    return "link" if parsed.is_link_local or parsed.is_loopback else "global"


def _precedence(address: str) -> int:
    """RFC 6724 2.1, the rows that occur."""
    if address == "::1":
        return 50
    return 40 if ":" in address else 35
