"""Quantities: what people write, in base units."""

import math
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.model.quantity import Duration, Rate, per_second, seconds

UNITS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500 ms", 0.5),
        ("5s", 5),
        ("1.5 min", 90),
        ("24h", 86400),
        ("7 d", 604800),
        (" 0 s ", 0),
        ("007 s", 7),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize(("text", "value"), [("100/s", 100), ("30/min", 0.5), ("2.5 / s", 2.5)])
def test_a_rate_is_read_per_second(text: str, value: float) -> None:
    assert per_second(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "s",
        "-1 s",
        "+1 s",
        "1e3 s",
        "nan s",
        "inf s",
        "1 S",
        "1 m",
        "1  s",
        "5 s 5 s",
        "1. s",
        ".5 s",
        "٥ s",
        "9999999999 s",
        "100000 d",
        "1,5 s",
        "5 s\n5",
    ],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration such as"):
        seconds(text)


@pytest.mark.parametrize("text", ["", "5", "/s", "5/h", "5/ms", "-1/s", "5//s", "nan/s", "٥/s", "5 s"])
def test_anything_else_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rate such as"):
        per_second(text)


@given(st.integers(0, 99999), st.integers(0, 999), st.sampled_from(sorted(UNITS)), st.sampled_from(("", " ")))
def test_a_duration_is_its_number_times_its_unit(whole: int, part: int, unit: str, space: str) -> None:
    assert math.isclose(seconds(f"{whole}.{part:03}{space}{unit}"), float(f"{whole}.{part:03}") * UNITS[unit])


@given(st.text(st.sampled_from("0123456789. smhdin/\n-"), max_size=14))
def test_any_text_is_a_finite_quantity_or_refused_in_one_line(text: str) -> None:
    for read in (seconds, per_second):
        try:
            value = read(text)
        except ValueError as error:
            problem = str(error)
        else:
            problem = ""
            assert math.isfinite(value)
            assert value >= 0
        assert problem.isprintable()


@given(st.from_regex(re.compile(r"[0-9]{1,9} ?(ms|s|min|h|d)"), fullmatch=True))
def test_any_accepted_duration_can_be_added_to_a_date(text: str) -> None:
    try:
        length = seconds(text)
    except ValueError:
        return
    assert datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=length) >= datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(st.sampled_from("0123456789. smhdin/\n"), max_size=8))
def test_definitions_and_the_command_line_accept_the_same(text: str) -> None:
    for kind, read in ((Duration, seconds), (Rate, per_second)):
        try:
            msgspec.convert(text, kind)
        except msgspec.ValidationError:
            continue
        assert read(text) >= 0
