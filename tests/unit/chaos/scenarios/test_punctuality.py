"""Whether the prober kept its times in enough of the trials."""

import msgspec
import pytest

from battery.chaos.recovery.measuring import timeline
from battery.chaos.scenarios.punctuality import NAME, punctuality
from battery.chaos.scenarios.trial import Trial, never_came_back
from tests.unit.chaos.recovery.series import down, marks, series

LINE = timeline(series(20.0, down(6.0, 9.0)), marks())
WHY = "the prober was late: blind for 1.00 of the 2.00 s while the fault stood"


def trial(fault: str, repeat: int, *, void: bool = False) -> Trial:
    line = msgspec.structs.replace(LINE, starved=WHY, blind=1.0) if void else LINE
    return Trial(fault=fault, story="", repeat=repeat, timeline=line)


def test_trials_in_which_nobody_was_late_prove_it() -> None:
    proof = punctuality([trial("kill", 1), trial("terminate", 1)])
    assert (proof.name, proof.ok) == (NAME, True)
    assert proof.detail == "2 of 2 trials kept, the prober was late for 0.00 s of one at most"


def test_a_void_trial_is_left_out_where_another_of_its_fault_was_watched_in_time() -> None:
    proof = punctuality([trial("kill", 1, void=True), trial("kill", 2)])
    assert proof.ok
    assert (
        proof.detail
        == f"1 of 2 trials kept, the prober was late for 1.00 s of one at most; kill 1 is void: {WHY}"
    )


@pytest.mark.parametrize("end", [None, 12.0])
def test_a_void_trial_that_says_worse_of_the_target_is_not_excused(end: float | None) -> None:
    worse = timeline(series(80.0, down(6.0, end or 80.0)), marks())
    void = msgspec.structs.replace(worse, starved=WHY, blind=1.0)
    bad = Trial(fault="kill", story="", repeat=1, timeline=void)
    assert not punctuality([bad, trial("kill", 2)]).ok
    assert never_came_back([bad]) is False
    assert never_came_back([Trial(fault="kill", story="", repeat=1, timeline=worse)]) is (end is None)


def test_a_fault_of_which_only_void_trials_are_left_is_not_proven() -> None:
    assert not punctuality([trial("kill", 1, void=True), trial("terminate", 1)]).ok
    assert not punctuality([trial("kill", 1, void=True), trial("kill", 2, void=True)]).ok


def test_the_same_fault_of_another_dependency_does_not_stand_in_for_a_void_one() -> None:
    # Two dependencies, each cut once a repeat: the second one's trials are both void.
    first, second = trial("network down", 1), trial("network down", 1, void=True)
    again = (trial("network down", 2), trial("network down", 2, void=True))
    assert not punctuality([first, second, *again]).ok
    assert punctuality([first, second, trial("network down", 2), trial("network down", 2)]).ok


def test_where_nothing_was_watched_nothing_is_proven() -> None:
    assert not punctuality([]).ok
    assert not punctuality([Trial(fault="kill", story="", repeat=1, problem="refused")]).ok
