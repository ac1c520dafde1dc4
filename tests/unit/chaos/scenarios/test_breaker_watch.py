"""What trials show of breakers, as counts."""

import pytest

from battery.chaos.breaker.finding import BreakerFinding, Kind
from battery.chaos.scenarios.breaker_watch import (
    DEFECTS,
    TRIALS,
    Looked,
    largest_crowd,
    looked_at,
    record_watches,
    seconds_to_open,
)
from battery.chaos.scenarios.findings import Findings
from battery.model.target import Dependency


def declared(breaker_calls: int | None = None) -> Dependency:
    return Dependency(name="a", upstream="127.0.0.1:1", breaker=True, breaker_calls=breaker_calls)


def looked(kind: Kind, crowd: int | None = None) -> Looked:
    return looked_at(BreakerFinding(kind=kind, reason="why", crowd=crowd), "a, network down: ")


@pytest.mark.parametrize(
    ("kind", "defects"),
    [("closed again", 0), ("not needed", 0), ("never opened", 1), ("never closed", 1), ("hung", 1), ("unknown", None)],
)  # fmt: skip
def test_each_kind_is_a_defect_or_none_or_not_known(kind: Kind, defects: int | None) -> None:
    assert looked(kind).defects == defects
    assert looked(kind).words.startswith(f"a, network down: {kind}: why")


def test_the_largest_crowd_counts() -> None:
    number, words = largest_crowd(
        [looked("closed again", 2), looked("not needed"), looked("never closed", 7)]
    )
    assert number == 7
    assert "at most 2 calls within a second" in words


@pytest.mark.parametrize("kind", ["never opened", "unknown", "hung"])
def test_a_breaker_that_was_not_seen_open_leaves_the_crowd_unknown(kind: Kind) -> None:
    number, words = largest_crowd([looked("closed again", 2), looked(kind)])
    assert number is None
    assert f"it was not seen open ({kind})" in words


def test_trials_that_gave_no_reason_to_open_show_no_crowd() -> None:
    assert largest_crowd([looked("not needed")]) == (None, "no breaker had a reason to open")


def test_without_a_declared_breaker_that_is_said() -> None:
    findings = Findings()
    record_watches([], findings)
    words = "battery.toml declares no breaker before a dependency"
    assert findings.counts == {DEFECTS: (0, words), TRIALS: (0, words)}


def test_a_fault_stands_long_enough_for_the_declared_number_of_calls() -> None:
    assert seconds_to_open(declared()) == 5.0
    assert seconds_to_open(declared(5)) == 2.5
    assert seconds_to_open(declared(1000)) == 50.0
