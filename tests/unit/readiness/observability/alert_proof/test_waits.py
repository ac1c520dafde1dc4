"""How long the proof of an alert may take."""

import pytest

from battery.model.definition import Intensity
from battery.readiness.observability.alert_proof.waits import (
    QUICK,
    STEADY,
    AlertUnprovable,
    Rhythm,
    makers_of,
    patience_for,
    rhythm_of,
    rule_of,
)
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile


def rules(*lines: str) -> RuleFile:
    text = "".join(f"      - {line}\n" for line in lines)
    return read_rules(f"groups:\n  - name: g\n    rules:\n{text}".encode(), "rules.yml")


def test_an_alert_without_windows_is_waited_for_by_its_for() -> None:
    rule = rule_of("A", [rules("{alert: A, expr: up == 0, for: 10s}")])
    patience = patience_for(rule)
    assert patience.fire >= 10 + 2 * 5
    assert patience.calm >= 5


def test_windows_of_the_expression_and_of_its_recording_rules_count() -> None:
    file = rules(
        "{alert: A, expr: 'job:errors > 1 and rate(x[1m]) > 0'}",
        "{record: 'job:errors', expr: 'rate(y[5m:10s])'}",
        "{record: 'job:other', expr: 'rate(y[1d])'}",
    )
    rule = rule_of("A", [file])
    makers = makers_of(rule, [file])
    assert [each.name for each in makers] == ["job:errors"]
    assert patience_for(rule).resolve < 300 <= patience_for(rule, makers).resolve


def test_an_alert_that_takes_too_long_is_told_so() -> None:
    rule = rule_of("A", [rules("{alert: A, expr: 'rate(x[1h]) > 0', for: 5m}")])
    with pytest.raises(AlertUnprovable, match="waits 300 s and looks back 3600 s"):
        patience_for(rule)


def test_an_alert_that_no_file_has_is_told_with_those_that_there_are() -> None:
    with pytest.raises(AlertUnprovable, match='"B" is no alert of the rule files; there is A'):
        rule_of("B", [rules("{alert: A, expr: up == 0}", "{record: B, expr: up}")])
    with pytest.raises(AlertUnprovable, match="there is none"):
        rule_of("B", [])


@pytest.mark.parametrize(
    ("intensity", "scrape_seconds", "rhythm"),
    [
        ("smoke", 0.01, QUICK),
        ("smoke", 0.9, STEADY),  # a scrape may take as long as its interval: this one would fail now and then
        ("standard", 0.01, STEADY),
        ("full", 0.01, STEADY),
    ],
)
def test_smoke_scrapes_quickly_where_the_metrics_answer_swiftly(
    intensity: Intensity, scrape_seconds: float, rhythm: Rhythm
) -> None:
    assert rhythm_of(intensity, scrape_seconds) is rhythm


def test_the_alert_must_stay_quiet_for_a_scrape_and_two_evaluations_whatever_the_rhythm() -> None:
    rule = rule_of("A", [rules("{alert: A, expr: up == 0, for: 10s}")])
    for rhythm in (QUICK, STEADY):
        patience = patience_for(rule, rhythm=rhythm)
        assert patience.calm == rhythm.scrape + 2 * rhythm.evaluation
        assert patience.fire == patience_for(rule).fire  # how long is waited is no matter of the rhythm
