"""The netstat of busybox (networking/netstat.c), without the option -p, as Debian builds it."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.socket import Row
from simulator.userland.getopt import Options
from simulator.userland.netstat.sockets import PROTOCOLS, Choice, Names, chosen
from simulator.userland.program import BUSYBOX
from simulator.userland.route.busybox import STYLE
from simulator.userland.route.table import show

WIDTH = 23  # of an address with its port


def netstat(process: Process) -> Steps:
    given = BUSYBOX.options(process, "laentuwxr")
    if "r" in given:
        yield from show(process, STYLE, layout="route" if "e" in given else "netstat", numeric="n" in given)
        return 0
    letters = {"t": "tcp", "u": "udp", "w": "raw"}
    picked = tuple(letters[letter] for letter in "tuw" if letter in given)
    everything = not picked and "x" not in given
    choice = Choice(PROTOCOLS if everything else picked, "l" in given, "a" in given)
    if choice.protocols:
        yield from _internet(process, given, choice)
    if everything or "x" in given:
        process.print(f"Active UNIX domain sockets ({choice.title})")
        process.print("Proto RefCnt Flags       Type       State         I-Node Path")
    return 0


def _internet(process: Process, given: Options, choice: Choice) -> Steps:
    process.print(f"Active Internet connections ({choice.title})")
    head = f"{'Local Address':<{WIDTH}} {'Foreign Address':<{WIDTH}}"
    process.print(f"Proto Recv-Q Send-Q {head} State       ")
    names = Names(process, numeric="n" in given, anybody="::")
    for row in chosen(process.netns.sockets.list(), choice):
        process.print((yield from _line(row, names)))


def _line(row: Row, names: Names) -> Steps:
    local = f"{(yield from names.host(row.local[0]))}:{names.port(row.local[1], row.proto)}"
    peer = f"{(yield from names.host(row.peer[0]))}:{names.port(row.peer[1], row.proto)}"
    numbers = f"{row.recv_q:>6} {row.send_q:>6}"
    return f"{row.proto:<3}   {numbers} {local[:WIDTH]:<{WIDTH}} {peer[:WIDTH]:<{WIDTH}} {row.state:<12}"
