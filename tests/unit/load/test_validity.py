"""Whether a run says anything about the target: each rule alone makes it invalid, with its number."""

from typing import Any

import pytest

from battery.load.tally import Tally
from battery.load.validity import proofs
from battery.model.evidence import Proof
from tests.unit.load.conftest import Make


def tally_of(snapshot: Make, **other: Any) -> Tally:
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(ok=1000, **other))
    tally.add(snapshot(second=1, last=True))
    return tally


def broken(tally: Tally, model: str = "open", lost: dict[str, str] | None = None) -> list[Proof]:
    return [proof for proof in proofs(tally, model, 100.0, lost or {}) if not proof.ok]


@pytest.mark.parametrize("model", ["open", "closed"])
def test_a_good_run_is_valid(snapshot: Make, model: str) -> None:
    assert broken(tally_of(snapshot), model) == []


@pytest.mark.parametrize(
    ("wrong", "name", "number"),
    [
        ({"lag": {5010: 1000}}, "requests left on time", "5.011 ms (timerfd on uvloop), allowed 5 ms"),
        ({"lag": {}}, "requests left on time", "0.000 ms"),
        ({"cpu": 0.91}, "the generator had CPU to spare", "91% of a core (w0), allowed 90%"),
        (
            {"planned": 1001, "dropped": 1},
            "the planned rate was sent",
            "1000 of 1001 planned (99.90%), dropped 1",
        ),
        ({"planned": 1001}, "the ledger adds up", "planned 1001 != sent 1000 + dropped 0"),
        ({"sent": 999, "planned": 999}, "the ledger adds up", "sent 999 != ok 1000 + failed 0"),
    ],
)
def test_each_rule_alone_makes_it_invalid(
    snapshot: Make, wrong: dict[str, Any], name: str, number: str
) -> None:
    (proof,) = broken(tally_of(snapshot, **wrong))
    assert proof.name == name
    assert number in proof.detail


def test_too_little_sent_is_invalid_with_its_share(snapshot: Make) -> None:
    found = {proof.name: proof.detail for proof in broken(tally_of(snapshot, planned=1020, dropped=20))}
    assert found == {"the planned rate was sent": "sent 1000 of 1020 planned (98.04%), dropped 20"}


def test_what_this_machine_lacked_is_said(snapshot: Make) -> None:
    tally = tally_of(snapshot, planned=1003, dropped=3, shortages={"no free descriptor": 3})
    (proof,) = broken(tally, "closed")
    assert proof.detail.endswith("dropped 3; this machine had no free descriptor (3x)")


def test_nothing_sent_is_no_valid_run(snapshot: Make) -> None:
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(last=True))
    assert "no request was sent" in [proof.detail for proof in broken(tally, "closed")]
    assert {proof.name for proof in broken(tally)} >= {"requests left on time", "the planned rate was sent"}


def test_a_lost_worker_is_named_with_the_reason(snapshot: Make) -> None:
    tally = Tally(("w0", "w1", "w2"), lambda _: None)
    tally.add(snapshot("w0", ok=10, last=True))
    (proof,) = broken(tally, "closed", {"w1": "its process ended with -9"})
    assert proof.name == "every worker finished"
    assert proof.detail == "lost w1: its process ended with -9; w2: never finished"


def test_without_workers_nothing_is_valid() -> None:
    assert len(broken(Tally((), lambda _: None))) == 5


def test_a_closed_loop_that_waited_for_a_core_says_nothing_about_the_target(snapshot: Make) -> None:
    tally = tally_of(snapshot, cpu=0.5, starved=0.45)
    (proof,) = broken(tally, "closed")
    assert proof.detail.endswith("closed model; 95% with the time it waited for a core (w0)")
    assert broken(tally, "open") == [], "an open loop shows its waiting by its lag"


def test_requests_that_were_sent_again_stay_visible(snapshot: Make) -> None:
    tally = tally_of(snapshot, retried=2, unfinished=1)
    (ledger,) = [proof for proof in proofs(tally, "closed", 100.0, {}) if proof.name == "the ledger adds up"]
    assert (
        "(1 of them unfinished at the end), 2 sent again after an idle connection was closed" in ledger.detail
    )
