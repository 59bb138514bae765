"""Recorded terminal sessions: read one, type its commands into a fresh lab, write it with the lab's own outputs.

The format is that of tests/conformance/README.md. What a file has recorded as output is never looked at. Each command has a
shell of its own, unless the header says `# shell: one`: then the shell of a machine stays, with its variables, as in the
sandbox that wrote the file.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct, field

from simulator.capture import Capture
from simulator.clock import MS, S
from simulator.journal import Journal, Settings
from simulator.lab import Lab
from simulator.sandbox import Sandbox
from simulator.seat import Waiting
from simulator.terminal import COLUMNS, DETACH, PROMPT, StillRunning, Terminal, advance

HOST, OUTSIDE = "$ ", "outside$ "
DETACH_TEXT = "^P^Q"
PAUSE = 300 * MS  # between two commands, as a quick typist makes it
AFTER = 800 * MS  # a capture goes on for so long after the last command
PROMPT_LIMIT = 10 * S
TYPED_LIMIT = 60 * S
_ATTACH = re.compile(r"\bdocker (container )?attach\b")
_INTERACTIVE = re.compile(r"\bdocker\b.*\b(run|exec|attach|start)\b")
_HEADER = re.compile(r"# (title|tags|capture|shell): *(.*)$")


class SessionError(Exception):
    """What is wrong with a session file, as one line with its number."""


class Typed(Struct):
    """A line typed into a program: the prompt before it and what came after."""

    text: str
    prompt: str
    output: list[str] = field(default_factory=list)


class Step(Struct):
    """A command with what was typed into it; `machine` is docker-host or outside."""

    machine: str
    text: str
    line: int
    typed: list[Typed] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    status: int = 0

    def lines(self) -> list[str]:
        prompt = OUTSIDE if self.machine == "outside" else HOST
        shown = [prompt + self.text, *self.output]
        for typed in self.typed:
            shown += [typed.prompt + typed.text, *typed.output]
        return shown + ([f"[{self.status}]"] if self.status else [])


class Session(Struct):
    """A session: its header lines and its steps."""

    header: list[str]
    steps: list[Step]

    @property
    def capture(self) -> list[str]:
        """The devices of the host whose packets are kept."""
        return self._said("capture").split()

    @property
    def one_shell(self) -> bool:
        return self._said("shell") == "one"

    def _said(self, name: str) -> str:
        matches = (_HEADER.match(line) for line in self.header)
        return next((match[2] for match in matches if match and match[1] == name), "")

    def text(self) -> str:
        lines = [*self.header, *(line for step in self.steps for line in step.lines())]
        return "\n".join(lines) + "\n"


def session_from_text(text: str, name: str = "session") -> Session:
    """The commands in a session's text. Raises SessionError, which names the line."""
    session = Session([], [])
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{name}:{number}"
        if line.startswith((HOST, OUTSIDE)):
            machine, prompt = ("outside", OUTSIDE) if line.startswith(OUTSIDE) else ("docker-host", HOST)
            session.steps.append(Step(machine, line[len(prompt) :], number))
        elif not session.steps:
            _take_header(session, line, where)
        elif match := PROMPT.match(line):
            _take_typed(session.steps[-1], line[match.end() :], match[0], where)
    if not session.steps:
        raise SessionError(f"{name}: the session has no command (a line that begins with '$ ' or 'outside$ ')")
    return session


def _take_header(session: Session, line: str, where: str) -> None:
    if line.strip() and not line.startswith("#"):
        raise SessionError(f"{where}: before the first command only lines that begin with '# ' may stand")
    if line.startswith("# ") and re.match(r"# \w+:", line) and not _HEADER.match(line):
        raise SessionError(
            f"{where}: '{line}' is no header line; there are '# title:', '# tags:', '# capture:' and '# shell:'"
        )
    session.header.append(line)


def _take_typed(step: Step, text: str, prompt: str, where: str) -> None:
    if not _INTERACTIVE.search(step.text):
        return  # a line of its output that looks like one: `docker logs` of a shell
    if step.typed and step.typed[-1].text == DETACH_TEXT:
        raise SessionError(f"{where}: something is typed after {DETACH_TEXT}")
    step.typed.append(Typed(text, prompt))


class Player:
    """Plays a session in a lab and fills in the outputs."""

    def __init__(self, session: Session, lab: Lab, *, capture: bool = False) -> None:
        self.session, self.lab = session, lab
        self.captures: dict[str, Capture] = {}
        self._wanted = session.capture if capture else []

    def play(self) -> None:
        self._watch_devices()
        for step in self.session.steps:
            advance(self.lab.clock, PAUSE)
            self.play_step(step)
            self._watch_devices()
        advance(self.lab.clock, AFTER)

    def _watch_devices(self) -> None:
        """Captures begin when their device has come to exist."""
        names = {device.name: device for device in self.lab.machine("docker-host").netns.listed()}
        for name in self._wanted:
            if name in names and name not in self.captures:
                self.captures[name] = Capture(names[name])

    def play_step(self, step: Step) -> None:
        """Types one command, and into it; on a terminal of its own, as long as it needs."""
        terminal = self.lab.terminal(step.machine, columns=COLUMNS)
        step.output, step.status = [], 0
        terminal.start(step.text)
        try:
            if step.typed:
                self._type_into(terminal, step)
            else:
                step.output = _lines(terminal.finish())
        except StillRunning as running:
            raise SessionError(f"line {step.line}: '{step.text}' does not end") from running
        step.status = terminal.status

    def _type_into(self, terminal: Terminal, step: Step) -> None:
        prompt = terminal.wait_prompt(1 * S if _ATTACH.search(step.text) else PROMPT_LIMIT)
        if prompt is None and terminal.running:  # nothing is shown after attaching until a key is pressed
            terminal.type(b"\r")
            prompt = terminal.wait_prompt(5 * S)
        if prompt is None:
            step.output = _lines(terminal.finish())
            step.typed.clear()
            return
        first, newline, _ = terminal.take().rpartition("\n")
        step.output = _lines(first + newline) if first.strip() else []
        for index, typed in enumerate(step.typed):
            if index:
                advance(self.lab.clock, PAUSE)
            typed.prompt = prompt
            last = index == len(step.typed) - 1
            prompt = self._type_line(terminal, typed, last) or prompt
            if not terminal.running:
                del step.typed[index + 1 :]
                return

    def _type_line(self, terminal: Terminal, typed: Typed, last: bool) -> str | None:
        """Types one line; the next prompt, or None when the command has ended."""
        if typed.text == DETACH_TEXT:
            terminal.type(DETACH)
            typed.output = _lines(terminal.finish().lstrip("\r").lstrip("\n"))
            return None
        terminal.type(typed.text.encode() + b"\r")
        prompt = None if last else terminal.wait_prompt(TYPED_LIMIT)
        text = terminal.take() if prompt else terminal.finish()
        _, _, rest = text.partition("\n")  # the echo of what was typed
        if prompt:
            rest = re.sub(f"(\r?{re.escape(prompt)})+$", "", rest)
        typed.output = _lines(rest.replace("\r", ""))
        return prompt


class SittingPlayer(Player):
    """Plays a session whose shells stay: somebody sits at each machine's terminal."""

    def play(self) -> None:
        settings = Settings(self.lab.version.name, columns=COLUMNS)
        self._sandbox = Sandbox(Journal(settings), make=lambda settings: self.lab)
        self._watch_devices()
        for step in self.session.steps:
            self.play_step(step)
            self._watch_devices()
        advance(self.lab.clock, AFTER)

    def play_step(self, step: Step) -> None:
        sandbox = self._sandbox
        sandbox.use(step.machine)
        step.output = _lines(sandbox.run_line(step.text))
        done = sandbox.steps[-1]
        for index, typed in enumerate(step.typed):
            if sandbox.seat.waiting is not Waiting.PROGRAM:
                del step.typed[index:]
                break
            typed.prompt = sandbox.seat.last_line
            if typed.text == DETACH_TEXT:
                sandbox.type_keys(DETACH.decode())
                sandbox.settle()
                sandbox.finish_step()
                typed.output = []
            else:
                typed.output = _lines(sandbox.run_line(typed.text))
        step.status = done.status


def _lines(text: str) -> list[str]:
    """A text as lines; the last one is marked if no newline ends it."""
    text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|\x07", "", text)
    if not text:
        return []
    if text.endswith("\n"):
        return text[:-1].split("\n")
    lines = text.split("\n")
    lines[-1] += " (no-eol)"
    return lines


def run_file(path: Path, *, engine: str = "20.10", seed: int = 0, pcap: Path | None = None) -> str:
    """Plays a session file in a fresh lab; the session with the lab's outputs. Raises SessionError, OSError."""
    session = session_from_text(path.read_text(encoding="utf-8"), str(path))
    kind = SittingPlayer if session.one_shell else Player
    player = kind(session, Lab(engine=engine, seed=seed), capture=pcap is not None)
    player.play()
    if pcap:
        pcap.mkdir(parents=True, exist_ok=True)
        for name, capture in player.captures.items():
            (pcap / f"{name}.pcap").write_bytes(capture.pcap())
    return session.text()
