"""Counts of broken promises, and what becomes of one that is not known."""

from battery.chaos.scenarios.findings import Findings


def counted(*numbers: int | None) -> dict[str, tuple[int, str]]:
    findings = Findings()
    for place, number in enumerate(numbers):
        findings.count("chaos.breaker.defects", number, f"look {place}")
    return findings.counts


def test_what_was_counted_adds_up_with_all_its_words() -> None:
    assert counted(0, 1) == {"chaos.breaker.defects": (1, "look 0; look 1")}


def test_a_part_that_is_not_known_is_not_made_good_by_another_that_is() -> None:
    assert counted(None, 0) == {}
    assert counted(0, None) == {}


def test_what_is_broken_stays_broken_whatever_else_is_not_known() -> None:
    assert counted(None, 1) == {"chaos.breaker.defects": (1, "look 0; look 1")}


def test_nothing_counted_is_nothing_known() -> None:
    assert counted() == {}
