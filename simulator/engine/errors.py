"""The engine's language of error: a kind, which is an HTTP status, and the text that the API sends.

Mirrors moby's errdefs: who raises says what kind it is; who answers (the server, the client program) never looks at the
text. The client prints it after "Error response from daemon: ".
"""

from __future__ import annotations


class EngineError(Exception):
    """A request that the engine refused or failed to carry out."""

    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotModified(EngineError):
    """What was asked for is so already."""

    status = 304


class InvalidParameter(EngineError):
    status = 400


class Forbidden(EngineError):
    status = 403


class NotFound(EngineError):
    status = 404


class Conflict(EngineError):
    status = 409


class System(EngineError):
    status = 500


class NotImplemented(EngineError):  # noqa: A001 - the name of the kind in errdefs
    status = 501


class Unavailable(EngineError):
    status = 503
