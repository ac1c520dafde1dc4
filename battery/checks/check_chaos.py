"""The chaos scenarios: one item each; the control comes first, and the others stand on it."""

from collections.abc import Callable

import pytest

from battery.chaos.faults.null import NullFault
from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.chaos.scenarios.control import control_proof
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.making import make_scenario
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.punctuality import punctuality
from battery.chaos.scenarios.world import World
from battery.checks.target_present import require_answering_target
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.recording import Record

Earlier = Callable[[str], Evidence | None]
Check = Callable[[World, Plan, Definition, Record, Earlier], None]
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
    with world.prober(period=pace.period) as prober:
        experiment = Experiment(prober, world.undo, pace, lambda text: record.progress(0.5, text))
        trial = experiment.run(NullFault())
        for attempt in range(2, _CONTROLS + 1):
            if not (proof := control_proof(trial)).ok:
                record.fact(f"control {attempt - 1} of {_CONTROLS}", proof.detail)
                trial = experiment.run(NullFault(), attempt)
    for proof in (control_proof(trial), punctuality([trial])):
        record.proof(proof.name, proof.ok, proof.detail)
    for number, line in enumerate(world.undone, 1):
        record.fact(f"put back from an earlier run {number}", line)


def _check(name: str, *measures: str) -> Check:
    """The item of one scenario, with the scenario's title; `measures` are those beside its recovery."""
    scenario = CATALOGUE[name]

    @pytest.mark.measures(f"chaos.{name}.recovery", *measures)
    def check(world: World, plan: Plan, target: Definition, record: Record, earlier: Earlier) -> None:
        require_answering_target(target, earlier)
        if why := scenario.obstacle(world):
            pytest.skip(why)
        if left := world.undo.standing():
            pytest.skip(f"an earlier fault still stands, so nothing else is tried: {'; '.join(left)}")
        make_scenario(scenario, world, pace_of(plan.intensity), record)
        _record_control(record, earlier(_CONTROL))

    check.__doc__ = f"{scenario.title[0].upper()}{scenario.title[1:]}."
    return check


check_network = _check("network")
check_dependency = _check("dependency", "chaos.breaker.defects", "chaos.breaker.trials")
check_database = _check("database", "chaos.writes.lost", "chaos.writes.stuck", "chaos.ready.lies")
check_disk = _check("disk")
check_memory = _check("memory")
check_cpu = _check("cpu")
check_pause = _check("pause")
check_descriptors = _check("descriptors")
check_stress = _check("stress")
check_restart = _check("restart", "chaos.restart.dropped", "chaos.writes.lost", "chaos.writes.stuck")


def _record_control(record: Record, control: Evidence | None) -> None:
    for proof in control.proofs if control else ():
        record.proof(f"control: {proof.name}", proof.ok, proof.detail)
    if control is None or not control.proofs:
        record.proof(
            "control", False, "the control of this run left no evidence: run it before the scenarios"
        )
