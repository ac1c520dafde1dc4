"""Objectives become the burn-rate alerts of the books, on series that the objective names."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.observability.promql.expression import parse_expression
from battery.readiness.observability.rules.examination import rule_flaws
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.slo.burn_rates import BURN_RATES
from battery.readiness.observability.slo.error_ratio import error_ratio
from battery.readiness.observability.slo.objective import Objective
from battery.readiness.observability.slo.rule_groups import rules_yaml


def availability(target: float = 99.9) -> Objective:
    return Objective(
        name="check_out",
        kind="availability",
        target=target,
        total='http_requests_total{job="shop"}',
        errors='http_requests_total{job="shop",code=~"5.."}',
        runbook_url="docs/runbooks/check-out.md",
    )


def latency(seconds: float) -> Objective:
    return Objective(
        name="speed",
        kind="latency",
        target=99,
        histogram='took_seconds{job="shop"}',
        seconds=seconds,
        runbook_url="docs/runbooks/speed.md",
    )


def alerts(objective: Objective) -> list[dict[str, Any]]:
    groups = yaml.safe_load(rules_yaml([objective]))["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def test_the_windows_and_factors_are_those_for_thirty_days() -> None:
    assert [(rate.factor, rate.short, rate.long, rate.severity) for rate in BURN_RATES] == [
        (14.4, "5m", "1h", "page"),
        (6.0, "30m", "6h", "page"),
        (3.0, "2h", "1d", "ticket"),
        (1.0, "6h", "3d", "ticket"),
    ]


def test_each_burn_rate_is_an_alert_on_both_of_its_windows() -> None:
    assert [(rule["alert"], rule["expr"], rule["labels"]["severity"]) for rule in alerts(availability())] == [
        (
            f"CheckOutBudgetBurn{long}",
            " and ".join(f'slo:error_ratio:rate{w}{{slo="check_out"}} > {limit}' for w in (long, short)),
            severity,
        )
        for limit, short, long, severity in (
            ("0.0144", "5m", "1h", "page"),
            ("0.006", "30m", "6h", "page"),
            ("0.003", "2h", "1d", "ticket"),
            ("0.001", "6h", "3d", "ticket"),
        )
    ]


def test_the_rules_have_no_flaw_and_name_only_series_that_they_record_or_the_objective_names() -> None:
    file = read_rules(rules_yaml([availability(), latency(0.5)]).encode(), "slo.yml")
    assert rule_flaws([file]) == ()
    named = {selector.name for rule in file.rules for selector in rule.expression.selectors}
    assert named - file.recorded == {"http_requests_total", "took_seconds_bucket", "took_seconds_count"}
    assert len(file.alerts) == 8


@pytest.mark.parametrize(
    ("seconds", "bound"), [(0.5, 'le="0.5"'), (1, r'le=~"1(\\.0)?"'), (1e-05, 'le="1e-05"')]
)
def test_a_latency_objective_asks_for_the_bucket_of_its_limit(seconds: float, bound: str) -> None:
    ratio = error_ratio(latency(seconds), "5m")
    assert ratio.startswith('1 - sum(rate(took_seconds_bucket{job="shop",')
    assert bound in ratio


def test_a_service_that_never_failed_has_a_ratio_of_zero_and_not_none() -> None:
    assert " or 0 * " in error_ratio(availability(), "5m")


@given(st.floats(93.1, 99.9999))
def test_every_target_makes_rules_that_can_fire(target: float) -> None:
    for rule in alerts(availability(round(target, 4))):
        parse_expression(rule["expr"])
        limits = [float(word) for word in rule["expr"].replace(" and", "").split() if word[0].isdigit()]
        assert all(0 < limit < 1 for limit in limits)
