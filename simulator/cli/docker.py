"""The docker program: finds the command that the command line names, reads its options and runs it.

Mirrors docker/cli's cmd/docker and what it has of spf13/cobra: where help and errors go, and exit statuses (125 for a
wrong option, 1 for most else). Left out: plugins, aliases, the configuration file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli import help as texts
from simulator.cli.client import Client, columns
from simulator.cli.command import Command
from simulator.cli.editions import Edition, edition
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed, parse
from simulator.cli.root import check_log_level, root_command
from simulator.cli.tree import Node, load, root
from simulator.clock import MS, Steps
from simulator.engine.errors import EngineError

if TYPE_CHECKING:
    from simulator.kernel.process import Process

START_COST = 20 * MS  # until the client has been loaded and has spoken to the engine: less than a container's end takes
WRONG_OPTION = 125
HELP = Node("help", "Help about the command")
_LATE = ("completion",)  # cobra adds it once it runs: not yet there when an option before the command is wrong


def docker(process: Process) -> Steps:
    """docker [OPTIONS] COMMAND [ARG...]"""
    yield process.sleep(START_COST)
    try:
        yield from _Call(process).run()
    except (CommandError, EngineError) as error:
        text = text_of(error)
        if text:
            process.error(text)
        return error.status if isinstance(error, CommandError) else 1
    return 0


class _Call:
    """One call of docker: the command it came to so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.edition: Edition = edition(process.machine.version.help)
        self.node: Node = root(self.edition)
        self.path = "docker"
        self.command: Command = root_command(self.edition, process.env.get("HOME", "/root"))
        self.asked_for_help = self.began = False

    def run(self) -> Steps:
        options = self._read(self.process.argv[1:], interspersed=False)
        self.began = True
        for notice in options.notices:
            self.process.error(notice)
        check_log_level(options["log-level"])
        client = Client(self.process, self.edition, options)
        words = options.arguments
        self.asked_for_help = options["help"]
        if words[:1] == ["help"]:
            self._help_about(words[1:])
        elif options["version"] and not words:
            version = self.process.machine.version
            self.process.print(f"Docker version {version.engine}, build {version.git_commit}")
        else:
            yield from self._call(client, self._descend(words))

    def _call(self, client: Client, words: list[str]) -> Steps:
        """Runs the command at hand with the rest of the command line."""
        self.command, module = (self.command, None) if self.path == "docker" else load(self.node, self.edition)
        parsed = self._read(words, interspersed=self.command.interspersed or module is None)
        for notice in parsed.notices:
            self.process.print(notice)
        own = any(option.name == "help" for option in self.command.options)  # run and create know only their own --help
        if parsed["help"] or (self.asked_for_help and not own):
            self.process.print("\n" + self._usage(), end="")
            return
        if self.node.children:
            self._show_noun(parsed.arguments)
            return
        self._check(parsed)
        if module is None or not hasattr(module, "run"):
            raise CommandError(f"docklab does not simulate '{self.path}'.")
        parsed.line = self.path
        yield from module.run(client, parsed)

    def _descend(self, words: list[str]) -> list[str]:
        """Follows the words down the tree; what is left belongs to the command reached."""
        before: list[str] = []
        rest = list(words)
        while rest and self.node.children and rest[0] != "--":
            child = self.node.child(rest[0])
            if child is None and not rest[0].startswith("-"):
                break
            word = rest.pop(0)
            if child is None:
                before += [word, *self._value_of(word, rest)]
            else:
                self._read_options_of_noun(before)
                self.node, self.path, before = child, f"{self.path} {child.name}", []
        return before + rest

    def _read_options_of_noun(self, words: list[str]) -> None:
        """What stands between a noun and its verb is read by the noun, as cobra's Traverse does."""
        if words:
            self.command, _ = load(self.node, self.edition)
            self.asked_for_help |= self._read(words, interspersed=True)["help"]

    def _value_of(self, word: str, rest: list[str]) -> list[str]:
        """The word after an option of a noun, if it is the option's value."""
        options = load(self.node, self.edition)[0].options
        takes = any(word == f"--{option.name}" and option.kind != "bool" for option in options)
        return [rest.pop(0)] if takes and rest else []

    def _read(self, words: list[str], *, interspersed: bool) -> Parsed:
        try:
            return parse(self.command.options, words, self.process, interspersed=interspersed)
        except ValueError as error:
            usage = f"\n\n{self._usage(without=() if self.began else _LATE)}" if self.node.children else ""
            raise CommandError(f"{error}\nSee '{self.path} --help'.{usage}", WRONG_OPTION) from None

    def _check(self, parsed: Parsed) -> None:
        number, most = len(parsed.arguments), self.command.most
        if number < self.command.least or (most is not None and number > most):
            raise CommandError(texts.wrong_number(self.path, self.node, self.command))
        wrong = [option for option in self.command.options if option.only and parsed.changed(option.name)]
        lines = [f'"--{option.name}" is only supported on a Docker daemon {option.only}' for option in wrong]
        if lines:
            raise CommandError("\n".join(lines))

    def _show_noun(self, words: list[str]) -> None:
        if not words:
            self.process.error("\n" + self._usage(), end="")
        elif self.path == "docker":
            raise CommandError(f"docker: '{words[0]}' is not a docker command.\nSee 'docker --help'")
        else:
            raise CommandError("\n" + self._usage().rstrip("\n"))

    def _help_about(self, words: list[str]) -> None:
        """`docker help [command]`: a command like others, with a help of its own."""
        top = self.node, self.path, self.command
        self.node, self.path, self.command = HELP, "docker help", Command("[command]")
        parsed = self._read(words, interspersed=True)
        for notice in parsed.notices:
            self.process.print(notice)
        rest = ["help"] if self.asked_for_help or parsed["help"] else parsed.arguments
        if rest[:1] == ["help"]:
            rest = rest[1:]
        else:
            self.node, self.path, self.command = top
            rest = self._descend(rest)
            self.command = load(self.node, self.edition)[0] if self.path != "docker" else self.command
        if rest:
            raise CommandError(f"unknown help topic: {' '.join(rest)}")
        self.process.print("\n" + self._usage(), end="")

    def _usage(self, *, without: tuple[str, ...] = ()) -> str:
        return texts.usage(
            self.path,
            self.node.without(*without),
            self.command,
            width=columns(self.process),
            gap=self.edition.gap,
            footer=self.edition.footer if self.path == "docker" else "",
        )
