"""The sandbox's own commands, told from the host's by a colon: a table of usage, what it does, and function."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from simulator.digest import differences, lasting
from simulator.sandbox import Sandbox
from simulator.trial import Typed
from simulator.ui.shell import reports, texts
from simulator.ui.shell.near import near


class Say(Protocol):
    """Shows a text; an exact one is for programs and stays as it is."""

    def __call__(self, text: str, *, exact: bool = False) -> None: ...


class Refused(Exception):
    """Why a command did nothing, as one line."""


class Own(Struct, frozen=True):
    """A command: what may stand behind it, what it does, and how."""

    usage: str
    about: str
    run: Callable[[Commands, list[str]], None]


class Commands:
    """Runs the sandbox's own commands. `ask` puts a question that a person answers with yes or no."""

    def __init__(self, sandbox: Sandbox, say: Say, *, ask: Callable[[str], bool]) -> None:
        self.sandbox, self.say, self.ask = sandbox, say, ask
        self.about = {f":{name}": own.about for name, own in TABLE.items()}

    def run(self, line: str) -> None:
        """Runs a line that begins with a colon; what goes wrong is said."""
        try:
            name, *words = shlex.split(line.strip()[1:])
        except ValueError as mistake:
            self.say(f"docklab: {mistake}")
            return
        own = TABLE.get("help" if name == "?" else name)
        if own is None:
            close = ", ".join(f":{each}" for each in near(name, TABLE)) or "see :help"
            self.say(f"docklab: there is no ':{name}'; near it: {close}")
            return
        try:
            own.run(self, words)
        except Refused as reason:
            self.say(f"docklab: {reason}")
        except OSError as failure:
            self.say(f"docklab: {failure.filename}: {failure.strerror}")

    def write(self, path: str, data: bytes) -> None:
        """Writes a file of the real machine, after asking if there is one already."""
        target = Path(path).expanduser()
        if target.exists() and not self.ask(f"{path} is there already. Overwrite it?"):
            raise Refused(f"{path} is there already; nothing was written")
        target.write_bytes(data)
        self.say(f"written: {path}")

    def world_at(self, number: int) -> Sandbox:
        """Another world as this one was after so many lines. Raises Refused."""
        journal = self.sandbox.journal
        if not 0 <= number <= journal.count:
            raise Refused(f"there is no step {number}; the steps are 0 to {journal.count}")
        return self.sandbox.twin(number)


def _number(word: str) -> int:
    if not word.isdigit():
        raise Refused(f"'{word}' is no number of a step; :steps lists them")
    return int(word)


def _one(words: list[str], usage: str) -> str:
    if len(words) != 1:
        raise Refused(f"usage: {usage}")
    return words[0]


def _help(commands: Commands, words: list[str]) -> None:
    for name in words:
        own = TABLE.get(name.lstrip(":"))
        commands.say(f"{own.usage}  {own.about}" if own else f"docklab: there is no ':{name.lstrip(':')}'")
    if not words:
        rows = "".join(f"  {own.usage:28} {own.about}\n" for own in TABLE.values())
        commands.say(texts.HELP.format(rows=rows))


def _tour(commands: Commands, words: list[str]) -> None:
    commands.say(texts.TOUR)


def _topology(commands: Commands, words: list[str]) -> None:
    path = next((word for word in words if not word.startswith("-")), "")
    if path:
        commands.write(path, reports.topology_svg(commands.sandbox.lab).encode())
    else:
        commands.say(reports.topology_text(commands.sandbox.lab, plain="--plain" in words))


def _why(commands: Commands, words: list[str]) -> None:
    from simulator.ui.shell import explain

    numbers = [word for word in words if word.isdigit()]
    unknown = [word for word in words if not word.isdigit() and word != "--json"]
    if unknown or len(numbers) > 1:
        raise Refused("usage: :why [PACKET] [--json]")
    packet = int(numbers[0]) if numbers else None
    as_json = "--json" in words
    sandbox = commands.sandbox
    told = explain.why(sandbox.recorder.records, Typed(sandbox), packet=packet, as_json=as_json)
    commands.say(told, exact=as_json)


def _undo(commands: Commands, words: list[str]) -> None:
    gone = commands.sandbox.undo()
    commands.say(f"taken back: {gone.text}" if gone else "nothing that was typed has changed anything")


def _redo(commands: Commands, words: list[str]) -> None:
    back = commands.sandbox.redo()
    commands.say(f"brought back: {back.text}" if back else "nothing was taken back")


def _reset(commands: Commands, words: list[str]) -> None:
    count = commands.sandbox.journal.position
    commands.sandbox.go_to(0)
    commands.say(f"a fresh world; ':goto {count}' brings the old one back")


def _goto(commands: Commands, words: list[str]) -> None:
    number = _number(_one(words, ":goto N"))
    try:
        commands.sandbox.go_to(number)
    except ValueError as mistake:
        raise Refused(str(mistake)) from None
    commands.say(f"the world after step {number}")


def _steps(commands: Commands, words: list[str]) -> None:
    journal = commands.sandbox.journal
    marks = {journal.position: ">"}
    rows = [f"{marks.get(0, ' ')} {0:>3}  (a fresh world)"]
    rows += [f"{marks.get(n, ' ')} {n:>3}  {line.machine}: {line.text}" for n, line in enumerate(journal.lines, 1)]
    commands.say("\n".join(rows))


def _diff(commands: Commands, words: list[str]) -> None:
    if not 1 <= len(words) <= 2:
        raise Refused("usage: :diff A [B]")
    before = commands.world_at(_number(words[0])).lab
    after = commands.world_at(_number(words[1])).lab if len(words) == 2 else commands.sandbox.lab
    commands.say("\n".join(differences(lasting(before), lasting(after))) or "nothing that lasts differs")


def _host(commands: Commands, words: list[str]) -> None:
    machines = commands.sandbox.lab.machines
    if not words:
        here = commands.sandbox.machine
        commands.say("\n".join(f"{'>' if name == here else ' '} {name}" for name in machines))
        return
    name = _one(words, ":host NAME")
    if name not in machines:
        raise Refused(f"there is no machine '{name}'; there are {', '.join(machines)}")
    commands.sandbox.use(name)


def _save(commands: Commands, words: list[str]) -> None:
    path = _one(words, ":save FILE")
    try:
        text = reports.session_text(commands.sandbox)
    except ValueError as reason:
        raise Refused(str(reason)) from None
    commands.write(path, text.encode())


def _load(commands: Commands, words: list[str]) -> None:
    path = _one(words, ":load FILE")
    reports.load_session(commands.sandbox, Path(path).expanduser(), commands.say)


def _pcap(commands: Commands, words: list[str]) -> None:
    if not words:
        raise Refused("usage: :pcap FILE [DEVICE ...]")
    data, count = reports.capture(commands.sandbox, words[1:])
    if not count:
        raise Refused("no frame has crossed such a device")
    commands.write(words[0], data)


def _lessons(commands: Commands, words: list[str]) -> None:
    from simulator.ui.commands import lessons_text

    commands.say(f"{lessons_text(None)}\n\n'docklab play NUMBER' plays one.")


def _digest(commands: Commands, words: list[str]) -> None:
    commands.say(commands.sandbox.lab.digest())


TABLE: dict[str, Own] = {
    "help": Own(":help [COMMAND]", "this", _help),
    "tour": Own(":tour", "three minutes to the first surprise", _tour),
    "topology": Own(":topology [--plain|FILE.svg]", "the network as it is now", _topology),
    "why": Own(":why [PACKET] [--json]", "the road of the last packets, and what would help", _why),
    "host": Own(":host [NAME]", "go to another machine", _host),
    "steps": Own(":steps", "what was typed, numbered", _steps),
    "undo": Own(":undo", "take back the last line that changed something", _undo),
    "redo": Own(":redo", "bring it back", _redo),
    "goto": Own(":goto N", "the world after step N", _goto),
    "reset": Own(":reset", "a fresh world", _reset),
    "diff": Own(":diff A [B]", "what changed between steps A and B (or now)", _diff),
    "save": Own(":save FILE", "what was typed, as a session for 'docklab run'", _save),
    "load": Own(":load FILE", "play a session in a fresh world", _load),
    "pcap": Own(":pcap FILE [DEVICE ...]", "all frames so far for Wireshark, each with its story", _pcap),
    "lessons": Own(":lessons", "what there is to learn", _lessons),
    "digest": Own(":digest", "a hash of all state, to compare worlds", _digest),
}
