"""Dialogues: commands and what the real programs printed, played again in the small Docker host.

A prompt says where: `$ ` on the host, on a terminal of 80 columns, `outside$ ` on the machine beyond, `a1$ ` in the
container, `a1# ` there with the right to change its network. `[2]` is an exit status. The texts were recorded on a
Docker host; names, MAC addresses and indexes are those of the small one, and times are not compared. Headers set the
scene: IPv6, an age of the engine, a port that proxies listen on, a web server in the container.
"""

from __future__ import annotations

import re
from pathlib import Path

from simulator.clock import S, Steps
from simulator.kernel.execve import program_from
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.kernel.tty import Tty
from simulator.userland.applets_net import BUSYBOX_NET, HOST_NET
from tests.userland.docker_host import DockerHost

SETTLED = 5 * S  # after which addresses are no longer tentative
_PROMPT = re.compile(r"(?P<where>(?=\$)|outside(?=\$)|a1)[$#] (?P<command>.*)")
_SETTING = re.compile(r"^# (\w+): (.*)$", re.MULTILINE)
_TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<= = )[\d./]+(?= ms)",
        r"(?<=ipg/ewma )[\d./]+",
        r"(?<=time )\d+(?=ms)",
        r"(?<=used )\d+/\d+/\d+",
        r"(?<=\tno\t\t) *\d+\.\d+",
        r"\d+\.\d+(?= ?ms)",
    )
)


def program(where: str, name: str) -> Program:
    """The program of this name as images install it."""
    return program_from((BUSYBOX_NET if where == "a1" else HOST_NET)[name])


def world(text: str) -> DockerHost:
    settings = dict(_SETTING.findall(text))
    made = DockerHost(ipv6=settings.get("ipv6") == "on", engine=settings.get("engine", "20.10"))
    if "proxy" in settings:
        for family in ("inet", "inet6"):
            made.spawn(listener, "/usr/local/bin/docker-proxy", family, settings["proxy"])
    if "web" in settings:
        made.spawn(program("a1", "httpd"), "httpd", "-f", "-p", settings["web"], where="a1")
    made.advance(SETTLED)
    return made


def listener(process: Process) -> Steps:
    """Listens on a port of all addresses of a family, as docker-proxy does."""
    family, port = process.argv[1:]
    socket = process.socket(family, "stream")
    socket.set("v6only", family == "inet6")
    socket.bind("", int(port))
    socket.listen(4096)
    yield process.sleep(1000 * S)


def timeless(text: str) -> str:
    for pattern in _TIMES:
        text = pattern.sub("<n>", text)
    return text


def play(path: Path) -> str:
    """The dialogue as it goes today."""
    text = path.read_text()
    lab, shown = world(text), "".join(re.findall(r"^# .*\n", text, re.MULTILINE))
    for line in text.splitlines():
        if asked := _PROMPT.fullmatch(line):
            admin = not line.startswith("a1$")
            shown += f"{line}\n" + answer(lab, asked["where"] or "host", asked["command"], admin=admin)
    return timeless(shown)


def answer(lab: DockerHost, where: str, command: str, *, admin: bool) -> str:
    tty = Tty(lab.clock) if where == "host" else None
    output, status = lab.run(program(where, command.split()[0]), command, where=where, admin=admin, tty=tty)
    if output and not output.endswith("\n"):
        output += "\n"
    return output + (f"[{status}]\n" if status else "")
