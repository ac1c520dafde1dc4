"""What one sitting hands to the next."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from battery.load.soak.leg import Leg, Span, absorb, leg_of, problem_of
from battery.load.tally import Tally
from battery.load.validity import proofs
from tests.unit.load.conftest import Make, unhurried

THEN = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = Span(began=THEN, told=THEN, first=0, last=9, counted=8.0)


def tally_of(*snapshots: object) -> Tally:
    tally = Tally(("w0",), lambda _: None)
    for snapshot in snapshots:
        tally.add(snapshot)  # type: ignore[arg-type]
    return tally


def again(leg: Leg) -> Leg:
    """As the checkpoint file brings it back."""
    return msgspec.json.decode(msgspec.json.encode(leg), type=Leg)


def test_an_earlier_sitting_adds_its_latencies_and_its_ledger(snapshot: Make) -> None:
    before = tally_of(snapshot(ok=5, failed=1, cpu=0.7), snapshot(second=1, ok=2))
    now = tally_of(snapshot(ok=3), snapshot(second=1, last=True))
    absorb(now, again(leg_of(before, SPAN, "digest")), "leg1")
    assert now.cells[0, 0].response.count == 11
    assert now.cells[0, 0].errors == {"status": 1}
    assert now.ledger().sent == 11
    assert now.ledger("leg1.w0").failed == 1
    assert now.lag.count == 11
    assert now.busiest["leg1.w0"] == 0.7
    assert all(proof.ok for proof in proofs(now, "open", 1000.0, {}))


def test_requests_under_way_at_the_checkpoint_are_cut_off_and_counted_nowhere_else(snapshot: Make) -> None:
    leg = leg_of(tally_of(snapshot(ok=5, planned=8, sent=7)), SPAN, "digest")
    assert leg.cut_off == 3
    now = tally_of(snapshot(last=True))
    absorb(now, leg, "leg1")
    assert now.ledger().imbalance() == ""
    assert now.ledger().planned == 5


@unhurried
@given(ok=st.lists(st.integers(0, 50), min_size=1, max_size=4))
def test_however_a_run_is_cut_into_legs_the_totals_are_the_same(ok: list[int]) -> None:
    make = _make()
    whole = tally_of(*(make(second=number, ok=count) for number, count in enumerate(ok)))
    pieces = tally_of(make(last=True))
    for number, count in enumerate(ok):
        absorb(pieces, again(leg_of(tally_of(make(ok=count)), SPAN, "digest")), f"leg{number}")
    assert pieces.ledger().ok == whole.ledger().ok
    if any(ok):
        assert pieces.cells[0, 0].response.pairs() == whole.cells[0, 0].response.pairs()


def _make() -> Make:
    from tests.unit.load.conftest import snapshot

    return snapshot.__wrapped__()  # type: ignore[attr-defined,no-any-return]


def test_a_worker_that_was_lost_stays_lost_and_what_was_dropped_stays_dropped(snapshot: Make) -> None:
    before = tally_of(snapshot(ok=5, planned=9, sent=5, dropped=4))
    before.lost["w0"] = "its process ended with -9"
    leg = again(leg_of(before, SPAN, "digest"))
    assert leg.cut_off == 0
    now = tally_of(snapshot(ok=1), snapshot(second=1, last=True))
    absorb(now, leg, "leg1")
    assert now.lost == {"leg1.w0": "its process ended with -9"}
    assert now.ledger().dropped == 4
    assert now.ledger().imbalance() == ""
    failed = {proof.name for proof in proofs(now, "open", 1000.0, now.lost) if not proof.ok}
    assert failed == {"every worker finished", "the planned rate was sent"}


def test_a_leg_whose_figures_disagree_cannot_be_believed(snapshot: Make) -> None:
    leg = leg_of(tally_of(snapshot(ok=5)), SPAN, "digest")
    assert problem_of(leg) == ""
    (cell,) = leg.cells
    emptied = msgspec.structs.replace(cell, counts={**cell.counts, "ok": 7})
    assert problem_of(msgspec.structs.replace(leg, cells=(emptied,))) == "5 latencies of 7 finished requests"
    broken = msgspec.structs.replace(cell, response="no histogram")
    assert "cannot be read" in problem_of(msgspec.structs.replace(leg, cells=(broken,)))
    assert "28000 seconds counted" in problem_of(msgspec.structs.replace(leg, counted=28000.0))
