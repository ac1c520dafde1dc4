import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.api.document import Number, Pairs, read
from battery.chaos.toxiproxy.server.api.refusal import Refusal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def plain(value: object) -> object:
    """The document as `json` would have read it."""
    if isinstance(value, Pairs):
        return {key: plain(inner) for key, inner in value}
    if isinstance(value, Number):
        return int(value)
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(value=VALUES, ascii_only=st.booleans())
def test_every_value_is_read_as_it_was_written(value: object, ascii_only: bool) -> None:
    assert plain(read(json.dumps(value, ensure_ascii=ascii_only).encode())) == value


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(body=st.binary())
def test_any_bytes_are_a_value_or_a_bad_body(body: bytes) -> None:
    try:
        read(body)
    except Refusal as refused:
        refusal = refused
    else:
        return
    assert refusal.status == 400
    assert refusal.text.startswith("bad request body: ")


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(value=VALUES, rest=st.text(max_size=5))
def test_what_follows_the_first_value_is_not_read(value: object, rest: str) -> None:
    document = json.dumps([value])
    assert read(f" \n{document} {rest}".encode("utf-8", "replace")) == read(document.encode())


@pytest.mark.parametrize("body", ['{"a"', '{"a":', '{"a":1', "[1,", '"abc', "{", "["])
def test_a_body_that_stops_early_is_an_unexpected_end(body: str) -> None:
    with pytest.raises(Refusal, match=r"^bad request body: unexpected EOF$"):
        read(body.encode())


@pytest.mark.parametrize("body", ["", " \r\n\t"])
def test_an_empty_body_is_an_end(body: str) -> None:
    with pytest.raises(Refusal, match=r"^bad request body: EOF$"):
        read(body.encode())


@pytest.mark.parametrize("body", ["NaN", "[Infinity]", "-Infinity", "nope", "'x'", "{1:2}"])
def test_what_only_python_reads_is_refused(body: str) -> None:
    with pytest.raises(Refusal, match="bad request body: "):
        read(body.encode())


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(Refusal, match="exceeded max depth"):
        read(b"[" * 200_000)


def test_a_key_that_comes_twice_is_kept_twice() -> None:
    assert read(b'{"a":1,"a":2}') == Pairs([("a", "1"), ("a", "2")])
