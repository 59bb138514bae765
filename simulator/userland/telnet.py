"""busybox telnet: what is typed to a TCP port, what comes from it to the screen. busybox networking/telnet.c.

Left out: the options that servers negotiate (they are refused silently), the escape menu.
"""

from __future__ import annotations

from typing import Any

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.busybox_net import address_of, connect, port_from_text
from simulator.userland.program import BUSYBOX

PORT = 23
IAC, DONT, DO, WONT, WILL = 255, 254, 253, 252, 251
REFUSAL = {DO: WONT, WILL: DONT}


def telnet(process: Process) -> Steps:
    """telnet [-a] [-l USER] HOST [PORT]"""
    given = BUSYBOX.options(process, "al:")
    if not 1 <= len(given.operands) <= 2:
        BUSYBOX.refuse(process)
    host = given.operands[0]
    port = port_from_text(process, given.operands[1] if len(given.operands) > 1 else "", PORT)
    ip = yield from address_of(process, host)
    socket = yield from connect(process, ip, port)
    process.print(f"Connected to {host}")
    return (yield from _copy(process, socket))


def _copy(process: Process, socket: Any) -> Steps:
    while True:
        for file in (yield from process.poll([process.stdin, socket])):
            try:
                data = yield file.read(128)
            except OSError:
                return 1
            if not data:
                if file is socket:
                    process.print("Connection closed by foreign host\r", end="\n")
                    return 1
                return 0
            if file is socket:
                text, refusals = without_commands(data)
                process.write(text)
                if refusals:
                    socket.send(refusals)
            else:
                socket.send(data.replace(b"\xff", b"\xff\xff").replace(b"\n", b"\r\n"))


def without_commands(data: bytes) -> tuple[bytes, bytes]:
    """The text among a server's commands, and the refusal of each of them (RFC 854)."""
    text, refusals, at = bytearray(), bytearray(), 0
    while at < len(data):
        if data[at] != IAC:
            text.append(data[at])
            at += 1
        elif data[at + 1 : at + 2] == b"\xff":
            text.append(IAC)
            at += 2
        else:
            command = data[at + 1 : at + 3]
            if len(command) == 2 and command[0] in REFUSAL:
                refusals += bytes([IAC, REFUSAL[command[0]], command[1]])
            at += 3
    return bytes(text), bytes(refusals)
