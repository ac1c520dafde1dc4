"""Guardian defence: abuse is slowed down, its source shut out, and the door can be closed and opened again."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class GuardianFacts(Frozen, frozen=True, kw_only=True):
    """What became of abuse, of its source and of others meanwhile, and of lockdown."""

    rate_abuse_limited: Known = None
    auth_abuse_limited: Known = None
    source_isolated: Known = None
    others_served: Known = None
    """Whether another source was served while the first was shut out."""
    lockdown_refuses: Known = None
    lockdown_released: Known = None


def guardian(facts: GuardianFacts) -> Capability:
    """Judge it. Shutting everybody out isolates nobody, and only a lockdown that held can be released."""
    isolated = facts.source_isolated and facts.others_served
    return judged(
        "guardian",
        "Guardian defence",
        [
            Aspect(what="too many requests are limited", held=facts.rate_abuse_limited),
            Aspect(what="guessing at credentials is limited", held=facts.auth_abuse_limited),
            Aspect(what="the source is shut out and others are served", held=isolated),
            Aspect(what="lockdown refuses requests", held=facts.lockdown_refuses),
            Aspect(what="lockdown can be released", held=facts.lockdown_released and facts.lockdown_refuses),
        ],
    )
