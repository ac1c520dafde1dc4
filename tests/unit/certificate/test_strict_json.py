"""Strict JSON: one meaning for one text, or none at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.certificate.strict_json import DEEPEST, NotStrict, parse

KEYS = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1,"\\u0061":2}', "twice"),
        (b'[{"b":{"a":1,"a":1}}]', "twice"),
        (b'{"key":1,"Key":1}', "case only"),
        ('{"ß":1,"SS":1}'.encode(), "case only"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "-Infinity"),
        (b"", "not JSON"),
        (b"1 2", "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"01", "not JSON"),
        (b"\xef\xbb\xbf1", "not JSON"),
        (b'"\x01"', "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ("1".encode("utf-16"), "not UTF-8"),
        (b'"\\ud83d"', "surrogate"),
        (b'{"\\ude00":1}', "surrogate"),
        (b'["\\ude00\\ud83d"]', "surrogate"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotStrict, match=reason):
        parse(data)


def test_case_twins_pass_where_they_are_allowed_and_duplicates_never() -> None:
    assert parse(b'{"path":1,"PATH":2}', case_twins=True) == {"path": 1, "PATH": 2}
    with pytest.raises(NotStrict, match="twice"):
        parse(b'{"path":1,"path":2}', case_twins=True)


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert parse(b'"\\ud83d\\ude00 \\\\ud800"') == "\N{GRINNING FACE} \\ud800"


def test_nesting_ends_at_the_deepest_level_whatever_stands_around_it() -> None:
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST)
    for data in (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b'{"[":' * 40 + b"1" + b"}" * 40):
        with pytest.raises(NotStrict, match="nested"):
            parse(data)


def test_brackets_inside_of_text_and_beside_each_other_are_no_nesting() -> None:
    assert parse(json.dumps(["[{" * 100, '\\"[' * 100, "\\"]).encode())
    assert parse(b"[" + b",".join([b"[]"] * 200) + b"]")


@given(VALUES)
def test_what_json_writes_is_read_back_or_refused_for_its_twins(value: object) -> None:
    text = json.dumps(value).encode()
    try:
        assert parse(text) == value
    except NotStrict as error:
        assert "case only" in str(error) or "surrogate" in str(error)  # noqa: PT017 -- either is right
    assert parse(text, case_twins=True) == value


@given(st.binary(max_size=64))
def test_any_bytes_at_all_are_read_or_refused(data: bytes) -> None:
    try:
        parse(data)
    except NotStrict as error:
        assert str(error)  # noqa: PT017 -- a refusal has a reason
