"""What a scenario leaves: the recovery with its bound, counts of broken promises, proofs, and the series for plots."""

from collections.abc import Sequence

import msgspec

from battery.chaos.recovery.probe import encode_series
from battery.chaos.recovery.repeats import repeats
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.scenario import Scenario
from battery.chaos.scenarios.trial import Trial
from battery.recording import Record


def record_scenario(record: Record, scenario: Scenario, trials: Sequence[Trial], findings: Findings) -> None:
    """Everything that one scenario measured; nothing is judged."""
    for trial in trials:
        name = f"{trial.fault} {trial.repeat}"
        if trial.needless:
            record.fact(name, trial.problem)
        else:
            record.proof(f"{name} happened", trial.happened, trial.proof)
    found = repeats([trial.timeline for trial in trials if trial.timeline is not None])
    record.proof(
        "steady before each fault",
        not found.problems,
        "; ".join(found.problems) or f"{found.n} times",
    )
    if found.value is not None:
        # A recovery whose end was never seen has no upper bound: no limit may call it short enough.
        upper = None if found.censored else (found.upper or found.value).seconds
        record.measure(
            f"chaos.{scenario.id}.recovery",
            found.value.seconds,
            lower=found.value.seconds if found.censored else None,
            upper=upper,
            n=found.n,
            note=found.words,
        )
    _record_findings(record, findings)
    for trial in trials:
        if trial.timeline is not None:
            record.fact(f"{trial.fault} {trial.repeat}", trial.timeline.words)
    record.blob(
        "trials", msgspec.json.encode([_without_series(trial) for trial in trials]), "application/json"
    )
    for name, trial in _last_series(trials).items():
        if trial.series is not None:
            record.blob(f"probes {name}", encode_series(trial.series), "application/json")


def _record_findings(record: Record, findings: Findings) -> None:
    for measure, (number, words) in findings.counts.items():
        record.measure(measure, float(number), n=1, note=words)
    for proof in findings.proofs:
        record.proof(proof.name, proof.ok, proof.detail)
    for name, text in findings.facts.items():
        record.fact(name, text)
    for name, data in findings.blobs.items():
        record.blob(name, data, "application/json")


def _without_series(trial: Trial) -> Trial:
    return msgspec.structs.replace(trial, series=None)


def _last_series(trials: Sequence[Trial]) -> dict[str, Trial]:
    """The longest series of each prober: a later one of the same prober holds all of an earlier one."""
    longest: dict[str, Trial] = {}
    for trial in trials:
        if trial.series is not None:
            longest[",".join(trial.series.requests)] = trial
    return {str(number): trial for number, trial in enumerate(longest.values(), 1)}
