"""Laws of reading lessons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from simulator.clock import MS, S
from simulator.lesson.document import Lesson, LessonError, Prose, Step, lesson_from_text

HEADER = '+++\ntitle = "T"\nteaches = "t"\n+++\n'
BLOCK = "```console\n$ echo hi\nhi\n```\n"


def read(text: str, original: Lesson | None = None) -> Lesson:
    return lesson_from_text(text, name="l", path="l.ko.md", language="ko", original=original)


def test_a_lesson_is_prose_and_steps_in_their_order() -> None:
    lesson = read(HEADER + "# Hello\n\n" + BLOCK + "and then\n")
    first, step, last = lesson.parts
    assert first == Prose("# Hello")
    assert isinstance(step, Step)
    assert [(command.prompt, command.text, command.number) for command in step.commands] == [("$ ", "echo hi", 8)]
    assert [(line.text, line.number) for line in step.commands[0].expected] == [("hi", 9)]
    assert last == Prose("and then")


def test_what_is_typed_into_a_program_belongs_to_no_machine() -> None:
    step = read(HEADER + "```console\n$ docker attach a1\n/ # ls\nbin\n[Ctrl + P + Q]\n```\n").steps[0]
    assert [(command.machine, command.text, command.is_key) for command in step.commands] == [
        ("docker-host", "docker attach a1", False),
        ("", "ls", False),
        ("", "[Ctrl + P + Q]", True),
    ]


def test_a_comment_before_a_block_sets_what_is_chance() -> None:
    comment = (
        '<!-- docklab\nid = "x"\nwait = "1m30s"\npauses = ["20ms"]\nchance = { wakeup = ["131us"], port = [7] }\n-->\n'
    )
    settings = read(HEADER + comment + BLOCK).steps[0].settings
    assert (settings.id, settings.wait, settings.pause(0), settings.pause(1)) == ("x", 90 * S, 20 * MS, 300 * MS)
    assert settings.chance == {"wakeup": (131_000,), "port": (7,)}


def test_a_translation_names_the_blocks_of_its_original() -> None:
    original = read(HEADER + '<!-- docklab\nid = "x"\n-->\n' + BLOCK)
    translated = read('+++\ntitle = "Other"\nteaches = "o"\n+++\n```console\n@x\n```\n', original)
    assert translated.title == "Other"
    assert translated.steps == original.steps


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('hints = ["eins"]', None),
        ("", "l.ko.md:5: the original has 1 hints, this has 0"),
        ('hints = ["eins"]\nwait = "1s"', "l.ko.md:5: a translation may set nothing but hints"),
    ],
)
def test_a_translation_has_hints_of_its_own_and_nothing_else(settings: str, message: str | None) -> None:
    task = BLOCK.replace("console", "check")
    original = read(HEADER + BLOCK + '<!-- docklab\nid = "x"\nhints = ["one"]\n-->\n' + task)
    comment = f"<!-- docklab\n{settings}\n-->\n" if settings else ""
    text = HEADER + comment + "```check\n@x\n```\n"
    if message:
        with pytest.raises(LessonError, match=message):
            read(text, original)
        return
    translated = lesson_from_text(text + BLOCK.replace("$ echo hi\nhi", "@y"), name="l", path="l.ko.md",
                                  language="de", original=named(original))  # fmt: skip
    assert translated.blocks[0].settings.hints == ("eins",)
    assert translated.blocks[0].is_check


def named(original: Lesson) -> Lesson:
    """The lesson with its step called y."""
    original.steps[0].settings = replace(original.steps[0].settings, id="y")
    return original


def test_other_fences_are_prose() -> None:
    lesson = read(HEADER + "```python\nprint()\n```\n" + BLOCK)
    assert lesson.parts[0] == Prose("```python\nprint()\n```")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "l.ko.md:1: a lesson begins with a header"),
        ("# no header\n", "l.ko.md:1: a lesson begins with a header"),
        ("+++\ntitle = 1\n", "l.ko.md:1: the header is not closed"),
        ("+++\ntitle = \n+++\n", "l.ko.md:2: broken settings"),
        ('+++\ntitle = "T"\n+++\n', "l.ko.md:1: the header lacks 'teaches'"),
        (HEADER.replace("teaches", "nosuch = 1\nteaches"), "l.ko.md:1: a lesson's header has no setting 'nosuch'"),
        (HEADER.replace("teaches", 'engine = "9.9"\nteaches'), "docklab has no engine '9.9'"),
        (HEADER.replace("teaches", 'start = "soon"\nteaches'), "'start' is a moment in quotes"),
        (HEADER, "l.ko.md:1: the lesson has no console block"),
        (HEADER + "```console\n$ echo\n", "l.ko.md:5: the block '```console' is not closed"),
        (HEADER + "```console\n```\n", "the block is empty"),
        (HEADER + "```console\nhi\n```\n", "l.ko.md:6: a console block begins with a prompt; this lesson's are '$ '"),
        (HEADER + "```console\n@x\n```\n", "l.ko.md:6: only a translation may name a block"),
        (HEADER + "<!-- docklab\nwait = 'x'\n-->\n" + BLOCK, "l.ko.md:5: 'x' is no duration"),
        (HEADER + "<!-- docklab\nwait = '1s'\n", "l.ko.md:5: the settings '<!-- docklab' are not closed"),
        (HEADER + "<!-- docklab\nwait = '1s'\n-->\n", "l.ko.md:5: no console block follows"),
        (HEADER + "<!-- docklab\n\nwait = \n-->\n" + BLOCK, "l.ko.md:7: broken settings"),
    ],
)
def test_a_broken_lesson_gets_one_line_that_names_the_place(text: str, message: str) -> None:
    with pytest.raises(LessonError) as raised:
        read(text)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@given(
    st.lists(st.sampled_from(["+++", "```console", "```", "<!-- docklab", "-->", "$ ls", "/ # x", "...", "a = 1", ""]))
)
def test_any_text_is_a_lesson_or_a_lesson_error(lines: list[str]) -> None:
    try:
        read(HEADER + "\n".join(lines))
    except LessonError as mistake:
        assert str(mistake).startswith("l.ko.md:")
