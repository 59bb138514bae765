"""Help texts: usage line, aliases, the table of options wrapped to the terminal, sub-commands.

Mirrors docker/cli's usage template, cobra's padding of command names and pflag's FlagUsagesWrapped.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.cli.command import Command, Option
from simulator.cli.tree import Node
from simulator.golang.quote import quote

_ZEROS = ("", "0", "false", "0s", "<nil>")
_PADDING = 11  # cobra's least width of a command name
_SLOP = 5  # a last word may go this far beyond the wrapping width
_LEAST = 24  # columns worth wrapping into
_EXPERIMENTAL = """\
EXPERIMENTAL:
  {path} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/"""


def usage(path: str, node: Node, command: Command, *, width: int = 80, gap: str = "  ", footer: str = "") -> str:
    """A command's help, without the empty line before it and with one line end after it."""
    parts = [f"Usage:{gap}{usage_line(path, node, command)}", (command.long or node.short).strip()]
    if command.experimental:
        parts.append(_EXPERIMENTAL.format(path=path))
    if node.aliases:
        parts.append("Aliases:\n  " + ", ".join((node.name, *node.aliases)))
    if command.example:
        parts.append("Examples:\n" + command.example)
    options = option_table(command.options, width - 1)
    if options:
        parts.append("Options:\n" + options)
    parts += _children(node.children)
    if node.children:
        parts.append(f"Run '{path} COMMAND --help' for more information on a command.")
    return "\n\n".join(parts + ([footer] if footer else [])) + "\n"


def usage_line(path: str, node: Node, command: Command) -> str:
    if not node.children:
        return f"{path} {command.usage}" if command.usage else path
    visible = any(not option.hidden for option in command.options)
    return f"{path} [OPTIONS] COMMAND" if visible else f"{path} COMMAND"


def _children(children: Sequence[Node]) -> list[str]:
    width = max([_PADDING, *(len(child.name) for child in children)])
    groups = (
        ("Management Commands:", [child for child in children if child.children]),
        ("Commands:", [child for child in children if not child.children]),
    )
    return [
        "\n".join([title, *(f"  {child.name:<{width}} {child.short}" for child in group)])
        for title, group in groups
        if group
    ]


def option_table(options: Sequence[Option], width: int) -> str:
    """The lines of all options that are not hidden, by name, wrapped to `width` columns (0: not at all)."""
    shown = sorted((option for option in options if not option.hidden), key=lambda option: option.name)
    names = [_name(option) for option in shown]
    column = max((len(name) for name in names), default=0)
    rows = zip(names, shown, strict=True)
    lines = [f"{name:<{column}}   {wrap(_text(option), column + 3, width)}" for name, option in rows]
    return "\n".join(lines).rstrip()


def _name(option: Option) -> str:
    name = f"  -{option.short}, --{option.name}" if option.short else f"      --{option.name}"
    return name if option.kind == "bool" else f"{name} {option.kind}"


def _text(option: Option) -> str:
    if option.default in _ZEROS or (option.default == "[]" and option.kind == "strings"):
        return option.text
    shown = quote(option.default) if option.kind == "string" else option.default
    return f"{option.text} (default {shown})"


def wrap(text: str, indent: int, width: int) -> str:
    """Breaks a text that begins at column `indent` so that no line is longer than `width`."""
    margin = "\n" + " " * indent
    room, wrapped = width - indent, ""
    if width and room < _LEAST:
        margin, room = "\n" + " " * 16, width - 16
        wrapped = margin
    if not width or room < _LEAST:
        return text.replace("\n", margin)
    line, rest = _break(text, room - _SLOP)
    wrapped += line.replace("\n", margin)
    while rest:
        line, rest = _break(rest, room - _SLOP)
        wrapped += margin + line.replace("\n", margin)
    return wrapped


def _break(text: str, room: int) -> tuple[str, str]:
    """The first line of a text and the rest of it."""
    if room + _SLOP > len(text.encode()):
        return text, ""
    head = text[:room]
    space = max(head.rfind(char) for char in " \t\n")
    if space <= 0:
        return text, ""
    newline = head.rfind("\n")
    at = newline if 0 < newline < space else space
    return text[:at], text[at + 1 :]


def wrong_number(path: str, node: Node, command: Command) -> str:
    """What is said when a command gets too few or too many arguments."""
    least, most = command.least, command.most
    return (
        f"\"{path}\" {_demand(least, most)}.\nSee '{path} --help'.\n\n"
        f"Usage:  {usage_line(path, node, command)}\n\n{node.short}"
    )


def _demand(least: int, most: int | None) -> str:
    if most is None:
        return f"requires at least {least} {_arguments(least)}"
    if most == 0:
        return "accepts no arguments"
    if least == most:
        return f"requires exactly {most} {_arguments(most)}"
    if least == 0:
        return f"requires at most {most} {_arguments(most)}"
    return f"requires at least {least} and at most {most} {_arguments(most)}"


def _arguments(number: int) -> str:
    return "argument" if number == 1 else "arguments"
