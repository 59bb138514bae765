"""base64 of a text, as HTTP's Basic authentication has it (RFC 7617)."""

from __future__ import annotations

from base64 import b64encode


def base64_text(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
