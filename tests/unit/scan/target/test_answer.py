"""Answers: headers as browsers combine them, bodies unpacked within bounds."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.answer import Answer, Silence, in_words


def answer(*headers: tuple[str, str], body: bytes = b"", cut: bool = False) -> Answer:
    """An answer of 200."""
    return Answer(url="http://t/", status=200, headers=headers, body=body, cut=cut)


def test_repeated_headers_are_joined_but_for_those_that_may_stand_once() -> None:
    seen = answer(("x", "1"), ("x", "2"), ("content-type", "a/b"), ("content-type", "c/d"))
    assert (seen.header("x"), seen.header("content-type"), seen.header("y")) == ("1, 2", "a/b", None)


@pytest.mark.parametrize(
    ("value", "html"),
    [("text/html", True), ("Text/HTML; charset=x", True), ("application/xhtml+xml", True), ("a/json", False)],
)
def test_pages_are_told_by_their_type(value: str, html: bool) -> None:
    assert answer(("content-type", value)).is_html is html
    assert not answer().is_html


@given(st.binary(max_size=500))
def test_a_body_is_unpacked_whole_within_the_limit(data: bytes) -> None:
    for encoding, packed in (("gzip", gzip.compress(data)), ("deflate", zlib.compress(data))):
        seen = answer(("content-encoding", encoding), body=packed)
        assert seen.text() == data.decode("utf-8", "replace")
        assert len(seen.text(10)) <= 10


@given(st.binary(max_size=100), st.sampled_from(["gzip", "deflate", "br", ""]))
def test_no_body_breaks_it(data: bytes, encoding: str) -> None:
    assert isinstance(answer(("content-encoding", encoding), body=data).text(), str)


def test_outcomes_are_told_in_few_words() -> None:
    assert in_words(answer()) == "status 200"
    assert in_words(answer(cut=True)) == "status 200, body cut off"
    assert in_words(Silence(url="u", why="reset", reason="broken off")) == "broken off"
