"""Scoring: how often a rule finds its defect, and how often it is right when it speaks; pure counting."""

from collections.abc import Collection, Iterable

from battery.model.frozen import Frozen
from battery.scan.assess.case import Case, Sighting
from battery.statistics import Proportion, proportion


class Score(Frozen, frozen=True, kw_only=True):
    """One rule's counts. `missed` and `mistaken` name the templates behind what went wrong, each once."""

    rule: str
    positives: int = 0
    found: int = 0
    negatives: int = 0
    false_alarms: int = 0
    missed: tuple[str, ...] = ()
    mistaken: tuple[str, ...] = ()

    @property
    def precision(self) -> Proportion | None:
        """Of the cases at which it fired, how many hold its defect; None when it never fired."""
        return proportion(self.found, self.found + self.false_alarms)

    @property
    def recall(self) -> Proportion | None:
        """Of the cases that hold its defect, at how many it fired; None when there is no such case."""
        return proportion(self.found, self.positives)


def scores(cases: Collection[Case], sightings: Collection[Sighting]) -> dict[str, Score]:
    """The score of every rule that a case was made for or is clean of.

    Raises: ValueError for two cases of one rule at one place, or a case that claims its own rule's defect away.
    """
    seen = frozenset(sightings)
    claims: dict[str, dict[str, tuple[bool, str]]] = {}
    for case in cases:
        for rule, defect in _claims(case):
            at = claims.setdefault(rule, {})
            if case.place in at:
                raise ValueError(f"{rule}: two cases at {case.place}")
            at[case.place] = (defect, case.template)
    return {rule: _score(rule, at, seen) for rule, at in claims.items()}


def _claims(case: Case) -> Iterable[tuple[str, bool]]:
    yield case.rule, case.defect
    for rule in case.clean_of:
        yield rule, False


def _score(rule: str, claims: dict[str, tuple[bool, str]], seen: frozenset[Sighting]) -> Score:
    fired = {place for place in claims if Sighting(rule, place) in seen}
    defects = {place for place, (defect, _) in claims.items() if defect}
    return Score(
        rule=rule,
        positives=len(defects),
        found=len(defects & fired),
        negatives=len(claims) - len(defects),
        false_alarms=len(fired - defects),
        missed=_templates(claims, defects - fired),
        mistaken=_templates(claims, fired - defects),
    )


def _templates(claims: dict[str, tuple[bool, str]], places: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({claims[place][1] for place in places}))
