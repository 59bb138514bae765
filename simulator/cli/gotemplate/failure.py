"""What a function of templates raises when its arguments do not do."""

from __future__ import annotations


class CallFailure(Exception):
    """Told as `error calling index: ...`."""
