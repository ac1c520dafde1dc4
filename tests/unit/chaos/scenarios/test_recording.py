"""The recovery that a scenario records, with its bounds."""

from pathlib import Path

import msgspec
import pytest

from battery.chaos.faults.interface import Effect
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.timeline import Timeline
from battery.chaos.scenarios.catalogue import CATALOGUE
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.recording import record_scenario
from battery.chaos.scenarios.trial import Trial
from battery.model.evidence import Evidence
from battery.model.measure import Measurement
from battery.recording import Record
from battery.store import RunFolder
from tests.fakes.plans import NOW, a_plan
from tests.unit.chaos.recovery.series import FAST, down, marks, series

BACK = timeline(series(20.0, down(6.0, 9.0)), marks())
LOST = timeline(series(80.0, down(6.0, 80.0)), marks())
LATE = msgspec.structs.replace(BACK, latest=11.0)
VOID = msgspec.structs.replace(BACK, starved="the prober was late")


def recorded(tmp_path: Path, *lines: Timeline) -> Evidence:
    """What these timelines of one fault leave."""
    seen = Effect(seen=True, meter="it was there")
    trials = [
        Trial(fault="pause", story="", repeat=repeat, effect=seen, timeline=line)
        for repeat, line in enumerate(lines, 1)
    ]
    record = Record(RunFolder.create(tmp_path, a_plan()), (), lambda fraction, text: None)
    record_scenario(record, CATALOGUE["pause"], trials, Findings())
    return record.evidence(
        check="chaos.pause", mode="real", plan="d" * 64, gates=("G4",),
        status="measured", reason="", started=NOW, seconds=1.0,
    )  # fmt: skip


def recovery(evidence: Evidence) -> Measurement:
    (found,) = evidence.measures
    return found


def test_a_recovery_that_was_seen_in_time_is_its_own_bound(tmp_path: Path) -> None:
    found = recovery(recorded(tmp_path, BACK))
    assert found.value == found.upper == 1.0 + FAST
    assert found.lower is None


def test_where_the_prober_was_late_the_upper_bound_is_later_than_what_was_seen(tmp_path: Path) -> None:
    found = recovery(recorded(tmp_path, BACK, LATE))
    assert (found.value, found.upper) == (1.0 + FAST, 3.0)


def test_one_that_never_ended_has_a_lower_bound_and_no_upper_one(tmp_path: Path) -> None:
    found = recovery(recorded(tmp_path, BACK, LOST))
    assert found.upper is None
    assert found.lower == found.value == pytest.approx(69.0)


def test_a_void_trial_is_no_sample_and_takes_the_proof_only_where_it_is_the_only_one(tmp_path: Path) -> None:
    both = recorded(tmp_path / "both", BACK, VOID)
    assert recovery(both).n == 1
    assert all(proof.ok for proof in both.proofs)
    alone = recorded(tmp_path / "alone", VOID)
    assert alone.measures == ()
    assert {proof.name: proof.ok for proof in alone.proofs} == {
        "steady before each fault": True,
        "the prober kept its times": False,
    }


def test_a_target_that_was_not_steady_before_a_fault_takes_the_proof(tmp_path: Path) -> None:
    moving = msgspec.structs.replace(BACK.hypothesis, problem="latency was moving")
    left = recorded(tmp_path, BACK, msgspec.structs.replace(BACK, hypothesis=moving))
    told = {proof.name: proof for proof in left.proofs}["steady before each fault"]
    assert not told.ok
    assert told.detail == "not steady before the fault: latency was moving"
