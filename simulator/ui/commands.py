"""What each docklab command does, apart from the interactive screens."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.lesson import library
from simulator.lesson.document import Lesson, LessonError

SUCCESS, FAILURE, MISUSE = 0, 1, 2


def complain(text: str) -> int:
    """One clear line on standard error; the exit status of misuse."""
    print(f"docklab: {text}", file=sys.stderr)
    return MISUSE


def language(wanted: str | None) -> str:
    """The language of prose: what was asked for, else the environment's, else English."""
    known = library.languages()
    if wanted:
        return wanted
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return named[:2] if named[:2] in known else "en"


def lessons(wanted: str | None) -> int:
    """Lists the lessons with what each teaches."""
    try:
        say(lessons_text(wanted))
    except LessonError as mistake:
        return complain(str(mistake))
    return SUCCESS


def lessons_text(wanted: str | None) -> str:
    """A line with the title and a line with what it teaches for each lesson. Raises LessonError."""
    rows: list[str] = []
    for number, name in enumerate(library.names(), 1):
        lesson = library.load(name, language(wanted))
        rows += [f"{number}  {name:22}  {lesson.title}", f"   {'':22}  {lesson.settings.teaches}"]
    return "\n".join(rows)


def say(text: str) -> None:
    """A text of docklab's own: laid out on a terminal, as it is for a program."""
    if sys.stdout.isatty():
        from simulator.ui import paper

        paper.show(text)
    else:
        print(text)


def find(texts: Sequence[str], wanted: str | None) -> list[Lesson]:
    """The lessons that are meant: files, names or numbers; all without any. Raises LessonError."""
    names = texts or library.names()
    return [_one(text, language(wanted)) for text in names]


def _one(text: str, chosen: str) -> Lesson:
    if text.endswith(".md") or "/" in text:
        return library.load_file(Path(text))
    return library.load(text, chosen)


def play_plain(texts: Sequence[str], wanted: str | None, engine: str) -> int:
    """Prints the transcripts of lessons."""
    from simulator.lesson.player import PlayError, transcript

    try:
        for number, lesson in enumerate(find(texts, wanted)):
            if number:
                print()
            print(transcript(lesson, engine=engine), end="")
    except (LessonError, PlayError) as mistake:
        return complain(str(mistake))
    return SUCCESS


def play(texts: Sequence[str], wanted: str | None, engine: str) -> int:
    """Plays lessons on the screen."""
    from simulator.ui import playback

    try:
        chosen = find(texts or library.names()[:1], wanted)
    except LessonError as mistake:
        return complain(str(mistake))
    return playback.play(chosen, engine)


def check(files: Sequence[str], wanted: str | None, engine: str) -> int:
    """Compares lessons with what they show; every language unless one is named."""
    from simulator.lesson.check import check as compare
    from simulator.lesson.player import PlayError

    passed = failed = 0
    try:
        tongues = [wanted] if wanted else library.languages()
        chosen = find(files, None) if files else [lesson for tongue in tongues for lesson in find([], tongue)]
        for lesson in chosen:
            for _command, difference in compare(lesson, engine=engine):
                if difference:
                    print(difference)
                    failed += 1
                else:
                    passed += 1
    except (LessonError, PlayError) as mistake:
        return complain(str(mistake))
    print(f"{passed} passed, {failed} failed")
    return FAILURE if failed else SUCCESS


def run(file: str, pcap: str | None, engine: str, seed: int) -> int:
    """Plays a session file and prints it with the lab's outputs."""
    from simulator.session import SessionError, run_file

    try:
        print(run_file(Path(file), engine=engine, seed=seed, pcap=Path(pcap) if pcap else None), end="")
    except SessionError as mistake:
        return complain(str(mistake))
    except UnicodeDecodeError:
        return complain(f"{file}: this is no text")
    except OSError as refusal:
        return complain(f"{refusal.filename or file}: {refusal.strerror}")
    return SUCCESS
