"""The text exposition format."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.metrics.exposition import checked_names, header, sample, written

_LINE = re.compile(r'm\{l="((?:[^"\\\n]|\\.)*)"\} 1\n')
_UNESCAPED = {r"\\": "\\", r"\n": "\n", r"\"": '"'}


@given(st.text())
def test_any_label_value_comes_back_from_its_line(value: str) -> None:
    line = sample("m", ("l",), (value,), 1)
    match = _LINE.fullmatch(line)
    assert match
    assert re.sub(r"\\.", lambda escape: _UNESCAPED[escape[0]], match[1]) == value


@given(st.floats())
def test_any_number_comes_back_from_its_text(number: float) -> None:
    again = float(written(number))
    assert again == number or (math.isnan(again) and math.isnan(number))


@pytest.mark.parametrize(
    ("number", "text"),
    [(3.0, "3"), (0.25, "0.25"), (math.inf, "+Inf"), (-math.inf, "-Inf"), (math.nan, "NaN")],
)
def test_numbers_are_spelled_as_the_format_asks(number: float, text: str) -> None:
    assert written(number) == text


def test_a_description_stays_on_one_line() -> None:
    assert header("m", "gauge", "a\\b\nc") == "# HELP m a\\\\b\\nc\n# TYPE m gauge\n"


def test_a_sample_without_labels_has_no_braces() -> None:
    assert sample("m", (), (), 2) == "m 2\n"


@pytest.mark.parametrize(
    ("name", "labels"), [("1m", ()), ("a-b", ()), ("m", ("a b",)), ("m", ("__x",)), ("", ())]
)
def test_a_name_that_the_format_forbids_is_refused(name: str, labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="is no"):
        checked_names(name, labels)
