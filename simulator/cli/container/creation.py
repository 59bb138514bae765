"""Makes a container: asks the engine, pulls the image if that is what is missing, asks again.

Mirrors createContainer of docker/cli/cli/command/container/create.go. Left out: content trust.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simulator.cli.container.documents import create_document
from simulator.cli.errors import CommandError, text_of
from simulator.cli.image.progress import pull
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError, NotFound
from simulator.golang.platform import Platform, platform_from_text
from simulator.golang.reference import Reference, reference_from_text

if TYPE_CHECKING:
    from simulator.cli.client import Client

FAILED = 125  # the client or the engine refused
NOT_EXECUTABLE = 126
NOT_FOUND = 127
_LOCALHOST = re.compile(r"(127\.([0-9]{1,3}\.){2}[0-9]{1,3})|(::1)$")
_ID = re.compile(r"[a-f0-9]{64}")


def asked(client: Client, options: Parsed, *, command: str) -> dict[str, Any]:
    """The document that the options make. Raises CommandError, which points to the command's help."""
    try:
        return create_document(client.process, options)
    except CommandError as error:
        raise CommandError(failure(command, error, with_help=True).text, FAILED) from None


def create(client: Client, options: Parsed, document: dict[str, Any]) -> Steps:
    """The id of the new container. Raises CommandError or EngineError."""
    _warn(client, document["HostConfig"])
    cidfile = options["cidfile"]
    _begin_cidfile(client, cidfile)
    identity = ""
    try:
        reference, platform = _reference(document["Image"]), _platform(options.get("platform", ""))
        if options.get("pull", "missing") == "always":
            yield from _pull(client, document["Image"])
        created = yield from _ask(client, options, document, reference, platform)
        for warning in created["Warnings"] or []:
            client.error(f"WARNING: {warning}")
        identity = created["Id"]
    finally:
        _end_cidfile(client, cidfile, identity)
    return identity


def _ask(
    client: Client,
    options: Parsed,
    document: dict[str, Any],
    reference: Reference | None,
    platform: Platform | None,
) -> Steps:
    try:
        return client.engine.container_create(document, name=options["name"], platform=platform)
    except NotFound:
        if reference is None or options.get("pull", "missing") != "missing":
            raise
    client.error(f"Unable to find image '{reference}' locally")
    yield from _pull(client, document["Image"])
    return client.engine.container_create(document, name=options["name"], platform=platform)


def _pull(client: Client, image: str) -> Steps:
    reference = _reference(image)
    assert reference is not None
    yield from pull(client, reference, client.process.stderr)


def _reference(image: str) -> Reference | None:
    """The image's name with its tag; None for a whole id. Raises CommandError."""
    if _ID.fullmatch(image):
        return None
    try:
        return reference_from_text(image).with_latest()
    except ValueError as error:
        raise CommandError(str(error)) from None


def _platform(text: str) -> Platform | None:
    """None where any will do. Raises CommandError."""
    try:
        return platform_from_text(text) if text else None
    except ValueError as error:
        raise CommandError(f"error parsing specified platform: {error}") from None


def _warn(client: Client, host: dict[str, Any]) -> None:
    if host["OomKillDisable"] and not host["Memory"]:
        client.error(
            "WARNING: Disabling the OOM killer on containers without setting a '-m/--memory' limit may be dangerous."
        )
    for address in host["Dns"]:
        if _LOCALHOST.search(address):
            client.error(f"WARNING: Localhost DNS setting (--dns={address}) may fail in containers.")
            return


def _begin_cidfile(client: Client, path: str) -> None:
    """The file is made before the container, so that nobody else's takes its name. Raises CommandError."""
    if not path:
        return
    process = client.process
    if process.disk.exists(process.path(path)):
        raise CommandError(f"container ID file found, make sure the other container isn't running or delete {path}")
    try:
        process.disk.write(process.path(path), b"")
    except OSError as failure:
        problem = f"open {path}: {(failure.strerror or '').lower()}"
        raise CommandError(f"failed to create the container ID file: {problem}") from None


def _end_cidfile(client: Client, path: str, identity: str) -> None:
    """The id into the file; without a container there is no file."""
    process = client.process
    if path and identity:
        process.disk.write(process.path(path), identity.encode())
    elif path:
        process.disk.remove(process.path(path))


def failure(name: str, error: CommandError | EngineError, *, with_help: bool) -> CommandError:
    """What `docker run` says and exits with when a container was not made or did not start."""
    text = text_of(error)
    helpful = f"\nSee 'docker {name} --help'." if with_help else ""
    return CommandError(f"docker: {text.removesuffix('.')}.{helpful}", _status(text.removeprefix(_DAEMON)))


_DAEMON = "Error response from daemon: "
_MISSING = ("executable file not found", "no such file or directory", "system cannot find the file specified")


def _status(text: str) -> int:
    if any(words in text for words in _MISSING):
        return NOT_FOUND
    return NOT_EXECUTABLE if "permission denied" in text else FAILED
