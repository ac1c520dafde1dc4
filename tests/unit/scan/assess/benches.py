"""Benches as tests write them: some cases, and a scanner that sees what it is told to see."""

from collections.abc import Callable, Iterable

from battery.scan.assess.case import Bench, Case, Exam, Sighting, Sizes
from battery.scan.assess.scoring import Score, scores

Seeing = Callable[[Case], Iterable[str]]


def cases_of(
    rule: str, defects: int = 3, benign: int = 3, clean_of: tuple[str, ...] = ()
) -> tuple[Case, ...]:
    """So many cases with the rule's defect and without."""
    return tuple(
        Case(
            rule=rule,
            place=f"{rule} {number}",
            defect=number < defects,
            clean_of=clean_of if number < defects else (),
            template="planted" if number < defects else "near",
        )
        for number in range(defects + benign)
    )


def bench(cases: tuple[Case, ...], sees: Seeing, name: str = "fake") -> Bench:
    """A bench whose scanner fires the rules that `sees` names for a case."""

    def look() -> frozenset[Sighting]:
        return frozenset(Sighting(rule, case.place) for case in cases for rule in sees(case))

    return Bench(name=name, exam=lambda source, sizes: Exam(cases=cases, look=look))


def all_seeing(case: Case) -> tuple[str, ...]:
    """The perfect scanner."""
    return (case.rule,) if case.defect else ()


def without(inner: Bench, rule: str) -> Bench:
    """The same bench with a scanner that lacks a rule."""

    def exam(source: object, sizes: Sizes) -> Exam:
        given = inner.exam(source, sizes)  # type: ignore[arg-type] # handed on as it came
        return Exam(
            cases=given.cases, look=lambda: frozenset(one for one in given.look() if one.rule != rule)
        )

    return Bench(name=inner.name, exam=exam)


def trigger_happy(inner: Bench, rule: str) -> Bench:
    """The same bench with a scanner that fires a rule at every case."""

    def exam(source: object, sizes: Sizes) -> Exam:
        given = inner.exam(source, sizes)  # type: ignore[arg-type] # as above
        everywhere = frozenset(Sighting(rule, case.place) for case in given.cases)
        return Exam(cases=given.cases, look=lambda: given.look() | everywhere)

    return Bench(name=inner.name, exam=exam)


def scored(cases: tuple[Case, ...], sees: Seeing) -> dict[str, Score]:
    """The scores of what a scanner sees in some cases."""
    return scores(cases, [Sighting(rule, case.place) for case in cases for rule in sees(case)])
