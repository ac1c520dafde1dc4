"""Assessing: every bench in turn, the real scanners on its cases, and a row for every rule."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from battery.scan.assess.assessment import FLOOR, Assessment, Unassessed, row_of
from battery.scan.assess.case import Bench, Case, Sighting, Sizes
from battery.scan.assess.scoring import scores
from battery.scan.assess.unassessed import UNASSESSED
from battery.scan.rules import ScanRule, scan_rules

Progress = Callable[[float, str], None]


def assess(
    seed: int,
    progress: Progress,
    *,
    sizes: Sizes | None = None,
    benches: Sequence[Bench] | None = None,
    rules: Mapping[str, ScanRule] | None = None,
) -> Assessment:
    """Make the corpus of this seed, let every scanner look at it, and score each rule that has a case.

    `progress` is told how much is done, from 0 to 1, and what comes next. Raises: AssessmentBroken when a scanner
    could not look at every case.
    """
    if benches is None:
        from battery.scan.assess.benches import BENCHES

        benches = BENCHES
    chosen, known = sizes or Sizes(), rules or scan_rules()
    cases: list[Case] = []
    seen: set[Sighting] = set()
    for number, bench in enumerate(benches):
        progress(number / len(benches), bench.name)
        exam = bench.exam(Random(f"{seed} {bench.name}"), chosen)
        cases += exam.cases
        seen |= exam.look()
    progress(1.0, "scored")
    scored = scores(cases, seen)
    return Assessment(
        seed=seed,
        sizes=chosen,
        floor=FLOOR,
        rows=tuple(row_of(known[rule], scored[rule]) for rule in sorted(scored)),
        unassessed=tuple(
            Unassessed(rule=rule, severity=known[rule].severity, reason=UNASSESSED[rule])
            for rule in sorted(UNASSESSED)
            if rule in known and rule not in scored
        ),
    )
