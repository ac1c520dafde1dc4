"""Rules that load and still help nobody are told, one flaw a reason."""

from pathlib import Path

import pytest

from battery.readiness.observability.flaw import errors
from battery.readiness.observability.metrics.reading import read_exposition
from battery.readiness.observability.rules.examination import rule_flaws
from battery.readiness.observability.rules.live import live_flaws
from battery.readiness.observability.rules.promtool import ask_promtool
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RuleFile

ASSETS = Path(__file__).parents[4] / "assets" / "rules" / "valid"


def asset(name: str) -> RuleFile:
    return read_rules((ASSETS / f"{name}.yml").read_bytes(), name)


def one(rule: str) -> RuleFile:
    return read_rules(f"groups: [{{name: g, rules: [{rule}]}}]".encode(), "one")


def told(*files: RuleFile) -> list[tuple[str, str]]:
    return [(flaw.rule, flaw.where) for flaw in rule_flaws(files)]


MAD = '"mad_over_time(up[5m]) > 1"'
GOOD = "alert: A, expr: up == 0, for: 1m, labels: {severity: page}, annotations: {summary: s, runbook_url: r}"


@pytest.mark.parametrize("name", ["service", "heartbeat"])
def test_careful_rules_have_no_flaw(name: str) -> None:
    assert told(asset(name)) == []


def test_bare_rules_lack_everything_and_stand_twice() -> None:
    flaws = told(asset("bare"))
    assert flaws[:2] == [("rules.duplicate", "Bare"), ("rules.duplicate", "same:series")]
    lacks = [
        ("rules.for", "Bare"),
        ("rules.severity", "Bare"),
        ("rules.summary", "Bare"),
        ("rules.runbook", "Bare"),
    ]
    assert flaws[2:6] == lacks
    assert ("rules.constant", "Always") in flaws


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        ("for: 1m, ", "rules.for"),
        ("labels: {severity: page}, ", "rules.severity"),
        ("summary: s, ", "rules.summary"),
        (", runbook_url: r", "rules.runbook"),
    ],
)
def test_each_missing_part_is_one_flaw(part: str, rule: str) -> None:
    assert told(one(f"{{{GOOD}}}")) == []
    assert told(one(f"{{{GOOD.replace(part, '')}}}")) == [(rule, "A")]


def test_duplicates_are_found_across_files_that_one_prometheus_loads() -> None:
    assert told(one(f"{{{GOOD}}}"), one(f"{{{GOOD}}}")) == [("rules.duplicate", "A")]
    other = GOOD.replace("severity: page", "severity: ticket")
    assert told(one(f"{{{GOOD}}}"), one(f"{{{other}}}")) == []


@pytest.mark.parametrize("name", ["empty", "no_groups", "empty_group"])
def test_a_file_or_group_that_watches_nothing_is_told(name: str) -> None:
    assert [rule for rule, _ in told(asset(name))] == ["rules.empty"]


def test_experimental_functions_are_a_warning() -> None:
    (flaw,) = rule_flaws([one(f"{{{GOOD.replace('up == 0', MAD)}}}")])
    assert (flaw.rule, flaw.weight) == ("rules.experimental", "warning")


LIVE = read_exposition(
    b"""# TYPE http_requests_total counter
http_requests_total{code="200"} 1
# TYPE http_request_duration_seconds histogram
"""
)


def test_series_that_a_target_lacks_are_errors_and_those_not_initialised_warnings() -> None:
    flaws = live_flaws([asset("service")], LIVE)
    assert [(flaw.rule, flaw.where, flaw.weight) for flaw in flaws] == [
        ("rules.uninitialised", "job:http_errors:ratio5m", "warning"),
        ("rules.uninitialised", "OrdersSlow", "warning"),
    ]
    (flaw,) = errors(live_flaws([one(f"{{{GOOD.replace('up', 'gone_total')}}}")], LIVE))
    assert flaw.text == "gone_total: the target has no such metric: the rule can never be true"


def test_an_alert_on_absence_may_name_what_is_away() -> None:
    flaws = live_flaws([one(f"{{{GOOD.replace('up == 0', 'absent(heartbeat)')}}}")], LIVE)
    assert [(flaw.rule, flaw.weight) for flaw in flaws] == [("rules.absent", "warning")]


def test_without_promtool_there_is_no_opinion(tmp_path: Path) -> None:
    opinion = ask_promtool(tmp_path / "x.yml", path=str(tmp_path))
    assert (opinion.accepted, opinion.said) == (None, "promtool is not installed")


def test_a_promtool_that_cannot_run_has_no_opinion(tmp_path: Path) -> None:
    broken = tmp_path / "promtool"
    broken.write_text("#!/nowhere\n", encoding="utf-8")
    broken.chmod(0o755)
    assert ask_promtool(tmp_path / "x.yml", path=str(tmp_path)).accepted is None
