"""Go templates: output and errors are those of Go 1.19's text/template with docker's functions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cli.gotemplate import ExecutionError, SyntaxFailure, parse
from simulator.cli.gotemplate.tojson import document_of
from simulator.cli.gotemplate.values import of_json
from tests.cli.bare import recorded

RECORDED = recorded("templates.json")
FRAGMENTS = [
    "{{",
    "}}",
    ".Name",
    "if ",
    "end",
    "range ",
    "with ",
    "else",
    " ",
    "|",
    "(",
    ")",
    "$x",
    ":=",
    '"a"',
    "-",
    "/*",
]


def outcome(template: str, document: Any) -> str:
    try:
        return parse(template).execute(of_json(document), strict=True)
    except (SyntaxFailure, ExecutionError) as failure:
        return f"!!{failure}"


@pytest.mark.parametrize(("template", "expected"), RECORDED["cases"])
def test_a_template_gives_what_go_gives(template: str, expected: str) -> None:
    assert outcome(template, RECORDED["document"]) == expected


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
def test_no_text_breaks_the_reader(parts: list[str]) -> None:
    assert isinstance(outcome("".join(parts), RECORDED["document"]), str)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(JSON)
def test_a_document_comes_back_from_its_go_value(document: Any) -> None:
    assert document_of(of_json(document)) == document


def test_a_key_that_a_map_lacks_is_no_error_unless_asked() -> None:
    assert parse("{{.Nosuch}} {{.Nosuch.x}}").execute(of_json({})) == "<no value> <no value>"


def test_a_template_may_have_a_name_that_errors_tell() -> None:
    with pytest.raises(SyntaxFailure, match=r"^template: version:1: unclosed action$"):
        parse("{{.x", "version")
