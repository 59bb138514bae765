"""Dockerfiles as text: lines, words, variables, and what each instruction takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.build.instructions import FORMS, plan
from simulator.engine.build.parser import ParseError, parse
from simulator.engine.build.words import expanded, expanded_words


def lines(text: str) -> list[tuple[str, ...]]:
    return [(line.name, *line.flags, *line.args) for line in parse(text).lines]


ALONE = "COPY requires at least two arguments, but only one was provided. Destination could not be determined"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM alpine", [("from", "alpine")]),
        ("from alpine  as  x", [("from", "alpine", "as", "x")]),
        ("# comment\n\n  FROM a\n#RUN x\n", [("from", "a")]),
        ("\ufeffFROM a\r\nRUN b\r\n", [("from", "a"), ("run", "b")]),
        ("RUN a \\\n  b", [("run", "a   b")]),
        ("RUN a \\  \n# between\n\n b \\\n c", [("run", "a  b  c")]),
        ("RUN a \\\\", [("run", "a \\\\")]),
        ("# escape=`\nRUN a `\nb", [("run", "a b")]),
        ("# escape=`\nRUN c:\\", [("run", "c:\\")]),
        ("# other=x\n# escape=`\nRUN a `", [("run", "a `")]),
        ("# syntax=docker/dockerfile:1\nFROM a", [("from", "a")]),
        ('CMD ["a", "b c"]', [("cmd", "a", "b c")]),
        ("CMD [a, b]", [("cmd", "[a, b]")]),
        ('CMD ["a"] rest', [("cmd", "a")]),
        ("ENV a=b c=\"d e\" f='g h' i=j\\ k", [("env", "a", "b", "c", '"d e"', "f", "'g h'", "i", "j\\ k")]),
        ("ENV a b  c", [("env", "a", "b  c")]),
        ("ENV a=", [("env", "a", "")]),
        ("COPY --from=x --chown=a:b s d", [("copy", "--from=x", "--chown=a:b", "s", "d")]),
        ('COPY --from="a b" s d', [("copy", "--from=a b", "s", "d")]),
        ("COPY -- --s d", [("copy", "--s", "d")]),
        ("COPY s  --flag d", [("copy", "s", "--flag", "d")]),
        ("HEALTHCHECK --interval=5s CMD curl -f x", [("healthcheck", "--interval=5s", "CMD", "curl -f x")]),
        ("HEALTHCHECK NONE", [("healthcheck", "NONE")]),
        ("ONBUILD RUN x y", [("onbuild", "run", "x y")]),
        ("EXPOSE 80  81/udp", [("expose", "80", "81/udp")]),
        ("ARG a=b c", [("arg", "a=b", "c")]),
        ("FOO bar", [("foo",)]),
    ],
)
def test_lines(text: str, expected: list[tuple[str, ...]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file with no instructions"),
        ("# only\n", "file with no instructions"),
        ("ENV a", "ENV must have two arguments"),
        ("LABEL a=b c", 'Syntax error - can\'t find = in "c". Must be of the form: name=value'),
        ("CMD [1]", "when using JSON array syntax, arrays must be comprised of strings only"),
        ("# escape=x\nFROM a", "invalid escape token 'x' does not match ` or \\"),
        ("# escape=\\\n# escape=\\\nFROM a", "only one escape parser directive can be used"),
        ("RUN " + "x" * 65536, "dockerfile line greater than max allowed size of 65535"),
    ],
)
def test_texts_that_are_no_dockerfile(text: str, message: str) -> None:
    with pytest.raises(ParseError) as failure:
        parse(text)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a AS 1", 'invalid name for build stage: "1", name can\'t start with a number or contain symbols'),
        ("FROM --x=y a", "Unknown flag: x"),
        ("FROM a\nFOO b", "unknown instruction: FOO"),
        ("FROM a\nCOPY b", ALONE),
        ("FROM a\nCOPY --chown b c", "Missing a value on flag: chown"),
        ("FROM a\nCOPY --from=x --from=y b c", "Duplicate flag specified: from"),
        ("FROM a\nADD --from=x b c", "Unknown flag: from"),
        ("FROM a\nWORKDIR", "WORKDIR requires exactly one argument"),
        ("FROM a\nENV =b", "ENV names can not be blank"),
        ("FROM a\nARG =b", "ARG names can not be blank"),
        ("FROM a\nSHELL a", "SHELL requires the arguments to be in JSON form"),
        ("FROM a\nVOLUME [\"\"]", "VOLUME specified can not be an empty string"),
        ("FROM a\nONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        ("FROM a\nONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"),
        ("FROM a\nHEALTHCHECK FOO", 'Unknown type "FOO" in HEALTHCHECK (try CMD)'),
        ("FROM a\nHEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("FROM a\nHEALTHCHECK --interval=x CMD y", 'time: invalid duration "x"'),
        ("FROM a\nHEALTHCHECK --interval=1us CMD y", 'Interval "interval" cannot be less than 1ms'),
        ("FROM a\nHEALTHCHECK --retries=0 CMD y", "--retries must be at least 1 (not 0)"),
    ],
)  # fmt: skip
def test_instructions_that_are_not_well_formed(text: str, message: str) -> None:
    with pytest.raises(ParseError) as failure:
        plan(parse(text).lines)
    assert str(failure.value) == f"dockerfile parse error line {text.count(chr(10)) + 1}: {message}"


def test_an_instruction_before_the_first_from() -> None:
    with pytest.raises(ParseError, match="no build stage in current context"):
        plan(parse("RUN x").lines)


@given(st.text(alphabet="FROMrunENV #\\`\n\"'[]=$-abc \t", max_size=80))
def test_any_text_is_a_dockerfile_or_is_refused(text: str) -> None:
    try:
        found = plan(parse(text).lines)
    except ParseError:
        return
    assert all(step.name in FORMS for stage in found.stages for step in stage.instructions)


@given(st.lists(st.text(alphabet="abc/._", min_size=1, max_size=8), min_size=1, max_size=5))
def test_words_of_run_stay_as_they_are_however_they_are_broken(words: list[str]) -> None:
    assert lines("RUN " + " \\\n".join(words)) == [("run", " ".join(words))]


ENV = {"A": "1", "EMPTY": "", "TWO": "x y"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$A", "1"), ("${A}b", "1b"), ("$Ab", ""), ("$NO", ""), ("\\$A", "$A"), ("'$A'", "$A"), ('"$A"', "1"),
        ("${A:-x}", "1"), ("${NO:-x}", "x"), ("${EMPTY:-x}", "x"), ("${A:+x}", "x"), ("${NO:+x}", ""),
        ("${NO:-$A}", "1"), ('"a\\"b"', 'a"b'), ('"a\\b"', "a\\b"), ("a\\ b", "a b"), ("$", "$"), ("${A:?x}", "1"),
        ("$1", ""), ("a'b c'd", "ab cd"), ("$TWO", "x y"),
    ],
)  # fmt: skip
def test_variables(word: str, expected: str) -> None:
    assert expanded(word, ENV) == expected


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("${A", "missing ':' in substitution"),
        ("${", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${A:=x}", "unsupported modifier (=) in substitution"),
        ("${NO:?gone}", "NO: gone"),
        ("${NO?}", "NO: is not allowed to be unset"),
        ("${EMPTY:?}", "EMPTY: is not allowed to be empty"),
        ("'a", "unexpected end of statement while looking for matching single-quote"),
        ('"a', "unexpected end of statement while looking for matching double-quote"),
    ],
)
def test_words_that_cannot_be_expanded(word: str, message: str) -> None:
    with pytest.raises(ValueError) as failure:
        expanded(word, ENV)
    assert str(failure.value).endswith(message)


def test_what_a_variable_holds_may_be_several_words() -> None:
    assert expanded_words('80 $TWO "$TWO"', ENV) == ["80", "x", "y", "x y"]
