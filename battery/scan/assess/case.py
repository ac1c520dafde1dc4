"""What is assessed: cases with a known truth, and what a scanner said about where they stand."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from battery.model.frozen import Frozen


class Case(Frozen, frozen=True, kw_only=True):
    """One thing to judge, made for one rule: the rule's defect is in it, or something that only looks like it.

    It counts for the rule that it was made for, and as a benign case for those in `clean_of`: of these the case states
    that their defect is not in it. For every other rule it says nothing, so what that rule finds there is not counted.
    `place` is where it stands, the same in every run of one seed; `template` names what it was made from.
    """

    rule: str
    place: str
    defect: bool
    clean_of: tuple[str, ...] = ()
    template: str = ""


class Sighting(NamedTuple):
    """A rule fired at a place."""

    rule: str
    place: str


class Sizes(Frozen, frozen=True, kw_only=True):
    """How many cases of each kind (with the defect, and without) a rule gets.

    `source`: a file or a package each. `target`: a small site each. `slow`: sites at which a scanner has to wait.
    """

    source: int = 40
    target: int = 12
    slow: int = 6

    def __str__(self) -> str:
        return f"{self.source} source, {self.target} target, {self.slow} slow"


class Exam(Frozen, frozen=True, kw_only=True):
    """Some cases, and the real scanner's look at all of them."""

    cases: tuple[Case, ...]
    look: Callable[[], frozenset[Sighting]]


class Bench(Frozen, frozen=True, kw_only=True):
    """One scanner's corner of the corpus: the same random source and sizes give the same cases."""

    name: str
    exam: Callable[[Random, Sizes], Exam]
