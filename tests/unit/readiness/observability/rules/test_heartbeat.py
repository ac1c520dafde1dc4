"""Whether any alert tells that the target is gone."""

import pytest

from battery.readiness.observability.rules.heartbeat import heartbeat_flaws
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile


def file_with(*expressions: str) -> RuleFile:
    rules = "".join(f"      - {{alert: A{n}, expr: '{text}'}}\n" for n, text in enumerate(expressions))
    return read_rules(f"groups:\n  - name: g\n    rules:\n{rules}".encode(), "a.yml")


@pytest.mark.parametrize(
    "expression",
    ["up == 0", 'avg(up{job="a"}) < 0.5', "absent( x_total )", "time() - x_last_run_seconds > 60"],
)
def test_an_alert_on_absence_or_age_is_a_heartbeat(expression: str) -> None:
    assert list(heartbeat_flaws([file_with("x_total > 1"), file_with(expression)])) == []


def test_without_one_there_is_a_warning() -> None:
    [flaw] = heartbeat_flaws([file_with("x_total > 1", "startup > 1")])
    assert flaw.weight == "warning"
    assert "no alert tells that the target is gone" in flaw.text


def test_files_without_alerts_are_told_elsewhere() -> None:
    assert list(heartbeat_flaws([])) == []
