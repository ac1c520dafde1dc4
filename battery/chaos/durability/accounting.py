"""The accounting: what became of every record, from what was written and what is listed afterwards. Pure."""

from collections import Counter
from collections.abc import Sequence

from battery.chaos.durability.order import reordered
from battery.chaos.durability.reading import Reading
from battery.chaos.durability.written import Written
from battery.model.frozen import Frozen

_SHOWN = 5


class Account(Frozen, frozen=True, kw_only=True):
    """Record numbers by what became of them.

    `unexpected` were not acknowledged and are there: allowed, and told. `unknown` were acknowledged, and whether they are
    there could not be read: never counted as kept. `reordered` is None where the list has no order by time. `foreign` are
    listed and were never written by this run's writer. With a `problem` nothing may be concluded from an empty `lost`.
    """

    written: int
    acknowledged: int
    kept: int
    lost: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()
    reordered: tuple[int, ...] | None = ()
    unexpected: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    foreign: tuple[int, ...] = ()
    problem: str = ""

    @property
    def lost_or_doubled(self) -> int | None:
        """How many broke the promise; None when it is not known that no others did, unless some did anyway."""
        broke = len(self.lost) + len(self.doubled)
        return None if self.problem and not broke else broke

    @property
    def words(self) -> str:
        """One line for people."""
        told = [
            f"{self.acknowledged} of {self.written} writes were acknowledged, {self.kept} of them are there"
        ]
        named = {name: getattr(self, name) for name in ("lost", "doubled", "reordered", "unknown", "foreign")}
        told += [f"{len(numbers)} {name} ({_some(numbers)})" for name, numbers in named.items() if numbers]
        if self.unexpected:
            told.append(f"{len(self.unexpected)} are there without an acknowledgement")
        return ", ".join(told) + (f"; {self.problem}" if self.problem else "")


def account(written: Sequence[Written], reading: Reading) -> Account:
    """The account of one run."""
    by_number = {record.number: record for record in written}
    acknowledged = {record.number for record in written if record.outcome == "acknowledged"}
    times = Counter(reading.records)
    missing = tuple(sorted(acknowledged - times.keys()))
    problem = reading.problem
    if not acknowledged:
        problem = (
            problem or f"none of {len(written)} writes was acknowledged: there is nothing to account for"
        )
    return Account(
        written=len(written),
        acknowledged=len(acknowledged),
        kept=len(acknowledged & times.keys()),
        lost=() if reading.problem else missing,
        doubled=tuple(sorted(number for number, count in times.items() if count > 1)),
        reordered=reordered(tuple(times), by_number),
        unexpected=tuple(sorted((times.keys() & by_number.keys()) - acknowledged)),
        unknown=missing if reading.problem else (),
        foreign=tuple(sorted(times.keys() - by_number.keys())),
        problem=problem,
    )


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_SHOWN])
    return f"{shown}, …" if len(numbers) > _SHOWN else shown
