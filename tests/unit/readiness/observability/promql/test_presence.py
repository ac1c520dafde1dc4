"""A series is present, merely not initialised, or absent."""

import pytest

from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.promql.expression import parse_expression
from battery.readiness.observability.promql.presence import State, presence_of

EXPOSITION = read_exposition(
    b"""# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{code="200"} 5
# HELP errors_total Errors, none yet.
# TYPE errors_total counter
# HELP took_seconds Time.
# TYPE took_seconds histogram
"""
)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("requests_total", State.PRESENT),
        ('requests_total{code="200",instance="x"}', State.PRESENT),
        ('requests_total{code="500"}', State.UNINITIALISED),
        ("errors_total", State.UNINITIALISED),
        ("took_seconds_bucket", State.UNINITIALISED),
        ("took_seconds", State.ABSENT),
        ("request_total", State.ABSENT),
        ("up", State.PRESENT),
        ("job:requests:rate5m", State.PRESENT),
        ('{code="200"}', State.PRESENT),
        ('{code="404"}', State.ABSENT),
    ],
)
def test_each_selector_is_told_with_its_state_and_why(text: str, state: State) -> None:
    selectors = parse_expression(text).selectors
    (found,) = presence_of([*selectors, *selectors], EXPOSITION, {"job:requests:rate5m"})
    assert found.state is state
    assert found.why
