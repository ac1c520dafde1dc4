"""How long the proof of an alert may take."""

import pytest

from battery.readiness.observability.alert_proof.waits import (
    AlertUnprovable,
    makers_of,
    patience_for,
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
