"""Steps 12, 13, 16 and 18: waivers, completeness, age, and what the certificate says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from battery.certificate.statement import digest_of_checks
from battery.certificate.verification import Outcome, verify
from battery.model.waiver import Waiver
from tests.fakes.certified_run import (
    LATER,
    MADE,
    VALID,
    CertifiedRun,
    certify,
    critical_finding,
    forge,
    make_demands,
    make_evidence,
    make_plan,
    refused,
)

END = MADE + timedelta(days=30)


def waiver(**changes: Any) -> Waiver:
    fields: dict[str, Any] = {"rule": "G1:coverage.line", "reason": "legacy", "owner": "ann", "expires": END}
    return Waiver(**fields | changes)


def waived_run(*waivers: Waiver) -> CertifiedRun:
    """A run whose line coverage fails, under the given waivers."""
    plan = make_plan(waivers=waivers)
    return certify(plan, make_evidence(plan, {"coverage.line": 80.0}))


@pytest.fixture(scope="module")
def waived() -> CertifiedRun:
    """A run whose failing line coverage is waived."""
    return waived_run(waiver())


def test_an_applied_waiver_is_accepted_and_counted(waived: CertifiedRun) -> None:
    verification = verify(waived.bundle, make_demands(evidence=waived.items))
    assert verification.outcome is Outcome.ACCEPTED
    assert verification.steps[11].reason == "1 applied"


def test_gold_allows_no_waiver(waived: CertifiedRun) -> None:
    assert waived.statement.predicate.level == "silver"
    refused(waived.bundle, Outcome.NOT_CERTIFIED, 18, make_demands(level="gold"))
    refused(forge(waived, {"predicate.level": "gold"}), Outcome.NOT_TRUSTED, 15)


def test_more_waivers_than_the_policy_allows_are_refused(waived: CertifiedRun) -> None:
    assert verify(waived.bundle, make_demands(waivers_allowed=1)).outcome is Outcome.ACCEPTED
    refused(waived.bundle, Outcome.NOT_TRUSTED, 12, make_demands(waivers_allowed=0))


def test_a_waiver_that_expired_since_is_refused(waived: CertifiedRun) -> None:
    data = forge(waived, {"predicate.validUntil": "2027-03-01T00:00:00Z"})
    assert verify(data, make_demands(now=END - timedelta(seconds=1))).outcome is Outcome.ACCEPTED
    assert "expired" in refused(data, Outcome.NOT_TRUSTED, 12, make_demands(now=END))


def test_a_waiver_that_had_expired_at_the_run_is_refused() -> None:
    expired = waived_run(waiver(expires=MADE - timedelta(days=1)))
    refused(expired.bundle, Outcome.NOT_TRUSTED, 12)


def test_an_expired_waiver_that_calls_itself_applied_is_refused(waived: CertifiedRun) -> None:
    data = forge(waived, {"predicate.waivers.0.waiver.expires": "2026-03-01T12:30:00Z"})
    refused(data, Outcome.NOT_TRUSTED, 12)


def test_a_waiver_in_a_state_that_means_nothing_is_refused(waived: CertifiedRun) -> None:
    for state in ("Applied", "", "approved"):
        refused(forge(waived, {"predicate.waivers.0.state": state}), Outcome.NOT_TRUSTED, 12)


def test_a_waived_row_without_any_waiver_is_refused(waived: CertifiedRun) -> None:
    refused(forge(waived, {"predicate.waivers": []}), Outcome.NOT_TRUSTED, 12)


@pytest.mark.parametrize(
    "change",
    [
        {"predicate.waivers.0.state": "unused"},
        {"predicate.waivers.0.waiver.rule": "G1:coverage.branch"},
        {"predicate.waivers.0.waiver.rule": "G2:coverage.line"},
        {"predicate.waivers.0.waiver.rule": "", "predicate.waivers.0.waiver.finding": "f1"},
    ],
)
def test_a_waived_row_needs_a_waiver_of_its_own_that_applied(
    waived: CertifiedRun, change: dict[str, Any]
) -> None:
    assert "no waiver for it" in refused(forge(waived, change), Outcome.NOT_TRUSTED, 12)


def test_a_waiver_for_another_subject_does_not_apply(waived: CertifiedRun) -> None:
    data = forge(waived, {"predicate.waivers.0.waiver.subject": "sha256:" + "0" * 64})
    assert "another subject" in refused(data, Outcome.NOT_TRUSTED, 12)
    honest = waived_run(waiver(subject="0" * 64))
    assert honest.statement.predicate.waivers[0].state == "unused"
    refused(honest.bundle, Outcome.NOT_CERTIFIED, 18)


def test_a_waiver_for_this_subject_applies() -> None:
    fitting = waived_run(waiver(subject="sha256:" + make_plan().subject.sha256))
    assert verify(fitting.bundle, make_demands(evidence=fitting.items)).outcome is Outcome.ACCEPTED


def test_an_unused_waiver_is_no_obstacle_and_does_not_count() -> None:
    plan = make_plan(waivers=(waiver(),))
    certified = certify(plan)
    verification = verify(certified.bundle, make_demands(waivers_allowed=0, evidence=certified.items))
    assert verification.outcome is Outcome.ACCEPTED


def with_finding(*waivers: Waiver) -> CertifiedRun:
    plan = make_plan(waivers=waivers)
    evidence = tuple(
        msgspec.structs.replace(item, findings=(critical_finding("f1"),)) if "G5" in item.gates else item
        for item in make_evidence(plan, {"security.findings.critical": 1.0})
    )
    return certify(plan, evidence)


def test_a_waived_finding_is_accepted_and_another_finding_s_waiver_is_not() -> None:
    certified = with_finding(waiver(rule="", finding="f1"))
    assert verify(certified.bundle, make_demands(evidence=certified.items)).outcome is Outcome.ACCEPTED
    refused(with_finding(waiver(rule="", finding="f2")).bundle, Outcome.NOT_CERTIFIED, 18)


def test_a_waiver_never_excuses_what_was_not_measured(waived: CertifiedRun) -> None:
    row = "predicate.gates.0.rules.0"
    refused(forge(waived, {f"{row}.value": None}), Outcome.NOT_TRUSTED, 15)
    refused(forge(waived, {f"{row}.status": "undecided"}), Outcome.NOT_TRUSTED, 15)


def test_a_planned_check_that_did_not_run_leaves_the_certificate_undecided(certified: CertifiedRun) -> None:
    planned = list(certified.statement.predicate.checks.planned)
    changes = {"predicate.checks.executed": planned[1:], "predicate.checks.missing": planned[:1]}
    assert planned[0] in refused(forge(certified, changes), Outcome.UNDECIDED, 13)


def test_a_thinned_check_list_is_refused(certified: CertifiedRun) -> None:
    planned = list(certified.statement.predicate.checks.planned)
    thinned = {"predicate.checks.planned": planned[1:], "predicate.checks.executed": planned[1:]}
    refused(forge(certified, thinned), Outcome.NOT_TRUSTED, 13)


def test_a_thinned_check_list_with_a_digest_to_match_is_refused_by_its_evidence(
    certified: CertifiedRun,
) -> None:
    planned = list(certified.statement.predicate.checks.planned)
    changes = {
        "predicate.checks.planned": planned[1:],
        "predicate.checks.executed": planned[1:],
        "predicate.checks.digest": digest_of_checks(tuple(planned[1:]), ()),
    }
    demands = make_demands(evidence=certified.items)
    assert "checks" in refused(forge(certified, changes), Outcome.NOT_TRUSTED, 15, demands)


@pytest.mark.parametrize("part", ["executed", "missing"])
def test_checks_that_do_not_add_up_are_refused(certified: CertifiedRun, part: str) -> None:
    planned = list(certified.statement.predicate.checks.planned)
    for value in (planned[1:], [*planned, "extra"], [planned[0]]):
        if part == "executed" and value == planned:
            continue
        refused(forge(certified, {f"predicate.checks.{part}": value}), Outcome.NOT_TRUSTED, 13)


def test_an_empty_check_list_and_a_check_listed_twice_are_refused(certified: CertifiedRun) -> None:
    planned = list(certified.statement.predicate.checks.planned)
    for names in ([], [planned[0], *planned]):
        changes = {
            "predicate.checks.planned": names,
            "predicate.checks.executed": names,
            "predicate.checks.digest": digest_of_checks(tuple(names), ()),
        }
        refused(forge(certified, changes), Outcome.NOT_TRUSTED, 13)


def test_a_check_that_was_both_planned_and_left_out_is_refused(certified: CertifiedRun) -> None:
    planned = certified.statement.predicate.checks.planned
    changes = {
        "predicate.checks.leftOut": planned[:1],
        "predicate.checks.digest": digest_of_checks(planned, planned[:1]),
    }
    refused(forge(certified, changes), Outcome.NOT_TRUSTED, 13)


def test_a_certificate_is_stale_from_the_second_that_it_ends(certified: CertifiedRun) -> None:
    last = make_demands(now=MADE + VALID - timedelta(milliseconds=1))
    assert verify(certified.bundle, last).outcome is Outcome.ACCEPTED
    refused(certified.bundle, Outcome.EXPIRED, 16, make_demands(now=MADE + VALID))


def test_a_maximum_age_is_refused_two_seconds_later(certified: CertifiedRun) -> None:
    young = make_demands(now=MADE + timedelta(seconds=0.9), max_age=1.0)
    assert verify(certified.bundle, young).outcome is Outcome.ACCEPTED
    old = make_demands(now=MADE + timedelta(seconds=2), max_age=1.0)
    assert "at most 1 s" in refused(certified.bundle, Outcome.EXPIRED, 16, old)


def test_a_long_maximum_age_does_not_outlive_what_the_certificate_allows_itself(
    certified: CertifiedRun,
) -> None:
    demands = make_demands(now=MADE + VALID, max_age=1e9)
    refused(certified.bundle, Outcome.EXPIRED, 16, demands)


@pytest.mark.parametrize("max_age", [1e18, 1e300, float("inf")])
def test_an_absurd_maximum_age_is_no_crash(certified: CertifiedRun, max_age: float) -> None:
    assert verify(certified.bundle, make_demands(max_age=max_age)).outcome is Outcome.ACCEPTED


def test_a_certificate_from_the_future_is_refused(certified: CertifiedRun) -> None:
    ahead = make_demands(now=MADE - timedelta(minutes=6))
    assert "ahead of this clock" in refused(certified.bundle, Outcome.EXPIRED, 16, ahead)
    slightly = make_demands(now=MADE - timedelta(minutes=4))
    assert verify(certified.bundle, slightly).outcome is Outcome.ACCEPTED


def test_a_clock_turned_back_is_refused(certified: CertifiedRun) -> None:
    for back in (timedelta(milliseconds=1), timedelta(days=300)):
        demands = make_demands(last_seen=LATER + back)
        assert "before the last" in refused(certified.bundle, Outcome.EXPIRED, 16, demands)
    assert verify(certified.bundle, make_demands(last_seen=LATER)).outcome is Outcome.ACCEPTED


ABSURD = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59Z",
]


@pytest.mark.parametrize("made", ABSURD)
@pytest.mark.parametrize("until", ABSURD)
def test_absurd_times_are_refused_or_compared_but_never_a_crash(
    certified: CertifiedRun, made: str, until: str
) -> None:
    data = forge(certified, {"predicate.timeVerified": made, "predicate.validUntil": until})
    for now in (LATER, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        for evidence in (None, certified.items):
            demands = make_demands(now=now, max_age=3600.0, last_seen=now, evidence=evidence)
            if verify(data, demands).outcome is Outcome.ACCEPTED:
                assert evidence is None
                assert made[:4] == str(now.year).zfill(4)


def test_a_failing_certificate_says_which_gate_failed(failing: CertifiedRun) -> None:
    assert "G1" in refused(failing.bundle, Outcome.NOT_CERTIFIED, 18)


def test_an_undecided_certificate_is_not_accepted_and_has_an_outcome_of_its_own() -> None:
    plan = make_plan()
    thin = certify(plan, make_evidence(plan)[1:])
    refused(thin.bundle, Outcome.UNDECIDED, 13)
    left_out = make_plan(checks=plan.checks[1:], not_run=plan.checks[:1])
    assert "G1" in refused(certify(left_out).bundle, Outcome.UNDECIDED, 18)


def test_a_level_that_was_reached_is_accepted_though_a_gate_outside_of_it_failed(
    failing: CertifiedRun,
) -> None:
    assert failing.statement.predicate.level == "silver"
    demands = make_demands(evidence=failing.items)
    refused(failing.bundle, Outcome.NOT_CERTIFIED, 18, demands)
    for level in ("silver", "bronze"):
        assert verify(failing.bundle, make_demands(level=level)).outcome is Outcome.ACCEPTED
    refused(failing.bundle, Outcome.NOT_CERTIFIED, 18, make_demands(level="gold"))


def test_a_level_that_is_open_because_a_gate_is_undecided_is_undecided() -> None:
    plan = make_plan()
    left_out = certify(make_plan(checks=plan.checks[1:], not_run=plan.checks[:1]))
    assert verify(left_out.bundle, make_demands(level="silver")).outcome is Outcome.ACCEPTED
    refused(left_out.bundle, Outcome.UNDECIDED, 18, make_demands(level="gold"))


def test_another_version_may_word_its_reasons_otherwise_and_nothing_else() -> None:
    older = certify(make_plan(battery="0.0.9"))
    demands = make_demands(evidence=older.items)
    assert verify(older.bundle, demands).steps[14].reason == "every verdict recomputed from the evidence"
    worded = {
        "predicate.gates.0.rules.0.reason": "well within",
        "predicate.gates.0.rules.0.next_step": "nothing",
    }
    accepted = verify(forge(older, worded), demands)
    assert accepted.outcome is Outcome.ACCEPTED
    assert accepted.steps[14].reason.endswith("worded by battery 0.0.9, which signed them")
    value = {"predicate.gates.0.rules.0.value": older.statement.predicate.gates[0].rules[0].limit + 1}
    refused(forge(older, {**worded, **value}), Outcome.NOT_TRUSTED, 15, demands)
    one_more = {"predicate.gates.0.problems": ["a check is missing"]}
    refused(forge(older, one_more), Outcome.NOT_TRUSTED, 15, demands)


def test_another_version_may_word_what_became_of_a_waiver_otherwise() -> None:
    unused = Waiver(rule="G2:load.p3.p99", reason="known", owner="ada", expires=MADE + timedelta(days=1))
    older = certify(make_plan(battery="0.0.9", waivers=(unused,)))
    worded = forge(older, {"predicate.waivers.0.detail": "nothing to excuse"})
    assert verify(worded, make_demands(evidence=older.items)).outcome is Outcome.ACCEPTED
    applied = forge(older, {"predicate.waivers.0.state": "applied"})
    refused(applied, Outcome.NOT_TRUSTED, 15, make_demands(evidence=older.items))


def test_the_same_version_words_its_reasons_in_one_way(certified: CertifiedRun) -> None:
    worded = forge(certified, {"predicate.gates.0.rules.0.reason": "well within"})
    refused(worded, Outcome.NOT_TRUSTED, 15, make_demands(evidence=certified.items))
