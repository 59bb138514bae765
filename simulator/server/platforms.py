"""The platform that a request names."""

from __future__ import annotations

from simulator.engine.errors import InvalidParameter
from simulator.golang.platform import Platform, platform_from_text
from simulator.server.request import Request


def platform_of(request: Request) -> Platform | None:
    """None where any will do. Raises InvalidParameter for what names no platform."""
    text = request.text("platform")
    try:
        return platform_from_text(text) if text else None
    except ValueError as error:
        raise InvalidParameter(str(error)) from None
