"""Nothing follows a head that its client has not read."""

from __future__ import annotations

import socket
import sys
from typing import Any, cast

import pytest

from simulator.server.heads import Heads


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a peer has read")
def test_a_head_is_waited_for_until_the_client_has_read_all_of_it() -> None:
    heads = Heads()
    connection = cast(Any, object())
    server, client = socket.socketpair()
    with server, client:
        server.sendall(b"HTTP/1.1 101 UPGRADED\r\n\r\n")
        heads.wait(connection, server)
        assert heads.read() == []
        client.recv(4)
        assert heads.read() == []
        client.recv(4096)
        assert connection in heads
        assert heads.read() == [connection]
        assert connection not in heads
