"""Guardian defence, on a small service."""

from pathlib import Path

import pytest

from battery.model.capabilities import (
    Call,
    GuardianShown,
)
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.guardian import GuardianFacts, guardian
from battery.readiness.capabilities.probes.guardian import GuardianProbe
from tests.unit.readiness.capabilities.bench import SHORT, Bench, bench

GUARDIAN = GuardianShown(
    abuse=Call(path="/open", anonymous=True),
    abuse_requests=50,
    credentials=Call(path="/login", method="POST", body='{"password": "{number}"}', anonymous=True),
    isolate=Call(path="/isolate", method="POST"),
    isolated=Call(path="/open", headers={"X-User": "mallory"}),
    others=Call(path="/open"),
    end_isolation=Call(path="/isolate", method="DELETE"),
    lockdown=Call(path="/lockdown", method="POST"),
    locked=Call(path="/write", method="POST"),
    release=Call(path="/lockdown", method="DELETE"),
    patience="2 s",
)


def guarded(tmp_path: Path, *broken: str, shown: GuardianShown = GUARDIAN) -> tuple[GuardianFacts, Bench]:
    with bench(tmp_path, *broken) as on:
        return GuardianProbe(on.asker, shown, on.said.append).facts(), on


def test_a_guarded_service_is_complete_and_left_as_it_was(tmp_path: Path) -> None:
    facts, on = guarded(tmp_path)
    assert guardian(facts).status is Status.COMPLETE, (facts, on.said)
    assert not on.service.lockdown
    assert not on.service.isolated


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("rate", "too many requests are limited: did not hold"),
        ("guessing", "guessing at credentials is limited: did not hold"),
        ("isolation", "the source is shut out and others are served: did not hold"),
        ("everybody", "the source is shut out and others are served: did not hold"),
        ("lockdown", "lockdown refuses requests: did not hold"),
        ("release", "lockdown can be released: did not hold"),
    ],
)
def test_each_defence_that_is_taken_away_is_missed(tmp_path: Path, broken: str, what: str) -> None:
    facts, _ = guarded(tmp_path, broken)
    row = guardian(facts)
    assert row.status is Status.PARTIAL
    assert what in row.reasons


def test_defences_that_nobody_names_are_unknown(tmp_path: Path) -> None:
    facts, on = guarded(tmp_path, shown=GuardianShown())
    assert facts == GuardianFacts()
    assert on.said == []


def test_requests_that_do_not_work_at_rest_prove_nothing(tmp_path: Path) -> None:
    gone = Call(path="/gone")
    shown = GuardianShown(
        credentials=Call(path="/live"),
        isolate=gone,
        isolated=Call(path="/open"),
        lockdown=gone,
        locked=Call(path="/write"),
        release=Call(path="/lockdown", method="DELETE"),
        patience=SHORT,
    )
    facts, on = guarded(tmp_path, shown=shown)
    assert guardian(facts).status is Status.MISSING
    assert any("isolation: GET /gone was answered with HTTP 404" in text for text in on.said)
    facts, _ = guarded(
        tmp_path / "..",
        shown=GuardianShown(isolate=gone, isolated=gone, lockdown=gone, locked=gone, release=gone),
    )
    assert facts == GuardianFacts()
