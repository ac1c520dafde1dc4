"""The checks of capabilities on a small service: always measured, complete only by what was observed."""

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from battery.definitions.asked_rules import with_asked_rules
from battery.definitions.destruction import allowing_destruction
from battery.judging import judge
from battery.model.capabilities import (
    CAPABILITIES,
    AuditShown,
    Call,
    Capabilities,
    CapabilityId,
    DegradationShown,
    GuardianShown,
    HealthShown,
    QueueShown,
    RestartShown,
    SnapshotsShown,
    Told,
)
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.measure import Measurement
from battery.model.target import Dependency, Target
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.telemetry import probe_telemetry
from battery.readiness.capabilities.recorded import recorded_matrix
from battery.readiness.capabilities.telemetry import telemetry
from tests.fakes.checks import Ran, run_own
from tests.fakes.observability_checks import run_g6
from tests.fakes.plans import NOW, SHIPPED
from tests.fakes.targets import unused_url
from tests.unit.readiness.capabilities.service import Service, serving

IDS = tuple(f"capabilities.{name}" for name in CAPABILITIES)
ALL = Capabilities(
    health=HealthShown(cpu=Told(path="/details", json="cpu")),
    restart=RestartShown(patience="1 s"),
    degradation=DegradationShown(level=Told(path="/details", json="level"), pressure="dependency"),
    audit=AuditShown(file="audit.ndjson", action=Call(path="/act", method="POST"), patience="1 s"),
    guardian=GuardianShown(lockdown=Call(path="/lockdown", method="POST"), patience="1 s"),
    queue=QueueShown(
        submit=Call(path="/jobs", method="POST"),
        job=Call(path="/jobs/{id}"),
        depth=Told(path="/jobs", json="waiting"),
        capacity=Told(path="/jobs", json="capacity"),
        flood=50,
        patience="1 s",
    ),
    snapshots=SnapshotsShown(backup=("true",), destroy=("true",), restore=("true",), content=("data",)),
)


def look(tmp_path: Path, shown: Capabilities, *ids: str, **given: Any) -> Ran:
    service = Service(tmp_path / "audit.ndjson")
    with serving(service) as url:
        target = Target(url=url, live="/live", ready="/ready", status="/status", metrics="/metrics")
        definition = Definition(**{"target": target, "capabilities": shown} | given)
        return run_g6(tmp_path, definition, *ids)


def statuses(ran: Ran) -> dict[str, str]:
    return {row.id: row.status.value for row in recorded_matrix(ran.evidence.values())}


def test_what_nobody_names_is_missing_and_still_measured(tmp_path: Path) -> None:
    ran = look(tmp_path, Capabilities(), *IDS)
    assert {item.status for item in ran.evidence.values()} == {"measured"}
    told = statuses(ran)
    assert (told.pop("health"), told.pop("telemetry")) == ("PARTIAL", "PARTIAL")
    assert set(told.values()) == {"MISSING"}
    [measure] = ran.evidence["capabilities.queue"].measures
    assert (measure.value, measure.note) == (
        0,
        "MISSING: nothing was observed: name [capabilities.queue] in battery.toml",
    )


def test_a_target_that_the_battery_may_not_touch_shows_what_can_be_seen_from_outside(tmp_path: Path) -> None:
    ran = look(tmp_path, ALL, *IDS)
    assert {item.status for item in ran.evidence.values()} == {"measured"}
    told = statuses(ran)
    assert told["restart"] == "MISSING"
    assert told["queue"] == told["audit"] == "PARTIAL"
    said = ran.evidence["capabilities.restart"].facts["seen 1"]
    assert "start it by a supervisor and say so, [process] supervised = true" in said
    assert (
        "names no [[dependency]] that could be cut"
        in ran.evidence["capabilities.degradation"].facts["seen 1"]
    )
    assert "run with --allow-destructive" in ran.evidence["capabilities.snapshots"].facts["not tried"]


def test_a_dependency_that_is_not_reached_through_the_battery_cannot_be_cut(tmp_path: Path) -> None:
    upstream = unused_url().removeprefix("http://")
    prices = Dependency(name="prices", upstream=upstream)
    ran = look(tmp_path, ALL, "capabilities.degradation", dependency=(prices,))
    assert (
        "does not reach prices through the battery"
        in ran.evidence["capabilities.degradation"].facts["seen 1"]
    )


def test_processor_pressure_is_put_on_and_taken_off(tmp_path: Path) -> None:
    pressed = DegradationShown(
        level=Told(path="/details", json="level"), essential=Call(path="/essential"), patience="1 s"
    )
    ran = look(tmp_path, Capabilities(degradation=pressed), "capabilities.degradation")
    [row] = [row for row in recorded_matrix(ran.evidence.values()) if row.id == "degradation"]
    assert row.status.value == "PARTIAL"
    assert any("another level under pressure: did not hold" in reason for reason in row.reasons)


def drilled(tmp_path: Path, *restore: str) -> Ran:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders").write_text("1 tea\n")
    shown = SnapshotsShown(
        backup=("cp", "-r", "data", "{backup}"),
        destroy=("rm", "-rf", "data"),
        restore=restore,
        content=("data",),
        limit="1 min",
    )
    with serving(Service(tmp_path / "audit.ndjson")) as url:
        target = Target(url=url, live="/live", ready="/ready", environment="scratch")
        definition = Definition(target=target, capabilities=Capabilities(snapshots=shown))
        return run_g6(tmp_path, allowing_destruction(definition), "capabilities.snapshots")


def test_a_drill_that_is_allowed_is_done_and_timed(tmp_path: Path) -> None:
    ran = drilled(tmp_path, "cp", "-r", "{backup}", "data")
    item = ran.evidence["capabilities.snapshots"]
    told = {measure.name: measure.value for measure in item.measures}
    assert told["capabilities.snapshots"] == 1, item.facts
    assert set(told) == {"capabilities.snapshots", "backup.rpo", "backup.rto"}
    assert item.facts["backup"].startswith("ended with 0 after")


def test_a_restore_that_brings_nothing_back_is_found(tmp_path: Path) -> None:
    ran = drilled(tmp_path, "true")
    [row] = [row for row in recorded_matrix(ran.evidence.values()) if row.id == "snapshots"]
    assert row.reasons == ("the restored content is equal: did not hold",)


@pytest.mark.parametrize("required", [("audit",), ("audit", "queue", "audit")])
def test_a_required_capability_is_judged(tmp_path: Path, required: tuple[CapabilityId, ...]) -> None:
    ran = look(tmp_path, Capabilities(audit=ALL.audit, required=required), "capabilities.audit")
    gates = with_asked_rules(SHIPPED, ran.plan.definition).gates
    plan = msgspec.structs.replace(ran.plan, gates=gates)
    judgement = judge(plan, ran.folder.digest(), ran.evidence.values(), NOW)
    rules = {rule.rule: rule.status for gate in judgement.gates for rule in gate.rules}
    assert rules["capabilities.audit"] == "fail"
    assert rules.get("capabilities.queue", "absent") == ("undecided" if "queue" in required else "absent")


def test_without_a_target_nothing_is_observed(tmp_path: Path) -> None:
    ran = run_own(tmp_path, "capabilities.health", definition=Definition())
    assert ran.evidence["capabilities.health"].status == "skipped"


def evidence(check: str, name: str, value: float, n: int) -> Evidence:
    return Evidence(
        check=check,
        mode="real",
        plan="p",
        gates=("G6",),
        status="measured",
        started=NOW,
        seconds=1.0,
        measures=(Measurement(name=name, value=value, n=n),),
    )


def test_telemetry_stands_on_the_checks_of_rules_and_dashboards(tmp_path: Path) -> None:
    earlier = {
        "alerts.rules": evidence("alerts.rules", "observability.alerts.defects", 0, 7),
        "dashboards.files": evidence("dashboards.files", "observability.dashboards.defects", 2, 1),
    }
    with serving(Service(tmp_path / "audit.ndjson")) as url, httpx.Client(base_url=url) as http:
        asker = Asker(http, Definition(target=Target(url=url, metrics="/metrics")), {})
        facts = probe_telemetry(asker, earlier.get)
    assert (facts.own_metrics, facts.alert_rules, facts.rules_sound) == (21, 7, True)
    assert (facts.dashboards, facts.dashboards_sound) == (1, False)
    assert telemetry(facts).reasons == ("its dashboards show series that exist: did not hold",)
