"""One request of a client, and its parameters as the real engine reads them (moby's api/server/httputils)."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from msgspec import Struct, field

from simulator.engine.errors import InvalidParameter, System
from simulator.server.decoding import decode, decode_map
from simulator.server.gojson import decoded, first

FILTERS = "map[string]map[string]bool"
_NO = ("", "0", "no", "false", "none")
_NUMBER = re.compile(r"[+-]?[0-9]+")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})..?", re.DOTALL)


class Request(Struct, frozen=True):
    """A request: `path` without the version, `version` empty if none was named, header names in lower case.

    `moved` is where it belongs if its path has empty or dotted steps, as gorilla/mux has it.
    """

    method: str
    path: str
    version: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved: str = ""
    repeated: Mapping[str, list[str]] = field(default_factory=dict)  # all values of each parameter
    unread: str = ""  # why its query cannot be read

    def before(self, version: str) -> bool:
        """Whether the client speaks an older API than this; who names none speaks the newest."""
        return bool(self.version) and numbers(self.version) < numbers(version)

    def text(self, name: str) -> str:
        return self.query.get(name, "")

    def texts(self, name: str) -> list[str]:
        """All values of a parameter that may be given again."""
        return list(self.repeated.get(name, ()))

    def boolean(self, name: str, default: bool = False) -> bool:
        """httputils.BoolValue: anything but a few spellings of no."""
        return self.query[name].strip().lower() not in _NO if name in self.query else default

    def number(self, name: str, *, refusal: type[System | InvalidParameter] = System) -> int | None:
        """An integer, None if it is not given. Raises the refusal."""
        text = self.text(name)
        return integer(text, refusal) if text else None

    def filters(self) -> dict[str, list[str]]:
        """`{"label":{"a=b":true}}`, or older clients' `{"label":["a=b"]}` (filters.FromJSON). Raises System."""
        text = self.text("filters")
        if not text:
            return {}
        try:
            document = decoded(text)
            return _listed(document) or {key: list(value) for key, value in decode_map(document, FILTERS).items()}
        except ValueError as failure:
            raise System(str(failure)) from None

    def document(self, struct: str, *, refusal: type[System | InvalidParameter] = InvalidParameter) -> dict[str, Any]:
        """The body as a Go struct. Raises the refusal, which for some endpoints of the real engine is its own fault."""
        content = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if content != "application/json":
            raise InvalidParameter(f"Content-Type specified ({content}) must be 'application/json'")
        if not self.body.strip():
            raise refusal("EOF" if refusal is System else "got EOF while reading request body")
        try:
            return decode(first(self.body.decode("utf-8", "replace")), struct)
        except ValueError as failure:
            raise refusal(str(failure)) from None


def _listed(document: Any) -> dict[str, list[str]]:
    """Filters as older clients write them; nothing, if it is none of theirs."""
    lists = document.values() if isinstance(document, dict) else ()
    whole = all(isinstance(values, list) and all(isinstance(value, str) for value in values) for values in lists)
    return document if lists and whole else {}


def integer(text: str, refusal: type[System | InvalidParameter]) -> int:
    """Go's strconv.Atoi."""
    if not _NUMBER.fullmatch(text):
        raise refusal(f"strconv.Atoi: parsing {json.dumps(text)}: invalid syntax")
    if len(text) > 20 or not -(1 << 63) <= int(text) < 1 << 63:
        raise refusal(f'strconv.Atoi: parsing "{text}": value out of range')
    return int(text)


def numbers(version: str) -> tuple[int, ...]:
    """A version as what is compared (moby's api/types/versions); what is no number counts as 0."""
    return tuple(int(part[:9] or 0) for part in version.split("."))


def request_from_target(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """A request from what stands in its first line. Raises ValueError for a path that is none."""
    local = target if target.startswith("/") else "/" + target.partition("://")[2].partition("/")[2]
    encoded, mark, asked = local.partition("#")[0].partition("?")
    if _BAD_ESCAPE.search(encoded + "  "):
        raise ValueError(encoded)
    path = unquote(encoded)
    moved = f"{quote(clean)}{mark}{asked}" if (clean := _clean(path)) != path else ""
    version = re.match(r"/v([0-9.]+)(?=/)", path)
    repeated = parse_qs(asked, keep_blank_values=True)
    query = {key: values[0] for key, values in repeated.items()}
    number = version[1] if version else ""
    own = path[version.end() :] if version else path
    return Request(method, own, number, query, headers, body, moved, repeated, _unread(asked))


def _unread(asked: str) -> str:
    """What Go's url.ParseQuery says to a query that it cannot read."""
    if ";" in asked:
        return "invalid semicolon separator in query"
    bad = _BAD_ESCAPE.search(asked + "  ")
    return f"invalid URL escape {json.dumps(bad[0].rstrip())}" if bad else ""


def _clean(path: str) -> str:
    """Go's path.Clean, with the slash at its end kept."""
    clean = "/" + posixpath.normpath(path).lstrip("/")
    return clean + "/" if path.endswith("/") and clean != "/" else clean
