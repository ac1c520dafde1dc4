"""JSON values that an answer must hold."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.generator.json_value import holds_values

BODY = b'{"status": "ok", "items": [{"id": 7, "on": true}], "none": null, "rate": 1.5}'


@pytest.mark.parametrize(
    ("path", "value"),
    [("status", "ok"), ("items.0.id", 7), ("items.0.on", True), ("none", None), ("rate", 1.5)],
)
def test_a_value_at_its_path_holds(path: str, value: object) -> None:
    assert holds_values(BODY, {path: value})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status", "degraded"),
        ("items.1.id", 7),
        ("items.x", 7),
        ("items.0.on", 1),
        ("items.0.id", True),
        ("status.deeper", "ok"),
        ("absent", None),
    ],
)
def test_another_value_another_kind_or_an_absent_one_does_not(path: str, value: object) -> None:
    assert not holds_values(BODY, {path: value})


def test_every_value_must_hold() -> None:
    assert not holds_values(BODY, {"status": "ok", "rate": 2})


@given(st.binary(max_size=200))
def test_no_body_breaks_it(body: bytes) -> None:
    try:
        expected = msgspec.json.decode(body) == {"a": 1}
    except (msgspec.DecodeError, UnicodeDecodeError):
        expected = False
    assert holds_values(body, {"a": 1}) >= expected
