"""All of G6 on the reference target as the battery starts it, its dependency behind a real Toxiproxy."""

from pathlib import Path

import msgspec
import pytest

from battery.definitions.battery_toml import load_definition
from battery.load.fleet import free_port
from battery.model.observability import AlertToProve, Observability, Tracing
from battery.readiness.observability.slo.objectives_toml import read_objectives
from battery.readiness.observability.slo.rule_groups import rules_yaml
from battery.reference.demo import demo_definition_toml, demo_process_toml
from battery.reference.demo_dependency import ReferenceDependency
from tests.fakes.checks import Ran
from tests.fakes.observability_checks import errors, run_g6, verdicts

pytestmark = pytest.mark.real("prometheus")
CHECKS = (
    "health.answers",
    "health.dependency",
    "metrics.exposition",
    "metrics.truth",
    "alerts.rules",
    "alerts.proof",
    "alerts.objectives",
    "dashboards.files",
    "logs.lines",
    "tracing.propagation",
)
# A crowded machine may be slow, and nobody looked whether the target answers; everything else is what it is.
TIMED = ("target.reachable", "observability.alert.delay", "observability.health.latency")
RULES = """groups:
  - name: reference
    rules:
      - alert: BreakerOpen
        expr: breaker_state{state="closed"} == 0
        for: 3s
        labels: {severity: page}
        annotations: {summary: the breaker is open, runbook_url: docs/runbooks/breaker.md}
"""
OBJECTIVES = """[[objective]]
name = "orders"
kind = "availability"
target = 99.9
total = "http_requests_total"
errors = 'http_requests_total{status=~"5.."}'
runbook_url = "docs/runbooks/orders.md"
"""
DASHBOARD = """{"title": "Reference", "schemaVersion": 39,
  "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
  "panels": [{"title": "Requests", "type": "timeseries", "datasource": {"uid": "${source}"},
    "fieldConfig": {"defaults": {"unit": "reqps"}},
    "targets": [{"expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}]}
"""


def observability(here: Path) -> Observability:
    """What the reference target's battery.toml may say, with rules and a dashboard of this test."""
    (here / "rules.yml").write_text(RULES)
    (here / "objectives.toml").write_text(OBJECTIVES)
    (here / "slo.yml").write_text(rules_yaml(read_objectives(here / "objectives.toml").objective))
    (here / "dashboard.json").write_text(DASHBOARD)
    return Observability(
        rules=("rules.yml", "slo.yml"),
        dashboards=("dashboard.json",),
        objectives=("objectives.toml",),
        logs=(str(here / "data" / "reference.log"),),
        ready_needs=("prices",),
        alert=AlertToProve(name="BreakerOpen", dependency="prices"),
        tracing=Tracing(header="x-request-id"),
    )


def look(here: Path, *checks: str, defect: str = "") -> Ran:
    data = here / "data"
    data.mkdir()
    port = free_port("127.0.0.1")
    with ReferenceDependency(here / "dependency") as dependency:
        text = demo_definition_toml(f"http://127.0.0.1:{port}", here)
        text += demo_process_toml(port, data, dependency.address)
        (here / "battery.toml").write_text(text)
        told = load_definition(here / "battery.toml")
        assert told.process is not None
        command = (*told.process.command, *([f"--defect={defect}"] if defect else []))
        process = msgspec.structs.replace(told.process, command=command)
        definition = msgspec.structs.replace(told, observability=observability(here), process=process)
        return run_g6(here, definition, *checks)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return look(tmp_path_factory.mktemp("reference"), *CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_the_reference_target_has_no_defect(ran: Ran, check: str) -> None:
    assert ran.evidence[check].status == "measured", ran.evidence[check].reason
    assert errors(ran, check) == []


def test_every_rule_of_the_gate_passes(ran: Ran) -> None:
    left = {name: rule.reason for name, rule in verdicts(ran).items() if rule.status != "pass"}
    assert {name: why for name, why in left.items() if name not in TIMED} == {}


def test_a_ready_that_always_says_yes_is_found(tmp_path: Path) -> None:
    ran = look(tmp_path, "health.dependency", defect="ready_lies")
    assert "ready went on saying yes" in " ".join(errors(ran, "health.dependency"))
    assert verdicts(ran)["observability.ready.defects"].status == "fail"
