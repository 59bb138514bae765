"""ftpd: greets on port 21, as a small FTP server does before anybody logs in. RFC 959.

Left out: everything behind the login. It is there for lessons about reaching a port.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from simulator.clock import Steps
from simulator.kernel.process import Process

PORT = 21
BACKLOG = 32

# RFC 959 5.4: the replies to the commands that need no login.
REPLIES = {
    b"USER": "331 Please specify the password.",
    b"PASS": "530 Login incorrect.",
    b"SYST": "215 UNIX Type: L8",
    b"NOOP": "200 NOOP ok.",
    b"HELP": "214 The following commands are recognized: USER PASS SYST NOOP HELP QUIT",
}
OTHERWISE = "530 Please login with USER and PASS."
GOODBYE = "221 Goodbye."


def ftpd(process: Process) -> Steps:
    """Serves for ever, each caller by a process of its own."""
    listener = process.socket("inet", "stream")
    listener.bind("0.0.0.0", PORT)
    listener.listen(BACKLOG)
    while True:
        caller = yield listener.accept()
        process.spawn(["ftpd"], program=partial(_talk, caller))


def _talk(caller: Any, process: Process) -> Steps:
    """One caller: a greeting, then replies line by line."""
    caller.send(f"220 Welcome to the FTP service of {process.uts.hostname}\r\n".encode())
    waiting = b""
    while data := (yield caller.recv()):
        *lines, waiting = (waiting + data).split(b"\n")
        for line in lines:
            verb = line.strip().split(b" ")[0].upper()
            reply = GOODBYE if verb == b"QUIT" else REPLIES.get(verb, OTHERWISE)
            caller.send(reply.encode() + b"\r\n")
            if verb == b"QUIT":
                caller.close()
                return
    caller.close()
