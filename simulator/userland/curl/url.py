"""URLs as curl reads them: their parts, {lists} and [ranges], and places relative to another. RFC 3986, curl(1) URL."""

from __future__ import annotations

import re
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

# The schemes that curl knows, with their ports.
PORTS = {
    "dict": 2628, "file": 0, "ftp": 21, "ftps": 990, "gopher": 70, "gophers": 70, "http": 80, "https": 443, "imap": 143,
    "imaps": 993, "ldap": 389, "ldaps": 636, "mqtt": 1883, "pop3": 110, "pop3s": 995, "rtmp": 1935, "rtsp": 554,
    "scp": 22, "sftp": 22, "smb": 445, "smbs": 445, "smtp": 25, "smtps": 465, "telnet": 23, "tftp": 69,
}  # fmt: skip

_RANGE = re.compile(r"(\w+)-(\w+)(?::(\d+))?$")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+(?:%[\w.]+)?$")


class BadUrl(Exception):
    """What cannot be a URL. `text` is empty for the general complaint."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


class Url(Struct, frozen=True):
    """The parts of a URL. `host` is without brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str
    user: str | None = None
    named_port: bool = False

    @property
    def authority(self) -> str:
        """As the Host field has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port != PORTS.get(self.scheme, 0) else host

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.named_port else ""
        return f"{self.scheme}://{host}{port}{self.path}"


def url_from_text(text: str, *, as_is: bool = False) -> Url:
    """The URL of a text; without a scheme it is HTTP. Raises BadUrl."""
    if any(ord(char) <= 32 or ord(char) == 127 for char in text):
        raise BadUrl
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest = "http", text
    rest = rest.partition("#")[0]
    end = min((rest.find(char) for char in "/?" if char in rest), default=len(rest))
    authority, path = rest[:end], rest[end:]
    user, at, host_port = authority.rpartition("@")
    host, port_text = _host_and_port(host_port)
    if not host and scheme.lower() != "file":
        raise BadUrl
    port = PORTS.get(scheme.lower(), 0)
    if port_text:
        if not (port_text.isascii() and port_text.isdigit()) or int(port_text) > 65535:
            raise BadUrl
        port = int(port_text)
    path = path if path.startswith("/") else "/" + path
    if not as_is:
        path = without_dots(path)
    return Url(scheme.lower(), host, port, path, user if at else None, bool(port_text))


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or not _IPV6.match(host) or (rest and not rest.startswith(":")):
            raise BadUrl
        return host, rest[1:]
    host, _, port = text.partition(":")
    return host, port


def without_dots(path: str) -> str:
    """The path without . and .. (RFC 3986 5.2.4); the query stays."""
    bare, question, query = path.partition("?")
    names: list[str] = []
    parts = bare.split("/")[1:]
    for index, name in enumerate(parts):
        last = index == len(parts) - 1
        if name == "..":
            names = names[:-1]
        elif name != ".":
            names.append(name)
        if last and name in (".", ".."):
            names.append("")
    return "/" + "/".join(names) + question + query


def relative(base: Url, place: str) -> Url:
    """The URL that a Location field means. Raises BadUrl."""
    place = place.replace(" ", "%20")
    if "://" in place:
        return url_from_text(place)
    if place.startswith("//"):
        return url_from_text(f"{base.scheme}:{place}")
    bare = base.path.partition("?")[0]
    if place.startswith("?"):
        return replace(base, path=bare + place)
    path = place if place.startswith("/") else bare.rpartition("/")[0] + "/" + place
    return replace(base, path=without_dots(path.partition("#")[0]))


def expand(text: str) -> list[tuple[str, list[str]]]:
    """The URLs that a text with {lists} and [ranges] stands for, each with what was chosen (#1, #2 ...).

    Raises BadUrl with a line, the text and a mark below the place.
    """
    literals, choices = [""], []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in tuple("{}[]"):
            literals[-1] += text[at + 1]
            at += 2
        elif char == "{" or (char == "[" and not _is_ipv6(text, at)):
            members, at = _choice(text, at)
            choices.append(members)
            literals.append("")
        elif char in "}]" and not _closes_ipv6(text, at):
            raise _bad("unmatched close brace/bracket", text, at)
        else:
            literals[-1] += char
            at += 1
    return [
        ("".join(part for pair in zip(literals, [*chosen, ""], strict=True) for part in pair), list(chosen))
        for chosen in product(*choices)
    ]


def _choice(text: str, at: int) -> tuple[list[str], int]:
    """The members of the list or range that begins here, and where the text goes on."""
    if text[at] == "{":
        end = text.find("}", at)
        if end < 0:
            raise _bad("unmatched brace", text, at + 1)
        return text[at + 1 : end].split(","), end + 1
    end = text.find("]", at)
    members = _range(text[at + 1 : end]) if end > 0 else None
    if members is None:
        raise _bad("bad range", text, at + 1)
    return members, end + 1


def _bad(what: str, text: str, at: int) -> BadUrl:
    return BadUrl(f"{what} in URL position {at + 1}:\n{text}\n{' ' * at}^")


def _is_ipv6(text: str, at: int) -> bool:
    end = text.find("]", at)
    inside = text[at + 1 : end]
    return end > 0 and ":" in inside and bool(_IPV6.match(inside))


def _closes_ipv6(text: str, at: int) -> bool:
    start = text.rfind("[", 0, at)
    return text[at] == "]" and start >= 0 and _is_ipv6(text, start)


def _range(text: str) -> list[str] | None:
    found = _RANGE.match(text)
    if not found:
        return None
    first, last, step = found[1], found[2], int(found[3] or "1")
    if step < 1:
        return None
    if first.isdigit() and last.isdigit():
        width = len(first) if first.startswith("0") else 0
        return [f"{number:0{width}}" for number in range(int(first), int(last) + 1, step)] or None
    if len(first) == len(last) == 1:
        return [chr(code) for code in range(ord(first), ord(last) + 1, step)] or None
    return None
