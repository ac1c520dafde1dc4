"""The control: a null fault must change nothing, or every recovery that this run reads is in doubt."""

from battery.chaos.scenarios.trial import Trial
from battery.model.evidence import Proof

NAME = "a null fault changes nothing"
_AT_ONCE = 0.5


def control_proof(trial: Trial) -> Proof:
    """Holds when the steady state was never breached and the recovery from nothing took no time."""
    if trial.timeline is None:
        return Proof(name=NAME, ok=False, detail=trial.problem)
    if trial.timeline.problem:
        return Proof(name=NAME, ok=False, detail=trial.timeline.problem)
    recovery = trial.timeline.recovery
    ok = not trial.breached and not recovery.censored and recovery.seconds <= _AT_ONCE
    return Proof(name=NAME, ok=ok, detail=trial.timeline.words)
