"""Punctuality: whether the prober kept its times in enough of the trials; a late prober is never blamed on the target. Pure."""

from collections import Counter
from collections.abc import Sequence

from battery.chaos.scenarios.trial import Trial
from battery.model.evidence import Proof

NAME = "the prober kept its times"


def punctuality(trials: Sequence[Trial]) -> Proof:
    """Holds when every fault that was watched has a trial that is not void for a late prober; a void one is no sample."""
    watched = [(place, trial) for place, trial in _placed(trials) if trial.timeline is not None]
    if not watched:
        return Proof(name=NAME, ok=False, detail="no trial was watched")
    void = {trial.name: line.starved for _, trial in watched if (line := trial.timeline) and line.starved}
    kept = {place for place, trial in watched if trial.name not in void}
    blind = max(line.blind for _, trial in watched if (line := trial.timeline))
    detail = f"{len(watched) - len(void)} of {len(watched)} trials kept, the prober was late for {blind:.2f} s of one at most"
    told = "; ".join([detail, *(f"{name} is void: {why}" for name, why in void.items())])
    return Proof(name=NAME, ok=all(place in kept for place, _ in watched), detail=told)


def _placed(trials: Sequence[Trial]) -> list[tuple[tuple[str, int], Trial]]:
    """Each trial with its fault and, where several targets meet the same one, which of them it is."""
    seen: Counter[tuple[str, int]] = Counter()
    placed = []
    for trial in trials:
        placed.append(((trial.fault, seen[trial.fault, trial.repeat]), trial))
        seen[trial.fault, trial.repeat] += 1
    return placed
