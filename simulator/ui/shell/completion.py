"""What Tab offers: commands of the sandbox, the host and docker, options, containers, networks, images, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from simulator.cli import tree
from simulator.cli.command import Option
from simulator.cli.editions import edition
from simulator.engine.api import Engine
from simulator.sandbox import Sandbox
from simulator.ui.shell.place import Place, place_of

Offer = tuple[str, str]  # what is put in, and what is said about it

BUILTINS = tuple(
    "alias bg cd echo eval exec exit export fg jobs pwd read set source test trap type umask unset wait".split()
)
_OF_RUNNING = "attach exec kill logs pause port stop top unpause restart stats update wait"
_OF_ALL = "commit cp diff export inspect rename rm start"
# docker's commands whose arguments are containers, and whether those that do not run are meant, too.
CONTAINERS: dict[str, bool] = dict.fromkeys(_OF_RUNNING.split(), False) | dict.fromkeys(_OF_ALL.split(), True)
IMAGES = frozenset(["run", "create", "history", "push", "rmi", "save", "tag"])
NETWORK_OPTIONS = ("--network", "--net")
CONTAINER_OPTIONS = ("--link", "--volumes-from")
_BREAK = re.compile(r"[;|&(){}\n]|\bdo\b|\bthen\b")


class LabCompleter(Completer):
    """Looks at the world as it is when Tab is pressed."""

    def __init__(self, sandbox: Callable[[], Sandbox], own: Callable[[], dict[str, str]]) -> None:
        self._sandbox, self._own = sandbox, own

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        line = document.text_before_cursor
        for text, about in offers(self._sandbox(), line, self._own()):
            word = _last_word(line)
            end = "" if text.endswith("/") else " "
            yield Completion(text + end, start_position=-len(word), display=text, display_meta=about)


def _last_word(line: str) -> str:
    return re.split(r"[\s;|&()<>]", line)[-1] if not line.startswith(":") else line.split(" ")[-1]


def offers(sandbox: Sandbox, line: str, own: dict[str, str]) -> list[Offer]:
    """What may stand at the end of this line."""
    word = _last_word(line)
    if line.startswith(":"):
        return _fitting(word, _own_arguments(sandbox, line, own))
    words = _BREAK.split(line)[-1].split()
    words = words if words and line[-1:].isspace() is False else [*words, ""]
    place = place_of(sandbox)
    if re.search(r"[<>]\s*\S*$", line):
        found: Iterable[Offer] = ((path, "") for path in place.files(word))
    elif len(words) == 1 and "/" not in word:
        found = [(name, "") for name in {*place.programs(), *BUILTINS}]
    elif words[0] == "docker" and place.container is None:
        found = _docker(sandbox, place, words[1:])
    else:
        found = ((path, "") for path in place.files(word))
    return _fitting(word, found)


def _fitting(word: str, found: Iterable[Offer]) -> list[Offer]:
    return sorted({text: about for text, about in found if text.startswith(word)}.items())


def _own_arguments(sandbox: Sandbox, line: str, own: dict[str, str]) -> Iterable[Offer]:
    if " " not in line:
        return own.items()
    if line.startswith(":host "):
        return ((name, "") for name in sandbox.lab.machines)
    return ()


def _docker(sandbox: Sandbox, place: Place, words: list[str]) -> Iterable[Offer]:
    engine = sandbox.lab.engines.get(place.machine)
    chosen = edition(sandbox.lab.version.help)
    node, path = tree.root(chosen), []
    for index, word in enumerate(words[:-1]):
        child = node.child(word) if node.children else None
        if child is None:
            path = words[index:-1]
            break
        node = child
    if node.children and not path:
        return ((child.name, child.short) for child in node.children)
    if engine is None or node.children:
        return ()
    command, _ = tree.load(node, chosen)
    last = words[-2] if len(words) > 1 else ""
    if last in NETWORK_OPTIONS:
        return _networks(engine)
    if last in CONTAINER_OPTIONS:
        return _containers(engine, everything=True)
    if words[-1].startswith("-"):
        return _options(command.options)
    return _arguments(engine, place, words, node.name)


def _options(options: Iterable[Option]) -> Iterator[Offer]:
    for option in options:
        if not option.hidden:
            yield f"--{option.name}", option.text
            if option.short:
                yield f"-{option.short}", option.text


def _arguments(engine: Engine, place: Place, words: list[str], verb: str) -> Iterable[Offer]:
    noun = words[0]
    if noun == "network":
        given = [word for word in words[2:-1] if not word.startswith("-")]
        return (
            _containers(engine, everything=True) if verb in ("connect", "disconnect") and given else _networks(engine)
        )
    if noun == "image" or verb in IMAGES:
        return _images(engine)
    if verb in CONTAINERS:
        return _containers(engine, everything=CONTAINERS[verb])
    return ((path, "") for path in place.files(words[-1]))


def _containers(engine: Engine, *, everything: bool) -> Iterator[Offer]:
    for document in engine.container_list(all=everything):
        yield document["Names"][0].lstrip("/"), f"{document['Image']}, {document['Status']}"


def _networks(engine: Engine) -> Iterator[Offer]:
    for document in engine.network_list():
        yield document["Name"], document["Driver"]


def _images(engine: Engine) -> Iterator[Offer]:
    for document in engine.image_list():
        for tag in document["RepoTags"] or []:
            yield tag.removesuffix(":latest"), ""
    for document in engine.daemon.registry.search("", 0):
        yield document["name"], "can be pulled"
