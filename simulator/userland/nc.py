"""busybox nc: a pipe to a TCP port, or a program behind one. busybox networking/nc.c (the small one).

Left out: -f (a device instead of the network).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGALRM
from simulator.userland.alarm import Alarm
from simulator.userland.busybox_net import address_of, connect, listen, port_from_text, seconds_from_text
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, strerror

CHUNK = 1024


def nc(process: Process) -> Steps:
    """nc [-iN] [-wN] [-l[l]] [-p PORT] [IPADDR PORT] [-e PROG]"""
    argv, command = _without_command(process.argv)
    given = BUSYBOX.options(process, "lp:w:i:f:", argv=argv)
    if "f" in given:
        return BUSYBOX.complain(process, "docklab does not simulate -f")
    listens = len(given.all("l"))
    if (listens == 0 and not 1 <= len(given.operands) <= 2) or (listens and given.operands):
        BUSYBOX.refuse(process)
    alarm = Alarm(process)
    alarm.set(seconds_from_text(process, given.get("w", "0")))
    try:
        socket = yield from (_accept(process, given, command) if listens else _connect(process, given))
    except Signalled as signal:
        if signal.signal != SIGALRM:
            raise
        return BUSYBOX.complain(process, "timed out")
    alarm.cancel()
    if command:
        return (yield from _execute(socket, command, process))
    return (yield from _copy(process, socket, seconds_from_text(process, given.get("i", "0"))))


def _without_command(argv: list[str]) -> tuple[list[str], list[str]]:
    """-e takes all that follows it."""
    for index, word in enumerate(argv):
        if index and word.startswith("-") and not word.startswith("--") and word.endswith("e"):
            kept = [word[:-1]] if len(word) > 2 else []
            return argv[:index] + kept, argv[index + 1 :]
    return argv, []


def _connect(process: Process, given: Options) -> Steps:
    ip = yield from address_of(process, given.operands[0])
    port = port_from_text(process, given.operands[1] if len(given.operands) > 1 else "")
    return (yield from connect(process, ip, port, local_port=port_from_text(process, given.get("p"))))


def _accept(process: Process, given: Options, command: list[str]) -> Steps:
    """The first connection; with -ll and -e each one gets a program, and this never ends."""
    listens = len(given.all("l"))
    listener = listen(process, "", port_from_text(process, given.get("p")), backlog=listens)
    while True:
        connection: Any = yield listener.accept()
        if listens < 2 or not command:
            listener.close()
            return connection
        child = process.spawn(process.argv, program=partial(_execute, connection, command))
        connection.give(child)


def _execute(socket: Any, command: list[str], process: Process) -> Steps:
    """Becomes a program that reads from the connection and writes to it."""
    process.set_file(0, socket)
    process.set_file(1, socket)
    socket.close()
    try:
        yield from process.execute(command)
    except OSError as failure:
        return BUSYBOX.complain(process, f"can't execute '{command[0]}': {strerror(failure)}")


def _copy(process: Process, socket: Any, interval: int) -> Steps:
    """Standard input to the connection and the connection to standard output, until the other side ends."""
    sources = [process.stdin, socket]
    while True:
        for file in (yield from process.poll(sources)):
            try:
                data = yield file.read(CHUNK)
            except OSError:
                data = b""
            if file is socket:
                if not data:
                    return 0
                process.write(data)
                yield process.stdout.drain()
            elif data:
                socket.send(data)
                yield socket.drain()
                if interval:
                    yield process.sleep(interval)
            else:
                sources.remove(file)
                socket.shutdown_write()
