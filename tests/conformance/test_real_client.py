"""The recorded sessions, typed with the real docker program of this machine at a lab's server, show the same.

A line that is one docker command goes to the program, on a terminal; what else stands in a session (other programs,
pipes, files of the client's machine) is typed into the lab itself, as in test_sessions. A few sessions stand for all;
with DOCKLAB_ALL_SESSIONS=1 in the environment it is all of them, which takes minutes.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from simulator.lab import Lab
from simulator.server.address import Address
from simulator.server.loop import Server
from simulator.server.pace import Tempo
from simulator.session import PAUSE, Player, session_from_text

pty = pytest.importorskip("pty")

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import normalize  # noqa: E402  (the recording tools stand beside this file and are no package)
import session as recorded  # noqa: E402


def _tool(name: str) -> Any:
    """A recording tool, which has no suffix."""
    loader = SourceFileLoader(name, str(HERE / name))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


record = _tool("record")

RECORDED_WITH = "Docker version 20.10."


def _client() -> str:
    """The docker program with which the sessions were recorded, if this machine has it."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        program = shutil.which("docker", path=folder)
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False) if program else None
        if program and said and said.stdout.startswith(RECORDED_WITH):
            return program
    return ""


CLIENT = os.environ.get("DOCKLAB_CLIENT") or _client()  # another version shows other texts
FEW = """seed-01-env seed-10-link-alias seed-11-publish attach-forms err-missing exec-interactive events-forms inspect-mixed
    kill-signals logs-more net-connect-order start-interactive wait-more""".split()
SESSIONS = [
    path
    for path in sorted(HERE.glob("cases/*.session")) + sorted(HERE.glob("more/*.session"))
    if path.stem in FEW or os.environ.get("DOCKLAB_ALL_SESSIONS")
]
CHANCE = "failed to resize tty, using default size"  # the client says so when the process is not there yet
_SHELL = re.compile(r"[|&;<>$`()~]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`]*\"|\\.")
_OWN = re.compile(r"--until 0s|docker (container )?(cp|build|save|load|export|import|image \w+)\b|--(env-file|cidfile|label-file)\b")


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CLIENT, reason="no docker program 20.10 here"),
]


@contextmanager
def served(lab: Lab, path: str) -> Iterator[Server]:
    """Time passes only for who waits, so that a slow machine shows the same."""
    server = Server(lab.engine, Address(path=path), tempo=Tempo.ON_DEMAND)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


def is_for_the_client(text: str) -> bool:
    """Whether a line is one docker command that needs no file of its own machine, nor the very same time."""
    return text.startswith("docker ") and not _SHELL.search(_QUOTED.sub("", text)) and not _OWN.search(text)


class Typist:
    """Types a session: docker commands on terminals of this machine, the rest in the lab."""

    def __init__(self, lab: Lab, server: Server, home: Path) -> None:
        self.lab, self.server = lab, server
        clean = {"HOME": "/root", "TERM": "xterm", "LANG": "C.UTF-8", "DOCKER_HOST": str(server.address)}
        self._before = ["env", "-i", "-C", str(home), *(f"{key}={value}" for key, value in clean.items()), CLIENT]

    def block(self, step: Any, typed: list[Any]) -> list[str]:
        """What the screen shows of a command and of what is typed into it."""
        with self.server.lock:
            self.lab.advance(PAUSE)
        if step.kind == recorded.HOST and is_for_the_client(step.text):
            record.run_block(record.Terminal([*self._before, *shlex.split(step.text)[1:]]), step, typed)
            return [line for one in (step, *typed) for line in one.lines() if line != CHANCE]
        with self.server.lock:
            session = session_from_text("\n".join(one.prompt + one.text for one in (step, *typed)))
            Player(session, self.lab).play_step(session.steps[0])
        self.server.wake()
        return session.text().splitlines()


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_real_client_shows_what_it_showed_at_the_real_engine(path: Path, tmp_path: Path) -> None:
    reference = recorded.load(path)
    expected = normalize.normalize(reference.text())
    if not any(is_for_the_client(step.text) for step in reference.steps if step.kind == recorded.HOST):
        pytest.skip("nothing here is for the docker program alone")
    lab = Lab(start=time.time_ns())  # the client reckons with its own clock
    with served(lab, str(tmp_path / "s")) as server:
        typist = Typist(lab, server, tmp_path)
        shown = [line for block in record.blocks(reference.steps) for line in typist.block(*block)]
    assert normalize.normalize("\n".join([*reference.header, *shown]) + "\n") == expected
