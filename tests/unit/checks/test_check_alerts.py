"""The rule and objective checks on files of a test, beside a live shop; the proof where it needs no Prometheus."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.observability import AlertToProve, Observability
from battery.model.target import Dependency, Endpoint, Source, Target
from battery.readiness.observability.slo.objectives_toml import read_objectives
from battery.readiness.observability.slo.rule_groups import rules_yaml
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, run_g6, verdicts
from tests.fakes.observed_target import shop

RULES, OBJECTIVES, PROOF = "alerts.rules", "alerts.objectives", "alerts.proof"
ALERT = """groups:
  - name: shop
    rules:
      - alert: {name}
        expr: {expr}
        for: 1m
        labels: {{severity: page}}
        annotations: {{summary: it is so, runbook_url: docs/it.md}}
"""
OBJECTIVE = """[[objective]]
name = "shop"
kind = "availability"
target = 99.9
total = "http_requests_total"
errors = 'http_requests_total{status=~"5.."}'
runbook_url = "docs/shop.md"
"""


def alert(name: str = "Down", expr: str = "shop_dependency_up == 0") -> str:
    return ALERT.format(name=name, expr=expr)


def look(tmp_path: Path, check: str, metrics: str = "/metrics", **observability: object) -> Ran:
    with shop() as served:
        definition = Definition(
            target=Target(url=served.url, live="/health/live", metrics=metrics),
            endpoint=(Endpoint(name="work", path="/work"),),
            source=Source(path=str(tmp_path)),
            dependency=(Dependency(name="db", upstream="127.0.0.1:1"),),
            observability=Observability(**observability),  # type: ignore[arg-type]
        )
        return run_g6(tmp_path / "run", definition, check)


def test_sound_rules_on_series_that_exist_have_no_defect(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(alert())
    ran = look(tmp_path, RULES, rules=("*.yml",))
    assert errors(ran, RULES) == []
    facts = ran.evidence[RULES].facts
    assert facts["looked at"] == "1 alerts in a.yml"
    assert facts["promtool on a.yml"]
    assert verdicts(ran)["observability.alerts.defects"].status == "pass"


def test_a_series_that_only_its_first_event_shows_is_there_for_the_rules(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(alert(expr="rate(shop_work_total[5m]) == 0"))
    assert errors(look(tmp_path, RULES, rules=("a.yml",)), RULES) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (alert(expr="no_such_series > 1"), "the target has no such metric: the rule can never be true"),
        (alert(expr="vector(1) > 2"), "the expression names no series"),
        (alert(expr="shop_dependency_up =="), "Prometheus would not load it"),
        (alert(expr="increases(shop_work_total[5m]) > 0"), "unknown function"),
        (alert().replace("for: 1m", "labels2: {}"), "unknown key 'labels2'"),
        ("groups: []", "no file holds an alert"),
    ],
)
def test_rules_that_cannot_fire_or_load_are_defects(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.yml").write_text(text)
    ran = look(tmp_path, RULES, rules=("a.yml",))
    assert any(says in error for error in errors(ran, RULES)), errors(ran, RULES)
    assert verdicts(ran)["observability.alerts.defects"].status == "fail"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "no rules: name the files as [observability] rules in battery.toml; where there are none"),
        ({"rules": ("none/*.yml",)}, "none/*.yml in battery.toml fits no file below"),
        ({"rules": ("a.yml",), "metrics": "/nowhere"}, "which series exist cannot be told"),
    ],
)
def test_what_is_absent_leaves_the_rules_undecided(
    tmp_path: Path, given: dict[str, object], says: str
) -> None:
    (tmp_path / "a.yml").write_text(alert())
    ran = look(tmp_path, RULES, **given)  # type: ignore[arg-type]
    assert says in ran.evidence[RULES].reason
    assert verdicts(ran)["observability.alerts.defects"].status == "undecided"


def test_objectives_whose_rules_are_written_have_no_defect(tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text(OBJECTIVE)
    (tmp_path / "slo.yml").write_text(rules_yaml(read_objectives(tmp_path / "o.toml").objective))
    ran = look(tmp_path, OBJECTIVES, rules=("slo.yml",), objectives=("o.toml",))
    assert errors(ran, OBJECTIVES) == []
    assert ran.evidence[OBJECTIVES].facts["looked at"] == "shop 99.9 %"


@pytest.mark.parametrize(
    ("objective", "says"),
    [
        (OBJECTIVE, "ShopBudgetBurn1h is in no rule file"),
        (OBJECTIVE.replace("99.9", "50"), "could never fire"),
    ],
)
def test_objectives_that_nobody_watches_or_can_watch_are_defects(
    tmp_path: Path, objective: str, says: str
) -> None:
    (tmp_path / "o.toml").write_text(objective)
    (tmp_path / "a.yml").write_text(alert())
    ran = look(tmp_path, OBJECTIVES, rules=("a.yml",), objectives=("o.toml",))
    assert any(says in error for error in errors(ran, OBJECTIVES)), errors(ran, OBJECTIVES)
    assert verdicts(ran)["observability.objectives.defects"].status == "fail"


def test_without_objectives_it_is_undecided(tmp_path: Path) -> None:
    ran = look(tmp_path, OBJECTIVES)
    assert '[observability.not_applicable] objectives = "why"' in ran.evidence[OBJECTIVES].reason


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (None, "no alert to prove"),
        (AlertToProve(name="Down", dependency="db"), "does not reach db through the battery"),
    ],
)
def test_a_proof_that_cannot_be_made_is_undecided(
    tmp_path: Path, wanted: AlertToProve | None, says: str
) -> None:
    ran = look(tmp_path, PROOF, alert=wanted)
    assert says in ran.evidence[PROOF].reason
    assert verdicts(ran)["observability.alert.unproven"].status == "undecided"
