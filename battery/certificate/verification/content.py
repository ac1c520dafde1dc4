"""Steps 12, 13, 16 and 18: waivers, completeness, age, and what the certificate says."""

from datetime import timedelta

from battery.certificate.statement import digest_of_checks
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import Outcome, Refusal
from battery.model.certificate import Statement
from battery.model.gate import LevelId
from battery.model.verdict import GateVerdict, RuleVerdict
from battery.model.waiver import Waiver, WaiverUse

CLOCK_SKEW = timedelta(minutes=5)
_STATES = ("applied", "unused", "expired")
_RANK: dict[LevelId, int] = {"none": 0, "bronze": 1, "silver": 2, "gold": 3}


def check_waivers(statement: Statement, demands: Demands) -> str:
    """12: every applied waiver still runs, and there are not more than allowed."""
    uses = statement.predicate.waivers
    for use in uses:
        _check_use(use, statement, demands)
    applied = [use for use in uses if use.state == "applied"]
    for gate in statement.predicate.gates:
        for rule in gate.rules:
            if rule.waived and not any(_covers(use.waiver, gate, rule) for use in applied):
                raise Refusal(
                    Outcome.NOT_TRUSTED,
                    f"{gate.gate}:{rule.rule} is waived, but no waiver for it stands on the certificate",
                )
    if demands.waivers_allowed is not None and len(applied) > demands.waivers_allowed:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"{len(applied)} waivers applied, the policy allows {demands.waivers_allowed}",
        )
    return f"{len(applied)} applied"


def check_completeness(statement: Statement, demands: Demands) -> str:  # noqa: ARG001 -- one shape for all steps
    """13: the check list is whole and every planned check ran."""
    checks = statement.predicate.checks
    if checks.digest != digest_of_checks(checks.planned, checks.left_out):
        raise Refusal(Outcome.NOT_TRUSTED, "the check list does not have the digest that was signed for it")
    if len({*checks.planned, *checks.left_out}) != len(checks.planned) + len(checks.left_out):
        raise Refusal(Outcome.NOT_TRUSTED, "a check stands twice on the check list")
    if sorted((*checks.executed, *checks.missing)) != sorted(checks.planned) or not checks.planned:
        raise Refusal(Outcome.NOT_TRUSTED, "executed and missing checks do not add up to the planned ones")
    if checks.missing:
        raise Refusal(Outcome.UNDECIDED, f"planned and not run: {', '.join(checks.missing[:5])}")
    return f"all {len(checks.planned)} planned checks ran"


def check_age(statement: Statement, demands: Demands) -> str:
    """16: young enough, not expired, not from the future, and no clock turned back."""
    predicate = statement.predicate
    now, made = demands.now, predicate.time_verified
    if made - now > CLOCK_SKEW:
        raise Refusal(
            Outcome.EXPIRED, f"made at {made.isoformat()}, which lies ahead of this clock ({now.isoformat()})"
        )
    if demands.last_seen is not None and now < demands.last_seen:
        raise Refusal(
            Outcome.EXPIRED,
            f"this clock ({now.isoformat()}) stands before the last certificate seen ({demands.last_seen.isoformat()})",
        )
    # Ages are compared, not added to a time: no demand and no signed time is so absurd that it overflows.
    age = (now - made).total_seconds()
    if now >= predicate.valid_until:
        raise Refusal(
            Outcome.EXPIRED,
            f"expired at {predicate.valid_until.isoformat()}; it is {age:.0f} s old: run certify again",
        )
    if demands.max_age is not None and age >= demands.max_age:
        raise Refusal(
            Outcome.EXPIRED,
            f"it is {age:.0f} s old, at most {demands.max_age:.0f} s are allowed: run certify again",
        )
    return f"made {age:.0f} s ago, valid until {predicate.valid_until.isoformat()}"


def check_result(statement: Statement, demands: Demands) -> str:
    """18: what the certificate says, or whether its level is the one asked for."""
    predicate = statement.predicate
    if demands.level is not None:
        return _check_level(statement, demands.level)
    if predicate.verification_result == "FAILED":
        raise Refusal(Outcome.NOT_CERTIFIED, f"not certified: {_gates(statement, 'fail')} failed")
    if predicate.verification_result == "UNDECIDED":
        raise Refusal(Outcome.UNDECIDED, f"undecided: {_gates(statement, 'undecided')}")
    return f"{predicate.verification_result}, level {predicate.level}"


def _check_use(use: WaiverUse, statement: Statement, demands: Demands) -> None:
    """A waiver in a known state, unexpired, and about this subject where it applies."""
    waiver = use.waiver
    if use.state not in _STATES:
        raise Refusal(
            Outcome.NOT_TRUSTED, f'the waiver for {waiver.name} is "{use.state}", which means nothing'
        )
    if use.state == "expired" or waiver.expires <= demands.now:
        raise Refusal(
            Outcome.NOT_TRUSTED,
            f"the waiver for {waiver.name} by {waiver.owner} expired at {waiver.expires.isoformat()}",
        )
    subject = waiver.subject.removeprefix("sha256:")
    if use.state == "applied" and subject not in ("", statement.subject[0].digest["sha256"]):
        raise Refusal(Outcome.NOT_TRUSTED, f"the waiver for {waiver.name} is for another subject: {subject}")


def _covers(waiver: Waiver, gate: GateVerdict, rule: RuleVerdict) -> bool:
    """A rule's waiver names it; a finding's waiver can only lower a count of findings."""
    if waiver.rule:
        return waiver.rule == f"{gate.gate}:{rule.rule}"
    return bool(waiver.finding) and rule.counts is not None


def _check_level(statement: Statement, wanted: LevelId) -> str:
    predicate = statement.predicate
    if _RANK[predicate.level] >= _RANK[wanted]:
        return f"level {predicate.level}, {wanted} was asked for"
    undecided = predicate.verification_result == "UNDECIDED"
    raise Refusal(
        Outcome.UNDECIDED if undecided else Outcome.NOT_CERTIFIED,
        f"level {predicate.level}, {wanted} was asked for",
    )


def _gates(statement: Statement, status: str) -> str:
    return ", ".join(gate.gate for gate in statement.predicate.gates if gate.status == status)
