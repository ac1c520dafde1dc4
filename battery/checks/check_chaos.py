"""The chaos scenarios: one item each; the control comes first, and the others stand on it."""

from collections.abc import Callable

import pytest

from battery.chaos.faults.null import NullFault
from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.chaos.scenarios.control import control_proof
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.recording import record_scenario
from battery.chaos.scenarios.world import World
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
_CONTROL = "chaos.control"
_CONTROLS = 3  # a hiccup of the machine is no reason to doubt every scenario
pytestmark = [
    pytest.mark.gate("G4"),
    pytest.mark.instrument("chaos"),
    pytest.mark.limit("15 min"),
    pytest.mark.order("late"),  # what measures the target in peace comes before
]


def check_control(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """A null fault changes nothing: the control of every scenario."""
    require_answering_target(target, earlier)
    pace = pace_of(plan.intensity)
    with world.prober() as prober:
        experiment = Experiment(prober, world.undo, pace, lambda text: record.progress(0.5, text))
        proof = control_proof(experiment.run(NullFault()))
        for attempt in range(2, _CONTROLS + 1):
            if not proof.ok:
                record.fact(f"control {attempt - 1} of {_CONTROLS}", proof.detail)
                proof = control_proof(experiment.run(NullFault(), attempt))
        kept = experiment.punctuality()
    record.proof(proof.name, proof.ok, proof.detail)
    record.proof(kept.name, kept.ok, kept.detail)
    for number, line in enumerate(world.undone, 1):
        record.fact(f"put back from an earlier run {number}", line)


@pytest.mark.measures("chaos.network.recovery")
def check_network(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The network between clients and the target misbehaves."""
    _make("network", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.dependency.recovery", "chaos.breaker.defects", "chaos.breaker.trials")
def check_dependency(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """A dependency is gone, slow or half-dead."""
    _make("dependency", world, plan, target, record, earlier)


@pytest.mark.measures(
    "chaos.database.recovery", "chaos.writes.lost", "chaos.writes.stuck", "chaos.ready.lies"
)
def check_database(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The database is gone, slow or out of connections."""
    _make("database", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.disk.recovery")
def check_disk(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The disk of the target's data fills up."""
    _make("disk", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.memory.recovery")
def check_memory(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The machine's memory gets short."""
    _make("memory", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.cpu.recovery")
def check_cpu(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The processors are busy."""
    _make("cpu", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.pause.recovery")
def check_pause(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The service's process is frozen for a while."""
    _make("pause", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.descriptors.recovery")
def check_descriptors(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The service's process may open no more files."""
    _make("descriptors", world, plan, target, record, earlier)


@pytest.mark.measures("chaos.stress.recovery")
def check_stress(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """A burst of load far above capacity."""
    _make("stress", world, plan, target, record, earlier)


@pytest.mark.measures(
    "chaos.restart.recovery", "chaos.restart.dropped", "chaos.writes.lost", "chaos.writes.stuck"
)
def check_restart(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """The service's process ends and comes back."""
    _make("restart", world, plan, target, record, earlier)


def _make(name: str, world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
    """Run one scenario and record what it found; skipped, with the reason, where it cannot be tried."""
    require_answering_target(target, earlier)
    scenario = CATALOGUE[name]
    if why := scenario.obstacle(world):
        pytest.skip(why)
    if left := world.undo.standing():
        pytest.skip(f"an earlier fault still stands, so nothing else is tried: {'; '.join(left)}")
    pace, findings = pace_of(plan.intensity), Findings()
    with world.prober() as prober:
        experiment = Experiment(prober, world.undo, pace, lambda text: record.progress(0.5, text))
        trials = scenario.trials(world, pace, findings, experiment)
        findings.proofs.append(experiment.punctuality())
    record_scenario(record, scenario, trials, findings)
    control = earlier(_CONTROL)
    for proof in control.proofs if control else ():
        record.proof(f"control: {proof.name}", proof.ok, proof.detail)
    if control is None or not control.proofs:
        record.proof(
            "control", False, "the control of this run left no evidence: run it before the scenarios"
        )
