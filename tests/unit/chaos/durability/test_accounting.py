"""What became of every record."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.durability.accounting import account
from battery.chaos.durability.audit import audit
from battery.chaos.durability.reading import Reading
from battery.chaos.durability.written import Outcome, Written


def record(number: int, outcome: Outcome = "acknowledged", took: float = 0.01) -> Written:
    return Written(
        number=number, due=number * 0.1, sent=number * 0.1, done=number * 0.1 + took, outcome=outcome
    )


def records(count: int) -> list[Written]:
    return [record(number) for number in range(count)]


def reading(*numbers: int, problem: str = "", items: int | None = None) -> Reading:
    return Reading(records=numbers, items=len(numbers) if items is None else items, pages=1, problem=problem)


def test_when_all_is_there_nothing_is_lost() -> None:
    found = account(records(10), reading(*range(10)))
    assert (found.kept, found.lost, found.doubled, found.reordered) == (10, (), (), ())
    assert found.lost_or_doubled == 0
    assert found.words == "10 of 10 writes were acknowledged, 10 of them are there"


def test_lost_and_doubled_records_are_named() -> None:
    found = account(records(10), reading(0, 1, 1, 3, 4, 5, 6, 7, 9, 9))
    assert (found.lost, found.doubled, found.lost_or_doubled) == ((2, 8), (1, 9), 4)
    assert "2 lost (2, 8), 2 doubled (1, 9)" in found.words


def test_many_are_named_by_the_first_few() -> None:
    assert "7 lost (0, 1, 2, 3, 4, …)" in account(records(10), reading(7, 8, 9)).words


def test_what_was_not_acknowledged_may_be_there_or_not() -> None:
    written = [record(0), record(1, "unclear"), record(2, "refused"), record(3, "unclear")]
    found = account(written, reading(0, 1, 2))
    assert (found.lost, found.unexpected, found.lost_or_doubled) == ((), (1, 2), 0)
    assert found.words.endswith("2 are there without an acknowledgement")


def test_an_unclear_write_that_is_there_twice_is_doubled() -> None:
    assert account([record(0), record(1, "unclear")], reading(0, 1, 1)).doubled == (1,)


def test_what_nobody_wrote_is_told() -> None:
    assert account(records(2), reading(0, 1, 7)).foreign == (7,)


def test_a_list_that_was_not_read_to_its_end_never_says_that_nothing_is_lost() -> None:
    found = account(records(10), reading(0, 1, problem="page 2 of the list of records: no answer (timeout)"))
    assert (found.lost, found.unknown, found.lost_or_doubled) == ((), tuple(range(2, 10)), None)
    assert found.words.endswith("; page 2 of the list of records: no answer (timeout)")


def test_what_is_doubled_in_half_a_list_is_doubled_all_the_same() -> None:
    found = account(records(10), reading(0, 0, 1, problem="cut"))
    assert found.lost_or_doubled == 1


@pytest.mark.parametrize("written", [[], [record(0, "refused"), record(1, "unclear")]])
def test_without_an_acknowledgement_there_is_nothing_to_account_for(written: list[Written]) -> None:
    found = account(written, reading())
    assert found.lost_or_doubled is None
    assert "nothing to account for" in found.problem


def test_a_record_behind_a_later_one_is_reordered() -> None:
    assert account(records(10), reading(0, 1, 2, 4, 5, 3, 6, 7, 8, 9)).reordered == (3,)
    assert account(records(10), reading(9, 0, 1, 2, 3, 4, 5, 6, 7, 8)).reordered == (9,)


def test_newest_first_is_an_order_too() -> None:
    assert account(records(10), reading(*reversed(range(10)))).reordered == ()
    assert account(records(10), reading(9, 8, 7, 5, 6, 4, 3, 2, 1, 0)).reordered in ((5,), (6,))


def test_writes_under_way_at_the_same_time_may_stand_in_any_order() -> None:
    together = [record(number, took=5.0) for number in range(10)]
    assert account(together, reading(3, 1, 4, 0, 5, 9, 2, 6, 8, 7)).reordered == ()


def test_a_list_without_an_order_by_time_is_not_called_reordered() -> None:
    assert account(records(12), reading(5, 11, 0, 7, 3, 9, 1, 10, 2, 8, 4, 6)).reordered is None


numbers = st.lists(st.integers(0, 30), max_size=60)
outcomes = st.lists(st.sampled_from(["acknowledged", "refused", "unclear"]), max_size=30)


@given(outcomes, numbers, st.booleans())
def test_every_acknowledged_record_is_kept_lost_or_unknown(
    outcomes: Sequence[Outcome], listed: list[int], is_cut: bool
) -> None:
    written = [record(number, outcome) for number, outcome in enumerate(outcomes)]
    found = account(written, reading(*listed, problem="cut" if is_cut else ""))
    assert found.kept + len(found.lost) + len(found.unknown) == found.acknowledged
    assert not (is_cut and found.lost)
    assert set(found.doubled) <= set(listed)
    assert found.lost_or_doubled != 0 or not found.problem
    assert set(found.unexpected) | set(found.foreign) | set(found.lost) <= set(range(31))


@given(st.permutations(range(20)))
def test_order_is_judged_alike_in_both_directions(listed: list[int]) -> None:
    ahead, back = account(records(20), reading(*listed)), account(records(20), reading(*reversed(listed)))
    assert (ahead.reordered is None) == (back.reordered is None)
    assert len(ahead.reordered or ()) == len(back.reordered or ())


class Lists:
    """Answers readings one after the other."""

    def __init__(self, *readings: Reading, is_paged: bool = False) -> None:
        self.is_paged = is_paged
        self._readings = list(readings)

    def read(self) -> Reading:
        return self._readings.pop(0)


class More:
    """Writes three more, and remembers that it was asked."""

    def __init__(self, outcome: Outcome = "acknowledged") -> None:
        self.asked = 0
        self._outcome = outcome

    def __call__(self) -> Sequence[Written]:
        self.asked += 1
        return [record(number, self._outcome) for number in (100, 101, 102)]


def test_where_nothing_is_missing_nothing_more_is_written() -> None:
    more = More()
    found, readings = audit(records(3), Lists(reading(0, 1, 2)), more)
    assert (found.lost_or_doubled, len(readings), more.asked) == (0, 1, 0)


def test_what_is_missing_from_a_list_that_grows_is_lost() -> None:
    found, readings = audit(records(3), Lists(reading(0, 2), reading(0, 2, 100, 102)), More())
    assert (found.lost, found.problem, len(readings)) == ((1,), "", 2)


def test_what_is_missing_from_a_list_that_does_not_grow_is_unknown() -> None:
    found, _ = audit(records(30), Lists(reading(*range(20)), reading(*range(20))), More())
    assert (found.lost, found.lost_or_doubled, len(found.unknown)) == ((), None, 10)
    assert "the list held 20 items, and 20 after 3 more were acknowledged: it is cut" in found.problem


def test_a_list_in_pages_tells_its_own_end() -> None:
    more = More()
    found, _ = audit(records(3), Lists(reading(0, 2), is_paged=True), more)
    assert (found.lost, more.asked) == ((1,), 0)


def test_a_doubt_that_cannot_be_settled_stays_one() -> None:
    found, _ = audit(records(3), Lists(reading(0, 2), reading(0, 2)), More("refused"))
    assert found.lost_or_doubled is None
    assert "no further one could be written" in found.problem
    found, _ = audit(records(3), Lists(reading(0, 2), reading(problem="page 1: no answer (reset)")), More())
    assert found.problem == "page 1: no answer (reset)"
