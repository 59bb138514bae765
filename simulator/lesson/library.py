"""Where lessons are: beside the package, or inside it once it is installed. Files are NAME.LANGUAGE.md."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from simulator.lesson.document import Lesson, LessonError, lesson_from_text

ORIGINAL = "ko"  # the language whose files hold the console blocks
_FILE = re.compile(r"(?P<name>[\w-]+)\.(?P<language>[a-z]{2})\.md$")


def folder() -> Path:
    """The folder of the lessons that come with docklab."""
    inside = Path(str(files("simulator") / "lessons"))
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "lessons"


def names() -> list[str]:
    """The lessons in their order."""
    return sorted({match["name"] for path in folder().iterdir() if (match := _FILE.match(path.name))})


def languages() -> list[str]:
    return sorted({match["language"] for path in folder().iterdir() if (match := _FILE.match(path.name))})


def load(name: str, language: str) -> Lesson:
    """A lesson by its name, by a part of its name that only it has, or by its number. Raises LessonError."""
    found = [known for known in names() if known == name] or [known for known in names() if _means(name, known)]
    if len(found) != 1:
        what = "several lessons are" if found else "there is no lesson"
        raise LessonError(f"{what} called '{name}'; 'docklab lessons' lists them")
    path = folder() / f"{found[0]}.{language}.md"
    if not path.exists():
        raise LessonError(f"the lesson '{found[0]}' is not written in '{language}'; there are {', '.join(languages())}")
    return load_file(path)


def _means(text: str, name: str) -> bool:
    number, _, rest = name.partition("-")
    return text.lower() in rest if not text.isdigit() else number.isdigit() and int(text) == int(number)


def load_file(path: Path) -> Lesson:
    """A lesson from a file; a translation finds its original beside it. Raises LessonError."""
    match = _FILE.match(path.name)
    name, language = (match["name"], match["language"]) if match else (path.stem, ORIGINAL)
    original = path.with_name(f"{name}.{ORIGINAL}.md")
    first = load_file(original) if match and language != ORIGINAL and original.exists() else None
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise LessonError(f"{path}: there is no such file") from missing
    except (OSError, UnicodeDecodeError) as unreadable:
        raise LessonError(f"{path}: cannot be read: {unreadable}") from unreadable
    return lesson_from_text(text, name=name, path=str(path), language=language, original=first)
