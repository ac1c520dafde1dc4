"""promtool and the battery agree on every rule file of the test assets, and on what `battery slo` writes."""

from pathlib import Path

import pytest

from battery.readiness.observability.rules.promtool import ask_promtool
from battery.readiness.observability.rules.reading import read_rules
from battery.readiness.observability.rules.rule_file import RulesUnreadable
from battery.readiness.observability.slo.objective import Objective
from battery.readiness.observability.slo.rule_groups import rules_yaml

pytestmark = pytest.mark.real("promtool")
FILES = sorted((Path(__file__).parents[2] / "assets" / "rules").rglob("*.yml"))


def accepted_by_us(file: Path) -> bool:
    try:
        read_rules(file.read_bytes(), file.name)
    except RulesUnreadable:
        return False
    return True


def test_there_are_files_of_both_kinds() -> None:
    assert {accepted_by_us(file) for file in FILES} == {True, False}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_both_accept_or_both_refuse(file: Path) -> None:
    opinion = ask_promtool(file)
    assert opinion.accepted is accepted_by_us(file), opinion.said
    assert opinion.accepted is (file.parent.name == "valid")


def test_the_rules_of_objectives_are_accepted_by_both(tmp_path: Path) -> None:
    objectives = (
        Objective(
            name="orders",
            kind="availability",
            target=99.9,
            total='http_requests_total{job="orders"}',
            errors=r'http_requests_total{job="orders",code=~"5\\d\\d"}',
            runbook_url="docs/runbooks/orders.md",
        ),
        Objective(
            name="orders_speed",
            kind="latency",
            target=99.0,
            histogram="http_request_duration_seconds",
            seconds=1.0,
            runbook_url="docs/runbooks/orders.md",
        ),
    )
    file = tmp_path / "slo.yml"
    file.write_text(rules_yaml(objectives), encoding="utf-8")
    opinion = ask_promtool(file)
    assert opinion.accepted, opinion.said
    assert "22 rules found" in opinion.said
    assert accepted_by_us(file)
