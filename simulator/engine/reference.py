"""Image references: `registry/repository:tag@digest`, as people write them and as the engine keeps them.

Mirrors distribution's reference package and its "normalized" and "familiar" forms: `alpine` stands for
`docker.io/library/alpine`, and is what is shown again.
"""

from __future__ import annotations

import re

from msgspec import Struct

from simulator.engine.errors import InvalidParameter

DEFAULT_DOMAIN = "docker.io"
DEFAULT_TAG = "latest"

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?",
    re.ASCII,
)
_ID = re.compile(r"[a-f0-9]{64}")


class Reference(Struct, frozen=True):
    """A parsed reference. `path` has `library/` in front where Docker Hub's official images were meant."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        return f"{self.domain}/{self.path}"

    @property
    def familiar_name(self) -> str:
        if self.domain != DEFAULT_DOMAIN:
            return self.name
        return self.path.removeprefix("library/") if self.path.count("/") == 1 else self.path

    def __str__(self) -> str:
        """The familiar form."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.familiar_name}{tag}{digest}"

    def tagged(self) -> Reference:
        """With `latest` where neither a tag nor a digest was given."""
        if self.tag or self.digest:
            return self
        return Reference(self.domain, self.path, DEFAULT_TAG)


def reference_from_text(text: str) -> Reference:
    """Parses and normalises. Raises InvalidParameter in the words of the reference package."""
    if _ID.fullmatch(text):
        raise InvalidParameter(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
    domain, rest = _split_domain(text)
    remote = rest.split("@", 1)[0].split(":", 1)[0]
    if remote.lower() != remote:
        raise InvalidParameter("invalid reference format: repository name must be lowercase")
    match = _REFERENCE.fullmatch(f"{domain}/{rest}")
    if match is None:
        raise InvalidParameter("invalid reference format")
    path = match["name"].split("/", 1)[1]
    if len(match["name"]) > 255:
        raise InvalidParameter("repository name must not be more than 255 characters")
    return Reference(domain, path, match["tag"] or "", match["digest"] or "")


def _split_domain(text: str) -> tuple[str, str]:
    """The registry is what stands before the first slash, if it looks like a host and not like a user."""
    first, slash, rest = text.partition("/")
    if not slash or (not any(c in first for c in ".:") and first != "localhost"):
        domain, rest = DEFAULT_DOMAIN, text
    else:
        domain = first
    if domain == "index.docker.io":
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in rest:
        rest = f"library/{rest}"
    return domain, rest
