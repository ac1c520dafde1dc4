"""Selectors accept what Prometheus would select, and no pattern keeps them busy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.promql.expression import parse_expression
from battery.readiness.observability.promql.selector import Matcher, Selector


def accepts(text: str, name: str, **labels: str) -> bool:
    return parse_expression(text).selectors[0].accepts(name, labels)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("a", True),
        ("b", False),
        ('a{code="500"}', True),
        ('a{code!="500"}', False),
        ('a{code=~"5.."}', True),
        ('a{code=~"5"}', False),
        ('a{code!~"5..|4.."}', False),
        ('a{absent=""}', True),
        ('a{absent!=""}', False),
        ('a{job="what the scrape adds"}', True),
        ('{__name__=~"a|b"}', True),
        ('{__name__=~"b|c"}', False),
    ],
)
def test_a_series_is_accepted_as_prometheus_would(text: str, accepted: bool) -> None:
    assert accepts(text, "a", code="500") is accepted


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*a*a*a*b", r"(?P<x>\C)"])
def test_a_pattern_that_is_not_evaluated_is_met(pattern: str) -> None:
    assert Matcher(label="x", operator="=~", value=pattern).accepts({"x": "a" * 40})


def test_a_pattern_that_python_does_not_know_is_met() -> None:
    assert Matcher(label="x", operator="!~", value=r"\pL").accepts({"x": "a"})


@given(st.text(max_size=20))
def test_what_is_written_is_read_back(value: str) -> None:
    selector = Selector(name="a", matchers=(Matcher(label="b", operator="=", value=value),))
    if "\x00" not in value:
        assert parse_expression(str(selector)).selectors == (selector,)
