"""The matrix of a run comes from recorded evidence and from nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.model.capabilities import CAPABILITIES
from battery.model.evidence import Evidence, Proof
from battery.model.measure import Measurement
from battery.readiness.capabilities.capability import Status
from battery.readiness.capabilities.probes.earlier import recorded
from battery.readiness.capabilities.queue import QueueFacts
from battery.readiness.capabilities.recorded import (
    FACT,
    NOT_TRIED,
    capability_of,
    recorded_matrix,
    spelled,
)
from battery.readiness.capabilities.restart import RestartFacts
from tests.fakes.plans import NOW

BACK = RestartFacts(killed=True, back_by_itself=True, seconds=1.0, restarts_before=0, restarts_after=1)


def item(check: str, facts: dict[str, str] | None = None, **given: Any) -> Evidence:
    defaults: dict[str, Any] = {"mode": "real", "plan": "p", "gates": ("G6",), "status": "measured"}
    defaults |= {"check": check, "started": NOW, "seconds": 1.0, "facts": facts or {}}
    return Evidence(**defaults | given)


def row(evidence: Evidence, identifier: str = "restart") -> tuple[Status, tuple[str, ...]]:
    found = next(each for each in recorded_matrix([evidence]) if each.id == identifier)
    return found.status, found.reasons


def test_facts_go_in_as_json_and_come_out_as_a_status() -> None:
    told = item("capabilities.restart", {FACT: spelled(BACK)})
    assert row(told) == (Status.COMPLETE, ())
    assert [each.id for each in recorded_matrix([told])] == list(CAPABILITIES)
    assert capability_of("restart", BACK).status is Status.COMPLETE


def test_what_did_not_run_is_missing_and_says_so() -> None:
    assert row(item("capabilities.restart"), "queue") == (
        Status.MISSING,
        ("check capabilities.queue did not run",),
    )


def test_without_any_such_check_there_is_no_matrix() -> None:
    assert recorded_matrix([item("coverage.report")]) == ()
    assert recorded_matrix([]) == ()
    assert recorded_matrix([item("capabilities.restart", mode="baseline")]) == ()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "nothing was observed: name [capabilities.restart] in battery.toml"),
        ({"status": "errored", "reason": "it fell"}, "check capabilities.restart errored: it fell"),
        ({"proofs": (Proof(name="p", ok=False, detail="late"),), "facts": {FACT: spelled(BACK)}}, "p: late"),
        ({"facts": {NOT_TRIED: "not allowed"}}, "not allowed"),
        (
            {"facts": {FACT: "no json"}},
            "nothing was observed: name [capabilities.restart] in battery.toml",
        ),
        ({"facts": {FACT: '{"kiled": true}'}}, "nothing was observed: name [capabilities.restart]"),
    ],
)
def test_evidence_that_cannot_be_believed_shows_nothing(given: dict[str, Any], reason: str) -> None:
    told = item("capabilities.restart", given.pop("facts", {}), **given)
    status, (said,) = row(told)
    assert status is Status.MISSING
    assert said.startswith(reason)


def test_facts_of_another_kind_are_none() -> None:
    assert row(item("capabilities.restart", {FACT: spelled(QueueFacts(offered=1))}))[0] is Status.MISSING


@given(st.text(max_size=40))
def test_any_text_as_a_fact_is_judged_or_missing(text: str) -> None:
    status, _ = row(item("capabilities.restart", {FACT: text}))
    assert status is Status.MISSING


def test_an_earlier_check_counts_only_when_it_measured_and_proved_itself() -> None:
    measure = Measurement(name="observability.alerts.defects", value=0, n=3)
    told = item("alerts.rules", measures=(measure,))
    assert recorded(lambda _: told, "alerts") == measure
    assert recorded(lambda _: None, "alerts") is None
    assert recorded(lambda _: item("alerts.rules", status="skipped"), "alerts") is None
    assert recorded(lambda _: item("alerts.rules"), "alerts") is None
    broken = item("alerts.rules", measures=(measure,), proofs=(Proof(name="p", ok=False, detail="d"),))
    assert recorded(lambda _: broken, "alerts") is None
