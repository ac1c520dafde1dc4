"""Punctuality: whether the prober kept its times in enough of the trials; a late prober is never blamed on the target. Pure."""

from collections import Counter
from collections.abc import Sequence

from battery.chaos.scenarios.trial import Trial
from battery.model.evidence import Proof

NAME = "the prober kept its times"
_Place = tuple[str, int]


def punctuality(trials: Sequence[Trial]) -> Proof:
    """Holds when each void trial has one of the same fault that was watched in time and says no better of the target.

    A void trial is no sample. It may cost the run its verdict, and never excuses what it saw: pressure that blinds the prober
    is the pressure that hurts the target most.
    """
    watched = [(place, trial.name, trial.timeline) for place, trial in _placed(trials) if trial.timeline]
    if not watched:
        return Proof(name=NAME, ok=False, detail="no trial was watched")
    void = [each for each in watched if each[2].starved]
    slowest: dict[_Place, tuple[bool, float]] = {}
    for place, _, line in watched:
        if not line.starved:
            slowest[place] = max(slowest.get(place, (False, 0.0)), line.recovery_at_latest.order)
    blind = max(line.blind for _, _, line in watched)
    detail = f"{len(watched) - len(void)} of {len(watched)} trials kept, the prober was late for {blind:.2f} s of one at most"
    told = "; ".join([detail, *(f"{name} is void: {line.starved}" for _, name, line in void)])
    excused = (
        place in slowest and line.recovery_at_latest.order <= slowest[place] for place, _, line in void
    )
    return Proof(name=NAME, ok=all(excused), detail=told)


def _placed(trials: Sequence[Trial]) -> list[tuple[_Place, Trial]]:
    """Each trial with its fault and, where several targets meet the same one, which of them it is."""
    seen: Counter[tuple[str, int]] = Counter()
    placed = []
    for trial in trials:
        placed.append(((trial.fault, seen[trial.fault, trial.repeat]), trial))
        seen[trial.fault, trial.repeat] += 1
    return placed
