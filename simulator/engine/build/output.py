"""What a build says, as the documents of its progress. Mirrors moby's pkg/streamformatter and postBuild's errf."""

from __future__ import annotations

from typing import Any

from simulator.engine.fields import Document
from simulator.engine.stream import Documents

RED, PLAIN = "\x1b[91m", "\x1b[0m"


class Output:
    """The progress of one build. `quiet`: nothing is told but how it ended."""

    def __init__(self, feed: Documents, *, quiet: bool) -> None:
        self.feed, self._quiet = feed, quiet
        self._kept: list[Document] = []

    def say(self, text: str) -> None:
        self.put({"stream": text})

    def warn(self, text: str) -> None:
        """What a program wrote to its standard error."""
        self.say(f"{RED}{text}{PLAIN}")

    def image(self, identity: str) -> None:
        """What a stage has made, for programs."""
        self.put({"aux": {"ID": identity}})

    def put(self, document: Document) -> None:
        if self._quiet:
            self._kept.append(document)
        else:
            self.feed.put(document)

    def fail(self, message: str, code: int = 0) -> None:
        """It went wrong: what was kept back is told after all."""
        for document in self._kept:
            self.feed.put(document)
        detail: dict[str, Any] = {"code": code} if code else {}
        self.feed.put({"errorDetail": detail | {"message": message}, "error": message})
        self.feed.end()

    def finish(self, identity: str) -> None:
        if self._quiet:
            self.feed.put({"stream": f"{identity}\n"})
        self.feed.end()
