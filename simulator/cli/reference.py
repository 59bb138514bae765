"""Names of images: domain/path:tag@digest. See docker/distribution/reference.

`alpine` is docker.io/library/alpine:latest; its familiar form leaves out what everybody leaves out.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

DEFAULT_DOMAIN = "docker.io"
OFFICIAL = "library"
LATEST = "latest"
DIGESTS = {"sha256": 64, "sha384": 96, "sha512": 128}  # algorithm: hex digits

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_DOMAIN}/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")
_LONGEST_NAME = 255


class Reference(Struct, frozen=True):
    """An image's name: docker.io/library/alpine:latest@sha256:..."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def familiar_name(self) -> str:
        if self.domain != DEFAULT_DOMAIN:
            return f"{self.domain}/{self.path}"
        owner, slash, rest = self.path.partition("/")
        return rest if slash and owner == OFFICIAL and "/" not in rest else self.path

    @property
    def familiar(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return self.familiar_name + tag + (f"@{self.digest}" if self.digest else "")

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.domain}/{self.path}{tag}" + (f"@{self.digest}" if self.digest else "")

    def with_latest(self) -> Reference:
        """The same, with the tag `latest` when it has neither tag nor digest."""
        return self if self.tag or self.digest else replace(self, tag=LATEST)


def reference_from_text(text: str) -> Reference:
    """Reads a name. Raises ValueError with the client's text."""
    if _IDENTIFIER.fullmatch(text):
        raise ValueError(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
    domain, rest = _split_domain(text)
    path = rest.partition("@")[0].rpartition(":")[0] or rest.partition("@")[0] if ":" in rest else rest
    if path.lower() != path:
        raise ValueError("invalid reference format: repository name must be lowercase")
    match = _REFERENCE.fullmatch(f"{domain}/{rest}")
    if not match:
        raise ValueError("invalid reference format")
    if len(match["name"]) > _LONGEST_NAME:
        raise ValueError(f"repository name must not be more than {_LONGEST_NAME} characters")
    _check_digest(match["digest"] or "")
    name = match["name"].partition("/")[2]
    return Reference(domain, name, match["tag"] or "", match["digest"] or "")


def _check_digest(digest: str) -> None:
    algorithm, colon, digits = digest.partition(":")
    if colon and algorithm not in DIGESTS:
        raise ValueError("unsupported digest algorithm")
    if colon and len(digits) != DIGESTS[algorithm]:
        raise ValueError("invalid checksum digest length")
    if digits != digits.lower():
        raise ValueError("invalid checksum digest format")


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        domain, path = DEFAULT_DOMAIN, text
    else:
        domain, path = ("docker.io" if first == "index.docker.io" else first), rest
    if domain == DEFAULT_DOMAIN and "/" not in path:
        path = f"{OFFICIAL}/{path}"
    return domain, path


def familiar_without_digest(text: str) -> str:
    """A name as lists show it, without its digest; a text that is no name stays as it is."""
    try:
        reference = reference_from_text(text)
    except ValueError:
        return text
    return replace(reference, digest="").familiar
