"""Capabilities: what lets a service survive, observed one by one; the report shows them as a matrix.

Each check records facts; the statuses are derived from them, here and wherever the evidence is read again. What nobody
names in battery.toml is missing and no failure, unless [capabilities] required demands it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from battery.chaos.scenarios.world import World
from battery.checks.target_present import require_answering_target
from battery.checks.world_ports import WorldPressure, WorldVictim
from battery.model.capabilities import CapabilityId, HealthShown
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.frozen import Frozen
from battery.model.plan import Plan
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.audit import probe_audit
from battery.readiness.capabilities.probes.degradation import probe_degradation
from battery.readiness.capabilities.probes.earlier import recorded
from battery.readiness.capabilities.probes.guardian import GuardianProbe
from battery.readiness.capabilities.probes.health import probe_health
from battery.readiness.capabilities.probes.queue import QueueProbe
from battery.readiness.capabilities.probes.restart import probe_restart
from battery.readiness.capabilities.probes.snapshots import snapshot_facts
from battery.readiness.capabilities.probes.telemetry import probe_telemetry
from battery.readiness.capabilities.recorded import FACT, NOT_TRIED, capability_of, spelled
from battery.readiness.snapshots.drill import BackupDrill, Rehearsal
from battery.readiness.snapshots.permission import refusal
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
pytestmark = [
    pytest.mark.gate("G6"),
    pytest.mark.instrument("readiness"),
    # Behind the chaos scenarios, whose control wants a target at peace; before the last look at the target.
    pytest.mark.order("last"),
]


@pytest.fixture
def asker(http: httpx.Client, target: Definition, earlier: Earlier) -> Asker:
    """Asks the target; the check is skipped where nobody answers."""
    require_answering_target(target, earlier)
    return Asker(http, target, os.environ)


@pytest.mark.measures("capabilities.health")
def check_health(asker: Asker, target: Definition, record: Record, earlier: Earlier) -> None:
    """Health monitoring: live, ready, status and metrics, and what its parts tell."""
    shown = target.capabilities.health or HealthShown()
    cut = recorded(earlier, "dependency")
    follows = None if cut is None else cut.value == 0
    _record("health", probe_health(asker, target.target, shown, follows), record)


@pytest.mark.measures("capabilities.telemetry")
def check_telemetry(asker: Asker, target: Definition, record: Record, earlier: Earlier) -> None:
    """Telemetry: metrics of its own, rules that watch them, dashboards that show them."""
    _record("telemetry", probe_telemetry(asker, earlier) if target.target.metrics else None, record)


@pytest.mark.measures("capabilities.audit")
@pytest.mark.limit("10 min")
def check_audit(asker: Asker, http: httpx.Client, target: Definition, plan: Plan, record: Record) -> None:
    """Audit logging: actions leave records, and attacks on copies of the log are detected."""
    shown = target.capabilities.audit
    facts = shown and probe_audit(asker, http, shown, Path(plan.folder), _Said(record))
    _record("audit", facts, record)


@pytest.mark.measures("capabilities.degradation")
@pytest.mark.limit("40 min")
def check_degradation(asker: Asker, world: World, target: Definition, record: Record) -> None:
    """Graceful degradation: under pressure it spares what it can, keeps the rest, and returns."""
    shown = target.capabilities.degradation
    facts = shown and probe_degradation(asker, shown, WorldPressure(world, shown), _Said(record))
    _record("degradation", facts, record)


@pytest.mark.measures("capabilities.guardian")
@pytest.mark.limit("60 min")
def check_guardian(asker: Asker, target: Definition, record: Record) -> None:
    """Guardian defence: abuse is limited, its source shut out, the door closed and opened again."""
    shown = target.capabilities.guardian
    _record("guardian", shown and GuardianProbe(asker, shown, _Said(record)).facts(), record)


@pytest.mark.measures("capabilities.restart")
@pytest.mark.limit("25 min")
def check_restart(asker: Asker, world: World, target: Definition, record: Record) -> None:
    """Auto-restart: the killed process comes back by itself, and tells that it did."""
    shown = target.capabilities.restart
    facts = shown and probe_restart(asker, shown, WorldVictim(world), _ready(asker, world), _Said(record))
    _record("restart", facts, record)


@pytest.mark.measures("capabilities.queue")
@pytest.mark.limit("40 min")
def check_queue(asker: Asker, world: World, target: Definition, record: Record) -> None:
    """Queue and orchestration: a flood meets a bound, and accepted work is finished after a crash."""
    shown = target.capabilities.queue
    victim, ready = WorldVictim(world), _ready(asker, world)
    facts = shown and QueueProbe(asker, shown, victim, ready, _Said(record)).facts()
    _record("queue", facts, record)


@pytest.mark.measures("capabilities.snapshots", "backup.rpo", "backup.rto")
@pytest.mark.limit("90 min")
def check_snapshots(asker: Asker, world: World, target: Definition, plan: Plan, record: Record) -> None:
    """Snapshots and rollback: what is destroyed comes back equal. DESTRUCTIVE: only with --allow-destructive."""
    shown = target.capabilities.snapshots
    if shown is None:
        _record("snapshots", None, record)
        return
    if why := refusal(target):
        record.fact(NOT_TRIED, why)
        _record("snapshots", None, record, why)
        return
    scratch = record.work / "drill"
    scratch.mkdir(parents=True)
    write = shown.write
    drill = Rehearsal(
        shown,
        Path(plan.folder),
        scratch,
        os.environ,
        write=None if write is None else lambda: asker.ask(write),
        ready=_ready(asker, world),
    ).run()
    _record_drill(drill, record)
    _record("snapshots", snapshot_facts(drill), record)


def _record_drill(drill: BackupDrill, record: Record) -> None:
    for ran in drill.ran:
        blob = record.blob(ran.log.name, ran.log.read_bytes(), "text/plain")
        record.fact(ran.name, f"ended with {ran.code} after {ran.seconds:.1f} s (log: blobs/{blob.sha256})")
    if drill.trouble:
        record.fact("trouble", drill.trouble)
    if drill.recovery_point is not None:
        record.measure("backup.rpo", drill.recovery_point, n=1)
    if drill.recovery_time is not None:
        record.measure("backup.rto", drill.recovery_time, n=1)


def _record(identifier: CapabilityId, facts: Frozen | None, record: Record, why: str = "") -> None:
    """The facts, and as a measure whether they make the capability complete."""
    if facts is not None:
        record.fact(FACT, spelled(facts))
    row = capability_of(identifier, facts)
    note = why or "; ".join(row.reasons) or "every aspect held"
    record.measure(
        f"capabilities.{identifier}", row.status is Status.COMPLETE, n=1, note=f"{row.status}: {note}"
    )


def _ready(asker: Asker, world: World) -> Callable[[], bool]:
    return lambda: asker.get(world.ready_path).ok


class _Said:
    """Keeps what a probe says, numbered."""

    def __init__(self, record: Record) -> None:
        self._record, self._number = record, 0

    def __call__(self, text: str) -> None:
        self._number += 1
        self._record.fact(f"seen {self._number}", text)
        self._record.progress(0.5, text)
