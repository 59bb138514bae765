"""What the sandbox's commands show and write: the topology, sessions, captures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from simulator.journal import DETACH
from simulator.lab import Lab
from simulator.pcapng import pcapng
from simulator.sandbox import Sandbox
from simulator.sandbox import Step as Done
from simulator.session import DETACH_TEXT, SessionError, Step, Typed, session_from_text
from simulator.session import Session as Recorded
from simulator.why.records import Recorder

SVG_COLUMNS = 100


def topology_text(lab: Lab, *, plain: bool) -> str:
    """The network as it is now, as wide as the terminal; without colours and lines where nobody can see them."""
    from rich.console import Console

    from simulator.ui.topology import plain_topology, topology

    if plain:
        return plain_topology(lab)
    width = shutil.get_terminal_size().columns
    console = Console(width=width, force_terminal=sys.stdout.isatty(), highlight=False)
    with console.capture() as captured:
        console.print(topology(lab), soft_wrap=False)
    return captured.get()


def topology_svg(lab: Lab) -> str:
    import io

    from rich.console import Console

    from simulator.ui.topology import topology

    console = Console(width=SVG_COLUMNS, record=True, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(topology(lab))
    return console.export_svg(title="docklab")


# -- sessions ----------------------------------------------------------------------------------------------------------


def session_text(sandbox: Sandbox) -> str:
    """What was typed and shown, in the format of recorded sessions. Raises ValueError for what it cannot hold."""
    steps: list[Step] = []
    for done in sandbox.steps:
        if done.text.strip() == "exit" and done.at_shell:
            continue
        if done.machine not in ("docker-host", "outside"):
            raise ValueError(f"a session knows docker-host and outside, not '{done.machine}'")
        if done.at_shell:
            steps.append(Step(done.machine, _one_line(done), 0, output=_output(done), status=done.status))
        elif steps:
            steps[-1].typed.append(Typed(done.text, done.prompt, _output(done)))
        if done.left_at and steps:
            prompt, keys = done.left_at
            steps[-1].typed.append(Typed(DETACH_TEXT if keys == DETACH else "exit", prompt))
    if not steps:
        raise ValueError("nothing has been typed yet")
    title = ["# title: from the sandbox", f"# tags: docker-{sandbox.lab.version.name}", "# shell: one", ""]
    return Recorded(title, steps).text()


def _one_line(done: Done) -> str:
    """The command as one line: several become a text that the shell evaluates."""
    return f"eval {_quoted(done.text)}" if "\n" in done.text else done.text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return f"$'{escaped}'"


def _output(done: Done) -> list[str]:
    text = bytes(done.output).decode("utf-8", "replace").replace("\r", "")
    return text.split("\n")[:-1]


def load_session(sandbox: Sandbox, path: Path, say: Callable[[str], None]) -> None:
    """Plays a session in a fresh world; what comes is shown."""
    try:
        session = session_from_text(path.read_text(encoding="utf-8"), str(path))
    except (SessionError, UnicodeDecodeError) as mistake:
        say(f"docklab: {mistake}")
        return
    sandbox.go_to(0)
    for step in session.steps:
        sandbox.use(step.machine)
        say(f"{step.machine}$ {step.text}")
        sandbox.run_line(step.text)
        for typed in step.typed:
            if typed.text == DETACH_TEXT:
                sandbox.type_keys(DETACH)
                sandbox.settle()
            else:
                sandbox.run_line(typed.text)


# -- captures ----------------------------------------------------------------------------------------------------------


def capture(sandbox: Sandbox, devices: list[str]) -> tuple[bytes, int]:
    """All frames since the world began, found by replay, as pcapng; and how many they are."""
    other = sandbox.twin(sandbox.journal.position, recorder=lambda trace: Recorder(trace, keep=None))
    records = other.recorder.everything
    return pcapng(records, start=other.lab.clock.start, devices=devices)
