"""`docker inspect` of any kind: documents as indented JSON, or through a template. See docker/cli/cli/command/inspect.

A template sees the document as its Go struct first; where that fails, as plain JSON, whose missing keys are errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulator.cli.errors import CommandError, text_of
from simulator.engine.errors import EngineError

if TYPE_CHECKING:
    from simulator.cli.client import Client

WRONG_TEMPLATE = 64
_WRONG = "template parsing error"


class Found(Struct, frozen=True):
    """A document and the text of its schema."""

    document: Any
    schema: str


Get = Callable[[str], Found]


def inspect(client: Client, names: Iterable[str], template: str, *, get: Get) -> None:
    """Prints what `get` finds for each name. Raises CommandError with what it did not find."""
    show = _templated(client, template) if template else None
    documents: list[Any] = []
    texts: list[str] = []
    wrong: list[str] = []
    for name in names:
        try:
            found = get(name)
            if show:
                texts.append(show(found) + "\n")
            else:
                documents.append(found.document)
        except (CommandError, EngineError) as error:
            wrong.append(text_of(error))
    client.print(("".join(texts) or "\n") if show else indented(documents) + "\n", end="")
    if wrong:
        raise CommandError("\n".join(wrong))


def indented(document: Any) -> str:
    """JSON as json.Indent lays it out."""
    return json.dumps(document, ensure_ascii=False, indent=4)


def _templated(client: Client, text: str) -> Callable[[Found], str]:
    from simulator.cli.gotemplate import ExecutionError, SyntaxFailure, parse
    from simulator.cli.gotemplate.values import of_json
    from simulator.cli.schema.reader import Schema

    try:
        template = parse(text)
    except SyntaxFailure as failure:
        raise CommandError(f"{_WRONG}: {failure}", WRONG_TEMPLATE) from None

    def show(found: Found) -> str:
        try:
            return template.execute(Schema(found.schema, client.clock.zone).typed(found.document))
        except ExecutionError:
            pass
        try:
            return template.execute(of_json(found.document), strict=True)
        except ExecutionError as failure:
            raise CommandError(f"{_WRONG}: {failure}") from None

    return show
