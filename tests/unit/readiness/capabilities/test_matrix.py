"""The matrix: complete only when every aspect was seen to hold; unknown is never complete."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.capabilities.audit import ATTACKS, AuditFacts
from battery.readiness.capabilities.capability import Aspect, Status, judged
from battery.readiness.capabilities.degradation import DegradationFacts
from battery.readiness.capabilities.guardian import GuardianFacts
from battery.readiness.capabilities.health import HealthFacts
from battery.readiness.capabilities.matrix import CapabilityFacts, capability_matrix, complete
from battery.readiness.capabilities.queue import QueueFacts
from battery.readiness.capabilities.restart import RestartFacts
from battery.readiness.capabilities.snapshots import SnapshotFacts
from battery.readiness.capabilities.telemetry import TelemetryFacts, own_metrics
from battery.readiness.observability.metrics.reading import read_exposition

ALL = CapabilityFacts(
    health=HealthFacts(
        live=True,
        ready=True,
        status=True,
        metrics=True,
        control_refused=True,
        ready_follows_dependencies=True,
        cpu=True,
        memory=True,
        disk=True,
        modules=True,
    ),
    restart=RestartFacts(killed=True, back_by_itself=True, seconds=1.5, restarts_before=0, restarts_after=1),
    degradation=DegradationFacts(
        level_at_rest="full",
        level_under_pressure="reduced",
        level_after="full",
        spare_switched_off=True,
        essential_held=True,
        spare_returned=True,
    ),
    audit=AuditFacts(records_actions=True, control_accepted=True, detected=dict.fromkeys(ATTACKS, True)),
    guardian=GuardianFacts(
        rate_abuse_limited=True,
        auth_abuse_limited=True,
        source_isolated=True,
        others_served=True,
        lockdown_refuses=True,
        lockdown_released=True,
    ),
    queue=QueueFacts(
        offered=100,
        refused=40,
        deepest=50,
        bound=50,
        crashed=True,
        accepted_before_crash=50,
        finished_after_crash=50,
    ),
    telemetry=TelemetryFacts(
        own_metrics=20, alert_rules=3, rules_sound=True, dashboards=2, dashboards_sound=True
    ),
    snapshots=SnapshotFacts(
        backed_up=True,
        digest_before="a",
        digest_destroyed="b",
        digest_restored="a",
        recovery_point_seconds=0.0,
        recovery_time_seconds=3.0,
    ),
)
IDS = ["health", "restart", "degradation", "audit", "guardian", "queue", "telemetry", "snapshots"]


def status(**changed: Any) -> Status:
    """Of the one capability whose facts were changed."""
    (name,) = changed
    matrix = capability_matrix(msgspec.structs.replace(ALL, **changed))
    assert [row.status for row in matrix if row.id != name] == [Status.COMPLETE] * 7
    return matrix[IDS.index(name)].status


def but(name: str, **changed: Any) -> Any:
    """The facts of a capability that is complete, but for some."""
    return msgspec.structs.replace(getattr(ALL, name), **changed)


def test_what_was_seen_in_full_is_complete() -> None:
    matrix = capability_matrix(ALL)
    assert [row.id for row in matrix] == IDS
    assert {row.status for row in matrix} == {Status.COMPLETE}
    assert {row.reasons for row in matrix} == {()}
    assert complete(matrix) == 8


def test_what_nobody_offered_is_missing_with_the_reason() -> None:
    matrix = capability_matrix(CapabilityFacts())
    assert {row.status for row in matrix} == {Status.MISSING}
    for row in matrix:
        told = "[target]" if row.id in ("health", "telemetry") else f"[capabilities.{row.id}]"
        assert row.reasons[0].startswith("nothing was observed: name ")
        assert told in row.reasons[0]
    assert complete(matrix) == 0


def test_facts_that_tell_nothing_are_missing_and_every_aspect_is_a_reason() -> None:
    empty = CapabilityFacts(**{name: type(getattr(ALL, name))() for name in IDS})
    for row in capability_matrix(empty):
        assert row.status is Status.MISSING
        assert len(row.reasons) == len(row.aspects) > 0
        assert all("unknown" in reason for reason in row.reasons)


@pytest.mark.parametrize("name", IDS)
def test_each_single_fact_that_is_unknown_keeps_it_from_being_complete(name: str) -> None:
    facts = getattr(ALL, name)
    told = {"restart": {"seconds"}}.get(name, set())  # how long it took is told and not judged
    for field in set(facts.__struct_fields__) - told:
        unknown = getattr(type(facts)(), field)
        assert status(**{name: but(name, **{field: unknown})}) is not Status.COMPLETE, field


@pytest.mark.parametrize("name", IDS)
def test_each_single_fact_that_did_not_hold_keeps_it_from_being_complete(name: str) -> None:
    facts = getattr(ALL, name)
    held = [field for field in facts.__struct_fields__ if getattr(facts, field) is True]
    for field in held:
        assert status(**{name: but(name, **{field: False})}) is not Status.COMPLETE, field


@pytest.mark.parametrize(
    ("name", "changed", "expected"),
    [
        ("health", {"control_refused": False}, Status.PARTIAL),
        ("health", {"control_refused": False, "ready_follows_dependencies": False}, Status.MISSING),
        ("restart", {"killed": False}, Status.PARTIAL),
        ("restart", {"killed": False, "restarts_after": 0}, Status.MISSING),
        ("degradation", {"level_under_pressure": "full"}, Status.PARTIAL),
        ("audit", {"control_accepted": False, "records_actions": False}, Status.MISSING),
        ("guardian", {"others_served": False}, Status.PARTIAL),
        ("queue", {"accepted_before_crash": 0}, Status.PARTIAL),
        ("queue", {"refused": 0, "deepest": 51, "finished_after_crash": 49}, Status.MISSING),
        ("telemetry", {"own_metrics": 19}, Status.PARTIAL),
        ("telemetry", {"own_metrics": 0, "alert_rules": 0, "dashboards": 0}, Status.MISSING),
        ("snapshots", {"digest_destroyed": "a"}, Status.PARTIAL),
    ],
)
def test_what_cannot_prove_anything_counts_for_nothing(
    name: str, changed: dict[str, Any], expected: Status
) -> None:
    assert status(**{name: but(name, **changed)}) is expected


def test_a_service_that_answers_any_path_tells_nothing_by_answering() -> None:
    matrix = capability_matrix(CapabilityFacts(health=but("health", control_refused=False)))
    assert "live answers: did not hold (it answers any path alike)" in matrix[0].reasons


@given(st.lists(st.sampled_from([True, False, None]), max_size=6))
def test_complete_means_all_and_missing_means_none(held: list[bool | None]) -> None:
    row = judged("x", "X", [Aspect(what=str(number), held=one) for number, one in enumerate(held)])
    expected = Status.COMPLETE if held and all(held) else Status.PARTIAL if any(held) else Status.MISSING
    assert row.status is expected
    assert bool(row.reasons) is (expected is not Status.COMPLETE)


def test_metrics_that_every_process_has_are_not_its_own() -> None:
    names = (
        "orders_total",
        "process_cpu_seconds_total",
        "python_info",
        "go_threads",
        "queue_length",
        "orders_total",
    )
    assert own_metrics(names) == 2


def test_when_a_metric_was_created_is_no_metric_of_its_own() -> None:
    lines = [f"# TYPE shop_{name}_total counter\nshop_{name}_total 1.0" for name in "abcdefghij"]
    lines += [f"# TYPE shop_{name}_created gauge\nshop_{name}_created 1.7e9" for name in "abcdefghij"]
    families = read_exposition("\n".join([*lines, ""]).encode()).families
    assert own_metrics(tuple(family.name for family in families)) == 10
    assert own_metrics(("orders_created",)) == 1  # a metric that is called so, and not the shadow of another
