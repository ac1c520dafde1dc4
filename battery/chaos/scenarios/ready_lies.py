"""Whether ready said yes while the target could not serve. Pure."""

from itertools import dropwhile

from battery.chaos.scenarios.trial import Trial

_MOSTLY = 0.5
_STALE = 1.0
_FEWEST = 3


def stood(trial: Trial) -> tuple[float, float]:
    """When the fault surely stood: taking it away takes a while, and what is served meanwhile says nothing."""
    return (trial.timeline.marks.injected, trial.removing) if trial.timeline else (0.0, 0.0)


def lies(trial: Trial, endpoint: str, writes: tuple[int, int]) -> tuple[int | None, str]:
    """Whether ready said yes more often than not while most answers of the endpoint were wrong, or most writes unanswered.

    The number of lies, none where it is not known. `writes` are how many were acknowledged while the fault stood, and of how many.
    The first yeses, of the first second, may still be what ready saw before; what it answers after the fault is no lie.
    """
    if trial.timeline is None or trial.series is None:
        return None, f"{trial.fault}: {trial.problem or 'no series'}"
    if trial.timeline.starved:
        return None, f"{trial.fault}: {trial.timeline.starved}"
    begin, end = stood(trial)
    during = [probe for probe in trial.series.probes if begin <= probe.at < end]
    ready = [probe for probe in during if probe.request == "ready" and probe.done <= end]
    said = [probe.ok for probe in dropwhile(lambda probe: probe.ok and probe.at < begin + _STALE, ready)]
    answers = [probe.ok and probe.done <= end for probe in during if probe.request == endpoint]
    acknowledged, written = writes
    if max(len(answers), written) < _FEWEST:
        return None, f"{trial.fault}: nothing that needs the database was asked while it was harmed"
    failing = _mostly_failing(endpoint, sum(answers), len(answers)) or _mostly_failing(
        "writes", acknowledged, written
    )
    if not failing:
        return 0, f"{trial.fault}: the target could serve"
    if len(said) < _FEWEST:
        return None, f"{trial.fault}: {failing}, and ready answered only {len(said)} times"
    if sum(said) <= _MOSTLY * len(said):
        return 0, f"{trial.fault}: {failing}, and ready said so"
    return 1, f"{trial.fault}: {failing}, and ready said yes {sum(said)} times out of {len(said)}"


def _mostly_failing(what: str, good: int, number: int) -> str:
    if number < _FEWEST or good > _MOSTLY * number:
        return ""
    return f"{number - good} of {number} {what} were not served in time"
