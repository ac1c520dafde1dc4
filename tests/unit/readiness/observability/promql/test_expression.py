"""PromQL is parsed within bounds; what Prometheus would refuse is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.promql.expression import (
    LONGEST,
    ExpressionInvalid,
    parse_expression,
)


def selectors(text: str) -> list[str]:
    return [str(selector) for selector in parse_expression(text).selectors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up == 0", ["up"]),
        ('sum by (job) (rate(a_total{code=~"5.."}[5m])) / sum(b)', ['a_total{code=~"5.."}', "b"]),
        ("max_over_time(sum(q)[10m:1m] offset 5m)", ["q"]),
        ('{__name__="a_b",c="d"}', ['a_b{c="d"}']),
        ('{__name__=~"a.*"}', ['{__name__=~"a.*"}']),
        ("-(a) ^ 2 unless on (x) topk(3, b)", ["a", "b"]),
        ("a + a", ["a"]),
        (r'a{b="say \"\\d\""}', [r'a{b="say \"\\d\""}']),
    ],
)
def test_every_series_that_an_expression_names_is_found_once(text: str, expected: list[str]) -> None:
    assert selectors(text) == expected
    for one in expected:
        assert selectors(one) == [one]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("increases(a[5m])", "unknown function"),
        ("rate(a)", "expected type matrix"),
        ("sum(a", "unclosed"),
        ('a{b=~"("}', "illegal regex"),
        ("holt_winters(a[5m],0.5,0.5)", "double_exponential_smoothing"),
        ('a{b="c" or d="e"}', "not Prometheus's language"),
        ("", "no expression"),
        ("1 and 2", "set operator"),
    ],
)
def test_what_prometheus_refuses_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ExpressionInvalid, match=reason):
        parse_expression(text)


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "a" + ")" * 5000, "a" + " or a" * 3000, "a" * (LONGEST + 1), "-" * 5000 + "a"]
)
def test_what_could_exhaust_the_parser_never_reaches_it(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        parse_expression(text)


def test_what_has_the_same_value_for_ever_is_known() -> None:
    assert parse_expression("vector(1) > 0").constant
    assert not parse_expression("vector(time()) > 5").constant
    assert not parse_expression("a > 5").constant


def test_functions_that_need_a_feature_flag_are_named() -> None:
    assert parse_expression("mad_over_time(a[5m])").experimental == ("mad_over_time",)


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused_in_one_line(text: str) -> None:
    try:
        told = parse_expression(text).text
    except ExpressionInvalid as error:
        told = str(error)
        assert_one_line(told)
    else:
        assert told == text


def assert_one_line(text: str) -> None:
    assert text
    assert "\n" not in text
