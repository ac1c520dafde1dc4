"""The verifier. Its steps, in this order, each with its own reason:

 1 size cap                        10 resourceUri, environment, nonce
 2 strict JSON                     11 no rule weaker than the verifier's own
 3 media type                      12 waivers unexpired and within budget
 4 exactly one signature           13 no planned check missing
 5 pinned key over the PAE bytes   14 evidence present, unchanged, none extra
 6 payload type                    15 verdicts recomputed
 7 payload strict and canonical    16 age, and no clock turned back
 8 predicate type                  17 ledger continuity
 9 subject                         18 result and level

Steps 1 to 7 establish the bytes; nothing below step 7 reads anything that was not signed.
"""

import hashlib
from collections.abc import Callable

from battery.certificate.one_line import one_line
from battery.certificate.verification import content, envelope, evidence, ledger, trust, verdicts
from battery.certificate.verification.demands import Demands
from battery.certificate.verification.outcome import NotAsked, Outcome, Refusal, Step, Verification
from battery.model.certificate import Statement

_CONTENT_STEPS: tuple[tuple[int, str, Callable[[Statement, Demands], str]], ...] = (
    (8, "predicate type", trust.check_predicate_type),
    (9, "subject", trust.check_subject),
    (10, "target, environment, nonce", trust.check_context),
    (11, "policy floor", trust.check_floor),
    (12, "waivers", content.check_waivers),
    (13, "planned checks", content.check_completeness),
    (14, "evidence", evidence.check_evidence),
    (15, "verdicts", verdicts.check_verdicts),
    (16, "age", content.check_age),
)


def verify(data: bytes, demands: Demands) -> Verification:
    """The outcome, with a reason for each step that was reached."""
    steps: list[Step] = []
    statement: Statement | None = None
    payload = b""
    try:
        payload = envelope.establish(data, demands.key, _recorder(steps))
        statement = envelope.read_statement(payload, _recorder(steps))
        for number, name, step in _CONTENT_STEPS:
            _take(steps, number, name, lambda step=step: step(statement, demands))  # type: ignore[misc]
        digest = hashlib.sha256(payload).hexdigest()
        _take(steps, 17, "ledger", lambda: ledger.check_ledger(digest, statement, demands))
        _take(steps, 18, "result and level", lambda: content.check_result(statement, demands))
    except Refusal as refusal:
        outcome, reason = refusal.outcome, refusal.reason
    else:
        outcome, reason = Outcome.ACCEPTED, "every step holds"
    certificate = hashlib.sha256(payload).hexdigest() if payload else ""
    return Verification(
        outcome=outcome, reason=reason, steps=tuple(steps), statement=statement, certificate=certificate
    )


def _recorder(steps: list[Step]) -> Callable[[int, str, Callable[[], str]], None]:
    return lambda number, name, step: _take(steps, number, name, step)


def _take(steps: list[Step], number: int, name: str, step: Callable[[], str]) -> None:
    """Take one step and keep its reason, whatever it says."""
    try:
        steps.append(Step(number=number, name=name, ok=True, reason=one_line(step())))
    except NotAsked as nothing:
        steps.append(Step(number=number, name=name, ok=None, reason=one_line(str(nothing))))
    except Refusal as refusal:
        steps.append(Step(number=number, name=name, ok=False, reason=refusal.reason))
        raise
