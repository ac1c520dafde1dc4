"""Notes: the ledger adds up because everything planned is tried or skipped."""

from battery.scan.interface import Skipped
from battery.scan.target.notes import Notes


def test_what_is_forgotten_does_not_add_up() -> None:
    notes = Notes()
    notes.plan("a", "b")
    notes.tried("a")
    assert not notes.ledger().adds_up
    notes.skip_rest("time was up")
    assert notes.ledger().adds_up
    assert notes.ledger().skipped == (Skipped(what="b", reason="time was up", harmless=False),)


def test_doubts_are_grouped_by_their_reason_and_harmless_skips_are_none() -> None:
    notes = Notes()
    notes.plan("a", "b", "c", "d")
    for what in ("a", "b"):
        notes.skip(what, "no answer")
    notes.skip("c", "only one here")
    notes.skip("d", "by design", harmless=True)
    notes.incomplete.append("first of all")
    assert notes.doubts() == ("first of all", "a and 1 more: no answer", "c: only one here")


def test_what_does_not_apply_is_no_doubt() -> None:
    notes = Notes()
    notes.not_applicable("TLS", "plain http")
    assert notes.doubts() == ()
    assert notes.ledger().adds_up
    assert not notes.looked


def test_the_same_rule_at_the_same_place_counts_once_and_secrets_are_masked() -> None:
    notes = Notes(["hunter2hunter2"])
    for _ in range(2):
        notes.finding(
            "r",
            "GET /?k=hunter2hunter2",
            content="hunter2hunter2",
            excerpt="x" * 999,
            detail="hunter2hunter2",
        )
    (found,) = notes.found
    assert "hunter2" not in str(found)
    assert len(found.excerpt) <= 240


def test_a_failure_leaves_nothing_open_and_shows_no_secret() -> None:
    notes = Notes(["hunter2hunter2"])
    notes.plan("a")
    notes.fail("broke: hunter2hunter2")
    assert notes.ledger().adds_up
    assert "hunter2" not in str(notes.doubts()) + str(notes.ledger())
