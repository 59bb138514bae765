"""URLs as curl reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.userland.curl.url import BadUrl, expand, relative, url_from_text, without_dots


@pytest.mark.parametrize(
    ("text", "spelled", "authority"),
    [
        ("web", "http://web/", "web"),
        ("web:8080/x?y#z", "http://web:8080/x?y", "web:8080"),
        ("web?x=1", "http://web/?x=1", "web"),
        ("HTTP://web:80", "http://web:80/", "web"),
        ("http://u:p@web/", "http://web/", "web"),
        ("http://[::1]:81/", "http://[::1]:81/", "[::1]:81"),
        ("https://web", "https://web/", "web"),
    ],
)
def test_parts(text: str, spelled: str, authority: str) -> None:
    url = url_from_text(text)
    assert (str(url), url.authority) == (spelled, authority)


@pytest.mark.parametrize("text", ["http://", "web:x", "web:65536", "http://[::1", "a b", "http://[zz]/", "[::1]x"])
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(BadUrl):
        url_from_text(text)


@given(st.text(max_size=30))
def test_any_text_is_a_url_or_not(text: str) -> None:
    try:
        url_from_text(text)
        expand(text)
    except BadUrl:
        return


@pytest.mark.parametrize(
    ("path", "simple"),
    [
        ("/../a/./b", "/a/b"),
        ("/a/..", "/"),
        ("/a/.", "/a/"),
        ("/a//b", "/a//b"),
        ("/a/../b?x=/../", "/b?x=/../"),
        ("/", "/"),
    ],
)
def test_dots_go(path: str, simple: str) -> None:
    assert without_dots(path) == simple


@pytest.mark.parametrize(
    ("place", "spelled"),
    [
        ("/x", "http://web:81/x"),
        ("x", "http://web:81/dir/x"),
        ("../x", "http://web:81/x"),
        ("?q", "http://web:81/dir/page?q"),
        ("//other/x", "http://other/x"),
        ("http://other", "http://other/"),
        ("a b", "http://web:81/dir/a%20b"),
    ],
)
def test_places_relative_to_another(place: str, spelled: str) -> None:
    assert str(relative(url_from_text("web:81/dir/page?old"), place)) == spelled


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("web", ["web"]),
        ("w{a,b}", ["wa", "wb"]),
        ("w[1-3]", ["w1", "w2", "w3"]),
        ("w[08-10]", ["w08", "w09", "w10"]),
        ("w[a-c:2]", ["wa", "wc"]),
        ("{a,b}[1-2]", ["a1", "a2", "b1", "b2"]),
        ("http://[::1]:80/{x,y}", ["http://[::1]:80/x", "http://[::1]:80/y"]),
        (r"a\{b\}", ["a{b}"]),
    ],
)
def test_lists_and_ranges(text: str, urls: list[str]) -> None:
    assert [url for url, _ in expand(text)] == urls


def test_what_was_chosen_is_known() -> None:
    assert expand("{a,b}[1-2]")[1] == ("a2", ["a", "2"])


@pytest.mark.parametrize(
    ("text", "what"), [("w{a", "unmatched brace"), ("w[1", "bad range"), ("w]", "unmatched close")]
)
def test_lists_that_do_not_end(text: str, what: str) -> None:
    with pytest.raises(BadUrl) as caught:
        expand(text)
    assert caught.value.text.startswith(what)
