"""The order of one trial, and what becomes of faults that cannot be."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.null import NullFault
from battery.chaos.recovery.prober import Prober
from battery.chaos.scenarios.control import control_proof
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.pace import pace_of
from battery.chaos.scenarios.punctuality import punctuality
from battery.chaos.scenarios.trial import Trial
from battery.chaos.undo.outcome import UndoFailed
from battery.chaos.undo.stack import UndoStack
from battery.load.job import JobEndpoint
from battery.load.requests import Address, address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Target
from tests.fakes.faults import Switch
from tests.fakes.targets import Answer, ScriptedTarget, scripted_target
from tests.unit.chaos.recovery.descriptors import no_free_descriptor

PACE = msgspec.structs.replace(pace_of("smoke"), hold=0.6, watch=6.0, patience=1.0)
BAD = Answer(500, b"down")
HANGING = Answer(after=3600.0)


class Bench:
    """A target with a switch, probed, with an experiment on it."""

    def __init__(
        self,
        server: ScriptedTarget,
        prober: Prober,
        stack: UndoStack,
        place: Address,
        requests: Sequence[JobEndpoint],
    ) -> None:
        self.place, self.requests = place, requests
        self.server, self.told, self.stack = server, list[str](), stack
        self.experiment = Experiment(prober, stack, PACE, self.told.append)

    def flip(self, on: bool) -> None:
        self.server.answer_with("/", BAD if on else Answer())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with scripted_target({"/": [Answer()]}) as server, UndoStack(tmp_path / "undo") as stack:
        definition = Definition(target=Target(url=server.url), endpoint=(Endpoint(name="home", path="/"),))
        place, requests = address(server.url), endpoints_of(definition, {})
        with Prober(place, requests, period=PACE.period) as prober:
            yield Bench(server, prober, stack, place, requests)


def test_a_fault_is_promised_injected_proven_removed_and_its_recovery_watched(bench: Bench) -> None:
    fault = Switch(bench.flip)
    order: list[str] = []
    trial = bench.experiment.run(
        fault, 3, before=lambda: order.append("before"), after=lambda: order.append(fault.events[-1])
    )
    assert fault.events == ["injected", "removed"]
    assert order == ["before", "removed"]
    assert trial.happened
    assert trial.breached
    assert trial.repeat == 3
    assert trial.proof == "the switch is on; the probes saw it"
    assert trial.timeline is not None
    assert trial.timeline.marks.removed - trial.timeline.marks.injected >= PACE.hold
    assert trial.timeline.marks.injected < trial.removing <= trial.timeline.marks.removed
    assert not trial.timeline.recovery.censored
    assert any("steady for" in text for text in bench.told)
    assert any("fault stands for" in text for text in bench.told)
    # Each phase tells how the target does at the moment.
    for phase in ("steady for", "fault stands for", "recovering for"):
        assert any(phase in text and "probes of the last second failed" in text for text in bench.told)


def test_a_target_that_stays_down_is_watched_to_the_end_and_never_called_recovered(bench: Bench) -> None:
    trial = bench.experiment.run(Switch(lambda on: bench.flip(True)))
    assert trial.timeline is not None
    assert trial.timeline.recovery.censored


def test_a_target_that_hangs_for_ever_is_watched_for_the_whole_time_too(bench: Bench) -> None:
    # A probe that waits for its answer keeps the series' end behind the clock.
    trial = bench.experiment.run(Switch(lambda on: bench.server.answer_with("/", HANGING)))
    assert trial.timeline is not None
    assert trial.timeline.recovery.censored
    assert trial.timeline.recovery.seconds >= PACE.watch


def test_a_fault_that_was_over_before_its_removal_did_not_happen(bench: Bench) -> None:
    fault = Switch(bench.flip, proofs=1)
    trial = bench.experiment.run(fault)
    assert trial.breached
    assert not trial.happened
    assert "but right before its removal" in trial.proof


def test_nothing_is_injected_into_a_target_that_fails_by_itself(bench: Bench) -> None:
    bench.flip(True)
    fault = Switch(bench.flip)
    trial = bench.experiment.run(fault)
    assert fault.events == []
    assert "a target that fails by itself" in trial.problem


def test_a_target_that_fails_too_often_between_faults_is_left_in_peace(bench: Bench) -> None:
    assert bench.experiment.run(NullFault()).happened
    bench.flip(True)
    until = time.monotonic() + 2.0
    while time.monotonic() < until:  # its time is what spends the budget
        time.sleep(0.1)
    bench.flip(False)
    trial = bench.experiment.run(NullFault())
    assert "aborted" in trial.problem


def test_what_could_not_be_taken_back_ends_the_trials(bench: Bench) -> None:
    fault = Switch(bench.flip, fails=UndoFailed("the process is still stopped"))
    with pytest.raises(UndoFailed):
        bench.experiment.run(fault)


def test_a_prober_that_was_starved_while_the_fault_stood_voids_that_trial_and_no_other(
    bench: Bench,
) -> None:
    with ExitStack() as shortage:

        def starve(on: bool) -> None:
            if on:
                shortage.enter_context(no_free_descriptor())
            else:
                shortage.close()

        def flip_and_heal_late(on: bool) -> None:
            if on:
                bench.flip(on)
            else:
                healing.start()

        # The kept trial recovers well after the void one, whose target never failed: which is later is no accident.
        healing = threading.Timer(1.0, bench.flip, (False,))
        starved = bench.experiment.run(Switch(starve), 1, hold=1.5)
    again = bench.experiment.run(Switch(flip_and_heal_late), 2)
    healing.join()
    assert starved.timeline is not None
    assert "while the fault stood" in starved.timeline.starved
    assert again.timeline is not None
    assert again.timeline.problem == ""
    assert not punctuality([starved]).ok
    assert punctuality([starved, again]).ok


def test_each_trial_is_kept_as_it_ends_whatever_became_of_it(bench: Bench) -> None:
    kept: list[Trial] = []
    with Prober(bench.place, bench.requests, period=PACE.period) as prober:
        experiment = Experiment(prober, bench.stack, PACE, bench.told.append, kept.append)
        refused = experiment.run(Switch(obstacle="no permission"))
        made = experiment.run(Switch(bench.flip))
        assert kept == [refused, made]
        experiment.under(prober).run(Switch(obstacle="no permission"), 2)
    assert [trial.name for trial in kept] == ["switch 1", "switch 1", "switch 2"]


def test_after_a_fault_that_the_target_never_came_back_from_no_other_is_needed(bench: Bench) -> None:
    first = bench.experiment.run(Switch(lambda on: bench.flip(True)))
    second = bench.experiment.run(Switch(bench.flip))
    assert not first.needless
    assert second.needless
    assert second.problem == "not tried: the target never came back from switch"


def test_a_fault_that_nobody_saw_did_not_happen(bench: Bench) -> None:
    trial = bench.experiment.run(Switch(seen=False))
    assert not trial.happened
    assert trial.proof == "the switch is on; the probes saw nothing"


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Switch(obstacle="no permission: run as root"), "no permission"),
        (Switch(fails="it broke"), "it broke"),
    ],
)
def test_a_fault_that_cannot_be_is_no_trial_and_says_why(bench: Bench, fault: Switch, problem: str) -> None:
    trial = bench.experiment.run(fault)
    assert problem in trial.problem
    assert trial.timeline is None
    assert not trial.happened
    assert problem in trial.proof
    assert fault.events == []


def test_an_exception_while_the_fault_stands_removes_it(bench: Bench) -> None:
    class Breaking(Switch):
        def prove(self) -> Effect:
            raise RuntimeError("the meter broke")

    fault = Breaking(bench.flip)
    with pytest.raises(RuntimeError, match="the meter broke"):
        bench.experiment.run(fault)
    assert fault.events == ["injected", "removed"]


def test_the_control_holds_on_a_steady_target_and_fails_on_one_that_is_not(bench: Bench) -> None:
    proof = control_proof(bench.experiment.run(NullFault()))
    assert proof.ok, proof.detail
    shaken = bench.experiment.run(Switch(bench.flip))
    assert not control_proof(shaken).ok
    unsteady = Trial(fault="null", story="", repeat=1, problem="not tried")
    assert control_proof(unsteady).detail == "not tried"
