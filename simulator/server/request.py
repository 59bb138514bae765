"""One request of a client, and its parameters as the real engine reads them (moby's api/server/httputils)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from simulator.engine.errors import InvalidParameter, System
from simulator.server.gojson import decoded

_NO = ("", "0", "no", "false", "none")
_TEXTS = ("Name", "Driver", "Container", "Image", "Hostname", "Domainname", "User", "WorkingDir", "StopSignal")
_NUMBER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Request:
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
        """`{"label":{"a=b":true}}`, or older clients' `{"label":["a=b"]}`. Raises System, InvalidParameter."""
        text = self.text("filters")
        if not text:
            return {}
        try:
            document = decoded(text)
        except ValueError as failure:
            raise System(str(failure)) from None
        if not isinstance(document, dict):
            raise InvalidParameter("invalid filter")
        return {key: _values(value) for key, value in document.items()}

    def document(self, *, empty: str = "got EOF while reading request body", kind: int = 400) -> dict[str, Any]:
        """The body, an object. `empty` and `kind` are the refusal of an empty one. Raises InvalidParameter, System."""
        if not self.body.strip():
            raise System(empty) if kind == 500 else InvalidParameter(empty)
        content = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if content != "application/json":
            raise InvalidParameter(f"Content-Type specified ({content}) must be 'application/json'")
        try:
            document = decoded(self.body.decode("utf-8", "replace"))
        except ValueError as failure:
            raise InvalidParameter(str(failure)) from None
        if not isinstance(document, dict):
            raise InvalidParameter(f"json: cannot unmarshal {_kind(document)} into Go value of type an object")
        _check_texts(document)
        return document


def _check_texts(document: Mapping[str, Any]) -> None:
    for name in _TEXTS:
        value = document.get(name)
        if value is not None and not isinstance(value, str):
            raise InvalidParameter(f"json: cannot unmarshal {_kind(value)} into Go struct field .{name} of type string")


def _kind(value: Any) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "bool"}
    return kinds.get(type(value), "number")


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(key) for key, wanted in value.items() if wanted]
    if isinstance(value, list):
        return [str(entry) for entry in value]
    raise InvalidParameter("invalid filter")


def integer(text: str, refusal: type[System | InvalidParameter]) -> int:
    """Go's strconv.Atoi."""
    if not _NUMBER.fullmatch(text) or len(text) > 20:
        raise refusal(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def numbers(version: str) -> tuple[int, ...]:
    """A version as what is compared (moby's api/types/versions); what is no number counts as 0."""
    return tuple(int(part[:9] or 0) for part in version.split("."))


def request_from_target(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """A request from what stands in its first line."""
    local = target if target.startswith("/") else "/" + target.partition("://")[2].partition("/")[2]
    encoded, mark, asked = local.partition("#")[0].partition("?")
    path = unquote(encoded)
    moved = f"{quote(clean)}{mark}{asked}" if (clean := _clean(path)) != path else ""
    version = re.match(r"/v([0-9.]+)(?=/)", path)
    repeated = parse_qs(asked, keep_blank_values=True)
    query = {key: values[0] for key, values in repeated.items()}
    number = version[1] if version else ""
    return Request(method, path[version.end() :] if version else path, number, query, headers, body, moved, repeated)


def _clean(path: str) -> str:
    """Go's path.Clean, with the slash at its end kept."""
    clean = "/" + posixpath.normpath(path).lstrip("/")
    return clean + "/" if path.endswith("/") and clean != "/" else clean
