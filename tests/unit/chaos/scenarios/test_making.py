"""What a scenario leaves in the record, also when it is cut off in the middle."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from battery.chaos.recovery.probe import Series, decode_series
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.making import make_scenario
from battery.chaos.scenarios.pace import Pace, pace_of
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.target import Endpoint, Target
from battery.recording import Record
from battery.runner.time_limit import CheckOverran
from battery.store import RunFolder
from tests.fakes.faults import Switch
from tests.fakes.plans import NOW, a_plan
from tests.fakes.targets import Answer, ScriptedTarget, scripted_target

PACE = msgspec.structs.replace(pace_of("smoke"), hold=0.6, watch=6.0)
BAD = Answer(500, b"down")


class Twice:
    """A scenario whose fault is injected twice; before the third time something else happens."""

    id, title, story = "pause", "it is switched off and on", "a switch is flipped twice"

    def __init__(self, server: ScriptedTarget, third: BaseException | None = None) -> None:
        self._server, self._third = server, third

    def obstacle(self, world: World) -> str:
        return ""

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        return []

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        findings.count("chaos.writes.lost", 0, "all are there")
        made = [experiment.run(Switch(self._flip), repeat) for repeat in (1, 2)]
        if self._third is not None:
            raise self._third
        return made

    def _flip(self, on: bool) -> None:
        self._server.answer_with("/", BAD if on else Answer())


class Bench(NamedTuple):
    """A target, its world, and a record of what a scenario does there."""

    server: ScriptedTarget
    world: World
    folder: RunFolder
    record: Record

    def evidence(self) -> Evidence:
        return self.record.evidence(
            check="chaos.pause", mode="real", plan="d" * 64, gates=("G4",),
            status="measured", reason="", started=NOW, seconds=1.0,
        )  # fmt: skip

    def blobs(self) -> dict[str, bytes]:
        return {blob.name: self.folder.read_blob(blob.sha256) for blob in self.evidence().blobs}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with scripted_target({"/": [Answer()]}) as server:
        definition = Definition(
            target=Target(url=server.url, ready="/"), endpoint=(Endpoint(name="home", path="/"),)
        )
        folder = RunFolder.create(tmp_path, a_plan())
        record = Record(folder, (), lambda fraction, text: None)
        with World(definition, tmp_path, tmp_path / "state", lambda text: None) as world:
            yield Bench(server, world, folder, record)


def test_a_scenario_leaves_its_recovery_its_proofs_and_what_it_saw(bench: Bench) -> None:
    make_scenario(Twice(bench.server), bench.world, PACE, bench.record)
    left = bench.evidence()
    measures = {measure.name: measure for measure in left.measures}
    recovery = measures["chaos.pause.recovery"]
    assert recovery.n == 2
    assert recovery.upper is not None
    assert recovery.value <= recovery.upper <= PACE.watch
    assert measures["chaos.writes.lost"].value == 0
    assert [proof.name for proof in left.proofs] == [
        "switch 1 happened",
        "switch 2 happened",
        "steady before each fault",
        "the prober kept its times",
    ]
    assert set(bench.blobs()) == {"trials", "probes 1"}
    assert "steady again" in left.facts["switch 2"]


@pytest.mark.parametrize("cut", [CheckOverran("took longer"), RuntimeError("a defect of ours")])
def test_a_scenario_that_is_cut_off_leaves_the_trials_that_it_made_and_no_measure(
    bench: Bench, cut: BaseException
) -> None:
    with pytest.raises(type(cut)):
        make_scenario(Twice(bench.server, cut), bench.world, PACE, bench.record)
    left = bench.evidence()
    assert left.measures == ()
    assert [proof.name for proof in left.proofs] == ["switch 1 happened", "switch 2 happened"]
    assert set(left.facts) == {"switch 1", "switch 2"}
    blobs = bench.blobs()
    made = msgspec.json.decode(blobs["trials"], type=tuple[Trial, ...])
    assert [trial.repeat for trial in made] == [1, 2]
    series: Series = decode_series(blobs["probes 1"])
    assert made[1].timeline is not None
    assert series.until >= made[1].timeline.marks.removed


def test_a_scenario_that_is_cut_off_before_its_first_trial_leaves_nothing(bench: Bench) -> None:
    class Never(Twice):
        def trials(
            self, world: World, pace: Pace, findings: Findings, experiment: Experiment
        ) -> Sequence[Trial]:
            raise CheckOverran("took longer")

    with pytest.raises(CheckOverran):
        make_scenario(Never(bench.server), bench.world, PACE, bench.record)
    assert bench.record.is_empty
    assert bench.blobs() == {}


def test_a_trial_that_could_not_be_begun_is_left_as_well(bench: Bench) -> None:
    class Gone(Twice):
        def trials(
            self, world: World, pace: Pace, findings: Findings, experiment: Experiment
        ) -> Sequence[Trial]:
            gone = Trial(fault="pause", story="", repeat=1, problem="the process is gone", needless=True)
            return [experiment.kept(gone)]

    make_scenario(Gone(bench.server), bench.world, PACE, bench.record)
    left = bench.evidence()
    assert left.facts["pause 1"] == "the process is gone"
    assert [proof.ok for proof in left.proofs if proof.name == "the prober kept its times"] == [False]
