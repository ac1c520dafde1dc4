"""Alerts of a tree, and what the battery calls of a target."""

from pathlib import Path

import pytest

from battery.model.definition import Definition
from battery.model.target import Durability, DurableRead, DurableWrite, Endpoint, Target
from battery.readiness.docs.alert_rules import alerts_of
from battery.readiness.docs.exercised import exercised_by
from battery.readiness.observability.files import NothingNamed
from battery.readiness.observability.rules.rule_file import RulesUnreadable

RULES = """
groups:
- name: shop
  rules:
  - record: shop:errors
    expr: rate(errors_total[5m])
  - alert: OrdersFail
    expr: shop:errors > 1
    annotations: {runbook_url: "docs/runbooks/orders-errors.md"}
  - alert: Silent
    expr: up == 0
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "shop.yml").write_text(RULES)
    return tmp_path


def test_each_alert_comes_once_with_its_runbook(tree: Path) -> None:
    found = alerts_of(tree, ["alerts", "alerts/*.yml", "alerts/shop.yml"])
    assert [(alert.alert, alert.url) for alert in found] == [
        ("OrdersFail", "docs/runbooks/orders-errors.md"),
        ("Silent", ""),
    ]


@pytest.mark.parametrize("pattern", ["rules/*.yml", "/etc/no-such-*.yml", "rules", "alerts/*.json"])
def test_a_pattern_that_matches_no_file_is_no_proof_of_anything(tree: Path, pattern: str) -> None:
    with pytest.raises(NothingNamed):
        alerts_of(tree, [pattern])


def test_what_prometheus_would_refuse_is_refused(tree: Path) -> None:
    (tree / "alerts" / "shop.yml").write_text("groups: 3")
    with pytest.raises(RulesUnreadable, match=r"alerts/shop\.yml"):
        alerts_of(tree, ["alerts/*.yml"])


def test_endpoints_health_paths_and_durable_records_are_called_each_once() -> None:
    definition = Definition(
        target=Target(live="/live", ready="/ready", status="/status", metrics="/metrics"),
        endpoint=(
            Endpoint(name="a", path="/a", method="POST"),
            Endpoint(name="b", path="/ready"),
        ),
        durability=Durability(
            write=DurableWrite(path="/records/{record}", method="PUT"), read=DurableRead(path="/records")
        ),
    )
    assert [(one.method, one.path) for one in exercised_by(definition)] == [
        ("POST", "/a"),
        ("GET", "/ready"),
        ("GET", "/live"),
        ("GET", "/status"),
        ("PUT", "/records/{record}"),
        ("GET", "/records"),
    ]
