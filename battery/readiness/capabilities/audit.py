"""Audit logging: what happened is written down so that nobody can change it unnoticed."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged

ATTACKS = ("edit", "delete", "reorder", "truncate", "re-chain")


class AuditFacts(Frozen, frozen=True, kw_only=True):
    """Whether actions are recorded, whether the untouched log verifies, and which attacks were detected."""

    records_actions: Known = None
    control_accepted: Known = None
    detected: dict[str, Known] = {}


def audit(facts: AuditFacts) -> Capability:
    """Judge it. A verifier that refuses the untouched log too detects nothing."""
    trusted = facts.control_accepted is True
    note = "" if trusted else "the untouched log was not accepted either"
    attacked = [
        Aspect(what=f"{attack} is detected", held=facts.detected.get(attack) if trusted else None, note=note)
        for attack in ATTACKS
    ]
    return judged(
        "audit",
        "Audit logging",
        [
            Aspect(what="an action leaves a record", held=facts.records_actions),
            Aspect(what="the untouched log verifies", held=facts.control_accepted),
            *attacked,
        ],
    )
