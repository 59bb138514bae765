"""Names of images, `domain/path:tag@digest`, as client and engine read them: docker/distribution's reference package.

`alpine` stands for docker.io/library/alpine; its familiar form, which is shown again, leaves out what everybody leaves out.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

DEFAULT_DOMAIN = "docker.io"
OFFICIAL = "library"
LATEST = "latest"
DIGESTS = {"sha256": 64, "sha384": 96, "sha512": 128}  # algorithm: hex digits

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]+)?"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?",
    re.ASCII,
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")
_LONGEST_NAME = 255


class Reference(Struct, frozen=True):
    """A parsed name. `path` has `library/` in front where Docker Hub's official images were meant."""

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
        return self.path.removeprefix(f"{OFFICIAL}/") if self.path.count("/") == 1 else self.path

    @property
    def full(self) -> str:
        return self.name + self._behind

    def __str__(self) -> str:
        """The familiar form."""
        return self.familiar_name + self._behind

    @property
    def _behind(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    def with_latest(self) -> Reference:
        """With the tag `latest` where neither a tag nor a digest was given."""
        return self if self.tag or self.digest else replace(self, tag=LATEST)


def reference_from_text(text: str) -> Reference:
    """Parses and normalises. Raises ValueError in the words of the package."""
    if _IDENTIFIER.fullmatch(text):
        raise ValueError(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
    domain, rest = _split_domain(text)
    remote = rest.partition("@")[0].partition(":")[0]
    if remote.lower() != remote:
        raise ValueError("invalid reference format: repository name must be lowercase")
    match = _REFERENCE.fullmatch(f"{domain}/{rest}")
    if match is None:
        raise ValueError("invalid reference format")
    if len(match["name"]) > _LONGEST_NAME:
        raise ValueError(f"repository name must not be more than {_LONGEST_NAME} characters")
    _check_digest(match["digest"] or "")
    return Reference(domain, match["name"].partition("/")[2], match["tag"] or "", match["digest"] or "")


def _check_digest(digest: str) -> None:
    algorithm, colon, digits = digest.partition(":")
    if colon and algorithm not in DIGESTS:
        raise ValueError("unsupported digest algorithm")
    if colon and len(digits) != DIGESTS[algorithm]:
        raise ValueError("invalid checksum digest length")
    if digits != digits.lower():
        raise ValueError("invalid checksum digest format")


def _split_domain(text: str) -> tuple[str, str]:
    """The registry is what stands before the first slash, if it looks like a host and not like a user."""
    first, slash, rest = text.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        domain, path = DEFAULT_DOMAIN, text
    else:
        domain, path = DEFAULT_DOMAIN if first == "index.docker.io" else first, rest
    if domain == DEFAULT_DOMAIN and "/" not in path:
        path = f"{OFFICIAL}/{path}"
    return domain, path
