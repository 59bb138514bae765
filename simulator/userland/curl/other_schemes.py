"""What curl fetches without HTTP: files of the disk, and what a TCP port says. lib/file.c, lib/telnet.c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from simulator.clock import Steps
from simulator.userland.curl.words import FILE_FAILED, RECEIVE_ERROR, Failure
from simulator.userland.program import read_all, strerror
from simulator.userland.telnet import without_commands

if TYPE_CHECKING:
    from simulator.userland.curl.transfer import Transfer

CHUNK = 16384


def local_file(transfer: Transfer) -> Steps:
    """file:///etc/hostname. Raises Failure."""
    path = unquote(transfer.url.path)
    try:
        data: bytes = yield from read_all(transfer.process.open(path))
    except OSError:
        raise Failure(FILE_FAILED, f"Couldn't open file {path}") from None
    transfer.sink.write(data)
    yield transfer.sink.drain()


def telnet(transfer: Transfer, socket: Any) -> Steps:
    """Standard input to the port and the port to the output, until the server ends. Raises Failure."""
    sources = [transfer.process.stdin, socket]
    while True:
        for file in (yield from transfer.process.poll(sources)):
            try:
                data: bytes = yield file.read(CHUNK)
            except OSError as failure:
                raise Failure(RECEIVE_ERROR, f"Recv failure: {strerror(failure)}") from None
            if file is not socket:
                socket.send(data) if data else sources.remove(file)
                continue
            if not data:
                socket.close()
                return ""
            text, refusals = without_commands(data)
            if refusals:
                socket.send(refusals)
            transfer.sink.write(text)
