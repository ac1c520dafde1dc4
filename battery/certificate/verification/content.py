"""Steps 12, 13, 16 and 18: waivers, completeness, age, and what the certificate says."""

from datetime import timedelta

from battery.certificate.statement import digest_of_checks
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import Outcome, Refusal
from battery.model.certificate import Statement
from battery.model.gate import LevelId

CLOCK_SKEW = timedelta(minutes=5)
_RANK: dict[LevelId, int] = {"none": 0, "bronze": 1, "silver": 2, "gold": 3}


def check_waivers(statement: Statement, demands: Demands) -> str:
    """12: every applied waiver still runs, and there are not more than allowed."""
    uses = statement.predicate.waivers
    for use in uses:
        if use.state == "expired" or use.waiver.expires <= demands.now:
            raise Refusal(
                Outcome.NOT_TRUSTED,
                f"the waiver for {use.waiver.name} by {use.waiver.owner} expired at {use.waiver.expires.isoformat()}",
            )
    applied = [use for use in uses if use.state == "applied"]
    rows = [
        f"{gate.gate}:{rule.rule}" for gate in statement.predicate.gates for rule in gate.rules if rule.waived
    ]
    if rows and not applied:
        raise Refusal(Outcome.NOT_TRUSTED, f"{rows[0]} is waived, but no waiver stands on the certificate")
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
    limits = [predicate.valid_until]
    if demands.max_age is not None:
        limits.append(made + timedelta(seconds=demands.max_age))
    if now >= min(limits):
        age = now - made
        raise Refusal(
            Outcome.EXPIRED,
            f"expired at {min(limits).isoformat()}; it is {age.total_seconds():.0f} s old: run certify again",
        )
    return f"made {(now - made).total_seconds():.0f} s ago, valid until {min(limits).isoformat()}"


def check_result(statement: Statement, demands: Demands) -> str:
    """18: what the certificate says, or whether its level is the one asked for."""
    predicate = statement.predicate
    if demands.level is not None and demands.level != "none":
        return _check_level(statement, demands.level)
    if predicate.verification_result == "FAILED":
        raise Refusal(Outcome.NOT_CERTIFIED, f"not certified: {_gates(statement, 'fail')} failed")
    if predicate.verification_result == "UNDECIDED":
        raise Refusal(Outcome.UNDECIDED, f"undecided: {_gates(statement, 'undecided')}")
    return f"{predicate.verification_result}, level {predicate.level}"


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
