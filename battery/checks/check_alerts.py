"""Alerts: rules that Prometheus loads and that can fire, objectives that somebody watches, one alert seen firing."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from battery.chaos.scenarios.dependency import not_proxied
from battery.chaos.scenarios.world import World
from battery.checks.dependency_cut import DependencyCut
from battery.checks.named_sources import TOML, YAML, named_sources
from battery.checks.target_metrics import live_series, metrics_path
from battery.checks.target_present import require_answering_target
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.target import Dependency
from battery.readiness.observability.alert_proof.configuration import ProofImpossible, ProofOrder
from battery.readiness.observability.alert_proof.prometheus import Prometheus
from battery.readiness.observability.alert_proof.proof import AlertProof, Patience, prove_alert
from battery.readiness.observability.alert_proof.waits import (
    AlertUnprovable,
    Rhythm,
    makers_of,
    patience_for,
    rhythm_of,
    rule_of,
)
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import ExpositionUnreadable
from battery.readiness.observability.metrics.scrape import scrape
from battery.readiness.observability.report import record_flaws
from battery.readiness.observability.rules.examination import rule_flaws
from battery.readiness.observability.rules.heartbeat import heartbeat_flaws
from battery.readiness.observability.rules.live import live_flaws
from battery.readiness.observability.rules.loading import Loaded, load_rules
from battery.readiness.observability.slo.agreement import objective_flaws
from battery.readiness.observability.slo.objective import Objective
from battery.readiness.observability.slo.objectives_toml import read_objectives
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
pytestmark = [pytest.mark.gate("G6"), pytest.mark.instrument("readiness")]


@pytest.mark.measures("observability.alerts.defects")
@pytest.mark.limit("5 min")
def check_rules(http: httpx.Client, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """Rule files parse, tell who is woken what to do, and name series that exist."""
    paths = named_sources(plan, "rules", target.observability.rules, YAML)
    require_answering_target(target, earlier)
    exposition, loaded = live_series(http, target), load_rules(paths)
    flaws = [*loaded.flaws, *rule_flaws(loaded.files), *live_flaws(loaded.files, exposition)]
    flaws += heartbeat_flaws(loaded.files)
    alerts = sum(len(file.alerts) for file in loaded.files)
    if not alerts:
        text = "no file holds an alert: nobody is told of anything"
        flaws.append(Flaw(rule="rules.empty", where=", ".join(path.name for path in paths), text=text))
    told = f"{alerts} alerts in {', '.join(path.name for path in paths)}"
    record_flaws(record, "observability.alerts.defects", flaws, looked=alerts or len(paths), at=told)
    for name, said in loaded.opinions.items():
        record.fact(f"promtool on {name}", said)


@pytest.mark.measures("observability.objectives.defects")
def check_objectives(plan: Plan, target: Definition, record: Record) -> None:
    """Every objective has its burn-rate alerts in the rule files."""
    table = target.observability
    paths = named_sources(plan, "objectives", table.objectives, TOML)
    loaded = load_rules(named_sources(plan, "rules", table.rules, YAML))
    objectives: list[Objective] = []
    flaws: list[Flaw] = []
    for path in paths:
        try:
            objectives += read_objectives(path).objective
        except DefinitionError as error:
            text = str(error).removeprefix(f"{path}: ")
            flaws.append(Flaw(rule="slo.unreadable", where=path.name, text=text))
    flaws += objective_flaws(objectives, loaded.files)
    told = ", ".join(f"{each.name} {each.target:g} %" for each in objectives) or "no objective"
    record_flaws(record, "observability.objectives.defects", flaws, looked=len(paths), at=told)


@pytest.mark.measures("observability.alert.unproven", "observability.alert.delay")
@pytest.mark.limit("40 min")
@pytest.mark.order("late")  # it cuts what the target depends on
def check_proof(
    http: httpx.Client, world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier
) -> None:
    """The alert fires when its fault is there, and resolves when it is gone."""
    wanted = target.observability.alert
    if wanted is None:
        pytest.skip(
            'no alert to prove: name one as [observability.alert] name = "…" and dependency = "…" in battery.toml'
        )
    require_answering_target(target, earlier)
    declared = next(each for each in target.dependency if each.name == wanted.dependency)
    if why := not_proxied(world, declared):
        pytest.skip(why)
    paths = named_sources(plan, "rules", target.observability.rules, YAML)
    loaded = load_rules(paths)
    try:
        rule = rule_of(wanted.name, loaded.files)
        rhythm = rhythm_of(plan.intensity, scrape(http, metrics_path(target)).milliseconds / 1000)
        patience = patience_for(rule, makers_of(rule, loaded.files), rhythm)
        line = (declared, wanted.endpoint)
        proof = _proof(world, record, line, _sound(paths, loaded), wanted.name, patience, rhythm)
    except (AlertUnprovable, ProofImpossible, ExpositionUnreadable) as error:
        pytest.skip(str(error))
    record.fact("rhythm", f"a scrape every {rhythm.scrape:g} s, an evaluation every {rhythm.evaluation:g} s")
    _record_proof(record, proof, rule.hold or 0.0)


def _sound(paths: tuple[Path, ...], loaded: Loaded) -> tuple[Path, ...]:
    """The files that Prometheus can load: one that it refuses would keep it from starting."""
    refused = {flaw.where for flaw in loaded.flaws}
    return tuple(path for path in paths if path.name not in refused)


def _proof(
    world: World,
    record: Record,
    line: tuple[Dependency, str],
    rules: tuple[Path, ...],
    alert: str,
    patience: Patience,
    rhythm: Rhythm,
) -> AlertProof:
    """Prometheus over the target's metrics, the endpoint asked all the time, the dependency cut and mended."""
    target, (declared, endpoint) = world.definition, line
    way = DependencyCut(world, declared, record, limit=patience.fire + patience.resolve)

    def inject() -> None:
        way.cut()
        record.progress(0.4, f"{declared.name} is cut, waiting for {alert}")

    def remove() -> None:
        way.mend()
        record.progress(0.7, f"{declared.name} is back, waiting for {alert} to resolve")

    with tempfile.TemporaryDirectory(prefix="battery-alert-") as scratch:
        order = ProofOrder(
            rules=rules,
            metrics_url=target.target.url.rstrip("/") + metrics_path(target),
            scratch=Path(scratch),
            interval=rhythm.scrape,
            evaluation=rhythm.evaluation,
            binary=target.observability.prometheus,
        )
        record.progress(0.1, "Prometheus starts, the alert must be quiet")
        asked = world.endpoint(endpoint or declared.endpoint)
        with Prometheus(order) as prometheus, world.prober(asked):
            return prove_alert(prometheus.api, alert, inject, remove, patience)


def _record_proof(record: Record, proof: AlertProof, hold: float) -> None:
    """A proof is a count of none; the delay is told where it fired."""
    if proof.outcome == "unknown":
        pytest.skip(f"{proof.alert}: {proof.reason}")
    words = f"{proof.alert}: {proof.outcome}: {proof.reason}"
    record.measure("observability.alert.unproven", proof.outcome != "proven", n=1, note=words)
    if proof.fired_after is not None:
        delay = max(proof.fired_after - hold, 0.0)
        note = f"fired {proof.fired_after:.1f} s after the fault, its for is {hold:g} s"
        record.measure("observability.alert.delay", delay, n=1, note=note)
    else:
        record.fact("observability.alert.delay", words)
    record.fact("proof", words)
    if proof.resolved_after is not None:
        record.fact("resolved", f"{proof.resolved_after:.1f} s after the fault was removed")
    record.blob("proof", msgspec.json.encode(proof), "application/json")
