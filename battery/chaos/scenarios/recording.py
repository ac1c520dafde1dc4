"""What a scenario leaves: each trial as it comes; then the recovery with its bound, counts of broken promises, and proofs."""

from collections.abc import Sequence

import msgspec

from battery.chaos.recovery.probe import encode_series
from battery.chaos.recovery.repeats import Repeats, repeats
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.punctuality import punctuality
from battery.chaos.scenarios.scenario import Scenario
from battery.chaos.scenarios.trial import Trial
from battery.recording import Record


class TrialsRecord:
    """The trials of one scenario. What was seen until then is recorded also when the scenario is cut off."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.trials: list[Trial] = []

    def keep(self, trial: Trial) -> None:
        """One more: whether its fault happened, and its times in words."""
        self.trials.append(trial)
        if trial.needless:
            self._record.fact(trial.name, trial.problem)
        else:
            self._record.proof(f"{trial.name} happened", trial.happened, trial.proof)
        if trial.timeline is not None:
            self._record.fact(trial.name, trial.timeline.words)

    def close(self) -> None:
        """The trials in full, and the probe series for plots."""
        if not self.trials:
            return
        told = msgspec.json.encode([_without_series(trial) for trial in self.trials])
        self._record.blob("trials", told, "application/json")
        for number, trial in enumerate(_last_series(self.trials), 1):
            if trial.series is not None:
                self._record.blob(f"probes {number}", encode_series(trial.series), "application/json")


def record_scenario(record: Record, scenario: Scenario, trials: Sequence[Trial], findings: Findings) -> None:
    """What all trials of a scenario say together; nothing is judged."""
    timelines = [trial.timeline for trial in trials if trial.timeline is not None]
    unsteady = [line.problem for line in timelines if line.hypothesis.problem]
    record.proof(
        "steady before each fault",
        not unsteady,
        "; ".join(unsteady) or f"{len(timelines)} times",
    )
    kept = punctuality(trials)
    record.proof(kept.name, kept.ok, kept.detail)
    _record_recovery(record, f"chaos.{scenario.id}.recovery", repeats(timelines))
    for measure, (number, words) in findings.counts.items():
        record.measure(measure, float(number), n=1, note=words)
    for proof in findings.proofs:
        record.proof(proof.name, proof.ok, proof.detail)
    for name, text in findings.facts.items():
        record.fact(name, text)
    for name, data in findings.blobs.items():
        record.blob(name, data, "application/json")


def _record_recovery(record: Record, measure: str, found: Repeats) -> None:
    if found.value is None or found.latest is None:
        return
    # A recovery whose end was never seen has no upper bound: no limit may call it short enough.
    record.measure(
        measure,
        found.value.seconds,
        lower=found.value.seconds if found.censored else None,
        upper=None if found.latest.censored else found.latest.seconds,
        n=found.n,
        note=found.words,
    )


def _without_series(trial: Trial) -> Trial:
    return msgspec.structs.replace(trial, series=None)


def _last_series(trials: Sequence[Trial]) -> list[Trial]:
    """The longest series of each prober: a later one of the same prober holds all of an earlier one."""
    longest: dict[str, Trial] = {}
    for trial in trials:
        if trial.series is not None:
            longest[",".join(trial.series.requests)] = trial
    return list(longest.values())
