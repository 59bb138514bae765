"""The docklab command. Each subcommand imports only what it needs, so that `--help` is quick."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence

from simulator.versions import DEFAULT_VERSION, VERSIONS

OVERVIEW = """docklab: Docker networking, simulated packet by packet. Nothing to install but Python.

  docklab shell              a Docker host to try things on
  docklab lessons            what there is to learn
  docklab play               play the first lesson, step by step
  docklab play --plain       all lessons as a bare transcript
  docklab run FILE.session   play a recorded terminal session in a fresh lab
  docklab check              do the lessons still show what they say?
  docklab serve              the Docker Engine API, for docker and every other client

'docklab COMMAND --help' tells more about one of them.
"""

SUCCESS, FAILURE, MISUSE = 0, 1, 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit status."""
    gc.set_threshold(50_000, 20, 100)  # a lab's objects live long: looking through them again and again finds nothing
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] | None = getattr(options, "run", None)
    if run is None:
        print(OVERVIEW, end="")
        return SUCCESS
    try:
        return run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; say nothing more
        return FAILURE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docklab", description="Docker networking, simulated packet by packet.")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (_add_lessons, _add_play, _add_check, _add_run, _add_shell, _add_serve):
        add(commands)
    return parser


def _common(parser: argparse.ArgumentParser, *, language: bool = True) -> None:
    parser.add_argument("--engine", choices=list(VERSIONS), help=f"the version of Docker (default: {DEFAULT_VERSION})")
    if language:
        parser.add_argument("--lang", default=None, metavar="LANGUAGE", help="ko or en (default: the environment's)")


def _add_lessons(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("lessons", help="the lessons, in order, with what each teaches")
    parser.add_argument("--lang", default=None, metavar="LANGUAGE", help="ko or en (default: the environment's)")
    parser.set_defaults(run=_lessons)


def _add_play(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("play", help="play a lesson step by step")
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="a lesson's name, number or file (default: the first)"
    )
    parser.add_argument("--plain", action="store_true", help="only the bare transcript; without LESSON of every lesson")
    _common(parser)
    parser.set_defaults(run=_play)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("check", help="run lessons and compare every output with what they show")
    parser.add_argument("files", nargs="*", metavar="FILE", help="lesson files (default: all that come with docklab)")
    _common(parser)
    parser.set_defaults(run=_check)


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("run", help="play a recorded session in a fresh lab and print it again")
    parser.add_argument("file", metavar="FILE.session")
    parser.add_argument(
        "--pcap", metavar="DIR", help="write DIR/<device>.pcap for each device of the '# capture:' line"
    )
    parser.add_argument("--seed", type=int, default=0, help="what chance is drawn from (default: 0)")
    _common(parser, language=False)
    parser.set_defaults(run=_run)


def _add_shell(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("shell", help="a Docker host to try things on")
    parser.add_argument("--resume", action="store_true", help="go on where the last sandbox was, also after a crash")
    parser.add_argument("--seed", type=int, default=0, help="what chance is drawn from (default: 0)")
    _common(parser, language=False)
    parser.set_defaults(run=_shell)


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="the Docker Engine API, for docker and every other client")
    parser.add_argument(
        "--host", default="", metavar="ADDRESS", help="unix://PATH or tcp://127.0.0.1:PORT (default: port 2375)"
    )
    parser.add_argument(
        "--expose", action="store_true", help="real programs reach published ports at the same port of 127.0.0.1"
    )
    parser.add_argument("--realtime", action="store_true", help="simulated time never runs ahead of the clock")
    parser.add_argument("--seed", type=int, default=0, help="what chance is drawn from (default: 0)")
    _common(parser, language=False)
    parser.set_defaults(run=_serve)


def _lessons(options: argparse.Namespace) -> int:
    from simulator.ui import commands

    return commands.lessons(options.lang)


def _play(options: argparse.Namespace) -> int:
    from simulator.ui import commands

    if options.plain:
        return commands.play_plain(options.lessons, options.lang, options.engine or "")
    return commands.play(options.lessons, options.lang, options.engine or "")


def _check(options: argparse.Namespace) -> int:
    from simulator.ui import commands

    return commands.check(options.files, options.lang, options.engine or "")


def _run(options: argparse.Namespace) -> int:
    from simulator.ui import commands

    return commands.run(options.file, options.pcap, options.engine or DEFAULT_VERSION, options.seed)


def _shell(options: argparse.Namespace) -> int:
    from simulator.ui.shell import start

    return start.shell(engine=options.engine or DEFAULT_VERSION, seed=options.seed, resume=options.resume)


def _serve(options: argparse.Namespace) -> int:
    from simulator.ui import serve

    host = options.host or serve.DEFAULT_HOST
    engine = options.engine or DEFAULT_VERSION
    return serve.serve(host, engine=engine, seed=options.seed, realtime=options.realtime, expose=options.expose)


if __name__ == "__main__":
    sys.exit(main())
