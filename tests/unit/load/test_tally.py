"""All generators' seconds added up."""

from itertools import permutations

import pytest

from battery.load.tally import Ledger, Slice, Tally
from tests.unit.load.conftest import Make


def add(tally: Tally, *snapshots: object) -> Tally:
    for snapshot in snapshots:
        tally.add(snapshot)  # type: ignore[arg-type]
    return tally


def test_the_ledger_adds_up_per_worker_and_in_all(snapshot: Make) -> None:
    tally = Tally(("w0", "w1"), lambda _: None)
    add(tally, snapshot("w0", ok=5, failed=1), snapshot("w1", ok=7, retried=2, unfinished=1))
    assert tally.ledger("w0") == Ledger(planned=6, sent=6, ok=5, failed=1)
    assert tally.ledger("w1") == Ledger(planned=7, sent=7, ok=7, unfinished=1, retried=2)
    assert tally.ledger() == Ledger(planned=13, sent=13, ok=12, failed=1, unfinished=1, retried=2)
    assert tally.ledger().imbalance() == ""


@pytest.mark.parametrize(
    ("ledger", "problem"),
    [
        (Ledger(planned=3, sent=1, dropped=1, ok=1), "planned 3 != sent 1 + dropped 1"),
        (Ledger(planned=3, sent=3, ok=1, failed=1), "sent 3 != ok 1 + failed 1"),
    ],
)
def test_an_imbalance_is_said_with_its_numbers(ledger: Ledger, problem: str) -> None:
    assert ledger.imbalance() == problem


def test_the_order_of_snapshots_does_not_matter(snapshot: Make) -> None:
    told = [
        snapshot("w0", 0, ok=3, cpu=0.5, shortages={"no free descriptor": 1}),
        snapshot("w1", 0, failed=2, cpu=0.1),
        snapshot("w0", 1, ok=1, last=True, dropped=4),
    ]
    results = set()
    for order in permutations(told):
        slices: list[Slice] = []
        tally = Tally(("w0", "w1"), slices.append)
        add(tally, *order)
        tally.close()
        cell = tally.cells[0, 0]
        results.add(
            (
                tally.ledger(),
                cell.response.pairs(),
                cell.service.pairs(),
                tuple(cell.errors.items()),
                tally.lag.pairs(),
                tally.busiest["w0"],
                tuple(tally.shortages.items()),
            )
        )
        assert sum(second.sent for second in slices) <= 6
    assert len(results) == 1


def test_a_second_is_handed_on_when_every_worker_told_it(snapshot: Make) -> None:
    slices: list[Slice] = []
    tally = Tally(("w0", "w1"), slices.append)
    add(tally, snapshot("w0", 0, ok=98, failed=2, cpu=0.3))
    assert slices == []
    add(tally, snapshot("w1", 0, ok=100, cpu=0.4))
    (second,) = slices
    assert (second.second, second.sent, second.ok, second.failed) == (0, 200, 198, 2)
    assert (second.p50, second.p99, second.worst) == (1.0, 1.0, 9.0)
    assert (second.lag_p99, second.in_flight, second.waiting, second.cpu) == (0.02, 2, 4, 0.4)


def test_seconds_come_in_order_and_once(snapshot: Make) -> None:
    slices: list[Slice] = []
    tally = Tally(("w0", "w1"), slices.append)
    for second in range(20):
        add(tally, snapshot("w0", second, ok=1), snapshot("w1", second, ok=1))
    tally.close()
    assert [each.second for each in slices] == list(range(20))


def test_a_worker_that_fell_silent_does_not_hold_the_others_up(snapshot: Make) -> None:
    slices: list[Slice] = []
    tally = Tally(("w0", "w1"), slices.append)
    add(tally, snapshot("w1", 0, ok=1))
    for second in range(1000):
        add(tally, snapshot("w0", second, ok=1))
    assert len(slices) >= 990, "only a few seconds may be kept"
    add(tally, snapshot("w1", 1, ok=1))  # late: it counts, and its second is not told twice
    tally.close()
    assert [each.second for each in slices] == list(range(1000))
    assert tally.ledger().sent == 1002


def test_a_finished_worker_is_not_waited_for(snapshot: Make) -> None:
    slices: list[Slice] = []
    tally = Tally(("w0", "w1"), slices.append)
    add(tally, snapshot("w0", 0, ok=1, last=True), snapshot("w1", 0, ok=1), snapshot("w1", 1, ok=1))
    assert [each.second for each in slices] == [0, 1]


def test_memory_is_flat_however_long_the_run(snapshot: Make) -> None:
    tally = Tally(("w0",), lambda _: None)
    add(tally, *(snapshot("w0", second, ok=1) for second in range(50)))
    size = len(tally.cells[0, 0].response.encoded())
    add(tally, *(snapshot("w0", second, ok=1) for second in range(50, 5000)))
    assert len(tally.cells) == 1
    assert len(tally.cells[0, 0].response.encoded()) <= size + 16
    assert tally._open == {}


def test_the_grace_is_no_second_of_cpu(snapshot: Make) -> None:
    tally = Tally(("w0",), lambda _: None)
    add(tally, snapshot(ok=1, cpu=0.4, starved=0.2), snapshot(second=1, ok=1, cpu=0.2))
    add(tally, snapshot(second=2, cpu=3.0, starved=3.0, last=True, stopped=True))
    assert tally.busiest["w0"] == 0.4
    assert tally.demand("w0") == pytest.approx(0.4)
    assert tally.finished == tally.stopped == {"w0"}
