"""Graceful degradation: under pressure the service gives up what it can spare, keeps the rest, and takes it up again."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, judged


class DegradationFacts(Frozen, frozen=True, kw_only=True):
    """What was seen at rest, under pressure, and after it; levels are the target's own words."""

    level_at_rest: str = ""
    level_under_pressure: str = ""
    level_after: str = ""
    spare_switched_off: Known = None
    essential_held: Known = None
    spare_returned: Known = None


def degradation(facts: DegradationFacts) -> Capability:
    """Judge it. A level that never changes reports nothing."""
    under = _changed(facts.level_at_rest, facts.level_under_pressure)
    after = (
        None if not facts.level_after or not facts.level_at_rest else facts.level_after == facts.level_at_rest
    )
    levels = " → ".join(
        level or "?" for level in (facts.level_at_rest, facts.level_under_pressure, facts.level_after)
    )
    return judged(
        "degradation",
        "Graceful degradation",
        [
            Aspect(what="reports another level under pressure", held=under, note=levels),
            Aspect(what="switches off what it can spare", held=facts.spare_switched_off),
            Aspect(what="keeps what is essential", held=facts.essential_held),
            # It can only return from where it went.
            Aspect(what="returns to its level", held=after and under, note=levels),
            Aspect(
                what="takes up again what it spared", held=facts.spare_returned and facts.spare_switched_off
            ),
        ],
    )


def _changed(before: str, after: str) -> Known:
    return None if not before or not after else before != after
