"""The breaker's watch: asks often enough while its dependency is away, and judges it by what arrives there."""

from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

from battery.chaos.breaker.arrival import arrivals_of
from battery.chaos.breaker.finding import BreakerFinding
from battery.chaos.breaker.inference import ENOUGH, infer
from battery.chaos.faults.interface import Fault
from battery.chaos.recovery.prober import Prober
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pressing import PERIOD, Pressing
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.evidence import Proof
from battery.model.target import Dependency, Endpoint

DEFECTS, TRIALS = "chaos.breaker.defects", "chaos.breaker.trials"
UNDECLARED = "battery.toml declares no breaker before a dependency"
_LEAST_SECONDS = 2.5
_SPARE = 1.25
_KNOWN = {"closed again": 0, "never opened": 1, "never closed": 1, "hung": 1, "not needed": 0}


def seconds_to_open(declared: Dependency) -> float:
    """How long its calls must fail so that it opens, at the rate that the watch asks; with some to spare."""
    return max(_LEAST_SECONDS, _calls(declared) * PERIOD * _SPARE)


class Looked(NamedTuple):
    """What one trial shows of a breaker: broken promises and the largest crowd, none where they are not known, each with words.

    Without words on the crowd the breaker had no reason to open, so that there is nothing to know.
    """

    defects: int | None
    words: str
    crowd: int | None
    crowd_words: str


class BreakerWatch:
    """One breaker, over all trials with its dependency."""

    def __init__(
        self, world: World, declared: Dependency, endpoint: Endpoint, prober: Prober, experiment: Experiment
    ) -> None:
        self._world, self._declared, self._experiment = world, declared, experiment
        self._endpoint, self._prober = endpoint, prober
        self._zero = monotonic() - prober.now()
        self.looked: list[Looked] = []
        self.proofs: list[Proof] = []

    def run(self, fault: Fault, repeat: int, *, hold: float) -> Trial:
        """One trial, during which the endpoint is asked more often."""
        with Pressing(self._world.place, self._world.request(self._endpoint)) as pressing:
            trial = self._experiment.run(fault, repeat, hold=hold, before=pressing.start, after=pressing.stop)
        self.looked.append(self._look(trial, pressing))
        return trial

    def _look(self, trial: Trial, pressing: Pressing) -> Looked:
        name, tap = self._declared.name, self._world.lines.to_dependency(self._declared).tap
        if trial.series is None or trial.timeline is None or tap is None:
            problem = f"{name}: {trial.problem or 'no series'}"
            return Looked(None, problem, None, problem)
        if trial.timeline.starved:
            void = f"{name}: {trial.timeline.starved}"
            return Looked(None, void, None, void)
        journal = tap.journal()
        self.proofs.append(
            Proof(
                name=f"every arrival at {name} was seen",
                ok=journal.dropped == 0,
                detail=f"{len(journal.visits)} connections kept, {journal.dropped} forgotten",
            )
        )
        own = [probe for probe in trial.series.probes if probe.request == self._endpoint.name]
        calls = pressing.with_those_of(self._prober, own)
        found = infer(calls, arrivals_of(journal, self._zero), trial.timeline.marks, _calls(self._declared))
        return looked_at(found, f"{name}, {trial.fault}: ")


def looked_at(found: BreakerFinding, what: str) -> Looked:
    """An inference as counts."""
    crowd_words = "" if found.kind == "not needed" else what + _crowd_words(found)
    return Looked(_KNOWN.get(found.kind), what + _words(found), found.crowd, crowd_words)


def record_watches(watches: Sequence[BreakerWatch], findings: Findings) -> None:
    """All trials of all breakers: defects add up, of the crowds the largest counts; not known where one of them is not."""
    if not watches:
        findings.count(DEFECTS, 0, UNDECLARED)
        findings.count(TRIALS, 0, UNDECLARED)
        return
    looked = [each for watch in watches for each in watch.looked]
    for each in looked:
        findings.count(DEFECTS, each.defects, each.words)
    findings.count(TRIALS, *largest_crowd(looked))
    findings.proofs += [proof for watch in watches for proof in watch.proofs]


def largest_crowd(looked: Sequence[Looked]) -> tuple[int | None, str]:
    """The largest of those that there is something to know of, with the words of all; none where one is not known."""
    asked = [each for each in looked if each.crowd_words]
    crowds = [each.crowd for each in asked if each.crowd is not None]
    words = "; ".join(each.crowd_words for each in asked) or "no breaker had a reason to open"
    return (max(crowds) if crowds and len(crowds) == len(asked) else None), words


def _calls(declared: Dependency) -> int:
    return declared.breaker_calls or ENOUGH


def _words(found: BreakerFinding) -> str:
    words = f"{found.kind}: {found.reason}"
    if found.kind != "closed again":
        return words
    return (
        f"{words}; opened after {found.threshold} failed arrivals, {found.trial_arrivals} half-open probes, "
        f"closed {found.closed or 0.0:.1f} s after the dependency was back"
    )


def _crowd_words(found: BreakerFinding) -> str:
    if found.crowd is None:
        return f"it was not seen open ({found.kind}), so its trial calls are not known"
    return f"at most {found.crowd} calls within a second reached the dependency while it was open"
